package lang_test

import (
	"strings"
	"testing"
	"time"

	"tq/functions"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/sem"
	"tq/lang/sem/semtest"
	"tq/lang/source"
)

// parse parses the statements of a text.
func parse(t *testing.T, text string) []ast.Stmt {
	t.Helper()
	file := &source.File{Text: text}
	script, err := lang.Parse(file)
	if err != nil {
		t.Fatalf("%s\n%s", text, file.Render(err))
	}
	return script.Stmts
}

// TestStatements checks the columns of statements that are not queries.
func TestStatements(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		p, err := lang.Compile(parse(t, text)[0], semtest.Env())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		var names []string
		for _, c := range p.Columns {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: columns %s, want %s", text, got, want)
		}
	}
	f("explain select a from t", "plan")
	f("explain analyze select a, b from t", "a b")
	f("describe t", "column_name column_type null key default extra")
	f("describe select 1", "column_name column_type null key default extra")
	f("summarize t", "column_name column_type min max approx_unique avg std q25 q50 q75 count null_percentage")
	f("summarize select num, proc from events", "column_name column_type min max approx_unique avg std q25 q50 q75 count null_percentage")
	f("show tables", "name")
	f("show functions", "name kind family signatures description example result")
	f("show settings", "name value description")
	f("assert (select count(*) from t) > 0, 'empty'", "ok")
	f("create view v as select a, c from t", "a c")
	f("copy (select a from t) to 'x.csv'", "a")
}

// TestDescribeHidden checks that DESCRIBE lists the columns that * leaves out.
func TestDescribeHidden(t *testing.T) {
	p, err := lang.Compile(parse(t, "describe events")[0], semtest.Env())
	if err != nil {
		t.Fatal(err)
	}
	rows := p.Root.(*plan.Values).Rows
	last := rows[len(rows)-1]
	if got := sem.Format(last[0], nil) + sem.Format(last[5], nil); got != "'upid''hidden'" {
		t.Errorf("the last row is %s", got)
	}
}

// TestParams checks how parameters get their values.
func TestParams(t *testing.T) {
	env := semtest.Env()
	decl := parse(t, "param min_gap duration = 1s 'gaps longer than this'")[0].(*ast.ParamDecl)
	value, ok, err := lang.ParamDefault(decl, env)
	if err != nil || !ok || sem.FormatValue(value.Value) != "1s" {
		t.Errorf("default: %v, %v, %v", value, ok, err)
	}
	value, err = lang.ParamFromText(decl, "250ms", env)
	if err != nil || sem.FormatValue(value.Value) != "0.25s" {
		t.Errorf("from text: %v, %v", value, err)
	}
	if _, err = lang.ParamFromText(decl, "soon", env); err == nil {
		t.Error("a text that is no duration is accepted")
	}
	if _, ok, err = lang.ParamDefault(parse(t, "param p bigint")[0].(*ast.ParamDecl), env); ok || err != nil {
		t.Errorf("a parameter without default: %v, %v", ok, err)
	}
	if _, _, err = lang.ParamDefault(parse(t, "param p bigint = 'x'")[0].(*ast.ParamDecl), env); err == nil {
		t.Error("a default of another type is accepted")
	}
	env.Params["min_gap"] = value
	env.Params["procs"] = sem.Param{Type: functions.Varchar, Value: value.Value}
	p, err := lang.Compile(parse(t, "select num from syscalls where dur > $MIN_GAP")[0], env)
	if err != nil || !strings.Contains(plan.Explain(p.Root), "dur > 0.25s") {
		t.Errorf("use: %v\n%s", err, plan.Explain(p.Root))
	}
}

// TestViews checks that views and macros stand for their text, and where their faults
// are shown.
func TestViews(t *testing.T) {
	env := semtest.Env()
	env.View = func(name string) (*sem.View, bool) {
		text, ok := map[string]string{
			"sends": "select num, ts, proc from events where type = 'sendmsg'",
			"bad":   "select nothing_here from events",
			"loop":  "select * from loop",
		}[strings.ToLower(name)]
		if !ok {
			return nil, false
		}
		return &sem.View{Query: parse(t, text)[0].(*ast.QueryStmt).Query}, true
	}
	env.Macro = func(name string) (*ast.CreateMacro, bool) {
		text, ok := map[string]string{
			"twice": "create macro twice(x, times := 2) as x * times",
			"again": "create macro again(x) as again(x)",
		}[strings.ToLower(name)]
		if !ok {
			return nil, false
		}
		return parse(t, text)[0].(*ast.CreateMacro), true
	}
	f := func(text, want string) {
		t.Helper()
		p, err := lang.Compile(parse(t, text)[0], env)
		got := ""
		if err != nil {
			got = (&source.File{Text: text}).Render(err)
		} else {
			got = plan.Explain(p.Root)
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s\ngot\n%s\nwant %s", text, got, want)
		}
	}
	f("select num from sends s where s.proc = 'x'", "filter type = 'sendmsg' and proc = 'x'")
	f("select num from bad", "1:17: in view bad: there is no column \"nothing_here\"")
	f("select * from loop", "refers to itself")
	f("select twice(num) from events", "project num * 2")
	f("select twice(num, times := 3) from events", "project num * 3")
	f("select twice() from events", "needs a value for x")
	f("select twice(1, 2, 3) from events", "twice takes (x, times)")
	f("select again(1)", "refers to itself")
}

// TestZone checks that a time of day is one of the session's zone.
func TestZone(t *testing.T) {
	env := semtest.Env()
	env.Zone = time.FixedZone("east", 2*60*60)
	p, err := lang.Compile(parse(t, "select num from events where ts > @19:01:26.5")[0], env)
	if err != nil || !strings.Contains(plan.Explain(p.Root), "ts > '2014-08-22 17:01:26.5'") {
		t.Errorf("%v\n%s", err, plan.Explain(p.Root))
	}
}
