package sem_test

import (
	"strings"
	"testing"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/sem"
	"tq/lang/sem/semtest"
	"tq/lang/source"
)

// bind binds the query of a text.
func bind(t *testing.T, text string) (*sem.Query, error) {
	t.Helper()
	file := &source.File{Text: text}
	script, err := parse.Parse(file)
	if err != nil {
		t.Fatalf("%s\n%s", text, file.Render(err))
	}
	return sem.Bind(script.Stmts[0].(*ast.QueryStmt).Query, semtest.Env(), &sem.IDs{})
}

// TestColumns checks the names and types of what queries yield.
func TestColumns(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		q, err := bind(t, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		var got []string
		for _, c := range q.Out {
			got = append(got, c.Name+" "+functions.TypeName(c.Type))
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, s, want)
		}
	}
	f("select 1, 'x', null, true", "1 INTEGER, 'x' VARCHAR, NULL NULL, CAST('t' AS BOOLEAN) BOOLEAN")
	f("select 3000000000 a, 1e3 b, 1.50 c, 99999999999999999999 d, -9223372036854775808 e",
		"a BIGINT, b DOUBLE, c DECIMAL(3,2), d HUGEINT, e BIGINT")
	f("select 1s d, @17:01:26 p, date '2024-01-31' x, x'00ff' b", "d DURATION, p TIMESTAMP, x DATE, b BLOB")
	f("select ts - ts a, ts + 1s b, a / 2s c from events", "a DURATION, b TIMESTAMP, c DOUBLE")
	f("select num / 2 x, num // 2 y, cpu + 1 z from events", "x DOUBLE, y BIGINT, z INTEGER")
	f("select * from small", "n INTEGER, s VARCHAR")
	f("select * exclude (b) replace (a + 1 as a) rename (c as name) from t", "a INTEGER, name VARCHAR, d DOUBLE")
	f("select columns('^[ab]$') + 1 from t", "a INTEGER, b INTEGER")
	f("select columns(* exclude (c, d)) from t", "a INTEGER, b INTEGER")
	f("select t.*, u.e from t join u using (a)", "a INTEGER, b INTEGER, c VARCHAR, d DOUBLE, e VARCHAR")
	f("select * from t join u using (a)", "a INTEGER, b INTEGER, c VARCHAR, d DOUBLE, b INTEGER, e VARCHAR")
	f("select * from t natural join u", "a INTEGER, b INTEGER, c VARCHAR, d DOUBLE, e VARCHAR")
	f("select * from (select a, a from t)", "a INTEGER, a_1 INTEGER")
	f("select * from small as x(p, q)", "p INTEGER, q VARCHAR")
	f("with x(p) as (select a from t) select * from x", "p INTEGER")
	f("from small", "n INTEGER, s VARCHAR")
	f("select latency, fd_type from events", "latency DURATION, fd_type VARCHAR")
	f("select a.events.num, b.events.evt.type from a.events, b.events", "num BIGINT, evt.type VARCHAR")
	f("select evt.num, e.arg.size from events e", "evt.num BIGINT, arg.size BIGINT")
	f("select EVENTS.Num from Events", "num BIGINT")
	f("select case when cpu = 1 then 1 else num end x, coalesce(null, 's') y from events", "x BIGINT, y VARCHAR")
	f("select sum(cpu), sum(latency), avg(num), min(ts), count(*), any_value(proc) from events",
		"sum(cpu) HUGEINT, sum(latency) DURATION, avg(num) DOUBLE, min(ts) TIMESTAMP, count_star() BIGINT, any_value(proc) VARCHAR")
	f("select lag(ts) over (order by num) x, row_number() over () n, sum(d) over (partition by a) s from events, t", "x TIMESTAMP, n BIGINT, s DOUBLE")
	f("select a = 1 or b in (1, 2) as x, not (a > 2) y from t", "x BOOLEAN, y BOOLEAN")
	f("values (1, 'a', null), (2.5, 'b', 1s)", "col0 DECIMAL(11,1), col1 VARCHAR, col2 DURATION")
	f("select a from t union select d from t", "a DOUBLE")
	f("select a, c from t union all by name select e c, 1s x from u", "a INTEGER, c VARCHAR, x DURATION")
	f("select (select a from t limit 1) x, exists (select 1) y, 1 in (select a from t) z", "x INTEGER, y BOOLEAN, z BOOLEAN")
	f("select try_cast('x' as integer) a, 1::varchar b", "a INTEGER, b VARCHAR")
}

// TestAliases checks where an alias of the SELECT list can be used and what wins over it.
func TestAliases(t *testing.T) {
	ok := func(text string) {
		t.Helper()
		if _, err := bind(t, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	fails := func(text, want string) {
		t.Helper()
		_, err := bind(t, text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q", text, err, want)
		}
	}
	ok("select a + 1 as x, x + 1 as y, x + y from t")
	ok("select a + 1 as x from t where x > 1")
	ok("select a + 1 as x, count(*) as n from t group by x having n > 1 order by n, x")
	ok("select count(*) as n from t group by c having n > 1")
	ok("select lag(ts) over (order by ts) as since, ts - since as length from events qualify length > 1s")
	ok("select a as b, b as c from t where c = 'x'")
	fails("select x + 1 as y, a as x from t", "before it is defined")
	fails("select a as b, c from t where b = 'x'", "")
	fails("select x as x from t", "before it is defined")
	fails("select count(*) as n from t where n > 1", "aggregate cannot stand in WHERE")
	fails("select lag(a) over (order by b) as n from t where n > 1", "window function cannot stand in WHERE")
}
