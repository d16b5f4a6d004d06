package main

import "strings"

// question is one query put to tq and to DuckDB over the same tables in memory. $ns(x)
// stands for the nanoseconds of a duration: epoch_ns(x) in tq and x itself in DuckDB,
// where durations are numbers.
type question struct {
	name   string
	sql    string
	duckdb string // where DuckDB wants it said in another way
}

func (q question) forTQ() string { return strings.ReplaceAll(q.sql, "$ns(", "epoch_ns(") }

func (q question) forDuckDB() string {
	if q.duckdb != "" {
		return q.duckdb
	}
	return strings.ReplaceAll(q.sql, "$ns(", "(")
}

// memTable is a table as both engines hold it: its columns in tq, and their types in
// DuckDB.
type memTable struct {
	name, from string
	columns    []memColumn
}

// memColumn is a column; a duration is exported in nanoseconds.
type memColumn struct{ name, duckdb string }

func (c memColumn) isDuration() bool { return c.name == "dur" }

// isEnum tells whether the column is an ENUM where DuckDB is given such.
func (c memColumn) isEnum() bool {
	switch c.name {
	case "proc", "type", "name", "dir", "res", "category", "next_proc":
		return true
	}
	return false
}

// memTables are the tables that the questions are about.
var memTables = []memTable{
	{"ev", "events", []memColumn{
		{"num", "BIGINT"}, {"ts", "TIMESTAMP_NS"}, {"cpu", "INTEGER"}, {"proc", "VARCHAR"}, {"pid", "BIGINT"},
		{"tid", "BIGINT"}, {"dir", "VARCHAR"}, {"type", "VARCHAR"}, {"fd", "BIGINT"}, {"fd_name", "VARCHAR"},
		{"res", "VARCHAR"}, {"args", "VARCHAR"}, {"category", "VARCHAR"}, {"bytes", "BIGINT"}, {"uid", "BIGINT"},
		{"utid", "BIGINT"},
	}},
	{"calls", "syscalls", []memColumn{
		{"num", "BIGINT"}, {"ts", "TIMESTAMP_NS"}, {"dur", "BIGINT"}, {"end_ts", "TIMESTAMP_NS"}, {"cpu", "INTEGER"},
		{"proc", "VARCHAR"}, {"pid", "BIGINT"}, {"tid", "BIGINT"}, {"name", "VARCHAR"}, {"fd", "BIGINT"},
		{"fd_name", "VARCHAR"}, {"res", "VARCHAR"}, {"bytes", "BIGINT"},
	}},
	{"stays", "sched", []memColumn{
		{"cpu", "INTEGER"}, {"ts", "TIMESTAMP_NS"}, {"dur", "BIGINT"}, {"end_ts", "TIMESTAMP_NS"},
		{"proc", "VARCHAR"}, {"pid", "BIGINT"}, {"tid", "BIGINT"}, {"idle", "BOOLEAN"},
	}},
	{"th", "threads", []memColumn{
		{"utid", "BIGINT"}, {"tid", "BIGINT"}, {"pid", "BIGINT"}, {"name", "VARCHAR"}, {"exe", "VARCHAR"},
		{"cmdline", "VARCHAR"}, {"events", "BIGINT"},
	}},
}

// questions are asked about a capture whose busiest process makes the call c.
func questions(c call) []question {
	qs := []question{
		{name: "count by a filter on three names", sql: `SELECT count(*) FROM ev WHERE proc = '$proc' AND type = '$type' AND dir = '>'`},
		{name: "rows by a filter on three names", sql: `SELECT num, ts, cpu, tid, fd_name FROM ev WHERE proc = '$proc' AND type = '$type' AND dir = '>'`},
		{name: "filter on numbers", sql: `SELECT count(*), sum(bytes) FROM ev WHERE bytes > 100 AND fd BETWEEN 1 AND 20 AND cpu = 0`},
		{name: "LIKE over arguments", sql: `SELECT count(*) FROM ev WHERE args LIKE '%size=4096%'`},
		{name: "regular expression over names of files", sql: `SELECT count(*) FROM ev WHERE regexp_matches(fd_name, '^/(etc|lib|usr)/.*\.so')`},
		{name: "string functions over names", sql: `SELECT upper(proc) || ':' || substr(type, 1, 3) AS k, count(*) FROM ev GROUP BY 1`},
		{name: "length of arguments", sql: `SELECT sum(length(args)), max(length(args)) FROM ev`},
		{name: "LAG over the rows of one call", sql: `SELECT num, epoch_ns(ts) - LAG(epoch_ns(ts)) OVER (ORDER BY ts) AS gap FROM ev WHERE proc = '$proc' AND type = '$type' AND dir = '>'`},
		{name: "LAG per thread, all rows", sql: `SELECT num, epoch_ns(ts) - LAG(epoch_ns(ts)) OVER (PARTITION BY tid ORDER BY ts, num) AS gap FROM ev`},
		{name: "gaps per thread longer than 1 ms", sql: `SELECT num, tid, epoch_ns(ts) - LAG(epoch_ns(ts)) OVER (PARTITION BY tid ORDER BY ts, num) AS gap FROM ev QUALIFY gap > 1000000`},
		{name: "gaps() per thread longer than 1 ms", sql: `SELECT from_num, to_num, tid, $ns(length) FROM gaps((FROM ev), per => tid, over => 1ms)`,
			duckdb: `SELECT lag(num) OVER pair, num, tid, epoch_ns(ts) - lag(epoch_ns(ts)) OVER pair AS length FROM ev
			WINDOW pair AS (PARTITION BY tid ORDER BY ts, num) QUALIFY length > 1000000 ORDER BY ts, num`},
		{name: "number and next row per thread", sql: `SELECT num, row_number() OVER (PARTITION BY tid ORDER BY ts, num) AS n, lead(num) OVER (PARTITION BY tid ORDER BY ts, num) AS next FROM ev`},
		{name: "each row beside the total of its type", sql: `SELECT num, bytes, sum(bytes) OVER (PARTITION BY type) AS total FROM ev`},
		{name: "group by process", sql: `SELECT proc, count(*) FROM ev GROUP BY proc`},
		{name: "group by process and type, top 10", sql: `SELECT proc, type, count(*) AS n FROM ev GROUP BY ALL ORDER BY n DESC, proc, type LIMIT 10`},
		{name: "group by three keys with sums", sql: `SELECT proc, type, cpu, count(*), sum(bytes), min(ts), max(ts), avg(bytes) FROM ev GROUP BY ALL`},
		{name: "group by thread", sql: `SELECT tid, count(*), min(num), max(num) FROM ev GROUP BY tid`},
		{name: "group by file name", sql: `SELECT fd_name, count(*), sum(bytes) FROM ev GROUP BY fd_name`},
		{name: "group by thread and descriptor", sql: `SELECT tid, fd, count(*) FROM ev GROUP BY tid, fd`},
		{name: "group by a unique number", sql: `SELECT num // 2 AS pair, count(*), sum(bytes) FROM ev GROUP BY pair`},
		{name: "distinct processes and types", sql: `SELECT DISTINCT proc, type, dir FROM ev`},
		{name: "count distinct per type", sql: `SELECT type, count(DISTINCT tid), count(DISTINCT fd_name) FROM ev GROUP BY type`},
		{name: "percentiles per call", sql: `SELECT name, count(*), quantile_disc($ns(dur), 0.5) AS p50, quantile_disc($ns(dur), 0.99) AS p99 FROM calls GROUP BY name`},
		{name: "events per 10 ms", sql: `SELECT time_bucket(INTERVAL '10 milliseconds', ts) AS t, count(*) FROM ev GROUP BY t`,
			duckdb: `SELECT time_bucket(INTERVAL '10 milliseconds', ts::TIMESTAMP) AS t, count(*) FROM ev GROUP BY t`},
		{name: "events per second and process", sql: `SELECT date_trunc('second', ts) AS t, proc, count(*) FROM ev GROUP BY ALL`},
		{name: "last 10 events", sql: `SELECT * FROM ev ORDER BY ts DESC, num DESC LIMIT 10`},
		{name: "10 longest calls", sql: `SELECT num, proc, name, $ns(dur) AS d FROM calls ORDER BY d DESC NULLS LAST, num LIMIT 10`},
		{name: "sort by three columns", sql: `SELECT num, type, tid, ts FROM ev ORDER BY type, tid, ts, num`},
		{name: "sort by text of many values", sql: `SELECT num, fd_name FROM ev ORDER BY fd_name, num`},
		{name: "gaps joined with the stays inside them", sql: `WITH gap AS (SELECT num, LAG(ts) OVER (ORDER BY ts, num) AS since, ts AS until FROM ev WHERE proc = '$proc' AND type = '$type' AND dir = '>'),
			long AS (SELECT * FROM gap WHERE epoch_ns(until) - epoch_ns(since) > 1000000)
			SELECT proc, count(*) FROM long JOIN stays ON stays.ts < until AND stays.end_ts > since GROUP BY proc`},
		{name: "10 longest gaps and the events inside", sql: `WITH gap AS (SELECT num, LAG(ts) OVER (ORDER BY ts, num) AS since, ts AS until FROM ev WHERE proc = '$proc' AND type = '$type' AND dir = '>'),
			long AS (SELECT * FROM gap WHERE since IS NOT NULL ORDER BY epoch_ns(until) - epoch_ns(since) DESC, num LIMIT 10)
			SELECT long.num, count(*) FROM long JOIN ev ON ev.ts >= since AND ev.ts < until GROUP BY long.num`},
		{name: "join of events with threads", sql: `SELECT th.exe, count(*), sum(bytes) FROM ev JOIN th ON ev.utid = th.utid GROUP BY th.exe`},
		{name: "join of calls with their events", sql: `SELECT calls.name, count(*) FROM calls JOIN ev ON ev.num = calls.num WHERE $ns(calls.dur) > 100000 GROUP BY calls.name`},
		{name: "overlap join of long calls with calls", sql: `SELECT a.name, count(*) FROM calls a JOIN calls b ON (a.ts, a.end_ts) OVERLAPS (b.ts, b.end_ts)
			WHERE $ns(a.dur) > 100000 AND $ns(b.dur) > 0 GROUP BY a.name`,
			duckdb: `SELECT a.name, count(*) FROM calls a JOIN calls b ON a.ts < b.end_ts AND a.end_ts > b.ts
			WHERE a.dur > 100000 AND b.dur > 0 GROUP BY a.name`},
		{name: "asof join: the last call of the thread", sql: `SELECT calls.name, count(*), sum(ev.num - calls.num) FROM ev ASOF JOIN calls ON ev.tid = calls.tid AND ev.num > calls.num GROUP BY calls.name`},
		{name: "semi join", sql: `SELECT count(*) FROM ev WHERE tid IN (SELECT tid FROM calls WHERE name = '$type')`},
		{name: "anti join", sql: `SELECT count(*) FROM ev WHERE NOT EXISTS (SELECT 1 FROM calls WHERE calls.num = ev.num)`},
		{name: "correlated subquery", sql: `SELECT count(*) FROM ev e WHERE bytes > (SELECT avg(bytes) FROM ev i WHERE i.type = e.type)`},
		{name: "running sum per process", sql: `SELECT num, sum(bytes) OVER (PARTITION BY proc ORDER BY num) AS total FROM ev`},
		{name: "rank per group, first 3", sql: `SELECT proc, num, bytes FROM ev WHERE bytes IS NOT NULL QUALIFY row_number() OVER (PARTITION BY proc ORDER BY bytes DESC, num) <= 3`},
		{name: "moving average of 10 rows", sql: `SELECT num, avg(bytes) OVER (ORDER BY num ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS m FROM ev`},
		{name: "union of two filters", sql: `SELECT count(*) FROM (SELECT num FROM ev WHERE cpu = 0 UNION SELECT num FROM ev WHERE dir = '>')`},
		{name: "a query used twice", sql: `WITH per AS (SELECT tid, type, count(*) AS n FROM ev GROUP BY ALL)
			SELECT a.type, count(*) FROM per a JOIN (SELECT type, max(n) AS n FROM per GROUP BY type) b ON a.type = b.type AND a.n * 2 >= b.n GROUP BY a.type`},
		{name: "CASE and arithmetic", sql: `SELECT CASE WHEN bytes IS NULL THEN 'none' WHEN bytes < 100 THEN 'small' WHEN bytes < 4096 THEN 'medium' ELSE 'large' END AS class, count(*), sum(bytes * 8 + fd) FROM ev GROUP BY class`},
		{name: "all columns of many rows", sql: `SELECT * FROM ev WHERE dir = '>' AND cpu = 0`},
	}
	names := strings.NewReplacer("$proc", c.proc, "$type", c.typ)
	for i := range qs {
		qs[i].sql, qs[i].duckdb = names.Replace(qs[i].sql), names.Replace(qs[i].duckdb)
	}
	return qs
}
