package plan

import "tq/lang/sem"

// pushFilters moves conditions as far down as they can be evaluated: through
// projections, to the sides of joins, below aggregates and windows where they are about
// groups and partitions. Conditions over both sides of an inner join become part of its
// ON. The conditions that were further down stay in front: those above may rely on them.
func pushFilters(o *optimizer, root Node) Node { return o.pushConds(root, nil) }

// pushConds returns n with the conditions applied to its rows, as far down as possible.
func (o *optimizer) pushConds(n Node, conds []sem.Expr) Node {
	switch n := n.(type) {
	case *Filter:
		return o.pushConds(n.Input, append(conjuncts(n.Cond), conds...))
	case *Project:
		return o.pushThroughProject(n, conds)
	case *Aggregate:
		return o.pushThroughAggregate(n, conds)
	case *Window:
		return o.pushThroughWindow(n, conds)
	case *Distinct:
		return o.pushThroughDistinct(n, conds)
	case *Sort:
		n.Input = o.pushConds(n.Input, conds)
		return n
	case *SetOp:
		return o.pushThroughSetOp(n, conds)
	case *NestedLoopJoin:
		return o.pushThroughJoin(n, conds)
	case *AsofJoin:
		return o.pushThroughAsofJoin(n, conds)
	}
	mapInputs(n, func(in Node) Node { return o.pushConds(in, nil) })
	return filtered(n, conds)
}

// partition splits conditions by whether they can be moved and satisfy a test.
func partition(conds []sem.Expr, test func(sem.Expr) bool) (yes, no []sem.Expr) {
	for _, c := range conds {
		if !volatile(c) && test(c) {
			yes = append(yes, c)
		} else {
			no = append(no, c)
		}
	}
	return yes, no
}

func (o *optimizer) pushThroughProject(n *Project, conds []sem.Expr) Node {
	by := definitions(n)
	down, stay := partition(conds, func(c sem.Expr) bool { return !volatile(substitute(c, by)) })
	for i, c := range down {
		down[i] = substitute(c, by)
	}
	n.Input = o.pushConds(n.Input, down)
	return filtered(n, stay)
}

// pushThroughAggregate pushes what is about groups only. Grouping sets make groups NULL,
// and an aggregate without groups yields a row for no input: nothing passes these.
func (o *optimizer) pushThroughAggregate(n *Aggregate, conds []sem.Expr) Node {
	by := map[sem.ColID]sem.Expr{}
	groups := idSet{}
	if n.Sets == nil {
		for _, g := range n.Groups {
			by[g.Out.ID], groups[g.Out.ID] = g.Expr, true
		}
	}
	down, stay := partition(conds, func(c sem.Expr) bool { return len(groups) > 0 && groups.covers(c) })
	for i, c := range down {
		down[i] = substitute(c, by)
	}
	n.Input = o.pushConds(n.Input, down)
	return filtered(n, stay)
}

// pushThroughWindow pushes what is about the partition only: it keeps or removes whole
// partitions.
func (o *optimizer) pushThroughWindow(n *Window, conds []sem.Expr) Node {
	keys := idSet{}
	for _, e := range n.PartitionBy {
		if c, ok := e.(*sem.ColRef); ok {
			keys[c.ID] = true
		}
	}
	down, stay := partition(conds, func(c sem.Expr) bool { return len(keys) > 0 && keys.covers(c) })
	n.Input = o.pushConds(n.Input, down)
	return filtered(n, stay)
}

func (o *optimizer) pushThroughDistinct(n *Distinct, conds []sem.Expr) Node {
	on := idSet{}
	for _, e := range n.On {
		if c, ok := e.(*sem.ColRef); ok {
			on[c.ID] = true
		}
	}
	down, stay := partition(conds, func(c sem.Expr) bool { return n.On == nil || on.covers(c) })
	n.Input = o.pushConds(n.Input, down)
	return filtered(n, stay)
}

// pushThroughSetOp applies conditions to both sides, by position.
func (o *optimizer) pushThroughSetOp(n *SetOp, conds []sem.Expr) Node {
	down, stay := partition(conds, func(sem.Expr) bool { return true })
	side := func(in Node) Node {
		cols := in.Columns()
		by := map[sem.ColID]sem.Expr{}
		for i, c := range n.Out {
			by[c.ID] = ref(cols[i])
		}
		own := make([]sem.Expr, len(down))
		for i, c := range down {
			own[i] = substitute(c, by)
		}
		return shaped(o.pushConds(in, own), cols)
	}
	n.Left, n.Right = side(n.Left), side(n.Right)
	return filtered(n, stay)
}

// joinPush says what may be moved at a join of some kind.
type joinPush struct {
	whereLeft, whereRight bool // conditions above it, to a side
	onLeft, onRight       bool // its own conditions, to a side
	merge                 bool // conditions above it, into its own
}

var joinPushes = map[JoinKind]joinPush{
	Inner:  {whereLeft: true, whereRight: true, onLeft: true, onRight: true, merge: true},
	Left:   {whereLeft: true, onRight: true},
	Right:  {whereRight: true, onLeft: true},
	Full:   {},
	Semi:   {whereLeft: true, onLeft: true, onRight: true},
	Anti:   {whereLeft: true, onRight: true},
	Mark:   {whereLeft: true},
	Single: {whereLeft: true, onRight: true},
}

func (o *optimizer) pushThroughJoin(n *NestedLoopJoin, conds []sem.Expr) Node {
	n.Kind = o.narrowed(n.Kind, n.Left, n.Right, conds)
	var stay []sem.Expr
	n.Left, n.Right, n.On, stay = o.pushToSides(n.Left, n.Right, n.On, conds, joinPushes[n.Kind])
	return filtered(n, stay)
}

// asofPushes are those of ASOF joins. A condition above one never moves to the right
// side: it would change which row there is the nearest.
var asofPushes = map[JoinKind]joinPush{
	Inner: {whereLeft: true, onLeft: true, onRight: true},
	Left:  {whereLeft: true, onRight: true},
	Right: {onLeft: true},
	Full:  {},
	Semi:  {whereLeft: true, onLeft: true, onRight: true},
	Anti:  {whereLeft: true, onRight: true},
}

func (o *optimizer) pushThroughAsofJoin(n *AsofJoin, conds []sem.Expr) Node {
	n.Kind = o.narrowed(n.Kind, n.Left, n.Right, conds)
	var stay []sem.Expr
	n.Left, n.Right, n.Residual, stay = o.pushToSides(n.Left, n.Right, n.Residual, conds, asofPushes[n.Kind])
	return filtered(n, stay)
}

// pushToSides moves the conditions on and above a join to its sides, as far as allowed.
// It returns the sides and the conditions that remain, on the join and above it.
func (o *optimizer) pushToSides(l, r Node, cond sem.Expr, conds []sem.Expr, can joinPush) (lout, rout Node, onOut sem.Expr, stay []sem.Expr) {
	left, right := columnSet(l), columnSet(r)
	var toLeft, toRight, on []sem.Expr
	for _, c := range conjuncts(cond) {
		switch {
		case volatile(c):
			on = append(on, c)
		case can.onLeft && left.covers(c):
			toLeft = append(toLeft, c)
		case can.onRight && right.covers(c):
			toRight = append(toRight, c)
		default:
			on = append(on, c)
		}
	}
	for _, c := range conds {
		switch {
		case volatile(c):
			stay = append(stay, c)
		case can.whereLeft && left.covers(c):
			toLeft = append(toLeft, c)
		case can.whereRight && right.covers(c):
			toRight = append(toRight, c)
		case can.merge:
			on = append(on, c)
		default:
			stay = append(stay, c)
		}
	}
	return o.pushConds(l, toLeft), o.pushConds(r, toRight), Conjunction(on), stay
}
