package sem

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// Query is a bound query: a body, then its order, then its limit. Sort keys are over
// the columns of the body, of which Out are the first: further ones exist only to sort
// by.
type Query struct {
	Body    Body
	OrderBy []SortKey
	Limit   *Limit // nil without
	Out     []Column

	// field gives the query one more column, behind the others of Out: a dotted field of
	// the table whose rows it yields. It is nil if the rows are no table's.
	field func(name string) (Column, bool)
}

// Limit is the LIMIT and OFFSET of a query. Count is negative for no limit; Percent is
// set, and not NaN, when the limit is a share of the rows. CountExpr and OffsetExpr are
// set instead where only a subquery tells the number: HUGEINTs, NULL for the default.
type Limit struct {
	Count, Offset         int64
	Percent               float64
	CountExpr, OffsetExpr Expr
	PercentExpr           Expr // likewise, a DOUBLE
}

// Body is a query without its order and limit.
type Body interface {
	// Columns are the columns of the body, in order.
	Columns() []Column
}

// NamedExpr is an expression and the column its values become.
type NamedExpr struct {
	Out  Column
	Expr Expr
}

// Select is one SELECT block, its clauses in the order of their evaluation.
type Select struct {
	From       Source // nil without FROM
	Where      Expr
	Around     *Around   // instead of Where
	Group      *Grouping // nil when rows are not grouped
	Having     Expr
	Windows    []Window
	Qualify    Expr
	Unnests    []NamedExpr // lists, and the columns of their elements
	Items      []NamedExpr
	Distinct   bool
	DistinctOn []Expr // over the items' columns
}

// Grouping is the GROUP BY of a select. Sets is nil for a plain one; otherwise each set
// lists which groups it keeps.
type Grouping struct {
	Groups     []NamedExpr
	Sets       [][]int
	GroupingID *Column
	Aggs       []AggCall
}

// Window is one window call with its partition and order.
type Window struct {
	PartitionBy []Expr
	OrderBy     []SortKey
	Call        WindowCall
}

// SetOp combines the rows of two bodies whose columns agree in number and type.
type SetOp struct {
	Op          ast.SetOpKind
	All         bool
	Left, Right Body
	Out         []Column
}

// Values is literal rows.
type Values struct {
	Out  []Column
	Rows [][]Expr
}

// Columns are those of the items.
func (s *Select) Columns() []Column {
	cols := make([]Column, len(s.Items))
	for i := range s.Items {
		cols[i] = s.Items[i].Out
	}
	return cols
}

// Columns are the columns of the combination.
func (s *SetOp) Columns() []Column { return s.Out }

// Columns are the columns of the rows.
func (v *Values) Columns() []Column { return v.Out }

// Columns are the visible columns of the query: a query in parentheses is a body.
func (q *Query) Columns() []Column { return q.Out }

// Source is what stands in FROM.
type Source interface{ source() }

func (*TableSource) source() {}
func (*QuerySource) source() {}
func (*CTESource) source()   {}
func (*FuncSource) source()  {}
func (*JoinSource) source()  {}

// TableSource reads a table. Columns are all that the query may name, declared and
// dynamic; the planner keeps what is used.
type TableSource struct {
	Qualifier string
	Table     string
	Columns   []Column
}

// QuerySource is a subquery in FROM or an expanded view. The expressions of a view were
// written in another text: faults in them belong to the place where it is named.
type QuerySource struct {
	Query *Query
	View  *source.Span // nil for a subquery
	// Outer are the columns of what stands before it in FROM that the query refers to;
	// see [Subquery].
	Outer []NamedExpr
}

// CTE is a named query of a WITH clause. It is bound once, however often it is read.
type CTE struct {
	Name  string
	Query *Query
	Refs  int

	reads []*CTESource
}

// CTESource reads a CTE. Its columns are the query's under ids of their own, position
// by position.
type CTESource struct {
	CTE     *CTE
	Columns []Column
}

// FuncSource calls a table function.
type FuncSource struct {
	Fn      *functions.Def
	Args    []Expr
	Columns []Column
}

// JoinSource joins two sources; On is nil for a cross join.
type JoinSource struct {
	Kind        ast.JoinKind
	Left, Right Source
	On          Expr
	Asof        *Asof // nil for an ordinary join
}

// Asof is what makes a join an ASOF join: of the right rows for which On and the
// comparison Left Op Right hold, a left row is joined with the nearest only.
type Asof struct {
	Op          string // <, <=, > or >=
	Left, Right Expr
	// Bound is the value of the right side that is just near enough; nil without
	// TOLERANCE.
	Bound Expr
}

// SubqueryKind is how a subquery is used as a value.
type SubqueryKind uint8

// The kinds of subqueries.
const (
	ScalarQuery SubqueryKind = iota // the only value of the only row; NULL without a row
	ExistsQuery                     // is there a row
	AnyQuery                        // is Cond true for a row; NULL if it is only unknown
	RowsQuery                       // all its rows: what stands in FROM
)

// Subquery is a query used as a value. It lives until the planner makes a join of it.
type Subquery struct {
	Typed
	Kind  SubqueryKind
	Node  *ast.Query // as written; nil inside a macro
	Query *Query
	Cond  Expr // AnyQuery: over the outer row and the columns of Query
	// Outer are the outer columns that the query refers to: inside, the value of Expr
	// has the id of Out.
	Outer []NamedExpr
}

// Overlaps is (LeftStart, LeftEnd) OVERLAPS (RightStart, RightEnd). It lives until the
// planner makes it part of a join or comparisons of it.
type Overlaps struct {
	Typed
	LeftStart, LeftEnd   Expr
	RightStart, RightEnd Expr
}

// Lower returns what OVERLAPS means: intervals are half-open, their ends come in either
// order, an empty one is its instant; anything NULL makes the result NULL.
func (o *Overlaps) Lower() Expr { return lowerOverlaps(o) }

// aggExpr is an aggregate inside an expression, until grouping gives it a column.
type aggExpr struct {
	Typed
	call AggCall
}

// windowExpr is a window call inside an expression, until it is given a column.
type windowExpr struct {
	Typed
	partitionBy []Expr
	orderBy     []SortKey
	call        WindowCall
}

// groupingExpr is GROUPING(args), until grouping makes bits of the grouping id of it.
type groupingExpr struct {
	Typed
	args []Expr
}

// ref makes an expression of a column.
func ref(c Column) *ColRef {
	return &ColRef{Typed: Typed{Typ: c.Type}, ID: c.ID, Name: c.Name}
}

// sqlType is the SQL type of a stored type: strings are VARCHAR however they are stored.
func sqlType(dt arrow.DataType) arrow.DataType {
	if dt.ID() == arrow.DICTIONARY {
		return functions.Varchar
	}
	return dt
}
