package files

import (
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"

	"tq/functions/kernel"
)

// repeatedStrings makes a dictionary-encoded column of strings of which many are the same
// memory, as those are that a Parquet file stores in a dictionary: only where a string is
// first seen need its bytes be looked at. It gives up when too many are distinct.
func repeatedStrings(values []parquet.ByteArray) (arrow.Array, bool) {
	if len(values) < minRepeated {
		return nil, false
	}
	limit := len(values) / 4
	dict := kernel.NewDictBuilder()
	codes := make([]int32, len(values))
	seen := newPointerTable(limit)
	empty := int32(-1)
	for i, v := range values {
		if len(v) == 0 { // whatever it points to
			if empty < 0 {
				empty = dict.Code("")
			}
			codes[i] = empty
			continue
		}
		slot := seen.slot(unsafe.SliceData(v))
		if slot.at == nil {
			if seen.used++; seen.used > limit {
				return nil, false
			}
			*slot = pointerCode{unsafe.SliceData(v), dict.Code(unsafe.String(unsafe.SliceData(v), len(v)))}
		}
		codes[i] = slot.code
	}
	return kernel.FromCodes(codes, kernel.Validity{}, dict.Values()), true
}

// minRepeated is how many values are worth a dictionary.
const minRepeated = 64

// pointerTable is a hash table from the place of a string to its code.
type pointerTable struct {
	slots []pointerCode
	shift int
	used  int
}

type pointerCode struct {
	at   *byte
	code int32
}

// newPointerTable makes a table for n places.
func newPointerTable(n int) *pointerTable {
	bits := 4
	for 1<<bits < 2*n {
		bits++
	}
	return &pointerTable{slots: make([]pointerCode, 1<<bits), shift: 64 - bits}
}

// slot returns the slot of a place, which is empty if it was not seen before.
func (t *pointerTable) slot(at *byte) *pointerCode {
	h := uint64(uintptr(unsafe.Pointer(at))) * 0x9E3779B97F4A7C15 >> t.shift
	for {
		s := &t.slots[h]
		if s.at == at || s.at == nil {
			return s
		}
		if h++; h == uint64(len(t.slots)) {
			h = 0
		}
	}
}
