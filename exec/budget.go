package exec

import (
	"fmt"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"
)

// budget is the memory that the operators of one query may hold together.
type budget struct {
	limit int64 // 0: none
	used  atomic.Int64
}

// account is one operator's part of the budget. Its goroutines share it.
type account struct {
	budget   *budget
	operator string
	held     atomic.Int64
	peak     atomic.Int64
	disk     atomic.Int64 // bytes that were written to disk
}

func (b *budget) account(operator string) *account {
	return &account{budget: b, operator: operator}
}

// named says whose account it is.
func (a *account) named(operator string) *account {
	a.operator = operator
	return a
}

// grow adds to what the operator holds. It fails when the query holds more than it may,
// naming the operator, since that is what a user can do something about.
func (a *account) grow(bytes int64) error {
	held := a.held.Add(bytes)
	for peak := a.peak.Load(); held > peak && !a.peak.CompareAndSwap(peak, held); {
		peak = a.peak.Load()
	}
	if used := a.budget.used.Add(bytes); bytes > 0 && a.budget.limit > 0 && used > a.budget.limit {
		return fmt.Errorf("%s needs more memory than the limit of %s allows (it holds %s)",
			a.operator, formatBytes(a.budget.limit), formatBytes(held))
	}
	return nil
}

// set says how much the operator holds now, for operators of one goroutine.
func (a *account) set(bytes int64) error { return a.grow(bytes - a.held.Load()) }

// blockRows is how many rows of so many bytes are read back from disk at a time: few
// enough for blocks of many runs to fit.
func (b *budget) blockRows(width int64) int {
	return int(min(max(b.limit/blocksHeld/width, leastBlock), greatestBlock))
}

const (
	blocksHeld    = 64
	leastBlock    = 16
	greatestBlock = 1 << 13
)

// spilled notes that the operator wrote so many bytes to disk.
func (a *account) spilled(bytes int64) { a.disk.Add(bytes) }

// release gives everything back.
func (a *account) release() { a.budget.used.Add(-a.held.Swap(0)) }

func formatBytes(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	v, u := float64(n), 0
	for v >= 1000 && u < len(units)-1 {
		v, u = v/1000, u+1
	}
	if u == 0 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", v, units[u])
}

// bytes estimates the memory of the loaded columns of a batch. Dictionaries, which many
// batches share, count as nothing.
func (b *Batch) bytes() int64 {
	var n int64
	for _, c := range b.cols {
		if v, loaded := c.held(); loaded && !v.Const {
			n += arrayBytes(v.Array)
		}
	}
	return n
}

func arrayBytes(arr arrow.Array) int64 {
	rows := int64(arr.Len())
	var n int64
	if arr.NullN() > 0 {
		n = rows / 8
	}
	switch dt := arr.DataType().(type) {
	case *arrow.DictionaryType:
		return n + rows*int64(dt.IndexType.(arrow.FixedWidthDataType).Bytes())
	case *arrow.BooleanType:
		return n + rows/8
	case arrow.FixedWidthDataType:
		return n + rows*int64(dt.Bytes())
	}
	for _, buf := range arr.Data().Buffers() {
		if buf != nil {
			n += int64(buf.Len())
		}
	}
	for _, child := range arr.Data().Children() {
		n += int64(child.SizeInBytes())
	}
	return n
}
