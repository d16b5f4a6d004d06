package exectest

import (
	"cmp"
	"fmt"
	"strings"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// eval computes an expression for a row. NULL is nil.
func (e env) eval(x sem.Expr) any {
	switch x := x.(type) {
	case *sem.ColRef:
		at, ok := e.ids[x.ID]
		if !ok {
			panic("unknown column " + x.Name)
		}
		return e.row[at]
	case *sem.Const:
		return kernel.Value(x.Value, 0)
	case *sem.Call:
		return call(x.Fn.Name, e.evalAll(x.Args))
	case *sem.Logic:
		return e.logic(x)
	case *sem.Case:
		for _, w := range x.Whens {
			if e.eval(w.Cond) == true {
				return e.eval(w.Then)
			}
		}
		if x.Else != nil {
			return e.eval(x.Else)
		}
		return nil
	case *sem.InList:
		return e.in(x)
	case *sem.Cast:
		return e.eval(x.Arg) // between integers only
	}
	panic(fmt.Sprintf("no rule for %T", x))
}

func (e env) evalAll(xs []sem.Expr) []any {
	out := make([]any, len(xs))
	for i, x := range xs {
		out[i] = e.eval(x)
	}
	return out
}

func (e env) logic(x *sem.Logic) any {
	if x.Op == sem.Not {
		if v := e.eval(x.Args[0]); v != nil {
			return !v.(bool)
		}
		return nil
	}
	decider := x.Op == sem.Or
	var result any = !decider
	for _, arg := range x.Args {
		switch e.eval(arg) {
		case decider:
			return decider
		case nil:
			result = nil
		}
	}
	return result
}

func (e env) in(x *sem.InList) any {
	v := e.eval(x.Arg)
	if v == nil {
		return nil
	}
	var missing any = x.Not
	for _, member := range list(x) {
		if member == nil {
			missing = nil
		} else if compare(v, member) == 0 {
			return !x.Not
		}
	}
	return missing
}

// call computes a function by its name.
func call(name string, args []any) any {
	switch name {
	case "is null":
		return args[0] == nil
	case "is not null":
		return args[0] != nil
	}
	for _, a := range args {
		if a == nil {
			return nil
		}
	}
	switch name {
	case "range":
		list := []any{}
		for v := args[0].(int64); v < args[1].(int64); v++ {
			list = append(list, v)
		}
		return list
	case "=":
		return compare(args[0], args[1]) == 0
	case "<>":
		return compare(args[0], args[1]) != 0
	case "<":
		return compare(args[0], args[1]) < 0
	case "<=":
		return compare(args[0], args[1]) <= 0
	case ">":
		return compare(args[0], args[1]) > 0
	case ">=":
		return compare(args[0], args[1]) >= 0
	case "+":
		return args[0].(int64) + args[1].(int64)
	case "-":
		return args[0].(int64) - args[1].(int64)
	case "*":
		return args[0].(int64) * args[1].(int64)
	case "//":
		if args[1].(int64) == 0 {
			return nil
		}
		return args[0].(int64) / args[1].(int64)
	}
	panic("no rule for function " + name)
}

// compare orders two values of one type: NaN is greater than everything, strings go by
// their bytes.
func compare(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case uint64:
		return cmp.Compare(a, b.(uint64))
	case string:
		return strings.Compare(a, b.(string))
	case bool:
		return rank(a) - rank(b.(bool))
	case float64:
		b := b.(float64)
		if x, y := rank(a != a), rank(b != b); x+y > 0 {
			return x - y
		}
		return cmp.Compare(a, b)
	}
	panic(fmt.Sprintf("no rule to compare %T", a))
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}
