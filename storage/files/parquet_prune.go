package files

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// excluded reports whether the statistics of a row group show that no row of it passes
// all predicates.
func (t *parquetTable) excluded(g *metadata.RowGroupMetaData, preds []storage.Pred) bool {
	for _, p := range preds {
		at := t.schema.FieldIndices(p.Column)
		if len(at) == 0 {
			continue
		}
		if r, ok := leafRange(g, t.columns[at[0]]); ok && !r.mayPass(p) {
			return true
		}
	}
	return false
}

// valueRange is the least and the greatest value of a column of a row group, rows 0 and 1.
// Floating-point statistics leave out NaN, which is greater than every number.
type valueRange struct {
	bounds  arrow.Array
	orNaN   bool
	allNull bool
}

// mayPass reports whether a value of the range may pass a predicate. NULL passes none but
// IS DISTINCT FROM.
func (r valueRange) mayPass(p storage.Pred) bool {
	switch {
	case p.Op == storage.PredDistinct:
		return true
	case r.allNull:
		return false
	}
	if !functions.Same(r.bounds.DataType(), p.Value.DataType()) {
		return true
	}
	compare := kernel.Comparer(r.bounds, p.Value)
	least := func(i int) int { return compare(0, i) }
	greatest := func(i int) int {
		if r.orNaN {
			return 1
		}
		return compare(1, i)
	}
	switch p.Op {
	case storage.PredEq, storage.PredIn:
		for i := range p.Value.Len() {
			if least(i) <= 0 && greatest(i) >= 0 {
				return true
			}
		}
		return false
	case storage.PredLt:
		return least(0) < 0
	case storage.PredLe:
		return least(0) <= 0
	case storage.PredGt:
		return greatest(0) > 0
	case storage.PredGe:
		return greatest(0) >= 0
	}
	return true
}

// leafRange returns the range of a column that does not nest, if the file says it.
func leafRange(g *metadata.RowGroupMetaData, n *parquetNode) (r valueRange, ok bool) {
	if !n.isLeaf() {
		return r, false
	}
	chunk, err := g.ColumnChunk(n.leaf)
	if err != nil {
		return r, false
	}
	stats, err := chunk.Statistics()
	if err != nil || stats == nil {
		return r, false
	}
	if !stats.HasMinMax() {
		r.allNull = stats.HasNullCount() && stats.NullCount() == chunk.NumValues()
		return r, r.allNull
	}
	bounds, ok := statisticBounds(stats)
	if !ok {
		return r, false
	}
	r.bounds, err = n.convert(bounds)
	r.orNaN = n.typ.ID() == arrow.FLOAT32 || n.typ.ID() == arrow.FLOAT64
	return r, err == nil
}

// statisticBounds returns the least and the greatest value as a slice of the physical
// type, where their order is that of the column's type: what is stored as a fixed number
// of bytes may mean anything.
func statisticBounds(stats metadata.TypedStatistics) (any, bool) {
	switch s := stats.(type) {
	case *metadata.Int32Statistics:
		return []int32{s.Min(), s.Max()}, true
	case *metadata.Int64Statistics:
		return []int64{s.Min(), s.Max()}, true
	case *metadata.Float32Statistics:
		return []float32{s.Min(), s.Max()}, true
	case *metadata.Float64Statistics:
		return []float64{s.Min(), s.Max()}, true
	case *metadata.BooleanStatistics:
		return []bool{s.Min(), s.Max()}, true
	case *metadata.ByteArrayStatistics:
		return []parquet.ByteArray{s.Min(), s.Max()}, true
	}
	return nil, false
}
