package sem

import (
	"strings"

	"tq/functions"
	"tq/lang/ast"
)

// windowSpec is a window with its references to named windows resolved.
type windowSpec struct {
	partitionBy []ast.Expr
	orderBy     []ast.OrderItem
	frame       *ast.Frame
}

// windowCall binds a call with OVER.
func (b *exprBinder) windowCall(e *ast.Call, def *functions.Def) Expr {
	if !b.windows {
		b.windowNotAllowed(e.Span(), b.clause)
		return nil
	}
	spec, ok := b.resolveWindow(e.Over, nil)
	if !ok || !b.windowOptions(e, def) {
		return nil
	}
	inner := *b
	inner.windows = false
	call, ok := inner.aggCall(e, def)
	partitionBy := make([]Expr, 0, len(spec.partitionBy))
	for _, p := range spec.partitionBy {
		x := inner.expr(p)
		ok = ok && x != nil
		if _, constant := x.(*Const); !constant {
			partitionBy = append(partitionBy, x)
		}
	}
	orderBy, keysOK := inner.keys(spec.orderBy)
	if !ok || !keysOK {
		return nil
	}
	frame, ok := inner.frame(spec.frame, orderBy)
	if !ok {
		return nil
	}
	return &windowExpr{
		Typed:       Typed{call.Out.Type, e.Span()},
		partitionBy: partitionBy,
		orderBy:     orderBy,
		call:        WindowCall{AggCall: call, IgnoreNulls: e.IgnoreNulls, Frame: frame},
	}
}

// windowOptions checks that what stands in a call over a window has a meaning there.
func (b *exprBinder) windowOptions(e *ast.Call, def *functions.Def) bool {
	window := def.Kind == functions.Window
	switch {
	case window && (e.Distinct || e.Filter != nil):
		b.fail(e.Span(), "%s is not an aggregate: DISTINCT and FILTER do not apply", def.Name)
	case window && len(e.OrderBy) > 0 && def.Overloads[0].Ordered == nil:
		b.fail(e.Span(), "%s takes no ORDER BY among its arguments", def.Name).
			WithHint("put it behind OVER")
	case e.IgnoreNulls && !(window && picksValue(def)):
		b.fail(e.Span(), "%s does not take IGNORE NULLS", def.Name).
			WithHint("lag, lead, first_value, last_value and nth_value do")
	default:
		return true
	}
	return false
}

// picksValue reports whether a window function's value is one of its first argument's.
func picksValue(def *functions.Def) bool {
	args := def.Overloads[0].Args
	return len(args) > 0 && args[0] == functions.Any
}

// keys binds the keys of an order inside a window or an aggregate.
func (b *exprBinder) keys(items []ast.OrderItem) ([]SortKey, bool) {
	keys := make([]SortKey, 0, len(items))
	ok := true
	for i := range items {
		o := &items[i]
		x := b.expr(o.Expr)
		ok = ok && x != nil
		if _, constant := x.(*Const); !constant {
			keys = append(keys, SortKey{Expr: x, Desc: o.Desc, NullsFirst: o.NullsFirst != nil && *o.NullsFirst})
		}
	}
	return keys, ok
}

// resolveWindow follows the names in a window to what they stand for. A window based on
// a named one may add an order and a frame to it. seen are the names on the way here.
func (b *exprBinder) resolveWindow(w *ast.Window, seen []string) (windowSpec, bool) {
	spec := windowSpec{partitionBy: w.PartitionBy, orderBy: w.OrderBy, frame: w.Frame}
	if w.Name.Name == "" {
		return spec, true
	}
	name := strings.ToLower(w.Name.Name)
	for _, s := range seen {
		if s == name {
			b.fail(w.Name.Span(), "window %q refers to itself", w.Name.Name)
			return spec, false
		}
	}
	named := b.namedWindow(w.Name)
	if named == nil {
		return spec, false
	}
	base, ok := b.resolveWindow(named, append(seen, name))
	switch {
	case !ok:
	case w.Bare:
		return base, true
	case len(w.PartitionBy) > 0:
		b.fail(w.PartitionBy[0].Span(), "a window based on %q cannot have a PARTITION BY of its own", w.Name.Name)
		ok = false
	case len(w.OrderBy) > 0 && len(base.orderBy) > 0:
		b.fail(w.OrderBy[0].Expr.Span(), "window %q already has an ORDER BY", w.Name.Name)
		ok = false
	case base.frame != nil:
		b.fail(w.Name.Span(), "window %q has a frame, so another window cannot be based on it", w.Name.Name).
			WithHint("write OVER %s without parentheses to use it as it is", w.Name.Name)
		ok = false
	}
	spec.partitionBy = base.partitionBy
	if len(base.orderBy) > 0 {
		spec.orderBy = base.orderBy
	}
	return spec, ok
}

// namedWindow finds a window of the WINDOW clause.
func (b *exprBinder) namedWindow(name ast.Ident) *ast.Window {
	var names []string
	if b.sel != nil {
		for _, w := range b.sel.node.Windows {
			if strings.EqualFold(w.Name.Name, name.Name) {
				return w.Window
			}
			names = append(names, w.Name.Name)
		}
	}
	e := b.fail(name.Span(), "there is no window %q", name.Name)
	suggest(e, name.Name, names)
	return nil
}

// frame resolves a frame clause; nil is the default frame.
func (b *exprBinder) frame(f *ast.Frame, orderBy []SortKey) (Frame, bool) {
	if f == nil {
		return DefaultFrame(len(orderBy) > 0), true
	}
	if f.Start.Kind == ast.UnboundedFollowing || f.End.Kind == ast.UnboundedPreceding || f.Start.Kind > f.End.Kind {
		b.fail(f.Span(), "the frame ends before it begins")
		return Frame{}, false
	}
	if f.Unit == ast.Groups && len(orderBy) == 0 {
		b.fail(f.Span(), "a GROUPS frame needs an ORDER BY in its window")
		return Frame{}, false
	}
	start, ok1 := b.bound(f, f.Start, orderBy)
	end, ok2 := b.bound(f, f.End, orderBy)
	return Frame{Unit: f.Unit, Start: start, End: end, Exclude: f.Exclude}, ok1 && ok2
}

// bound resolves one end of a frame.
func (b *exprBinder) bound(f *ast.Frame, n ast.Bound, orderBy []SortKey) (Bound, bool) {
	out := Bound{Kind: n.Kind}
	if n.Offset == nil {
		return out, true
	}
	x := b.expr(n.Offset)
	if x == nil {
		return out, false
	}
	if f.Unit != ast.Range {
		if !isInteger(x.Type()) && !isNull(x.Type()) {
			b.fail(x.Span(), "the offset counts rows or groups: it must be an integer, not %s", aType(x.Type()))
			return out, false
		}
		out.Offset = b.convert(x, functions.BigInt)
		return out, out.Offset != nil
	}
	if len(orderBy) != 1 {
		b.fail(f.Span(), "a RANGE frame with an offset needs exactly one ORDER BY key, this window has %d", len(orderBy))
		return out, false
	}
	out.Offset = b.rangeOffset(x, orderBy[0].Expr)
	return out, out.Offset != nil
}

// rangeOffset converts the offset of a RANGE frame to what can be added to the key.
func (b *exprBinder) rangeOffset(x, key Expr) Expr {
	want := key.Type()
	if isTemporal(want) {
		want = functions.Duration
		if functions.Same(x.Type(), functions.Interval) {
			want = functions.Interval
		}
	}
	switch {
	case !isNumeric(want) && !isTemporal(key.Type()), functions.Same(key.Type(), functions.Interval):
		b.fail(key.Span(), "a RANGE frame with an offset needs a number or a time to order by, not %s", aType(key.Type()))
		return nil
	case isTemporal(want) && isNumeric(x.Type()):
		b.fail(x.Span(), "the order key is %s, so the offset must be a DURATION", aType(key.Type())).
			WithHint("write %s", withUnit(x))
		return nil
	case isNumeric(want) && !isNumeric(x.Type()) && !isNull(x.Type()):
		b.fail(x.Span(), "the order key is %s, so the offset must be a number, not %s", aType(key.Type()), aType(x.Type()))
		return nil
	}
	return b.convert(x, want)
}
