package exec_test

import (
	"testing"

	"tq/exec/exectest"
	"tq/functions"
	"tq/lang/plan"
	"tq/lang/sem"
)

// randomTables makes the tables l and r of a test.
func randomTables(t *testing.T, seed uint64, rows int, nulls float64) map[string]*exectest.Data {
	t.Logf("seed %d, %d rows, %g nulls", seed, rows, nulls)
	r := exectest.NewRandom(seed)
	return map[string]*exectest.Data{"l": r.Table(rows, nulls), "r": r.Table(rows*2/3, nulls)}
}

// eachShape runs a test on tables of several sizes with no, some and only NULLs.
func eachShape(t *testing.T, f func(t *testing.T, tables map[string]*exectest.Data)) {
	for _, rows := range []int{0, 1, 2, 9, 60} {
		for i, nulls := range []float64{0, 0.2, 1} {
			t.Run("", func(t *testing.T) { f(t, randomTables(t, uint64(1000*rows+i), rows, nulls)) })
		}
	}
}

func TestFilter(t *testing.T) {
	conditions := map[string]func(col func(string) sem.Expr) sem.Expr{
		"string equals":        func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("=", c("s"), exectest.Str("b1")) },
		"string differs":       func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("<>", c("s"), exectest.Str("b1")) },
		"string before":        func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("<", c("p"), exectest.Str("b")) },
		"constant on the left": func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("<", exectest.Int(2), c("k")) },
		"string in":            func(c func(string) sem.Expr) sem.Expr { return exectest.In(c("s"), false, "b1", "", "x") },
		"string not in":        func(c func(string) sem.Expr) sem.Expr { return exectest.In(c("s"), true, "b1", "") },
		"string not in null":   func(c func(string) sem.Expr) sem.Expr { return exectest.In(c("s"), true, "b1", nil) },
		"string is null":       func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("is null", c("s")) },
		"two columns":          func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("=", c("s"), c("p")) },
		"integer equals":       func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("=", c("k"), exectest.Int(2)) },
		"integer differs":      func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("<>", c("k"), exectest.Int(2)) },
		"integer at least":     func(c func(string) sem.Expr) sem.Expr { return exectest.Fn(">=", c("k"), exectest.Int(2)) },
		"narrow integer": func(c func(string) sem.Expr) sem.Expr {
			return exectest.Fn("<=", c("i"), exectest.Lit(functions.Integer, int64(-1)))
		},
		"integer in": func(c func(string) sem.Expr) sem.Expr { return exectest.In(c("k"), false, int64(1), int64(4), nil) },
		"double": func(c func(string) sem.Expr) sem.Expr {
			return exectest.Fn(">", c("x"), exectest.Lit(functions.Double, 1.5))
		},
		"boolean":       func(c func(string) sem.Expr) sem.Expr { return c("b") },
		"not boolean":   func(c func(string) sem.Expr) sem.Expr { return exectest.Not(c("b")) },
		"constant true": func(c func(string) sem.Expr) sem.Expr { return exectest.Lit(functions.Boolean, true) },
		"constant null": func(c func(string) sem.Expr) sem.Expr { return exectest.Lit(functions.Boolean, nil) },
		"equals null":   func(c func(string) sem.Expr) sem.Expr { return exectest.Fn("=", c("k"), exectest.Int(0)) },
		"computed": func(c func(string) sem.Expr) sem.Expr {
			return exectest.Fn("=", exectest.Fn("+", c("k"), c("g")), exectest.Int(3))
		},
		"guarded": func(c func(string) sem.Expr) sem.Expr {
			return exectest.And(exectest.Fn("<>", c("k"), exectest.Int(0)), exectest.Fn(">", exectest.Fn("//", c("g"), c("k")), exectest.Int(0)))
		},
		"not of and": func(c func(string) sem.Expr) sem.Expr {
			return exectest.Not(exectest.And(c("b"), exectest.Fn("=", c("s"), exectest.Str("b1")), exectest.Fn("<", c("k"), exectest.Int(3))))
		},
		"or of ands": func(c func(string) sem.Expr) sem.Expr {
			return exectest.Or(exectest.And(c("b"), exectest.Fn("=", c("s"), exectest.Str("c2"))), exectest.Fn(">", c("k"), exectest.Int(3)), exectest.Fn("=", c("p"), exectest.Str("")))
		},
		"not of or": func(c func(string) sem.Expr) sem.Expr {
			return exectest.Not(exectest.Or(exectest.Not(c("b")), exectest.Fn("=", c("s"), exectest.Str("c2"))))
		},
	}
	for name, cond := range conditions {
		t.Run(name, func(t *testing.T) {
			eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
				in := exectest.Scan("l", tables["l"])
				col := func(name string) sem.Expr { return exectest.Col(in, name) }
				exectest.Check(t, &plan.Filter{Input: in, Cond: cond(col)}, tables, exectest.Ordered)
			})
		})
	}
}

func TestProject(t *testing.T) {
	eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
		in := exectest.Scan("l", tables["l"])
		col := func(name string) sem.Expr { return exectest.Col(in, name) }
		two := exectest.Int(2)
		exectest.Check(t, &plan.Project{
			Input: &plan.Filter{Input: in, Cond: exectest.Or(col("b"), exectest.Fn("=", col("s"), exectest.Str("b1")))},
			Exprs: []sem.NamedExpr{
				exectest.Named("column", col("s")),
				exectest.Named("constant", exectest.Str("x")),
				exectest.Named("null", exectest.Lit(functions.BigInt, nil)),
				exectest.Named("sum", exectest.Fn("+", col("k"), exectest.Fn("*", col("g"), two))),
				exectest.Named("and", exectest.And(col("b"), exectest.Fn("<", col("k"), two))),
				exectest.Named("or", exectest.Or(col("b"), exectest.Fn("<", col("k"), two), exectest.Fn("=", col("s"), col("p")))),
				exectest.Named("not", exectest.Not(exectest.Fn("<", col("k"), two))),
				exectest.Named("in", exectest.In(col("p"), true, "", "b1", nil)),
				exectest.Named("case", exectest.Case(
					exectest.Fn("=", col("k"), two), col("s"),
					exectest.Fn("<", col("k"), two), exectest.Str("less"),
					col("b"), col("p"))),
				exectest.Named("guard", exectest.Case(
					exectest.Fn("=", col("k"), exectest.Int(0)), exectest.Int(-1),
					exectest.Fn("//", col("g"), col("k")))),
			},
		}, tables, exectest.Ordered)
	})
}
