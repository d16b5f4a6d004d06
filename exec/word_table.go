package exec

import "math/bits"

// wordTable maps 64-bit words to 32-bit codes: open addressing with linear probing, at
// most half full.
type wordTable struct {
	slots []wordSlot
	shift uint
	used  int
}

type wordSlot struct {
	word uint64
	code uint32 // code + 1; 0: free
}

func newWordTable(expected int) *wordTable {
	size := 1 << bits.Len(uint(max(expected, 32)*2))
	return &wordTable{slots: make([]wordSlot, size), shift: uint(64 - bits.TrailingZeros(uint(size)))}
}

func (t *wordTable) bytes() int64 { return int64(16 * len(t.slots)) }

// mixWord spreads the entropy of a word to its upper bits (Fibonacci hashing after a
// fold, as keys made of packed fields differ in their upper halves only).
func mixWord(w uint64) uint64 {
	w ^= w >> 32
	return w * 0x9e3779b97f4a7c15
}

// find returns the code of a word, or noCode.
func (t *wordTable) find(word uint64) uint32 {
	mask := uint64(len(t.slots) - 1)
	for at := mixWord(word) >> t.shift; ; at = (at + 1) & mask {
		s := &t.slots[at]
		if s.code == 0 {
			return noCode
		}
		if s.word == word {
			return s.code - 1
		}
	}
}

// insert returns the code of a word, which is code if the word is new.
func (t *wordTable) insert(word uint64, code uint32) uint32 {
	mask := uint64(len(t.slots) - 1)
	for at := mixWord(word) >> t.shift; ; at = (at + 1) & mask {
		s := &t.slots[at]
		if s.code == 0 {
			*s = wordSlot{word, code + 1}
			t.used++
			if 2*t.used > len(t.slots) {
				t.grow()
			}
			return code
		}
		if s.word == word {
			return s.code - 1
		}
	}
}

func (t *wordTable) grow() {
	old := t.slots
	t.slots = make([]wordSlot, 2*len(old))
	t.shift--
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s.code == 0 {
			continue
		}
		at := mixWord(s.word) >> t.shift
		for t.slots[at].code != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = s
	}
}
