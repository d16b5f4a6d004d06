package plan_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/exec/exectest"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/parse"
	"tq/lang/plan"
	"tq/lang/sem"
	"tq/lang/sem/semtest"
	"tq/lang/source"
)

// TestRulesKeepAnswers runs queries with all the rules and with as few as possible, and
// expects the same rows. The tables hold few different values and many NULLs.
func TestRulesKeepAnswers(t *testing.T) {
	for seed := range uint64(4) {
		env := tables(seed)
		for _, text := range ruleQueries {
			plain, err := run(env, text, plan.OptimizeLittle)
			if err != nil {
				t.Errorf("%s: without rules: %v", text, err)
				continue
			}
			full, err := run(env, text, plan.Optimize)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			if !strings.Contains(text, "order by all") {
				slices.Sort(plain)
				slices.Sort(full)
			}
			if !slices.Equal(plain, full) {
				t.Errorf("%s (seed %d)\nwithout rules:\n%s\nwith:\n%s", text, seed, strings.Join(plain, "\n"), strings.Join(full, "\n"))
			}
		}
	}
}

var ruleQueries = []string{
	"select a, b from t where a > 1 and not (b <> 2 or c is null)",
	"select t.a, u.b, c, e from t join u on t.a = u.a and t.b > u.b and c = 'x'",
	"select t.a, u.b, c, e from t left join u on t.a = u.a and t.b = 1 and u.b = 2 where t.d > 0",
	"select t.a, u.b, c, e from t left join u on t.a = u.a where u.b is null or u.b = 1",
	"select t.a, u.b, c, e from t right join u on t.a = u.a and t.b = 1 and u.b = 2 where u.e = 'x'",
	"select t.a, u.b, c, e from t full join u on t.a = u.a and t.b = 1 where t.c = 'x' or u.e = 'y'",
	"select a, t.b, u.b, c, e from t full join u using (a) where a = 1",
	"select a, c from t semi join u on t.a = u.a and t.b = 1 and u.b > 1 where c <> 'y'",
	"select a, c from t anti join u on t.a = u.a and t.b = 1 and u.b > 1 where c <> 'y'",
	"select a, c from t where a in (select a from u where b = 1)",
	"select a, c from t where a not in (select a from u where b = 1)",
	"select a, c, a in (select b from u) as k, exists (select 1 from u where u.a = t.a) as x from t",
	"select c from t where d >= all (select d from t where c = 'x')",
	"select c from t where b > any (select b from u where u.a = t.a)",
	"select a, count(*), sum(b), count(distinct c) from t group by a having count(*) > 1 and a <> 2",
	"select * from (select a, b, sum(d) as s from t group by rollup (a, b)) where a = 1 or a is null",
	"select * from (select a, count(*) as n from t group by a) where a = 1",
	"select * from (select count(*) as n from t) where n > 5 and 1 = 2",
	"select * from (select a, b, sum(b) over (partition by a) as s from t) where a = 1 and s > 1",
	"select a, b, sum(b) over (partition by a), count(*) over (partition by a), max(b) over (partition by b) from t",
	"select distinct a, b from t where a > 1",
	"select * from (select distinct a, c from t) where c = 'x'",
	"select n from (select a as n, b from t union all select b, a from u) where n > 1",
	"select n from (select a as n, b from t union select b, a from u) where n > 1",
	"select n from (select a as n, b from t except all select b, a from u) where n > 1",
	"select n from (select a as n, b from t intersect select b, a from u) where n > 1",
	"with x as (select a, b, c from t where b > 0) select p.a, q.b from x p join x q on p.a = q.b where p.c = 'x'",
	"with x as (select a, count(*) as n from t group by a) select * from x where n = (select max(n) from x)",
	"select a, b, c from t order by all limit 5 offset 2",
	"select a, x from (select a, b + 1 as x from t) where x > 1 order by all limit 3",
	"select a from t union all select b from u order by all limit 4",
	"select t.a, u.a from t join u on (t.a, t.b) overlaps (u.a, u.b) where t.c = 'x' and u.e = 'x'",
	"select t.a, u.a from t join u on (u.a, u.b) overlaps (t.a, t.b) and t.b = u.b and t.a < 3",
	"select t.a, u.a from t left join u on (t.a, t.b) overlaps (u.a, u.b) and u.e = 'x'",
	"select a, b from t where (a, b) overlaps (1, 2)",
	"select a, (select max(b) from u where u.a = t.a) as m from t",
	"select a, (select count(*) from u where u.a = t.a) as m from t",
	"select a, (select count(*) from u where u.a < t.a) as m from t",
	"select a, case when a = 1 and true then 'p' when false then 'q' else c end from t where true",
	"select a from t where a = 1 or a = 2 or b in (1, 2) or b = 3",
	"select count(*) from t, u where t.a = u.a and t.c = u.e",
	"select 1 from t limit 3",
	"select a from t where exists (select 1 from u where b > 1)",
	"select t.a, u.b from t full join u on t.a = u.a where coalesce(u.b, 0) = 0",
	"select t.a, u.b from t full join u on t.a = u.a where t.b + u.b > 0 or t.a = 9",
	"select t.a, u.b from t right join u on t.a = u.a where t.c is not null",
	"select t.a, u.b from t left join u on t.a = u.a and u.b = 1 where u.e > 'x' or u.b in (1, 2)",
	"select t.a, g.n from (select a, count(*) as n from u group by a) g left join t on t.a = g.a and n > 1",
	"select a from t where b > null or a = 1",
	"select t.a, x.e from t, (select e from u where u.a = t.a and u.b > t.b) x where x.e <> 'y'",
	"select t.a, x.e from t left join (select e from u where u.a = t.a and u.b > t.b) x on x.e <> 'y' where x.e is null or t.b = 1",
	"select a, row_number() over (order by a, b, c, d) as n from t qualify n <= 3",
}

// TestSubqueries checks what correlated subqueries yield, in each of the ways in which
// they become joins.
func TestSubqueries(t *testing.T) {
	const with = `with p(k, v) as (values (1, 10), (2, 20), (3, null), (null, 40)),
		q(k, w) as (values (1, 5), (1, 7), (2, null), (4, 9)) `
	f := func(query string, want ...string) {
		t.Helper()
		got, err := run(tables(0), with+query, plan.Optimize)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			return
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", query, got, want)
		}
	}
	f("select k, (select max(w) from q where q.k = p.k) from p", "1 7", "2 <nil>", "3 <nil>", "<nil> <nil>")
	f("select k, (select count(w) from q where q.k = p.k) from p", "1 2", "2 0", "3 0", "<nil> 0")
	f("select k, (select count(*) + 1 from q where q.k = p.k) from p", "1 3", "2 2", "3 1", "<nil> 1")
	f("select k, (select count(*) from q where q.k = p.k having count(*) <> 1) from p", "1 2", "2 <nil>", "3 0", "<nil> 0")
	f("select k, (select count(*) from q where q.k > p.k) from p", "1 2", "2 1", "3 1", "<nil> 0")
	f("select k, (select sum(w) + p.v from q where q.k = p.k) from p", "1 22", "2 <nil>", "3 <nil>", "<nil> <nil>")
	f("select k, (select p.v + 1) from p", "1 11", "2 21", "3 <nil>", "<nil> 41")
	f("select k, (select w from q where q.k = p.k order by w desc limit 1) from p", "1 7", "2 <nil>", "3 <nil>", "<nil> <nil>")
	f("select k from p where exists (select 1 from q where q.k = p.k)", "1", "2")
	f("select k from p where not exists (select 1 from q where q.k = p.k)", "3", "<nil>")
	f("select k from p where exists (select 1 from q where q.k = p.k and q.w * 2 = p.v)", "1")
	f("select k from p where v in (select w * 2 from q where q.k = p.k)", "1")
	f("select k, v in (select w * 2 from q where q.k = p.k) from p", "1 true", "2 <nil>", "3 false", "<nil> false")
	f("select k, k in (select k from q) from p", "1 true", "2 true", "3 false", "<nil> <nil>")
	f("select k, k in (select k from q where false) from p", "1 false", "2 false", "3 false", "<nil> false")
	f("select k from p where k not in (select k from q)", "3")
	f("select k from p where v > all (select w from q where q.k = p.k)", "1", "3", "<nil>")
	f("select k, v > any (select w from q where q.k = p.k) from p", "1 true", "2 <nil>", "3 false", "<nil> false")
	f("select k, exists (select w from q where q.k = p.k group by w having count(*) > 0) from p", "1 true", "2 true", "3 false", "<nil> false")
	f("select k, (select max(n) from (select count(*) as n from q where q.k = p.k group by w) x) from p", "1 1", "2 1", "3 <nil>", "<nil> <nil>")
	f("select k, (select max(w) from q where q.k = p.k and w < (select max(w) from q i where i.k = p.k)) from p",
		"1 5", "2 <nil>", "3 <nil>", "<nil> <nil>")
	f("select k, sum(v), (select count(*) from q where q.k = p.k) from p group by k", "1 10 2", "2 20 1", "3 <nil> 0", "<nil> 40 0")
	f("select k, (select sum(w) from (select w from q where q.k = p.k union all select p.v)) from p", "1 22", "2 20", "3 <nil>", "<nil> 40")
	f("select k from p where (k, v) in (select k, w * 2 from q)", "1")
	f("select k from p where (select count(*) from q where q.k = p.k) = 2", "1")
	f("select p.k, x.w from p, lateral (select w from q where q.k = p.k) x", "1 5", "1 7", "2 <nil>")
	f("select p.k, x.w from p left join (select w from q where q.k = p.k order by w desc limit 1) x on true", "1 7", "2 <nil>", "3 <nil>", "<nil> <nil>")
	f("select p.k, x.n from p, (select count(*) as n from q where q.k = p.k) x", "1 2", "2 1", "3 0", "<nil> 0")
	f("select p.k, x.n from p join (select count(*) as n from q where q.k = p.k) x on x.n < 2", "2 1", "3 0", "<nil> 0")
	f("select p.k, y.z from p, (select p.v + 1 as s) x, (select x.s * 2 as z) y", "1 22", "2 42", "3 <nil>", "<nil> 82")
	f("select k, (select sum(x.w) from q i, (select w from q where q.k = p.k and q.w = i.w) x) from p", "1 12", "2 <nil>", "3 <nil>", "<nil> <nil>")
	f("select k, (select max(x.n) from (values (1)) i, (select count(*) as n from q where q.k = p.k) x) from p", "1 2", "2 1", "3 0", "<nil> 0")
	f("select k, (select first_value(w) over (order by w) from q where q.k = p.k limit 1) from p", "1 5", "2 <nil>", "3 <nil>", "<nil> <nil>")
}

// run plans a query with a set of rules and returns its rows as text.
func run(env *exec.Env, text string, optimize func(plan.Node, *sem.IDs, *sem.Env) plan.Node) ([]string, error) {
	script, err := parse.Parse(&source.File{Text: text})
	if err != nil {
		return nil, err
	}
	session := semtest.Env()
	ids := &sem.IDs{}
	q, err := sem.Bind(script.Stmts[0].(*ast.QueryStmt).Query, session, ids)
	if err != nil {
		return nil, err
	}
	root, err := plan.Build(q, ids)
	if err != nil {
		return nil, err
	}
	root = optimize(root, ids, session)
	result, err := exec.Collect(context.Background(), root, env)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, plan.Explain(root))
	}
	var rows []string
	for _, b := range result.Batches {
		for i := range b.NumRows() {
			var cells []string
			for c := range b.NumCols() {
				col, err := b.Column(c)
				if err != nil {
					return nil, err
				}
				text, err := functions.Cast(kernel.Col(col), functions.Varchar, false, session.FunctionEnv(), b.NumRows())
				if err != nil {
					return nil, err
				}
				cells = append(cells, fmt.Sprint(kernel.Value(text.Array, i)))
			}
			rows = append(rows, strings.Join(cells, " "))
		}
	}
	return rows, nil
}

// tables makes the tables t and u of semtest with random rows.
func tables(seed uint64) *exec.Env {
	rnd := rand.New(rand.NewPCG(seed, 1))
	column := func(dt arrow.DataType, rows int, value func() any) arrow.Array {
		values := make([]any, rows)
		for i := range values {
			if rnd.IntN(5) > 0 {
				values[i] = value()
			}
		}
		a, err := kernel.FromAny(dt, values...)
		if err != nil {
			panic(err)
		}
		return a
	}
	number := func() any { return int64(rnd.IntN(4)) }
	word := func() any { return string(rune('x' + rnd.IntN(3))) }
	double := func() any { return float64(rnd.IntN(5)) / 2 }
	t := []arrow.Array{
		column(functions.Integer, 20, number), column(functions.Integer, 20, number),
		column(functions.Varchar, 20, word), column(functions.Double, 20, double),
	}
	u := []arrow.Array{
		column(functions.Integer, 15, number), column(functions.Integer, 15, number), column(functions.Varchar, 15, word),
	}
	return &exec.Env{
		Catalog: exectest.Catalog{
			"t": exectest.NewTable([]string{"a", "b", "c", "d"}, t),
			"u": exectest.NewTable([]string{"a", "b", "e"}, u),
		},
		Functions: *semtest.Env().FunctionEnv(),
	}
}
