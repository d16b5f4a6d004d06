package sem

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
)

// asof takes the one inequality between the sides of an ASOF join out of its conditions.
func (q queryBinder) asof(t *ast.Join, src *JoinSource) {
	left, right := columnsOf(src.Left), columnsOf(src.Right)
	var rest []Expr
	for _, c := range Conjuncts(src.On) {
		a, ok := inequality(c, left, right)
		switch {
		case !ok:
			rest = append(rest, c)
		case src.Asof == nil:
			src.Asof = a
		default:
			q.fail(c.Span(), "an ASOF JOIN takes one inequality between its sides, and this is the second").
				WithHint("use TOLERANCE to bound how far apart the rows may lie")
			return
		}
	}
	if src.Asof == nil {
		q.fail(src.On.Span(), "an ASOF JOIN needs an inequality between its sides").
			WithHint("such as left.ts >= right.ts, for the last row on the right that is not later")
		return
	}
	src.On = conjunction(rest)
	if t.Tolerance != nil {
		q.tolerance(t.Tolerance, src.Asof)
	}
}

// columnsOf is the set of the columns of what stands in FROM.
func columnsOf(src Source) map[ColID]bool {
	set := map[ColID]bool{}
	var visit func(Source)
	add := func(cols []Column) {
		for _, c := range cols {
			set[c.ID] = true
		}
	}
	visit = func(src Source) {
		switch src := src.(type) {
		case *TableSource:
			add(src.Columns)
		case *QuerySource:
			add(src.Query.Out)
		case *CTESource:
			add(src.Columns)
		case *FuncSource:
			add(src.Columns)
		case *JoinSource:
			visit(src.Left)
			visit(src.Right)
		}
	}
	visit(src)
	return set
}

// flipped are the inequalities with their sides exchanged.
var flipped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// inequality recognises a comparison of a value of one side with one of the other.
func inequality(c Expr, left, right map[ColID]bool) (*Asof, bool) {
	call, ok := c.(*Call)
	if !ok || flipped[call.Fn.Name] == "" {
		return nil, false
	}
	l, r := call.Args[0], call.Args[1]
	switch {
	case refersTo(l, left) && !refersTo(l, right) && refersTo(r, right) && !refersTo(r, left):
		return &Asof{Op: call.Fn.Name, Left: l, Right: r}, true
	case refersTo(l, right) && !refersTo(l, left) && refersTo(r, left) && !refersTo(r, right):
		return &Asof{Op: flipped[call.Fn.Name], Left: r, Right: l}, true
	}
	return nil, false
}

// refersTo reports whether an expression has a column of the set in it.
func refersTo(e Expr, set map[ColID]bool) bool {
	found := false
	References(e, func(id ColID) { found = found || set[id] })
	return found
}

// tolerance makes the bound that TOLERANCE sets: the left value less the tolerance where
// earlier rows match, plus it where later ones do.
func (q queryBinder) tolerance(e ast.Expr, a *Asof) {
	d := q.toleranceValue(e, a.Left.Type())
	if d == nil {
		return
	}
	op := "-"
	if a.Op[0] == '<' {
		op = "+"
	}
	bound := q.call(op, e.Span(), []Expr{a.Left, d})
	if bound == nil {
		return
	}
	ends := []Expr{a.Left, a.Right, bound}
	typ := q.comparableType(e.Span(), ends)
	for i, x := range ends {
		if ends[i] = q.convert(x, typ); ends[i] == nil {
			return
		}
	}
	a.Left, a.Right, a.Bound = ends[0], ends[1], ends[2]
}

// toleranceValue is a constant that measures distances between values of a type.
func (q queryBinder) toleranceValue(e ast.Expr, of arrow.DataType) Expr {
	d := q.constant(q.constants("TOLERANCE").expr(e), "TOLERANCE")
	if d == nil {
		return nil
	}
	timed := functions.Same(of, functions.Timestamp) || functions.Same(of, functions.Date) || functions.Same(of, functions.Duration)
	switch {
	case !timed && !isNumeric(of):
		q.fail(e.Span(), "TOLERANCE needs times or numbers, but the sides are compared by %s", aType(of))
		return nil
	case timed && !functions.Same(d.Type(), functions.Duration):
		q.fail(e.Span(), "TOLERANCE must be a duration here, this is %s", aType(d.Type())).WithHint("such as 250ms or 5s")
		return nil
	case !timed && !isNumeric(d.Type()):
		q.fail(e.Span(), "TOLERANCE must be a number here, this is %s", aType(d.Type()))
		return nil
	}
	zero := q.call("-", e.Span(), []Expr{d, d}) // of whatever type
	if holds := q.tryConst(q.compare(">=", e.Span(), d, zero)); holds == nil || kernel.Value(holds.Value, 0) != true {
		q.fail(e.Span(), "TOLERANCE cannot be negative or NULL")
		return nil
	}
	if functions.Same(d.Type(), functions.Integer) {
		return q.convert(d, functions.BigInt) // small numbers less it must not overflow
	}
	return d
}
