package ast

// Query is a whole query: WITH, body, ORDER BY, LIMIT.
type Query struct {
	Pos
	Recursive bool
	With      []CTE
	Body      QueryBody
	OrderBy   []OrderItem
	OrderAll  *OrderItem // ORDER BY ALL; its Expr is nil
	Limit     Expr
	Percent   bool // LIMIT n %
	Offset    Expr
}

// CTE is one name of a WITH clause.
type CTE struct {
	Name         Ident
	Columns      []Ident
	Key          []Ident // USING KEY (columns), of a recursive one
	Materialized string  // "", MATERIALIZED or NOT MATERIALIZED, which changes no answer
	Query        *Query
}

// Select is one SELECT … FROM … block.
type Select struct {
	Pos
	Distinct   bool
	DistinctOn []Expr
	Items      []SelectItem
	From       []TableExpr // comma-separated; empty without FROM
	Where      Expr
	Around     *Around
	GroupBy    *GroupBy
	Having     Expr
	Windows    []NamedWindow
	Qualify    Expr
	Sample     *Sample // USING SAMPLE: of the rows of FROM
}

// Sample is how many rows are taken at random: so many, a share of exactly so many or, with
// Each, each with that probability.
type Sample struct {
	Pos
	Count   Expr
	Percent bool
	Each    bool
}

// Sampled is a table of which a sample is taken: t TABLESAMPLE ….
type Sampled struct {
	Pos
	Table  TableExpr
	Sample *Sample
}

// SelectItem is one output of a SELECT list. Alias.Name is empty when none is given.
type SelectItem struct {
	Expr  Expr
	Alias Ident
}

// GroupBy is the GROUP BY clause: All, or a list of grouping elements.
type GroupBy struct {
	Pos
	All      bool
	Elements []GroupElement
}

// GroupKind says how a grouping element makes its sets.
type GroupKind uint8

// The kinds of grouping elements.
const (
	GroupExpr GroupKind = iota // one expression, in Exprs[0]
	GroupRollup
	GroupCube
	GroupSets // the sets are in Sets
)

// GroupElement is one element of a GROUP BY list.
type GroupElement struct {
	Kind  GroupKind
	Exprs []Expr
	Sets  [][]Expr
}

// Around is AROUND n ROWS | duration [PER columns]: matching rows with neighbours.
type Around struct {
	Pos
	Extent Expr
	Rows   bool // Extent counts rows; else it is a duration
	Per    []Expr
}

// SetOp is UNION, INTERSECT or EXCEPT of two queries.
type SetOp struct {
	Pos
	Op     SetOpKind
	All    bool
	ByName bool
	Left   QueryBody
	Right  QueryBody
}

// SetOpKind is the kind of a [SetOp].
type SetOpKind uint8

// The set operations.
const (
	Union SetOpKind = iota
	Intersect
	Except
)

// Values is VALUES (…), (…).
type Values struct {
	Pos
	Rows [][]Expr
}

// OrderItem is one key of an ORDER BY list.
type OrderItem struct {
	Expr       Expr
	Desc       bool
	Asc        bool  // ASC is written
	NullsFirst *bool // nil: the default, NULLS LAST
}

// Alias is [AS] name [(columns)] behind a table expression.
type Alias struct {
	Name    Ident
	Columns []Ident
}

// TableName is a table, view, CTE or, when File is set, a quoted file name.
type TableName struct {
	Pos
	Parts []Ident // 'capture.events' has two
	File  string
	Alias Alias
}

// Derived is a subquery in FROM.
type Derived struct {
	Pos
	Lateral bool
	Query   *Query
	Alias   Alias
}

// TableFunc is a table function call in FROM.
type TableFunc struct {
	Pos
	Lateral    bool
	Call       *Call
	Ordinality bool // WITH ORDINALITY
	Alias      Alias
}

// JoinKind is the kind of a [Join].
type JoinKind uint8

// The kinds of joins.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	CrossJoin
	SemiJoin
	AntiJoin
	PositionalJoin
)

// Join is a join of two table expressions.
type Join struct {
	Pos
	Kind      JoinKind
	Asof      bool
	Natural   bool
	Left      TableExpr
	Right     TableExpr
	On        Expr
	Using     []Ident
	Tolerance Expr // ASOF only
}
