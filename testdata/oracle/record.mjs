// Records DuckDB's answers to the queries of script tests: README.md says how.
import { DuckDBInstance } from '@duckdb/node-api'
import fs from 'node:fs'

import { createTable, createView, joinCells, parseScript, printScript } from './script.mjs'
import { text, typeLetter } from './text.mjs'

const check = process.argv.includes('--check')
const paths = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
let different = 0
for (const path of paths) {
  const before = fs.readFileSync(path, 'utf8')
  const after = printScript(await answer(path, parseScript(before)))
  if (after === before) continue
  different++
  console.log(path)
  if (!check) fs.writeFileSync(path, after)
}
process.exitCode = check && different > 0 ? 1 : 0

/** Runs the blocks of a script and returns them with DuckDB's types and answers. */
async function answer(path, blocks) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  for (const block of blocks) {
    const [directive, types, option] = block.head.split(' ')
    try {
      if (directive === 'values') {
        await connection.run(createTable(block))
      } else if (directive === 'load') {
        await connection.run(createView(types))
      } else if (directive === 'query') {
        const result = await connection.runAndReadAll(block.body)
        Object.assign(block, recorded(result, types, option))
      } else if (directive === 'names') {
        const names = (await connection.runAndReadAll(block.body)).columnNames()
        Object.assign(block, { want: names.join('\n'), answers: true })
      } else if (directive === 'statement' && types === 'ok') {
        await connection.run(block.body)
      } else if (directive === 'statement') {
        await mustFail(connection, block.body)
      }
    } catch (err) {
      throw new Error(`${path}: ${block.head}\n${block.body}\n${err.message}`)
    }
  }
  return blocks
}

/** A result as the parts of a block. A ? among the types that the block had stays. */
function recorded(result, before, option) {
  const types = result.columnTypes()
  const values = result.getRows()
  // A column in which one interval has months is an INTERVAL for tq, and no DURATION.
  const calendar = types.map((_, i) => values.some((row) => row[i]?.months))
  const cell = (value, i) => (calendar[i] && value !== null ? value.toString() : text(value, types[i]))
  const rows = values.map((row) => joinCells(row.map(cell)))
  if (option === 'rowsort') rows.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const letters = types.map((type, i) => (before.length === types.length && before[i] === '?' ? '?' : typeLetter(type)))
  return { head: ['query', letters.join(''), option].filter(Boolean).join(' '), want: rows.join('\n'), answers: true }
}

async function mustFail(connection, sql) {
  try {
    await connection.run(sql)
  } catch {
    return
  }
  throw new Error('DuckDB runs this statement')
}
