package parse_test

import (
	"reflect"
	"testing"

	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/source"
)

// roundTrip parses a text, prints its tree, and checks that what was printed parses
// to the same tree.
func roundTrip(t *testing.T, text string) string {
	t.Helper()
	file := &source.File{Text: text}
	script, err := parse.Parse(file)
	if err != nil {
		t.Errorf("%s", file.Render(err))
		return ""
	}
	printed := ast.Print(script)
	again := &source.File{Text: printed}
	script2, err := parse.Parse(again)
	if err != nil {
		t.Errorf("what was printed for\n  %s\ndoes not parse:\n%s", text, again.Render(err))
		return ""
	}
	if !sameTree(reflect.ValueOf(script), reflect.ValueOf(script2)) {
		t.Errorf("%s\nwas printed as\n%s\nwhich is another tree: %s", text, printed, ast.Print(script2))
	}
	return printed
}

// sameTree compares trees without positions and without the quotes of names.
func sameTree(a, b reflect.Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case reflect.Interface, reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return a.Elem().Type() == b.Elem().Type() && sameTree(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameTree(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		if a.Type() == reflect.TypeFor[ast.Pos]() {
			return true
		}
		for i := range a.NumField() {
			if a.Type().Field(i).Name != "Quoted" && !sameTree(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// expressions is called with each case of TestExpressions: a text and what is
// printed for it, "" when that is the text itself.
func expressions(f func(in, want string)) {
	// Names, qualified, quoted, and those that are keywords elsewhere.
	f("proc", "")
	f("e.proc", "")
	f("cap.events.ts", "")
	f("evt.arg.res", "")
	f("evt.arg[0]", "")
	f("group.gid", "")
	f("\"proc\"", "proc")
	f(`"a b"."c""d"`, "")
	f(`"select"`, "")
	f("Größe", `"Größe"`)
	f("group + dir + type + data + key + left + first + last + count + range + rows + groups + users + args + name + date + time + dur + end_ts + next_tid + offset + exclude + filter + over + interval + cast + set + show + table", `group + dir + type + data + key + left + first + last + count + range + rows + groups + users + args + name + date + time + dur + end_ts + next_tid + offset + exclude + filter + over + interval + cast + set + show + "table"`)
	// Constants.
	f("12 + 1.5 + .5 + 1e9 + 1.5E-3 + 0x1F + 0b11 + 1_000", "12 + 1.5 + .5 + 1e9 + 1.5E-3 + 0x1F + 0b11 + 1000")
	f("null = TRUE", "NULL = TRUE")
	f("'it''s'", "")
	f("''", "")
	f(`E'a\tb\'c\x41\u00e9\101'`, "'a\tb''cAéA'")
	f("$$it's$$ || $q$a$$b$q$", "'it''s' || 'a$$b'")
	f("X'00fF'", "x'00fF'")
	f("1s + 250ms + 10us + 7ns + 1.5h + 2d + 3m + 1min", "")
	f("@17:01:26.375 - @17:01 + @+12.5s - @-1s", "")
	f("a[@17:01:26 : 2]", "a[@17:01:26 :2]")
	f("timestamp '2024-01-01' < DATE '2024-01-02'", "TIMESTAMP '2024-01-01' < DATE '2024-01-02'")
	f("INTERVAL '1' second + interval 5 minutes + INTERVAL '1 day 2 hours'", "INTERVAL ('1') SECOND + INTERVAL (5) MINUTE + INTERVAL '1 day 2 hours'")
	f("INTERVAL (n + 1) MINUTE", "")
	f("$who || $min_gap", "")
	f("[1, 2, [3]] || [] || ARRAY[4,]", "[1, 2, [3]] || [] || [4]")
	f("{proc.name=cat and evt.args contains '}'}", "")
	// Precedence, from the tightest.
	f("-a::INT[]", "")
	f("(-a)::INT", "")
	f("- -a + +b", "- -a + +b")
	f("-2 ^ 2", "")
	f("-(2 ^ 2)", "")
	f("2 ^ 3 ** 4", "2 ^ 3 ** 4")
	f("2 ^ (3 ^ 4)", "")
	f("a + b * c - d / e // f % g", "")
	f("(a + b) * c", "")
	f("a - (b - c)", "")
	f("((a)) - ((b))", "a - b")
	f("a || b + c", "")
	f("(a || b) + c", "")
	f("a << 1 | b & ~c", "a << 1 | b & (~c)")
	f("~a + b", "")
	f("~ ~a", "~ (~a)")
	f("a == b AND c != d OR e <> f", "a = b AND c <> d OR e <> f")
	f("a AND (b OR c)", "")
	f("NOT a = b", "")
	f("(NOT a) = b", "")
	f("a = NOT b", "a = (NOT b)")
	f("NOT NOT a AND b", "")
	f("NOT - NOT a + b", "NOT -(NOT a + b)")
	f("a < b IS NULL", "")
	f("a < (b IS NULL)", "")
	f("a = b + 1 IN (1, 2)", "")
	f("(a = b) IN (1)", "")
	f("a IS NULL = b", "(a IS NULL) = b")
	f("a IS NOT NULL AND b NOTNULL AND c ISNULL AND d NOT NULL", "a IS NOT NULL AND b IS NOT NULL AND c IS NULL AND d IS NOT NULL")
	f("a IS TRUE AND a IS NOT FALSE AND a IS UNKNOWN AND a IS NOT DISTINCT FROM b + 1", "")
	f("x BETWEEN 1 AND 2 AND y", "")
	f("x NOT BETWEEN a + 1 AND (b = c)", "")
	f("x IN (1, 2,) AND y NOT IN (SELECT a FROM t) AND z IN [1, 2]", "x IN (1, 2) AND y NOT IN (SELECT a FROM t) AND contains([1, 2], z)")
	f("x IN ((SELECT 1)) AND y IN ((SELECT 1) UNION SELECT 2)", "x IN (SELECT 1) AND y IN (SELECT 1 UNION SELECT 2)")
	f("a LIKE 'x%' ESCAPE '!' AND b NOT ILIKE c || '_' AND d GLOB '*' AND e NOT SIMILAR TO 'a|b'", "")
	f("a ~~ 'x' AND a !~~* 'y'", "a LIKE 'x' AND a NOT ILIKE 'y'")
	f("(a, b) OVERLAPS (c, d) AND e", "")
	f("ts AT TIME ZONE 'UTC' + 1s", "main.timezone('UTC', ts) + 1s")
	// Operands with a grammar of their own.
	f("CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END + CASE x WHEN 1 THEN 2 END", "")
	f("CAST(a + 1 AS DECIMAL(18, 3)) + TRY_CAST(b AS varchar[][])", "(a + 1)::DECIMAL(18, 3) + TRY_CAST(b AS VARCHAR[][])")
	f("a::timestamp with time zone::double precision::character varying(3)", "a::TIMESTAMP WITH TIME ZONE::DOUBLE::VARCHAR(3)")
	f("EXISTS (SELECT 1) AND NOT EXISTS ((SELECT 2))", "EXISTS (SELECT 1) AND NOT EXISTS (SELECT 2)")
	f("(SELECT 1) + ((SELECT 2))", "(SELECT 1) + (SELECT 2)")
	f("((SELECT 1) UNION SELECT 2 ORDER BY 1)", "(SELECT 1 UNION SELECT 2 ORDER BY 1)")
	f("(((SELECT 1) + 2) * 3)", "((SELECT 1) + 2) * 3")
	f("a = ANY (SELECT 1) AND b >= ALL (SELECT 2) AND c <> SOME (SELECT 3)", "a = ANY (SELECT 1) AND b >= ALL (SELECT 2) AND c <> ANY (SELECT 3)")
	f("a = ANY ([1, 2]) AND b <> ALL (list)", "")
	f("a[1] + a[1:2][:3] + a[2:] + f(x)[:] + (a + b)[1]", "")
	f("extract(HOUR FROM ts) + extract('day' FROM ts)", "main.date_part('hour', ts) + main.date_part('day', ts)")
	f("substring(s FROM 2 FOR 3) || substring(s FOR 3) || substring(s, 1)", "substring(s, 2, 3) || substring(s, 1, 3) || substring(s, 1)")
	f("position('a' IN s) + position(a = b, c)", "position(s, 'a') + position((a = b), c)")
	f("trim(s) || trim(BOTH FROM s) || trim(LEADING 'x' FROM s) || trim('y' FROM s) || trim(trailing)", "trim(s) || trim(s) || main.ltrim(s, 'x') || trim(s, 'y') || trim(trailing)")
	f("(f(x)).name || s[1].name", "(f(x)).name || (s[1]).name")
	f("name.upper().lower(1) || ('a').f()", "lower(upper(name), 1) || f('a')")
	f(`current_timestamp - "current_date"`, "")
	f("x.cast(y)", `"cast"(x, y)`)
	// Calls.
	f("count(*) + count() + count(DISTINCT a) + count(ALL b)", "count(*) + count() + count(DISTINCT a) + count(b)")
	f("left(a, 1) || right(b, 2) || replace(c, 'x', 'y') || if(d, 1, 2) || range(3) || set(1) || glob(a)", "")
	f(`"upper"(a)`, "")
	f("string_agg(a, ',' ORDER BY b DESC NULLS FIRST, c) FILTER (WHERE d > 1)", "")
	f("sum(x) FILTER (a) OVER w", "sum(x) FILTER (WHERE a) OVER w")
	f("gaps(SELECT ts FROM events, over => 1s, per := (tid, fd))", "gaps(SELECT ts FROM events, over => 1s, per => (tid, fd))")
	f("gaps(WITH a AS (SELECT 1) FROM a)", "gaps(WITH a AS (SELECT 1) SELECT * FROM a)")
	f("percentile_cont(0.5) WITHIN GROUP (ORDER BY x) + mode() WITHIN GROUP (ORDER BY y)", "quantile_cont(0.5 ORDER BY x) + mode(ORDER BY y)")
	f("COLUMNS('a.*') + COLUMNS(*) + COLUMNS(t.* EXCLUDE a)", "COLUMNS('a.*') + COLUMNS(*) + COLUMNS(t.* EXCLUDE (a))")
	// Windows.
	f("lag(ts, 1) IGNORE NULLS OVER (PARTITION BY tid, fd ORDER BY ts)", "")
	f("lag(ts IGNORE NULLS) OVER () + first_value(x RESPECT NULLS) OVER w", "lag(ts) IGNORE NULLS OVER () + first_value(x) OVER w")
	f("lag(abs(x) IGNORE NULLS) OVER w + lag(lead(x) IGNORE NULLS OVER v IGNORE NULLS) OVER w", "lag(abs(x)) IGNORE NULLS OVER w + lag(lead(x) IGNORE NULLS OVER v) IGNORE NULLS OVER w")
	f("sum(x) OVER (w ROWS UNBOUNDED PRECEDING)", "sum(x) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)")
	f("sum(x) OVER (ORDER BY ts RANGE BETWEEN 1s PRECEDING AND 2 * n FOLLOWING EXCLUDE TIES)", "")
	f("sum(x) OVER (GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE NO OTHERS)", "sum(x) OVER (GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)")
	f("sum(x) OVER (ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) + sum(y) OVER (RANGE CURRENT ROW EXCLUDE GROUP)", "sum(x) OVER (ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) + sum(y) OVER (RANGE BETWEEN CURRENT ROW AND CURRENT ROW EXCLUDE GROUP)")
}

func TestExpressions(t *testing.T) {
	expressions(func(in, want string) {
		t.Helper()
		if want == "" {
			want = in
		}
		if got := roundTrip(t, "SELECT "+in); got != "SELECT "+want+";\n" {
			t.Errorf("%s\n got %s want SELECT %s;", in, got, want)
		}
		file := &source.File{Text: in}
		x, err := parse.ParseExpr(file)
		if err != nil {
			t.Error(file.Render(err))
		} else if got := ast.Print(x); got != want {
			t.Errorf("ParseExpr(%s) prints %s", in, got)
		}
	})
}

// statements is called with each case of TestStatements, as expressions is.
func statements(f func(in, want string)) {
	// SELECT lists.
	f("SELECT 1", "")
	f("select a, b as c, d e, f AS \"select\", g as from,", `SELECT a, b AS c, d AS e, f AS "select", g AS "from"`)
	f("SELECT a AS 'b c' FROM t", `SELECT a AS "b c" FROM t`)
	f("SELECT *, t.*, cap.t.* FROM t", "")
	f("SELECT * EXCLUDE a REPLACE (a + 1 AS a, b AS c) RENAME (x AS y)", "SELECT * EXCLUDE (a) REPLACE (a + 1 AS a, b AS c) RENAME (x AS y)")
	f("SELECT DISTINCT a", "")
	f("SELECT ALL a", "SELECT a")
	f("SELECT DISTINCT ON (a, b) c FROM t", "")
	f(`SELECT first, count first FROM t "left"`, `SELECT first, count AS first FROM t AS "left"`)
	// FROM.
	f("SELECT a FROM t, u AS v, cap.events e (x, y)", "SELECT a FROM t, u AS v, cap.events AS e (x, y)")
	f("FROM t", "SELECT * FROM t")
	f("FROM t SELECT a WHERE b", "SELECT a FROM t WHERE b")
	f("FROM t WHERE b LIMIT 1", "SELECT * FROM t WHERE b LIMIT 1")
	f("FROM 'a b.parquet' AS x", "SELECT * FROM 'a b.parquet' AS x")
	f("FROM (SELECT 1) s, LATERAL (SELECT 2) AS l, (VALUES (1, 2), (3, 4)) AS v(a, b)", "SELECT * FROM (SELECT 1) AS s, LATERAL (SELECT 2) AS l, (VALUES (1, 2), (3, 4)) AS v (a, b)")
	f("FROM range(10) r(i), LATERAL unnest(x) AS u, gaps(events, over => 1s)", "SELECT * FROM range(10) AS r (i), LATERAL unnest(x) AS u, gaps(events, over => 1s)")
	f("FROM ((SELECT 1))", "SELECT * FROM (SELECT 1)")
	f("FROM ((SELECT 1) UNION (SELECT 2)) x", "SELECT * FROM (SELECT 1 UNION SELECT 2) AS x")
	f("FROM ((SELECT 1) a JOIN b USING (x))", "SELECT * FROM (SELECT 1) AS a JOIN b USING (x)")
	f("FROM (a) JOIN ((b))  ON c", "SELECT * FROM a JOIN b ON c")
	// Joins.
	f("FROM a JOIN b ON a.x = b.x INNER JOIN c USING (x, y)", "SELECT * FROM a JOIN b ON a.x = b.x JOIN c USING (x, y)")
	f("FROM a LEFT OUTER JOIN b ON x RIGHT JOIN c ON y FULL JOIN d ON z", "SELECT * FROM a LEFT JOIN b ON x RIGHT JOIN c ON y FULL JOIN d ON z")
	f("FROM a CROSS JOIN b NATURAL JOIN c NATURAL LEFT JOIN d SEMI JOIN e USING (x) ANTI JOIN f ON y", "SELECT * FROM a CROSS JOIN b NATURAL JOIN c NATURAL LEFT JOIN d SEMI JOIN e USING (x) ANTI JOIN f ON y")
	f("FROM a ASOF JOIN b ON a.ts >= b.ts ASOF LEFT JOIN c USING (tid, ts) TOLERANCE 10ms", "SELECT * FROM a ASOF JOIN b ON a.ts >= b.ts ASOF LEFT JOIN c USING (tid, ts) TOLERANCE 10ms")
	f("FROM a LEFT JOIN (b JOIN c ON x) ON y", "SELECT * FROM a LEFT JOIN (b JOIN c ON x) ON y")
	f("FROM gap JOIN sched ON (ts, end_ts) OVERLAPS (since, until)", "SELECT * FROM gap JOIN sched ON (ts, end_ts) OVERLAPS (since, until)")
	// Clauses.
	f("SELECT a FROM t WHERE b AROUND 5 ROWS PER (tid, cpu)", "SELECT a FROM t WHERE b AROUND 5 ROWS PER tid, cpu")
	f("SELECT a FROM t WHERE b AROUND 250ms", "")
	f("SELECT a FROM t GROUP BY ALL", "")
	f("SELECT a FROM t GROUP BY a, (b, c), 1, ()", "SELECT a FROM t GROUP BY a, b, c, 1, GROUPING SETS (())")
	f("SELECT a FROM t GROUP BY ROLLUP (a, (b, c)), CUBE (d), GROUPING SETS ((a, b), c, ())", "SELECT a FROM t GROUP BY ROLLUP (a, (b, c)), CUBE (d), GROUPING SETS ((a, b), (c), ())")
	f("SELECT a FROM t GROUP BY GROUPING SETS (ROLLUP (a, (b, c)), CUBE (d, e), GROUPING SETS (f, ()))", "SELECT a FROM t GROUP BY GROUPING SETS ((a, b, c), (a), (), (d, e), (d), (e), (), (f), ())")
	f("SELECT group FROM t GROUP BY group", "")
	f("SELECT a FROM t HAVING b WINDOW w AS (PARTITION BY c), v AS (w ORDER BY d) QUALIFY e", "")
	f("SELECT a FROM t ORDER BY a, b DESC, c ASC NULLS LAST, d NULLS FIRST", "SELECT a FROM t ORDER BY a, b DESC, c ASC NULLS LAST, d NULLS FIRST")
	f("SELECT a FROM t ORDER BY ALL DESC NULLS FIRST", "")
	f("SELECT a LIMIT 10 OFFSET 5", "")
	f("SELECT a OFFSET 5 ROWS LIMIT 10", "SELECT a LIMIT 10 OFFSET 5")
	f("SELECT a LIMIT 10%", "SELECT a LIMIT 10 PERCENT")
	f("SELECT a LIMIT 10 % 3 OFFSET 1", "")
	f("SELECT a LIMIT 1 + 1 PERCENT", "")
	f("SELECT a LIMIT ALL", "SELECT a")
	// Set operations.
	f("SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 EXCEPT ALL BY NAME SELECT 4", "")
	f("SELECT 1 UNION SELECT 2 INTERSECT SELECT 3", "")
	f("(SELECT 1 UNION SELECT 2) INTERSECT ALL SELECT 3", "")
	f("SELECT 1 UNION (SELECT 2 UNION SELECT 3)", "")
	f("SELECT 1 EXCEPT (SELECT 2 INTERSECT SELECT 3)", "SELECT 1 EXCEPT SELECT 2 INTERSECT SELECT 3")
	f("SELECT 1 INTERSECT (SELECT 2 INTERSECT SELECT 3)", "")
	f("(SELECT 1 LIMIT 1) UNION DISTINCT (SELECT 2) ORDER BY 1", "(SELECT 1 LIMIT 1) UNION SELECT 2 ORDER BY 1")
	f("((SELECT 1 LIMIT 2))", "SELECT 1 LIMIT 2")
	f("(SELECT 1 LIMIT 2) LIMIT 1", "")
	f("VALUES (1, 'a'), (2, 'b',) ORDER BY 1", "VALUES (1, 'a'), (2, 'b') ORDER BY 1")
	// WITH.
	f("WITH a AS (SELECT 1), b (x, y) AS MATERIALIZED (SELECT 2) SELECT * FROM a, b", "WITH a AS (SELECT 1), b (x, y) AS MATERIALIZED (SELECT 2) SELECT * FROM a, b")
	f("WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) FROM r", "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r")
	// Other statements.
	f("EXPLAIN SELECT 1", "")
	f("EXPLAIN ANALYZE (SELECT 1)", "EXPLAIN ANALYZE SELECT 1")
	f("DESCRIBE events", "")
	f("DESC TABLE cap.events", "DESCRIBE cap.events")
	f("DESCRIBE SELECT a FROM t", "")
	f("SUMMARIZE 'x.csv'", "")
	f("SUMMARIZE FROM t", "SUMMARIZE SELECT * FROM t")
	f("SHOW tables", "SHOW TABLES")
	f("show events", "DESCRIBE events")
	f("SET timezone = 'Europe/Berlin'", "")
	f("SET threads TO 2", "SET threads = 2")
	f("RESET threads", "")
	f("PARAM min_gap DURATION = 1s 'gaps longer than this'", "")
	f("PARAM who VARCHAR", "")
	f("PARAM a DATE = (date) 'b'", "")
	f("PARAM a BIGINT = 1 + 2", "")
	f("ASSERT (SELECT count(*) FROM t) > 0, 'none'", "")
	f("ASSERT a", "")
	f("CREATE OR REPLACE TEMP VIEW v (a, b) AS SELECT 1, 2", "CREATE OR REPLACE VIEW v (a, b) AS SELECT 1, 2")
	f("CREATE TEMPORARY TABLE t AS FROM u", "CREATE TABLE t AS SELECT * FROM u")
	f("CREATE MACRO add(a, b := 5) AS a + b", "")
	f("CREATE FUNCTION f() AS TABLE SELECT 1", "CREATE MACRO f() AS TABLE SELECT 1")
	f("CREATE MACRO f() AS (table)", `CREATE MACRO f() AS "table"`)
	f("DROP VIEW v", "")
	f("DROP TABLE IF EXISTS t", "")
	f("DROP FUNCTION m", "DROP MACRO m")
	f("COPY (SELECT 1) TO 'x.csv'", "")
	f("COPY events TO 'x.parquet' WITH (FORMAT parquet, HEADER, DELIMITER ',', limit 3)", `COPY (SELECT * FROM events) TO 'x.parquet' (FORMAT 'parquet', HEADER, DELIMITER ',', "limit" 3)`)
	f(`WITH gap AS (
  SELECT num, LAG(ts) OVER (ORDER BY ts) AS since, ts AS until, until - since AS length
  FROM events -- silence
  WHERE proc = 'keepalived' AND type = 'sendmsg' AND dir = '>' /* enter /* only */ */
  QUALIFY length > 1s)
SELECT gap.num, gap.length, cpu, proc, tid, count(*) AS stays, sum(overlap(ts, end_ts, since, until)) AS on_cpu
FROM gap JOIN sched ON (ts, end_ts) OVERLAPS (since, until)
WHERE NOT idle AND proc NOT IN ('keepalived', 'haproxy')
GROUP BY ALL ORDER BY gap.num, on_cpu DESC`,
		"WITH gap AS (SELECT num, LAG(ts) OVER (ORDER BY ts) AS since, ts AS until, until - since AS length FROM events "+
			"WHERE proc = 'keepalived' AND type = 'sendmsg' AND dir = '>' QUALIFY length > 1s) "+
			"SELECT gap.num, gap.length, cpu, proc, tid, count(*) AS stays, sum(overlap(ts, end_ts, since, until)) AS on_cpu "+
			"FROM gap JOIN sched ON (ts, end_ts) OVERLAPS (since, until) WHERE NOT idle AND proc NOT IN ('keepalived', 'haproxy') "+
			"GROUP BY ALL ORDER BY gap.num, on_cpu DESC")
}

func TestStatements(t *testing.T) {
	statements(func(in, want string) {
		t.Helper()
		if want == "" {
			want = in
		}
		if got := roundTrip(t, in); got != want+";\n" {
			t.Errorf("%s\n got %s want %s;", in, got, want)
		}
	})
}

func TestScripts(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := roundTrip(t, in); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
	f("", "")
	f(";;", "")
	f("-- nothing", "")
	f("SELECT 1;SELECT 2", "SELECT 1;\nSELECT 2;\n")
	f("\uFEFF#!/usr/bin/env -S tq -f\n-- title\nSELECT ';' /* ; */; SELECT {a.b=';'};", "SELECT ';';\nSELECT {a.b=';'};\n")
	f("SELECT\u00a01 -- end", "SELECT 1;\n")
}
