package plan

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/sem"
	"tq/lang/source"
)

// Node is a relational operator of the logical plan. Nodes are plain data: rules
// rewrite them, explain prints them, exec.Build turns each kind into an operator.
type Node interface {
	// Columns are the columns the node yields, in order.
	Columns() []sem.Column
	// Inputs are the nodes it reads from.
	Inputs() []Node
}

// PredOp is the operator of a scan hint.
type PredOp uint8

// The operators of scan hints.
const (
	PredEq PredOp = iota
	PredNe
	PredLt
	PredLe
	PredGt
	PredGe
	PredIn
	PredDistinct // IS DISTINCT FROM: holds for NULL, too
)

// Pred is a condition on one column of a scan that storage may use to leave out rows.
// It is a hint: the filter above the scan stays.
type Pred struct {
	Column string
	Op     PredOp
	Value  arrow.Array // one row; several for PredIn
}

// Scan reads a table. Out are the columns that are needed, named as in the table.
type Scan struct {
	Qualifier string // name of one capture, or empty for all
	Table     string
	Out       []sem.Column
	Preds     []Pred
	Limit     int64 // rows needed at most; -1 for all
}

// Filter keeps the rows for which Cond is true.
type Filter struct {
	Input Node
	Cond  sem.Expr
}

// NamedExpr is an expression and the column its values become. The column may be the
// one that the expression refers to: then it passes through under its own id.
type NamedExpr = sem.NamedExpr

// Unnest yields for each row as many rows as the longest of its lists has elements: with
// the columns of the row and one for each list, NULL where that is shorter.
type Unnest struct {
	Input Node
	Lists []NamedExpr
}

// Around keeps the rows for which Cond is true and their neighbours: the rows that stand
// at most Extent rows away from one of them or, ByTime, happened at most Extent
// nanoseconds before or after. Only rows that agree in Per are neighbours. The rows stay
// in order; added to them is whether they match, the number of the match that is nearest
// and the time since it.
type Around struct {
	Input            Node
	Cond             sem.Expr
	Extent           int64
	ByTime           bool
	Time             sem.Expr // nil if neither ByTime nor RelTS is set
	Per              []sem.Expr
	IsMatch, MatchID sem.Column
	RelTS            *sem.Column // nil if it isn't wanted
}

// Project computes its expressions; nothing else passes through.
type Project struct {
	Input Node
	Exprs []NamedExpr
}

// Aggregate groups its input. Sets is nil for plain GROUP BY; otherwise each set lists
// which of Groups it keeps, the others being NULL in its rows. With no Groups there is
// exactly one output row. GroupingID, if set, is the column that holds each row's set
// as GROUPING_ID does (bit i from the left is 1 if group i is not in the set).
type Aggregate struct {
	Input      Node
	Groups     []NamedExpr
	Sets       [][]int
	GroupingID *sem.Column
	Aggs       []sem.AggCall
}

// Window adds the columns of its calls, which share one partition and order, to those
// of its input. It yields rows in no promised order.
type Window struct {
	Input       Node
	PartitionBy []sem.Expr
	OrderBy     []sem.SortKey
	Calls       []sem.WindowCall
}

// Sort orders its input, stably.
type Sort struct {
	Input Node
	Keys  []sem.SortKey
}

// TopN is the first Limit rows after the first Offset ones of its input in order.
type TopN struct {
	Input         Node
	Keys          []sem.SortKey
	Limit, Offset int64
}

// Limit passes Limit rows (all when negative) after skipping Offset. With Percent set
// (not NaN) the limit is that share of the input's rows.
type Limit struct {
	Input         Node
	Limit, Offset int64
	Percent       float64
}

// Distinct keeps one row, the first, for each value of On; of all columns if On is nil.
// The rows stay in the order of the input.
type Distinct struct {
	Input Node
	On    []sem.Expr
}

// SetOpKind is the kind of a [SetOp].
type SetOpKind uint8

// The set operations. UnionAll appends; the others compare whole rows, NULLs equal.
const (
	UnionAll SetOpKind = iota
	UnionDistinct
	IntersectDistinct
	IntersectAll
	ExceptDistinct
	ExceptAll
)

// SetOp combines two inputs with columns of equal types, by position.
type SetOp struct {
	Kind        SetOpKind
	Left, Right Node
	Out         []sem.Column
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins. Semi and anti joins yield the left side's columns only. A mark
// join yields every left row with a BOOLEAN column that is what left IN (right) is,
// NULL included. A single join is a left join that fails on a second match.
const (
	Inner JoinKind = iota
	Left
	Right
	Full
	Semi
	Anti
	Mark
	Single
)

// JoinKey is an equality between the two sides. NullSafe means IS NOT DISTINCT FROM.
type JoinKey struct {
	Left, Right sem.Expr
	NullSafe    bool
}

// HashJoin joins on equality keys, with any further condition in Residual. The right
// side is the one that is built into a table.
type HashJoin struct {
	Kind        JoinKind
	Left, Right Node
	Keys        []JoinKey
	Residual    sem.Expr    // nil: none
	MarkOut     *sem.Column // Mark only
	At          source.Span // Single only: the subquery that must not match twice
}

// OverlapJoin joins rows whose intervals overlap, by a sweep over both sides in time
// order; Keys, if any, must be equal too. See GRAMMAR.md for what overlaps.
type OverlapJoin struct {
	Kind        JoinKind
	Left, Right Node
	Keys        []JoinKey
	LeftStart   sem.Expr
	LeftEnd     sem.Expr
	RightStart  sem.Expr
	RightEnd    sem.Expr
	Residual    sem.Expr
}

// AsofJoin joins each left row with the nearest of the right rows that fit it: those
// with equal Keys, for which LeftValue Op RightValue and Residual hold and which do not
// lie beyond Bound. Of right rows with the same value, the last one is the nearest that
// comes before, the first one the nearest that comes after.
type AsofJoin struct {
	Kind                  JoinKind // but Mark and Single
	Left, Right           Node
	Keys                  []JoinKey
	Op                    string // <, <=, > or >=
	LeftValue, RightValue sem.Expr
	Bound                 sem.Expr // over the left side, of the values' type; nil: none
	Residual              sem.Expr // holds the conditions for Keys until joins are chosen
}

// RangeJoin joins on comparisons between the sides: for each left row, the right rows are
// found in the order of one of the compared values. The right side is the one that is
// kept and ordered.
type RangeJoin struct {
	Kind        JoinKind // but Mark
	Left, Right Node
	Bounds      []JoinBound // at least one
	Residual    sem.Expr
	At          source.Span // Single only: the subquery that must not match twice
}

// JoinBound is the condition that Right Op Left holds, Right being over the right side.
type JoinBound struct {
	Right sem.Expr
	Op    string // <, <=, > or >=
	Left  sem.Expr
	Cond  sem.Expr // the same condition, over both sides
}

// NestedLoopJoin joins on any condition; On is nil for a cross join.
type NestedLoopJoin struct {
	Kind        JoinKind
	Left, Right Node
	On          sem.Expr
	MarkOut     *sem.Column
	At          source.Span // Single only: the subquery that must not match twice
}

// MaxOneRow passes its input, fails on a second row and yields one row of NULLs when
// there is none: the guard of a scalar subquery, which stands at At.
type MaxOneRow struct {
	Input Node
	At    source.Span
}

// Values yields literal rows. With no columns it yields Rows empty rows: a SELECT
// without FROM reads one.
type Values struct {
	Out  []sem.Column
	Rows [][]sem.Expr // constant expressions
}

// TableFunc calls a table function with constant arguments.
type TableFunc struct {
	Fn   *functions.Def
	Args []sem.Expr
	Out  []sem.Column
}

// Recursive yields the rows of First, then those of Step over the rows that came last,
// again and again until Step yields none. Without All a row that came before is left out.
type Recursive struct {
	Name        string
	All         bool
	First, Step Node
	Out         []sem.Column
}

// LastRows reads, in the Step of a [Recursive], the rows that came last.
type LastRows struct {
	Of  *Recursive
	Out []sem.Column
}

// Materialized is a query whose rows are computed once and read by several
// [MaterializedScan]s: a CTE used more than once.
type Materialized struct {
	Name  string
	Input Node
}

// MaterializedScan reads the rows of a [Materialized].
type MaterializedScan struct {
	Source *Materialized
	Out    []sem.Column // in the order of Source.Input.Columns()
}
