package exec

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
)

// budget is the memory that the operators of one query may hold together.
type budget struct {
	limit int64 // 0: none
	used  int64
}

// account is one operator's part of the budget.
type account struct {
	budget   *budget
	operator string
	held     int64
	peak     int64
}

func (b *budget) account(operator string) *account {
	return &account{budget: b, operator: operator}
}

// named says whose account it is.
func (a *account) named(operator string) *account {
	a.operator = operator
	return a
}

// grow adds to what the operator holds.
func (a *account) grow(bytes int64) error { return a.set(a.held + bytes) }

// set says how much the operator holds now. It fails when that is more than the query
// may hold, naming the operator, since that is what a user can do something about.
func (a *account) set(bytes int64) error {
	a.budget.used += bytes - a.held
	a.held = bytes
	a.peak = max(a.peak, bytes)
	if a.budget.limit > 0 && a.budget.used > a.budget.limit {
		return fmt.Errorf("%s needs more memory than the limit of %s allows (it holds %s)",
			a.operator, formatBytes(a.budget.limit), formatBytes(a.held))
	}
	return nil
}

// release gives everything back.
func (a *account) release() {
	a.budget.used -= a.held
	a.held = 0
}

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
		if c.loaded() && !c.vec.Const {
			n += arrayBytes(c.vec.Array)
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
