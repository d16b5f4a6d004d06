package exectest

import (
	"fmt"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

var lastID atomic.Int32

// Out makes a new column.
func Out(name string, dt arrow.DataType) sem.Column {
	return sem.Column{ID: sem.ColID(lastID.Add(1)), Name: name, Type: dt}
}

// Scan makes a scan of all columns of a table.
func Scan(table string, d *Data) *plan.Scan {
	n := &plan.Scan{Table: table, Limit: -1}
	for i, name := range d.Names {
		n.Out = append(n.Out, Out(name, d.Types[i]))
	}
	return n
}

// Col refers to a column of a node by name.
func Col(n plan.Node, name string) sem.Expr {
	for _, c := range n.Columns() {
		if c.Name == name {
			return &sem.ColRef{Typed: sem.Typed{Typ: c.Type}, ID: c.ID, Name: name}
		}
	}
	panic("no column " + name)
}

// Lit makes a constant.
func Lit(dt arrow.DataType, v any) sem.Expr {
	arr, err := kernel.Of(dt, v)
	if err != nil {
		panic(err)
	}
	return &sem.Const{Typed: sem.Typed{Typ: dt}, Value: arr}
}

// Int makes a BIGINT constant.
func Int(v int64) sem.Expr { return Lit(functions.BigInt, v) }

// Str makes a VARCHAR constant.
func Str(v string) sem.Expr { return Lit(functions.Varchar, v) }

// Fn calls a scalar function or operator.
func Fn(name string, args ...sem.Expr) sem.Expr {
	def, overload, args, ret := resolve(name, args)
	return &sem.Call{Typed: sem.Typed{Typ: ret}, Fn: def, Overload: overload, Args: args}
}

// Agg makes an aggregate whose result has the function's name.
func Agg(name string, args ...sem.Expr) sem.AggCall {
	def, overload, args, ret := resolve(name, args)
	return sem.AggCall{Out: Out(name, ret), Fn: def, Overload: overload, Args: args}
}

// resolve finds the overload for some arguments and casts them to its types.
func resolve(name string, args []sem.Expr) (*functions.Def, *functions.Overload, []sem.Expr, arrow.DataType) {
	def, ok := functions.Lookup(name)
	if !ok {
		panic("no function " + name)
	}
	types := make([]arrow.DataType, len(args))
	for i, a := range args {
		types[i] = a.Type()
	}
	overload, want, ret, err := functions.Resolve(def, types)
	if err != nil {
		panic(err)
	}
	cast := make([]sem.Expr, len(args))
	for i, a := range args {
		cast[i] = a
		if !arrow.TypeEqual(want[i], types[i]) {
			cast[i] = &sem.Cast{Typed: sem.Typed{Typ: want[i]}, Arg: a}
		}
	}
	return def, overload, cast, ret
}

func logic(op sem.LogicOp, args []sem.Expr) sem.Expr {
	return &sem.Logic{Typed: sem.Typed{Typ: functions.Boolean}, Op: op, Args: args}
}

// And, Or and Not make logical expressions.
func And(args ...sem.Expr) sem.Expr { return logic(sem.And, args) }

// Or is the disjunction.
func Or(args ...sem.Expr) sem.Expr { return logic(sem.Or, args) }

// Not is the negation.
func Not(arg sem.Expr) sem.Expr { return logic(sem.Not, []sem.Expr{arg}) }

// Case makes a CASE of condition, value pairs; a last single expression is the ELSE.
func Case(parts ...sem.Expr) sem.Expr {
	c := &sem.Case{Typed: sem.Typed{Typ: parts[1].Type()}}
	for len(parts) > 1 {
		c.Whens = append(c.Whens, sem.When{Cond: parts[0], Then: parts[1]})
		parts = parts[2:]
	}
	if len(parts) == 1 {
		c.Else = parts[0]
	}
	return c
}

// In makes arg IN (values).
func In(arg sem.Expr, not bool, values ...any) sem.Expr {
	list, err := kernel.FromAny(arg.Type(), values...)
	if err != nil {
		panic(err)
	}
	return &sem.InList{Typed: sem.Typed{Typ: functions.Boolean}, Arg: arg, List: list, Not: not}
}

// Named gives an expression a column.
func Named(name string, e sem.Expr) sem.NamedExpr {
	return sem.NamedExpr{Out: Out(name, e.Type()), Expr: e}
}

// Key makes a sort key: "" or any of "desc" and "nulls first".
func Key(e sem.Expr, opts ...string) sem.SortKey {
	k := sem.SortKey{Expr: e}
	for _, o := range opts {
		switch o {
		case "desc":
			k.Desc = true
		case "nulls first":
			k.NullsFirst = true
		default:
			panic(fmt.Sprintf("sort option %q", o))
		}
	}
	return k
}
