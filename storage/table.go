package storage

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// Table is a relation that can be scanned any number of times, also concurrently.
type Table interface {
	// Schema lists the declared columns in order. Hidden columns, which SELECT * leaves
	// out, carry [HiddenKey] in their field's metadata.
	Schema() *arrow.Schema
	// Doc describes the table and its columns.
	Doc() TableDoc
	// Scan starts reading. The rows come in the table's own order.
	Scan(ctx context.Context, opts ScanOptions) (Scan, error)
}

// HiddenKey marks a field that SELECT * leaves out.
const HiddenKey = "hidden"

// TableDoc is the documentation of a table: what one row is, and a sentence for each
// column in the order of the schema.
type TableDoc struct {
	Row     string
	Columns []string
}

// ScanOptions is what a scan needs to know of the query. Columns is a promise: the
// chunks have just these columns in this order; dotted names (evt.num, arg.size) are
// allowed where [Catalog.DynamicField] resolves them. Preds and Limit are hints: storage
// may leave out rows that fail a predicate and may stop after Limit rows that it knows
// to pass, but need not.
type ScanOptions struct {
	Qualifier string // the name of one capture; empty for all
	Columns   []string
	Preds     []Pred
	Limit     int64 // -1: no limit
}

// PredOp is the operator of a [Pred].
type PredOp uint8

// The operators of predicates.
const (
	PredEq PredOp = iota
	PredNe
	PredLt
	PredLe
	PredGt
	PredGe
	PredIn
	PredDistinct // holds for NULL, too
)

// Pred is a condition on one column: column Op value. Value has one row, or several for
// PredIn, none of them NULL.
type Pred struct {
	Column string
	Op     PredOp
	Value  arrow.Array
}

// Scan yields the chunks of a table. Next returns io.EOF after the last one and never
// an empty chunk. It is used by one goroutine; the chunks may be read by others.
type Scan interface {
	Next(ctx context.Context) (Chunk, error)
	Close() error
}

// Effort is how much of a capture a scan had to look at.
type Effort struct {
	Batches, Pruned int   // batches of rows, and those of which no row was looked at
	Events, Skipped int64 // events of the capture, and those that were only counted; 0 where the scan did not read it
}

// Add adds the effort of another scan.
func (e *Effort) Add(o Effort) {
	e.Batches += o.Batches
	e.Pruned += o.Pruned
	e.Events += o.Events
	e.Skipped += o.Skipped
}

// Economical is implemented by scans that know what they had to look at, when they are
// over.
type Economical interface {
	Effort() Effort
}

// Chunk is a run of rows of a table. Its columns are decoded when they are asked for,
// so a filter on cheap columns saves decoding the others. Arrays are immutable and
// belong to the garbage collector.
type Chunk interface {
	NumRows() int
	// Column returns column i of the scan for all rows.
	Column(i int) (arrow.Array, error)
	// Gather returns column i for the given rows only, which ascend.
	Gather(i int, rows []int32) (arrow.Array, error)
}

// Printer is a [Chunk] with columns that can be printed without being built.
type Printer interface {
	Chunk
	// Print calls print with what appends the texts of columns of VARCHAR, INTEGER or BIGINT,
	// for the given rows only, which ascend; nil stands for all. They are valid until print
	// returns.
	Print(columns []int, rows []int32, print func(texts []kernel.Text)) error
}

// Dictionary-encoded columns grow append-only: in a later chunk of a scan the dictionary
// of a column starts with the values of the earlier one, and when two dictionary arrays
// share their offsets' address the shorter is a prefix of the longer. Predicates on
// dictionaries may therefore be computed once per distinct value of a whole scan.
