// Times DuckDB: reads a job as JSON from standard input and writes the results as JSON.
// The job: module (where @duckdb/node-api is), threads, runs, setup (statements),
// queries (text, and the file to write its rows to once).
import { createRequire } from 'node:module'
import fs from 'node:fs'

const job = JSON.parse(fs.readFileSync(0, 'utf8'))
const { DuckDBInstance } = createRequire(job.module)('@duckdb/node-api')
const instance = await DuckDBInstance.create(':memory:', { threads: String(job.threads) })
const connection = await instance.connect()
for (const statement of job.setup) await connection.run(statement)
const results = []
for (const { sql, file } of job.queries) {
  if (file) await connection.run(`COPY (${sql}) TO '${file}' (FORMAT csv, HEADER false)`)
  const times = []
  for (let i = 0; i <= job.runs; i++) {
    const start = process.hrtime.bigint()
    await connection.run(sql) // the whole result, in DuckDB's own columns
    if (i > 0) times.push(Number(process.hrtime.bigint() - start))
  }
  results.push(times)
}
process.stdout.write(JSON.stringify(results))
