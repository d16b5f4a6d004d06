package sem

import "tq/lang/source"

// Walk calls f for e and everything inside it, parents first; f returns false to leave
// out what is inside the expression it was given. Subqueries are entered only as far as
// the expressions that belong to the outer query.
func Walk(e Expr, f func(Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	MapChildren(e, func(c Expr) Expr {
		Walk(c, f)
		return c
	})
}

// Rewrite returns e with f applied bottom-up: to each expression after its parts. What
// does not change is shared, nothing is modified.
func Rewrite(e Expr, f func(Expr) Expr) Expr {
	if e == nil {
		return nil
	}
	return f(MapChildren(e, func(c Expr) Expr { return Rewrite(c, f) }))
}

// Any reports whether f is true for e or something inside it.
func Any(e Expr, f func(Expr) bool) bool {
	found := false
	Walk(e, func(x Expr) bool {
		found = found || f(x)
		return !found
	})
	return found
}

// References calls f with the id of every column that e refers to.
func References(e Expr, f func(ColID)) {
	Walk(e, func(x Expr) bool {
		if c, ok := x.(*ColRef); ok {
			f(c.ID)
		}
		return true
	})
}

// MapChildren returns e with f applied to its direct parts: e itself if none changes.
func MapChildren(e Expr, f func(Expr) Expr) Expr {
	switch e := e.(type) {
	case *Call:
		if args, changed := mapList(e.Args, f); changed {
			c := *e
			c.Args = args
			return &c
		}
	case *Logic:
		if args, changed := mapList(e.Args, f); changed {
			c := *e
			c.Args = args
			return &c
		}
	case *Case:
		return mapCase(e, f)
	case *Cast:
		if arg := f(e.Arg); arg != e.Arg {
			c := *e
			c.Arg = arg
			return &c
		}
	case *InList:
		if arg := f(e.Arg); arg != e.Arg {
			c := *e
			c.Arg = arg
			return &c
		}
	case *Overlaps:
		ends, changed := mapList([]Expr{e.LeftStart, e.LeftEnd, e.RightStart, e.RightEnd}, f)
		if changed {
			c := *e
			c.LeftStart, c.LeftEnd, c.RightStart, c.RightEnd = ends[0], ends[1], ends[2], ends[3]
			return &c
		}
	case *ListLambda:
		return mapLambda(e, f)
	case *Subquery:
		return mapSubquery(e, f)
	case *aggExpr:
		if call, changed := mapAgg(e.call, f); changed {
			c := *e
			c.call = call
			return &c
		}
	case *windowExpr:
		return mapWindow(e, f)
	case *unnestExpr:
		if list := f(e.list); list != e.list {
			c := *e
			c.list = list
			return &c
		}
	case *groupingExpr:
		if args, changed := mapList(e.args, f); changed {
			c := *e
			c.args = args
			return &c
		}
	}
	return e
}

// mapList applies f to every expression, copying the list only when something changes.
func mapList(list []Expr, f func(Expr) Expr) ([]Expr, bool) {
	var out []Expr
	for i, e := range list {
		x := f(e)
		if out == nil && x != e {
			out = append(make([]Expr, 0, len(list)), list[:i]...)
		}
		if out != nil {
			out = append(out, x)
		}
	}
	if out == nil {
		return list, false
	}
	return out, true
}

func mapCase(e *Case, f func(Expr) Expr) Expr {
	parts := make([]Expr, 0, 2*len(e.Whens)+1)
	for _, w := range e.Whens {
		parts = append(parts, w.Cond, w.Then)
	}
	if e.Else != nil {
		parts = append(parts, e.Else)
	}
	parts, changed := mapList(parts, f)
	if !changed {
		return e
	}
	c := *e
	c.Whens = make([]When, len(e.Whens))
	for i := range c.Whens {
		c.Whens[i] = When{Cond: parts[2*i], Then: parts[2*i+1]}
	}
	if e.Else != nil {
		c.Else = parts[len(parts)-1]
	}
	return &c
}

func mapSubquery(e *Subquery, f func(Expr) Expr) Expr {
	c := *e
	changed := false
	if e.Cond != nil {
		c.Cond = f(e.Cond)
		changed = c.Cond != e.Cond
	}
	for i, o := range e.Outer {
		x := f(o.Expr)
		if x == o.Expr {
			continue
		}
		if &c.Outer[0] == &e.Outer[0] {
			c.Outer = append([]NamedExpr(nil), e.Outer...)
		}
		c.Outer[i].Expr = x
		changed = true
	}
	if !changed {
		return e
	}
	return &c
}

// mapAgg applies f to the arguments, the filter and the order of an aggregate.
func mapAgg(call AggCall, f func(Expr) Expr) (AggCall, bool) {
	args, changed := mapList(call.Args, f)
	call.Args = args
	if call.Filter != nil {
		x := f(call.Filter)
		changed = changed || x != call.Filter
		call.Filter = x
	}
	keys, keysChanged := MapKeys(call.OrderBy, f)
	call.OrderBy = keys
	return call, changed || keysChanged
}

// MapAgg returns an aggregate with f applied to its arguments, filter and order.
func MapAgg(call AggCall, f func(Expr) Expr) AggCall {
	call, _ = mapAgg(call, f)
	return call
}

// MapKeys returns sort keys with f applied to their expressions, and whether any changed.
func MapKeys(keys []SortKey, f func(Expr) Expr) ([]SortKey, bool) {
	changed := false
	for i, k := range keys {
		x := f(k.Expr)
		if x == k.Expr {
			continue
		}
		if !changed {
			keys = append([]SortKey(nil), keys...)
			changed = true
		}
		keys[i].Expr = x
	}
	return keys, changed
}

func mapWindow(e *windowExpr, f func(Expr) Expr) Expr {
	c := *e
	var changed, argsChanged, keysChanged bool
	c.partitionBy, changed = mapList(e.partitionBy, f)
	c.orderBy, keysChanged = MapKeys(e.orderBy, f)
	c.call.AggCall, argsChanged = mapAgg(e.call.AggCall, f)
	if changed || keysChanged || argsChanged {
		return &c
	}
	return e
}

// Respan returns an expression as if it stood at another place. What is inside it stays.
func Respan(x Expr, at source.Span) Expr {
	switch x := x.(type) {
	case *ColRef:
		c := *x
		c.At = at
		return &c
	case *Const:
		c := *x
		c.At = at
		return &c
	case *Call:
		c := *x
		c.At = at
		return &c
	case *Logic:
		c := *x
		c.At = at
		return &c
	case *Case:
		c := *x
		c.At = at
		return &c
	case *Cast:
		c := *x
		c.At = at
		return &c
	case *InList:
		c := *x
		c.At = at
		return &c
	case *Overlaps:
		c := *x
		c.At = at
		return &c
	case *ListLambda:
		c := *x
		c.At = at
		return &c
	}
	return x
}
