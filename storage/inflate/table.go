package inflate

import "math/bits"

// Codes are looked up by their first bits; those that are longer, then by the rest in a
// table of their own behind.
const (
	maxCodeLen = 15
	literalLen = 288 // symbols for literals and lengths
	distLen    = 32  // symbols for distances

	literalBits = 11
	distBits    = 8
	// The most entries that any code needs (zlib's examples/enough.c).
	literalRoom = 2342
	distRoom    = 402
)

// entry is what a code stands for: the code's length in bits 0 to 3, how many bits there
// are with those that follow it in bits 8 to 12, a value in bits 16 to 31, and flags.
type entry uint32

const (
	isLiteral entry = 1 << 15 // the value
	isOdd     entry = 1 << 14 // none of the following, or the next two
	isEnd     entry = 1 << 13 // the end of the block
	isLonger  entry = 1 << 7  // the value is where a table begins, for so many bits more

	invalid = isOdd
)

func (e entry) codeLen() uint { return uint(e & 15) }
func (e entry) bits() uint    { return uint(e>>8) & 31 }
func (e entry) value() int    { return int(e >> 16) }

// literalEntries, distEntries and orderEntries are what symbols stand for, but for the
// length of their codes, which adds to both numbers of bits.
var (
	literalEntries = func() (list [literalLen]entry) {
		for i := range 256 {
			list[i] = isLiteral | entry(i)<<16
		}
		list[256] = isOdd | isEnd
		base := 3
		for i := range 29 {
			extra := max(0, i/4-1)
			list[257+i] = entry(base)<<16 | entry(extra)<<8
			base += 1 << extra
		}
		list[285] = 258 << 16 // without extra bits
		list[286], list[287] = invalid, invalid
		return list
	}()
	distEntries = func() (list [distLen]entry) {
		base := 1
		for i := range 30 {
			extra := max(0, i/2-1)
			list[i] = entry(base)<<16 | entry(extra)<<8
			base += 1 << extra
		}
		list[30], list[31] = invalid, invalid
		return list
	}()
	orderEntries = func() (list [19]entry) {
		for i := range list {
			list[i] = entry(i) << 16
		}
		return list
	}()
)

// build fills a table for the codes of the given lengths, of symbols that stand for the
// given entries. It returns false when there is no such code.
func build(table []entry, tableBits uint, lengths []uint8, symbols []entry) bool {
	var count, next [maxCodeLen + 2]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code, longest, used := 0, uint(0), 0
	for n := uint(1); n <= maxCodeLen; n++ {
		code = (code + count[n-1]) << 1
		next[n] = code
		if used += count[n]; count[n] > 0 {
			longest = n
		}
		if code+count[n] > 1<<n {
			return false
		}
	}
	// A code that leaves something out is none, unless it is of a single symbol, or of none.
	if used > 1 && next[longest]+count[longest] != 1<<longest || used == 1 && longest != 1 {
		return false
	}
	main := table[:1<<tableBits]
	for i := range main {
		main[i] = invalid
	}
	var deepest [1 << literalBits]uint8 // length of the longest code that begins with so many bits
	if longest > tableBits {
		places := next
		for _, n := range lengths {
			if uint(n) > tableBits {
				prefix := reverse(places[n], uint(n)) & (1<<tableBits - 1)
				deepest[prefix] = max(deepest[prefix], n)
			}
			places[n]++
		}
	}
	free := len(main)
	for symbol, length := range lengths {
		n := uint(length)
		if n == 0 {
			continue
		}
		r := reverse(next[n], n)
		next[n]++
		e := symbols[symbol]
		if n <= tableBits {
			e += entry(n) | entry(n)<<8
			for i := r; i < len(main); i += 1 << n {
				main[i] = e
			}
			continue
		}
		prefix := r & (len(main) - 1)
		more := uint(deepest[prefix]) - tableBits
		if main[prefix] == invalid {
			main[prefix] = isOdd | isLonger | entry(tableBits) | entry(more)<<8 | entry(free)<<16
			for i := range 1 << more {
				table[free+i] = invalid
			}
			free += 1 << more
		}
		n -= tableBits
		e += entry(n) | entry(n)<<8
		longer := table[main[prefix].value():][:1<<more]
		for i := r >> tableBits; i < len(longer); i += 1 << n {
			longer[i] = e
		}
	}
	return true
}

// reverse returns the first n bits of a code in the order they are read in.
func reverse(code int, n uint) int {
	return int(bits.Reverse16(uint16(code)) >> (16 - n))
}
