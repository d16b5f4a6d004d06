package ast

// Inspect calls f for a node and, where f returns true, for the nodes below it, in
// the order in which they stand in the text.
func Inspect(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	Children(n, func(child Node) { Inspect(child, f) })
}

// Depth returns how many levels a tree has. It keeps its own stack: a tree may be
// deeper than functions may call themselves.
func Depth(n Node) int {
	type level struct {
		node  Node
		depth int
	}
	deepest := 0
	for stack := []level{{n, 1}}; len(stack) > 0; {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		deepest = max(deepest, top.depth)
		Children(top.node, func(child Node) { stack = append(stack, level{child, top.depth + 1}) })
	}
	return deepest
}

// Children calls f for each node directly below a node, in the order of the text.
// Parts without a span of their own, such as select items and order keys, are
// passed through to the expressions they hold.
func Children(n Node, f func(Node)) {
	w := walker(f)
	switch n := n.(type) {
	case *Script:
		for _, s := range n.Stmts {
			f(s)
		}
	case Stmt:
		w.stmt(n)
	case Expr:
		w.children(n)
	case QueryBody:
		w.body(n)
	case TableExpr:
		w.table(n)
	case *GroupBy:
		for _, e := range n.Elements {
			w.exprs(e.Exprs)
			for _, set := range e.Sets {
				w.exprs(set)
			}
		}
	case *Around:
		w.expr(n.Extent)
		w.exprs(n.Per)
	case *Window:
		w.exprs(n.PartitionBy)
		w.order(n.OrderBy)
		if n.Frame != nil {
			f(n.Frame)
		}
	case *Frame:
		w.expr(n.Start.Offset)
		w.expr(n.End.Offset)
	}
}

// walker visits the parts of nodes, leaving out those that are nil.
type walker func(Node)

func (w walker) expr(e Expr) {
	if e != nil {
		w(e)
	}
}

func (w walker) exprs(list []Expr) {
	for _, e := range list {
		w(e)
	}
}

func (w walker) query(q *Query) {
	if q != nil {
		w(q)
	}
}

func (w walker) order(items []OrderItem) {
	for _, item := range items {
		w.expr(item.Expr)
	}
}

func (w walker) items(items []SelectItem) {
	for _, item := range items {
		w.expr(item.Expr)
	}
}

func (w walker) tables(list []TableExpr) {
	for _, t := range list {
		w(t)
	}
}

func (w walker) stmt(s Stmt) {
	switch s := s.(type) {
	case *QueryStmt:
		w.query(s.Query)
	case *Explain:
		if s.Stmt != nil {
			w(s.Stmt)
		}
	case *Describe:
		w.subject(s.Table, s.Query)
	case *Summarize:
		w.subject(s.Table, s.Query)
	case *SetStmt:
		w.expr(s.Value)
	case *ParamDecl:
		if s.Type != nil {
			w(s.Type)
		}
		w.expr(s.Default)
	case *Assert:
		w.expr(s.Cond)
	case *CreateView:
		w.query(s.Query)
	case *CreateTable:
		w.query(s.Query)
	case *CreateMacro:
		for _, p := range s.Params {
			w.expr(p.Default)
		}
		w.expr(s.Body)
		w.query(s.Query)
	case *Copy:
		w.query(s.Query)
		for _, o := range s.Options {
			w.expr(o.Value)
		}
	}
}

func (w walker) subject(t *TableName, q *Query) {
	if t != nil {
		w(t)
	}
	w.query(q)
}

func (w walker) body(b QueryBody) {
	switch b := b.(type) {
	case *Query:
		for _, c := range b.With {
			w.query(c.Query)
		}
		if b.Body != nil {
			w(b.Body)
		}
		w.order(b.OrderBy)
		w.expr(b.Limit)
		w.expr(b.Offset)
	case *Select:
		w.exprs(b.DistinctOn)
		w.items(b.Items)
		w.tables(b.From)
		w.expr(b.Where)
		if b.Around != nil {
			w(b.Around)
		}
		if b.GroupBy != nil {
			w(b.GroupBy)
		}
		w.expr(b.Having)
		for _, named := range b.Windows {
			w(named.Window)
		}
		w.expr(b.Qualify)
		if b.Sample != nil {
			w.expr(b.Sample.Count)
		}
	case *SetOp:
		w(b.Left)
		w(b.Right)
	case *Values:
		for _, row := range b.Rows {
			w.exprs(row)
		}
	}
}

func (w walker) table(t TableExpr) {
	switch t := t.(type) {
	case *Derived:
		w.query(t.Query)
	case *TableFunc:
		w(t.Call)
	case *Sampled:
		w(t.Table)
		w.expr(t.Sample.Count)
	case *Pivot:
		w(t.Table)
		w.items(t.Using)
		for _, on := range t.On {
			w.expr(on.Expr)
			w.items(on.In)
		}
	case *Unpivot:
		w(t.Table)
		w.items(t.On)
	case *Join:
		w(t.Left)
		w(t.Right)
		w.expr(t.On)
		w.expr(t.Tolerance)
	}
}

func (w walker) children(e Expr) {
	switch e := e.(type) {
	case *Star:
		w.items(e.Replace)
		if e.Match != nil {
			w.expr(e.Match.Pattern)
			w.expr(e.Match.Escape)
		}
	case *Columns:
		if e.Star != nil {
			w(e.Star)
		}
		if e.Lambda != nil {
			w(e.Lambda)
		}
	case *Literal:
		if e.Type != nil {
			w(e.Type)
		}
	case *Interval:
		w(e.X)
	case *Unary:
		w(e.X)
	case *Binary:
		w(e.L)
		w(e.R)
	case *Between:
		w(e.X)
		w(e.Lo)
		w(e.Hi)
	case *In:
		w(e.X)
		w.exprs(e.List)
		w.query(e.Query)
	case *Is:
		w(e.X)
		w.expr(e.Y)
	case *Like:
		w(e.X)
		w(e.Pattern)
		w.expr(e.Escape)
	case *Case:
		w.expr(e.Operand)
		for _, when := range e.Whens {
			w(when.Cond)
			w(when.Then)
		}
		w.expr(e.Else)
	case *Cast:
		w(e.X)
		w(e.To)
	case *Call:
		for _, arg := range e.Args {
			w.expr(arg.Expr)
			w.query(arg.Query)
		}
		w.order(e.OrderBy)
		w.expr(e.Filter)
		if e.Over != nil {
			w(e.Over)
		}
	case *Row:
		w.exprs(e.Elems)
	case *ListLit:
		w.exprs(e.Elems)
	case *Lambda:
		w(e.Body)
	case *Index:
		w(e.X)
		w.expr(e.Lo)
		w.expr(e.Hi)
	case *Subquery:
		w.query(e.Query)
	case *Exists:
		w.query(e.Query)
	case *ArrayQuery:
		w.query(e.Query)
	case *Quantified:
		w(e.X)
		w.query(e.Query)
		w.expr(e.List)
	}
}
