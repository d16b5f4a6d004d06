package exec

import "math/bits"

// wordFilter tells of most words that are not in a [wordTable] that they aren't: a Bloom
// filter with one hash. It is so much smaller than the table that it stays in the cache
// where few of many words are found.
type wordFilter struct {
	bits  []uint64
	shift uint
}

// filterBits is how many bits a filter has for each word, at least.
const filterBits = 8

func newWordFilter(t *wordTable) *wordFilter {
	size := max(bits.Len(uint(t.used*filterBits-1)), 6)
	f := &wordFilter{bits: make([]uint64, 1<<(size-6)), shift: uint(64 - size)}
	for _, s := range t.slots {
		if s.code != 0 {
			at := mixWord(s.word) >> f.shift
			f.bits[at>>6] |= 1 << (at & 63)
		}
	}
	return f
}

// mayHold is false only of words that are not in the table.
func (f *wordFilter) mayHold(word uint64) bool {
	at := mixWord(word) >> f.shift
	return f.bits[at>>6]>>(at&63)&1 != 0
}
