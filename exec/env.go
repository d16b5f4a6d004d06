package exec

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/storage"
)

// Catalog finds the tables that plans scan.
type Catalog interface {
	Table(name string) (storage.Table, bool)
}

// Env is what plans are run with.
type Env struct {
	Catalog   Catalog
	Functions functions.Env
	Config    Config
	// TableFuncs finds the bodies of table functions by name; nil if there are none.
	TableFuncs map[string]TableFunc
	// Profile, if set, collects what each node of the plan did, for EXPLAIN ANALYZE.
	Profile *Profile
}

// TableFunc makes the operator of a call of a table function. Each argument has one row;
// the operator must yield the columns of out.
type TableFunc func(args []arrow.Array, out *arrow.Schema) (Operator, error)

// Config bounds what a query may use.
type Config struct {
	BatchRows   int   // rows in a batch at most; 0: DefaultBatchRows
	MemoryLimit int64 // bytes that operators may hold; 0: no limit
	Threads     int   // goroutines that work on a query; 0: as many as there are processors
}

// DefaultBatchRows is what fits caches and makes the cost per batch negligible.
const DefaultBatchRows = 64 << 10

func (c Config) batchRows() int {
	if c.BatchRows <= 0 {
		return DefaultBatchRows
	}
	return c.BatchRows
}
