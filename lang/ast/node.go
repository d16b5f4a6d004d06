package ast

import "tq/lang/source"

// Node is a part of the tree that knows where it stands in the text.
type Node interface {
	Span() source.Span
}

// Pos is embedded in every node and implements [Node].
type Pos struct{ At source.Span }

// Span returns the text range the node was parsed from.
func (p Pos) Span() source.Span { return p.At }

func (p *Pos) moveTo(at source.Span) { p.At = at }

// Move gives a node and all below it one place in the text: the one that what was written
// elsewhere is used at.
func Move(n Node, at source.Span) {
	Inspect(n, func(n Node) bool {
		if n, ok := n.(interface{ moveTo(source.Span) }); ok {
			n.moveTo(at)
		}
		return true
	})
}

// Ident is a name as written. Name is without quotes; unquoted names keep their
// case here and are compared without regard to it.
type Ident struct {
	Pos
	Name   string
	Quoted bool
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// Expr is a scalar expression, which includes conditions and window calls.
type Expr interface {
	Node
	expr()
}

// TableExpr is what may stand in FROM.
type TableExpr interface {
	Node
	tableExpr()
}

// QueryBody is a query without WITH, ORDER BY and LIMIT.
type QueryBody interface {
	Node
	queryBody()
}

func (*QueryStmt) stmt()      {}
func (*Explain) stmt()        {}
func (*Describe) stmt()       {}
func (*Summarize) stmt()      {}
func (*Show) stmt()           {}
func (*SetStmt) stmt()        {}
func (*ParamDecl) stmt()      {}
func (*Assert) stmt()         {}
func (*CreateView) stmt()     {}
func (*CreateTable) stmt()    {}
func (*DropStmt) stmt()       {}
func (*Copy) stmt()           {}
func (*CreateMacro) stmt()    {}
func (*Select) queryBody()    {}
func (*SetOp) queryBody()     {}
func (*Values) queryBody()    {}
func (*Query) queryBody()     {} // a parenthesised query with its own ORDER BY
func (*TableName) tableExpr() {}
func (*Derived) tableExpr()   {}
func (*TableFunc) tableExpr() {}
func (*Join) tableExpr()      {}
func (*Sampled) tableExpr()   {}
func (*Pivot) tableExpr()     {}
func (*Unpivot) tableExpr()   {}

func (*Name) expr()         {}
func (*Star) expr()         {}
func (*Columns) expr()      {}
func (*Literal) expr()      {}
func (*Param) expr()        {}
func (*Interval) expr()     {}
func (*Unary) expr()        {}
func (*Binary) expr()       {}
func (*Between) expr()      {}
func (*In) expr()           {}
func (*Is) expr()           {}
func (*Like) expr()         {}
func (*Case) expr()         {}
func (*Cast) expr()         {}
func (*Call) expr()         {}
func (*Row) expr()          {}
func (*Lambda) expr()       {}
func (*ListLit) expr()      {}
func (*Index) expr()        {}
func (*Subquery) expr()     {}
func (*Exists) expr()       {}
func (*Position) expr()     {}
func (*ArrayQuery) expr()   {}
func (*Quantified) expr()   {}
func (*SysdigFilter) expr() {}
