package sem

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/source"
)

// ColID names a column of one compiled statement, wherever it flows. Ids are made by
// scans, projections, aggregates and windows, and are never reused.
type ColID int32

// Column is an output column of a plan node.
type Column struct {
	ID    ColID
	Name  string
	Type  arrow.DataType
	Table string // the alias it can be qualified with; empty for computed columns
}

// Expr is a resolved, typed expression over the columns of its input. Implicit casts
// have become [Cast] nodes: the arguments of a call have exactly the types that the
// overload wants.
type Expr interface {
	Type() arrow.DataType
	Span() source.Span
}

// Typed is embedded in every [Expr].
type Typed struct {
	Typ arrow.DataType
	At  source.Span
}

// Type returns the SQL type of the expression's values.
func (t Typed) Type() arrow.DataType { return t.Typ }

// Span returns the text the expression came from.
func (t Typed) Span() source.Span { return t.At }

// ColRef is a column of the input.
type ColRef struct {
	Typed
	ID   ColID
	Name string
}

// Const is a constant: an array of one row.
type Const struct {
	Typed
	Value arrow.Array
	// Literal marks a whole number as written, without a cast: beside integers of a
	// type that holds it, it is of that type.
	Literal bool
}

// Call is a scalar function or operator.
type Call struct {
	Typed
	Fn       *functions.Def
	Overload *functions.Overload
	Args     []Expr
}

// LogicOp is AND, OR or NOT.
type LogicOp uint8

// The logical operators, with SQL's three values.
const (
	And LogicOp = iota
	Or
	Not
)

// Logic is AND or OR of two or more conditions (flattened), or NOT of one. The right
// conditions are evaluated only on the rows that the left ones leave open.
type Logic struct {
	Typed
	Op   LogicOp
	Args []Expr
}

// Case is a searched CASE; Else may be nil. Branches are evaluated only on the rows
// they apply to.
type Case struct {
	Typed
	Whens []When
	Else  Expr
}

// When is one branch of a [Case].
type When struct {
	Cond, Then Expr
}

// Cast converts to the type of the node; with Try a failed conversion is NULL.
type Cast struct {
	Typed
	Arg Expr
	Try bool
}

// InList is arg IN (constants) with SQL's treatment of NULL; the list has arg's type.
type InList struct {
	Typed
	Arg  Expr
	List arrow.Array
	Not  bool
}

// SortKey is one key of an order.
type SortKey struct {
	Expr       Expr
	Desc       bool
	NullsFirst bool
}

// AggCall is an aggregate whose result becomes column Out.
type AggCall struct {
	Out      Column
	Fn       *functions.Def
	Overload *functions.Overload
	Args     []Expr // empty for count(*)
	Distinct bool
	Filter   Expr // nil without FILTER
	OrderBy  []SortKey
	At       source.Span
}

// WindowCall is a window function or an aggregate over frames; its result becomes
// column Out. It belongs to a window with a partition and an order.
type WindowCall struct {
	AggCall
	IgnoreNulls bool
	Frame       Frame
}
