package sem

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/lang/ast"
)

// Equal reports whether two expressions compute the same from the same row, as far as
// their shape tells. Where they stand in the text doesn't matter. Volatile calls are
// never equal.
func Equal(a, b Expr) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch a := a.(type) {
	case *ColRef:
		b, ok := b.(*ColRef)
		return ok && a.ID == b.ID
	case *Const:
		b, ok := b.(*Const)
		return ok && arrow.TypeEqual(a.Typ, b.Typ) && array.Equal(a.Value, b.Value)
	case *Call:
		b, ok := b.(*Call)
		return ok && a.Fn == b.Fn && a.Overload == b.Overload && !a.Fn.Volatile &&
			arrow.TypeEqual(a.Typ, b.Typ) && EqualLists(a.Args, b.Args)
	case *Logic:
		b, ok := b.(*Logic)
		return ok && a.Op == b.Op && EqualLists(a.Args, b.Args)
	case *Case:
		b, ok := b.(*Case)
		return ok && equalCases(a, b)
	case *Cast:
		b, ok := b.(*Cast)
		return ok && a.Try == b.Try && arrow.TypeEqual(a.Typ, b.Typ) && Equal(a.Arg, b.Arg)
	case *InList:
		b, ok := b.(*InList)
		return ok && a.Not == b.Not && Equal(a.Arg, b.Arg) && array.Equal(a.List, b.List)
	case *Overlaps:
		b, ok := b.(*Overlaps)
		return ok && Equal(a.LeftStart, b.LeftStart) && Equal(a.LeftEnd, b.LeftEnd) &&
			Equal(a.RightStart, b.RightStart) && Equal(a.RightEnd, b.RightEnd)
	case *ListLambda:
		b, ok := b.(*ListLambda)
		return ok && equalLambdas(a, b)
	case *Subquery:
		b, ok := b.(*Subquery)
		return ok && equalSubqueries(a, b)
	case *aggExpr:
		b, ok := b.(*aggExpr)
		return ok && EqualAggs(&a.call, &b.call)
	case *windowExpr:
		b, ok := b.(*windowExpr)
		return ok && EqualLists(a.partitionBy, b.partitionBy) && EqualKeys(a.orderBy, b.orderBy) &&
			EqualWindowCalls(&a.call, &b.call)
	case *unnestExpr:
		b, ok := b.(*unnestExpr)
		return ok && Equal(a.list, b.list)
	case *groupingExpr:
		b, ok := b.(*groupingExpr)
		return ok && EqualLists(a.args, b.args)
	}
	return a == b
}

// EqualAggs reports whether two aggregates compute the same from the same rows.
func EqualAggs(a, b *AggCall) bool {
	return a.Fn == b.Fn && a.Overload == b.Overload && !a.Fn.Volatile && a.Distinct == b.Distinct &&
		EqualLists(a.Args, b.Args) && Equal(a.Filter, b.Filter) && EqualKeys(a.OrderBy, b.OrderBy)
}

// EqualWindowCalls reports whether two calls over one window compute the same.
func EqualWindowCalls(a, b *WindowCall) bool {
	return EqualAggs(&a.AggCall, &b.AggCall) && a.IgnoreNulls == b.IgnoreNulls &&
		a.Frame.Unit == b.Frame.Unit && a.Frame.Exclude == b.Frame.Exclude &&
		equalBounds(a.Frame.Start, b.Frame.Start) && equalBounds(a.Frame.End, b.Frame.End)
}

// EqualKeys reports whether two orders are the same.
func EqualKeys(a, b []SortKey) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Desc != b[i].Desc || a[i].NullsFirst != b[i].NullsFirst || !Equal(a[i].Expr, b[i].Expr) {
			return false
		}
	}
	return true
}

// EqualLists reports whether two lists of expressions are equal one by one.
func EqualLists(a, b []Expr) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalCases(a, b *Case) bool {
	if len(a.Whens) != len(b.Whens) || !Equal(a.Else, b.Else) {
		return false
	}
	for i := range a.Whens {
		if !Equal(a.Whens[i].Cond, b.Whens[i].Cond) || !Equal(a.Whens[i].Then, b.Whens[i].Then) {
			return false
		}
	}
	return true
}

// equalSubqueries reports whether two subqueries are written alike and mean the same
// outer columns.
func equalSubqueries(a, b *Subquery) bool {
	if a == b {
		return true
	}
	if a.Kind != b.Kind || a.Node == nil || b.Node == nil || len(a.Outer) != len(b.Outer) || ast.Print(a.Node) != ast.Print(b.Node) {
		return false
	}
	for i := range a.Outer {
		if !Equal(a.Outer[i].Expr, b.Outer[i].Expr) {
			return false
		}
	}
	columns := map[ColID]ColID{} // of b's query, as those of a's
	for i, c := range b.Query.Out {
		columns[c.ID] = a.Query.Out[i].ID
	}
	cond := b.Cond
	if cond != nil {
		cond = Rewrite(cond, func(x Expr) Expr {
			if c, ok := x.(*ColRef); ok {
				if id, own := columns[c.ID]; own {
					return &ColRef{Typed: c.Typed, ID: id, Name: c.Name}
				}
			}
			return x
		})
	}
	return Equal(a.Cond, cond)
}

func equalBounds(a, b Bound) bool {
	return a.Kind == b.Kind && Equal(a.Offset, b.Offset)
}
