package functions

import (
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

// Kind says where a function may be called.
type Kind uint8

// The kinds of functions. Every aggregate may also be called OVER a window.
const (
	Scalar Kind = iota
	Aggregate
	Window
	Table
)

// NullPolicy says who looks after NULL arguments.
type NullPolicy uint8

// The null policies.
const (
	// NullIfAnyNull: a row with a NULL argument is NULL. For scalar functions the
	// body may return anything in such rows: the evaluator overlays the validity of
	// the arguments. An accumulator leaves such rows out; the evaluator may do so before.
	NullIfAnyNull NullPolicy = iota
	// SeesNulls: the body is given the NULLs and decides.
	SeesNulls
)

// Def is one function as users know it.
type Def struct {
	Name      string   // lower case; operators by their symbol: "+", "=", "||"
	Aliases   []string // other names with the same meaning
	Kind      Kind
	Family    string // heading in the documentation: "string", "time", …
	Nulls     NullPolicy
	Volatile  bool // not to be folded at compile time: random(), now()
	Overloads []Overload
	Macro     *TableMacro // Table: the query that a call stands for, in place of Overloads
	Doc       string      // one or two sentences
	Example   string      // what may follow SELECT, such as `upper('abc')`
	Result    string      // what the example yields, as csv shows it; NULL by that name
}

// Overload is one signature of a function with its body. Exactly one of the bodies is
// set, as the kind demands.
type Overload struct {
	// Args are the parameter types. A parameter typed [Any] takes every type;
	// parameters typed [SameAny] take every type but must agree on one common type.
	Args []arrow.DataType
	// Variadic repeats the last parameter any number of times, at least once.
	Variadic bool
	// Optional is how many of the last parameters may be left out.
	Optional int
	// Ret is the result type; when it is nil, RetOf computes it from the types of the
	// arguments after coercion.
	Ret   arrow.DataType
	RetOf func(args []arrow.DataType) (arrow.DataType, error)

	Eval       ScalarFunc     // Scalar
	Accumulate NewAccumulator // Aggregate
	Window     WindowFunc     // Window; for an Aggregate an optional faster way over frames
	Ordered    WindowFunc     // Window: with an ORDER BY among its arguments; nil: it takes none
}

// Call is what a body may know about the call besides its arguments.
type Call struct {
	Args []arrow.DataType // after coercion
	Ret  arrow.DataType
	Env  *Env
}

// Env is the part of the session that bodies may ask for.
type Env struct {
	Zone  *time.Location // the session's time zone, never nil
	Now   time.Time      // the start of the statement
	Width int            // of the terminal in columns; 0: there is none
}

// ScalarFunc computes a column of n rows from its arguments; each argument has n rows
// or is constant. It must not change its arguments.
type ScalarFunc func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error)

// NewAccumulator makes the accumulator of one call in one query.
type NewAccumulator func(c *Call) Accumulator

// Accumulator holds the states of one aggregate for all groups, densely by group
// number. It is used by one goroutine at a time.
type Accumulator interface {
	// Grow makes room for groups 0 … n-1; new groups are empty. n never falls.
	Grow(n int)
	// Update adds rows: row i of the arguments belongs to groups[i]. A nil groups means
	// that every one of the n rows belongs to group 0.
	Update(groups []uint32, args []kernel.Vec, n int) error
	// Merge adds the states of other, an accumulator of the same call: its group g
	// belongs to group into[g] here. Order-dependent aggregates treat other's rows as
	// coming after their own.
	Merge(other Accumulator, into []uint32) error
	// Append appends the result of group g to b, a builder of the call's result type,
	// and leaves the state as it was.
	Append(b array.Builder, g int) error
	// Finish returns the results of groups 0 … n-1 as one array.
	Finish(n int) (arrow.Array, error)
	// Bytes is how much memory the states take.
	Bytes() int64
}

// Unordered is implemented by accumulators whose results may not depend on the order in
// which rows and other accumulators are added, to the last bit: then parts of the rows may
// be aggregated side by side.
type Unordered interface {
	Unordered() bool
}

// Running is implemented by accumulators that tell the results of running totals in one go:
// of windows whose frames grow row by row.
type Running interface {
	// Run is Update, and returns for each row the result of its group with the rows up to
	// this one. groups is never nil.
	Run(groups []uint32, args []kernel.Vec, n int) (arrow.Array, error)
}

// Partition is what a window function may know about the rows of one partition, in
// window order. Rows are numbered 0 … N-1.
type Partition struct {
	N int
	// Peer[i] is the first row of the peer group of row i, PeerEnd[i] the row after its
	// last. Without ORDER BY all rows are peers.
	Peer, PeerEnd []int32
	// Start[i] and End[i] bound the frame of row i, half-open; empty if Start >= End.
	Start, End []int32
	// Parts calls f for each part of the frame of row i that EXCLUDE leaves; nil when
	// nothing is excluded and the frame is just Start … End.
	Parts func(i int, f func(start, end int))
	// Skip marks the rows that a FILTER removes from frames; nil without FILTER.
	Skip        []bool
	IgnoreNulls bool
	// Compare compares two rows by the ORDER BY among the arguments; nil without.
	Compare func(a, b int) int
}

// WindowFunc computes one value for each row of a partition. args hold the rows of the
// partition in window order.
type WindowFunc func(c *Call, p *Partition, args []kernel.Vec) (arrow.Array, error)
