package exec_test

import (
	"testing"

	"tq/exec/exectest"
	"tq/functions"
	"tq/functions/kernel"
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
	sizes := []int{0, 1, 2, 9, 40}
	if testing.Short() {
		sizes = sizes[2:4]
	}
	for _, rows := range sizes {
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

// TestComparisons is for every comparison of a column with a constant, on either side.
func TestComparisons(t *testing.T) {
	tables := randomTables(t, 11, 40, 0.1)
	in := exectest.Scan("l", tables["l"])
	operands := [][2]sem.Expr{
		{exectest.Col(in, "k"), exectest.Int(2)},
		{exectest.Col(in, "i"), exectest.Lit(functions.Integer, int64(0))},
		{exectest.Col(in, "d"), exectest.Lit(functions.Duration, int64(12))},
		{exectest.Col(in, "s"), exectest.Str("b1")},
		{exectest.Col(in, "x"), exectest.Lit(functions.Double, 0.5)},
	}
	for _, op := range []string{"=", "<>", "<", "<=", ">", ">="} {
		for _, x := range operands {
			for _, cond := range []sem.Expr{exectest.Fn(op, x[0], x[1]), exectest.Fn(op, x[1], x[0])} {
				exectest.Check(t, &plan.Filter{Input: in, Cond: cond}, tables, exectest.Ordered)
				exectest.Check(t, &plan.Filter{Input: in, Cond: exectest.Not(cond)}, tables, exectest.Ordered)
				exectest.Check(t, &plan.Filter{Input: in, Cond: exectest.And(exectest.Col(in, "b"), cond)}, tables, exectest.Ordered)
			}
		}
	}
}

// TestNullOverlay calls a function that leaves the NULLs of its arguments to the caller.
func TestNullOverlay(t *testing.T) {
	def := &functions.Def{Name: "+", Overloads: []functions.Overload{{
		Eval: func(_ *functions.Call, args []kernel.Vec, n int) (kernel.Vec, error) {
			a, b := kernel.Values[int64](kernel.Full(args[0], n)), kernel.Values[int64](kernel.Full(args[1], n))
			sums := make([]int64, n)
			for i := range sums {
				sums[i] = a[i] + b[i]
			}
			return kernel.Col(kernel.FromValues(functions.BigInt, sums, kernel.Validity{})), nil
		},
	}}}
	eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
		in := exectest.Scan("l", tables["l"])
		plus := func(a, b sem.Expr) sem.Expr {
			return &sem.Call{Typed: sem.Typed{Typ: functions.BigInt}, Fn: def, Overload: &def.Overloads[0], Args: []sem.Expr{a, b}}
		}
		exectest.Check(t, &plan.Project{Input: in, Exprs: []sem.NamedExpr{
			exectest.Named("columns", plus(exectest.Col(in, "k"), exectest.Col(in, "g"))),
			exectest.Named("constant", plus(exectest.Col(in, "k"), exectest.Int(1))),
			exectest.Named("null", plus(exectest.Col(in, "k"), exectest.Lit(functions.BigInt, nil))),
		}}, tables, exectest.Ordered)
	})
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
