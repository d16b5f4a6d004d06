package exec

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// Integers that lie at most so many values apart are numbered through an array instead of
// a hash table: a few at any rate, and a few for each value, as hash tables need more.
const (
	leastWindow    = 1 << 18
	windowPerValue = 4
	greatestWindow = 1 << 28
)

// wordEncoder encodes fixed-width values. As long as they lie close together, codes are
// found by indexing an array (the window); else in a hash table.
type wordEncoder struct {
	coder
	buffer wordBuffer

	window []uint32 // code + 1 of low, low+1 …; 0: not seen
	low    int64
	table  *wordTable  // instead of the window; nil while the window will do
	filter *wordFilter // of the table; nil until it is frozen
}

func newWordEncoder() *wordEncoder {
	return &wordEncoder{coder: coder{null: noCode}}
}

func (e *wordEncoder) reader() keyEncoder {
	r := *e
	r.buffer = wordBuffer{}
	return &r
}

// freeze implements [freezer].
func (e *wordEncoder) freeze() {
	if e.table != nil {
		e.filter = newWordFilter(e.table)
	}
}

func (e *wordEncoder) bytes() int64 {
	n := int64(4 * len(e.window))
	if e.table != nil {
		n += e.table.bytes()
	}
	return n
}

func (e *wordEncoder) encode(arr arrow.Array, codes []uint32, add bool) {
	if arr.DataType().ID() == arrow.NULL {
		for i := range codes {
			codes[i] = e.nullCode(add)
		}
		return
	}
	vals := e.buffer.words(arr)[:len(codes)]
	valid := kernel.ValidityOf(arr)
	if valid.Bits == nil {
		e.encodeRun(vals, codes, add)
		return
	}
	// Runs of valid rows between NULLs, so that garbage under a NULL is never looked at.
	for i := 0; i < len(codes); {
		if !valid.Valid(i) {
			codes[i] = e.nullCode(add)
			i++
			continue
		}
		end := i + 1
		for end < len(codes) && valid.Valid(end) {
			end++
		}
		e.encodeRun(vals[i:end], codes[i:end], add)
		i = end
	}
}

func (e *wordEncoder) encodeRun(vals []int64, codes []uint32, add bool) {
	for e.table == nil {
		done := e.encodeWindow(vals, codes, add)
		if vals, codes = vals[done:], codes[done:]; len(vals) == 0 {
			return
		}
		e.widen(vals)
	}
	e.encodeHashed(vals, codes, add)
}

// encodeWindow encodes values up to the first that the window has to be widened for, and
// returns how many.
func (e *wordEncoder) encodeWindow(vals []int64, codes []uint32, add bool) int {
	window, low := e.window, e.low
	codes = codes[:len(vals)]
	for i, v := range vals {
		at := uint64(v - low)
		if at >= uint64(len(window)) {
			if add {
				return i
			}
			codes[i] = noCode
			continue
		}
		c := window[at]
		if c == 0 {
			if !add {
				codes[i] = noCode
				continue
			}
			c = e.new() + 1
			window[at] = c
		}
		codes[i] = c - 1
	}
	return len(vals)
}

func (e *wordEncoder) encodeHashed(vals []int64, codes []uint32, add bool) {
	if !add {
		for i, v := range vals {
			codes[i] = noCode
			if e.filter == nil || e.filter.mayHold(uint64(v)) {
				codes[i] = e.table.find(uint64(v))
			}
		}
		return
	}
	for i, v := range vals {
		if i > 0 && v == vals[i-1] { // equal values mostly come in runs
			codes[i] = codes[i-1]
			continue
		}
		codes[i] = e.table.insert(uint64(v), e.next)
		if codes[i] == e.next {
			e.next++
		}
	}
}

// widen makes the window cover the values, or moves to a hash table if it would become
// too wide.
func (e *wordEncoder) widen(vals []int64) {
	low, high := slices.Min(vals), slices.Max(vals)
	if len(e.window) > 0 {
		low, high = min(low, e.low), max(high, e.low+int64(len(e.window))-1)
	}
	most := min(max(leastWindow, windowPerValue*(int(e.next)+len(vals))), greatestWindow)
	if width := uint64(high - low); width >= uint64(most) {
		e.table = newWordTable(int(e.next) + len(vals)/4)
		for i, c := range e.window {
			if c != 0 {
				e.table.insert(uint64(e.low+int64(i)), c-1)
			}
		}
		e.window = nil
		return
	}
	// Half as much again, so that slowly widening values don't copy it every time.
	size := min((int(high-low)+1)*3/2, most)
	if beyond := uint64(math.MaxInt64 - low); uint64(size) > beyond {
		size = int(beyond) + 1 // there are no values after the greatest
	}
	window := make([]uint32, size)
	if len(e.window) > 0 {
		copy(window[e.low-low:], e.window)
	}
	e.window, e.low = window, low
}
