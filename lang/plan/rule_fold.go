package plan

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
)

// foldConstants computes what is constant and simplifies conditions. A filter that
// always holds goes; one that never does leaves no rows.
func foldConstants(o *optimizer, root Node) Node {
	return transform(root, func(n Node) Node {
		mapExprs(n, func(e sem.Expr) sem.Expr { return sem.Rewrite(e, o.simplify) })
		switch n := n.(type) {
		case *Filter:
			if v, ok := truth(n.Cond); ok {
				if v {
					return n.Input
				}
				return &Values{Out: n.Columns()}
			}
		case *NestedLoopJoin:
			if v, ok := truth(n.On); ok && v && n.On != nil {
				n.On = nil
			}
		}
		return n
	})
}

// truth returns whether a constant condition holds. NULL doesn't.
func truth(e sem.Expr) (holds, constant bool) {
	c, ok := e.(*sem.Const)
	if !ok {
		return false, false
	}
	v, isBool := c.Value.(*array.Boolean)
	return isBool && v.IsValid(0) && v.Value(0), true
}

// simplify simplifies an expression whose parts have been simplified.
func (o *optimizer) simplify(e sem.Expr) sem.Expr {
	switch x := e.(type) {
	case *sem.Logic:
		if x.Op == sem.Not {
			return simplifyNot(x)
		}
		return simplifyLogic(x)
	case *sem.Case:
		return simplifyCase(x)
	}
	return sem.FoldOne(e, o.env)
}

// simplifyLogic drops the operands of AND and OR that don't matter, finds the one that
// decides, and makes lists of alternatives such as x = 1 OR x = 2.
func simplifyLogic(x *sem.Logic) sem.Expr {
	var args []sem.Expr
	for _, a := range x.Args {
		if inner, ok := a.(*sem.Logic); ok && inner.Op == x.Op {
			args = append(args, inner.Args...)
		} else {
			args = append(args, a)
		}
	}
	decisive := x.Op == sem.Or
	var kept []sem.Expr
	for _, a := range args {
		if v, ok := truth(a); ok && !isNullConst(a) {
			if v == decisive {
				return respan(boolConst(decisive), x)
			}
			continue
		}
		kept = append(kept, a)
	}
	if x.Op == sem.Or {
		kept = mergeAlternatives(kept)
	}
	switch len(kept) {
	case 0:
		return respan(boolConst(!decisive), x)
	case 1:
		return kept[0]
	}
	return &sem.Logic{Typed: x.Typed, Op: x.Op, Args: kept}
}

func respan(c *sem.Const, e sem.Expr) sem.Expr {
	c.At = e.Span()
	return c
}

func isNullConst(e sem.Expr) bool {
	c, ok := e.(*sem.Const)
	return ok && (c.Value.DataType().ID() == arrow.NULL || c.Value.IsNull(0))
}

// mergeAlternatives makes one list of the alternatives that compare the same expression
// with constants.
func mergeAlternatives(alts []sem.Expr) []sem.Expr {
	type group struct {
		arg  sem.Expr
		at   int // where it stands in the result
		list []arrow.Array
	}
	var groups []*group
	byColumn := map[sem.ColID]*group{}
	var out []sem.Expr
	for _, a := range alts {
		arg, values := alternative(a)
		if arg == nil {
			out = append(out, a)
			continue
		}
		g := byColumn[arg.ID]
		if g == nil {
			g = &group{arg: arg, at: len(out)}
			byColumn[arg.ID] = g
			groups = append(groups, g)
			out = append(out, a)
		}
		g.list = append(g.list, values)
	}
	for _, g := range groups {
		if len(g.list) < 2 {
			continue
		}
		if list, err := kernel.Concat(g.list); err == nil {
			typ := sem.Typed{Typ: functions.Boolean, At: out[g.at].Span()}
			out[g.at] = &sem.InList{Typed: typ, Arg: g.arg, List: list}
		}
	}
	return out
}

// alternative takes apart column = constant and column IN (constants).
func alternative(e sem.Expr) (*sem.ColRef, arrow.Array) {
	if in, ok := e.(*sem.InList); ok && !in.Not {
		c, _ := in.Arg.(*sem.ColRef)
		return c, in.List
	}
	if col, op, value := columnOpConst(e); op == PredEq && value != nil {
		return col, value.Value
	}
	return nil, nil
}

var negated = map[string]string{
	"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
	"is null": "is not null", "is not null": "is null",
	"is distinct from": "is not distinct from", "is not distinct from": "is distinct from",
}

// simplifyNot moves NOT into comparisons and lists, and to the parts of AND and OR.
func simplifyNot(x *sem.Logic) sem.Expr {
	switch a := x.Args[0].(type) {
	case *sem.Const:
		if isNullConst(a) {
			return &sem.Const{Typed: x.Typed, Value: kernel.Nulls(functions.Boolean, 1)}
		}
		v, _ := truth(a)
		return respan(boolConst(!v), x)
	case *sem.Logic:
		if a.Op == sem.Not {
			return a.Args[0]
		}
		parts := &sem.Logic{Typed: x.Typed, Op: sem.And + sem.Or - a.Op}
		for _, arg := range a.Args {
			not := &sem.Logic{Typed: sem.Typed{Typ: x.Typ, At: arg.Span()}, Op: sem.Not, Args: []sem.Expr{arg}}
			parts.Args = append(parts.Args, simplifyNot(not))
		}
		return simplifyLogic(parts)
	case *sem.InList:
		in := *a
		in.Not = !in.Not
		return &in
	case *sem.Call:
		if op, ok := negated[a.Fn.Name]; ok {
			if n, ok := sem.Operator(op, a.Args...).(*sem.Call); ok {
				n.Typed = x.Typed
				return n
			}
		}
	}
	return x
}

// simplifyCase drops the branches that never apply and those behind one that always
// does.
func simplifyCase(x *sem.Case) sem.Expr {
	out := &sem.Case{Typed: x.Typed, Else: x.Else}
	for _, w := range x.Whens {
		v, constant := truth(w.Cond)
		if constant && v {
			out.Else = w.Then
			break
		}
		if !constant {
			out.Whens = append(out.Whens, w)
		}
	}
	switch {
	case len(out.Whens) > 0:
		return out
	case out.Else == nil:
		return &sem.Const{Typed: x.Typed, Value: kernel.Nulls(x.Typ, 1)}
	}
	return out.Else
}
