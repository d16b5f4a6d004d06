package exec

import (
	"math"
	"math/bits"
	"sync"

	"tq/functions/kernel"
)

// numberWords is the words of one key of numbers: a column, or two if NULLs don't fit into
// the first.
func numberWords(nums []int64, valid kernel.Validity, key sortKey) []wordColumn {
	return packNumbers(nil, nums, valid, key, 1)
}

// packNumbers appends a key of numbers to columns of words: into the bits that the last one
// has left, if they are enough. Values of NULL rows are arbitrary.
func packNumbers(cols []wordColumn, nums []int64, valid kernel.Validity, key sortKey, threads int) []wordColumn {
	low, high, ok := numberRange(nums, valid, threads)
	if !ok {
		return cols // all NULL
	}
	w := numberWord{nums: nums, valid: valid, desc: key.desc}
	span := uint64(high - low)
	switch {
	case valid.Bits == nil:
	case span == math.MaxUint64: // there is no word left for NULL
		cols = packNulls(cols, valid, len(nums), key.nullsFirst)
	case key.nullsFirst:
		w.base, span = 1, span+1
	default:
		w.null, span = span+1, span+1
	}
	if key.desc {
		w.base += uint64(high)
	} else {
		w.base -= uint64(low)
	}
	w.bits = uint(bits.Len64(span))
	return w.pack(cols, threads)
}

// numberWord is a key of numbers as words: their distance from the least or, descending,
// the greatest of them.
type numberWord struct {
	nums  []int64
	valid kernel.Validity
	desc  bool
	base  uint64 // the word of 0
	null  uint64 // the word of NULL
	bits  uint   // that the words need
}

func (w *numberWord) pack(cols []wordColumn, threads int) []wordColumn {
	if w.bits == 0 {
		return cols // all rows are equal
	}
	if len(cols) == 0 || cols[len(cols)-1].bits+w.bits > 64 {
		cols = append(cols, wordColumn{words: make([]uint64, len(w.nums))})
	}
	last := &cols[len(cols)-1]
	eachRange(threads, len(w.nums), func(_, from, to int) { w.packRows(last.words, from, to) })
	last.bits += w.bits
	return cols
}

// packRows puts the words of rows from … to-1 behind those that are there.
func (w *numberWord) packRows(words []uint64, from, to int) {
	words, nums, base, bits := words[from:to], w.nums[from:to], w.base, w.bits
	switch {
	case w.valid.Bits != nil:
		for i, v := range nums {
			word := w.null
			switch {
			case !w.valid.Valid(from + i):
			case w.desc:
				word = base - uint64(v)
			default:
				word = base + uint64(v)
			}
			words[i] = words[i]<<bits | word
		}
	case w.desc:
		for i, v := range nums {
			words[i] = words[i]<<bits | (base - uint64(v))
		}
	default:
		for i, v := range nums {
			words[i] = words[i]<<bits | (base + uint64(v))
		}
	}
}

// packNulls appends a key that only tells NULLs from values.
func packNulls(cols []wordColumn, valid kernel.Validity, n int, first bool) []wordColumn {
	words := make([]int64, n)
	for i := range words {
		if valid.Valid(i) == first {
			words[i] = 1
		}
	}
	return packNumbers(cols, words, kernel.Validity{}, sortKey{}, 1)
}

// numberRange returns the least and the greatest number that is not NULL.
func numberRange(nums []int64, valid kernel.Validity, threads int) (low, high int64, ok bool) {
	var mu sync.Mutex
	low, high = math.MaxInt64, math.MinInt64
	eachRange(threads, len(nums), func(_, from, to int) {
		least, greatest, some := rangeOf(nums, valid, from, to)
		mu.Lock()
		defer mu.Unlock()
		low, high, ok = min(low, least), max(high, greatest), ok || some
	})
	return low, high, ok
}

func rangeOf(nums []int64, valid kernel.Validity, from, to int) (low, high int64, ok bool) {
	low, high = math.MaxInt64, math.MinInt64
	if valid.Bits == nil {
		for _, v := range nums[from:to] {
			low, high = min(low, v), max(high, v)
		}
		return low, high, from < to
	}
	for i, v := range nums[from:to] {
		if valid.Valid(from + i) {
			low, high, ok = min(low, v), max(high, v), true
		}
	}
	return low, high, ok
}

// leastRange is how many rows are worth a thread that only goes over them once.
const leastRange = 1 << 15

// eachRange has threads call work with parts of 0 … n-1, of which there is one a thread.
func eachRange(threads, n int, work func(part, from, to int)) {
	threads = min(threads, n/leastRange)
	if threads <= 1 {
		work(0, 0, n)
		return
	}
	var running sync.WaitGroup
	for part := range threads {
		running.Go(func() { work(part, part*n/threads, (part+1)*n/threads) })
	}
	running.Wait()
}
