package kernel

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
)

// plainText returns the offsets and the bytes that a plain VARCHAR or BLOB array stands
// on; ok is false for a dictionary.
func plainText(a arrow.Array) (offsets []int32, data []byte, ok bool) {
	if a.DataType().ID() == arrow.DICTIONARY {
		return nil, nil, false
	}
	offsets, data = stringParts(a.Data())
	return offsets, data, true
}

// isASCII reports whether no byte starts or continues a longer character.
func isASCII(data []byte) bool {
	const high = 0x8080808080808080
	for len(data) >= 32 {
		if (binary.LittleEndian.Uint64(data)|binary.LittleEndian.Uint64(data[8:])|
			binary.LittleEndian.Uint64(data[16:])|binary.LittleEndian.Uint64(data[24:]))&high != 0 {
			return false
		}
		data = data[32:]
	}
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Lengths returns how many characters the text of each row has or, with inBytes, how many
// bytes. It is anything for NULL rows.
func Lengths(a arrow.Array, inBytes bool) []int64 {
	out := make([]int64, a.Len())
	offsets, data, plain := plainText(a)
	if plain && (inBytes || isASCII(data[offsets[0]:offsets[len(offsets)-1]])) {
		for i := range out {
			out[i] = int64(offsets[i+1] - offsets[i])
		}
		return out
	}
	s := StringsOf(a)
	for i := range out {
		if out[i] = int64(len(s.At(i))); !inBytes {
			out[i] = int64(utf8.RuneCountInString(s.At(i)))
		}
	}
	return out
}

// ContainBits returns a bitmap of the rows of a plain VARCHAR array in which a text that
// is not empty occurs. It searches the bytes of all rows in one go; bits of NULL rows may
// be anything.
func ContainBits(a arrow.Array, text []byte) []byte {
	out := NewBitmap(a.Len())
	offsets, data, _ := plainText(a)
	row, at := 0, int(offsets[0])
	data = data[:offsets[len(offsets)-1]]
	rare := rarest(text, data[at:min(at+sampleBytes, len(data))])
	for at+len(text) <= len(data) {
		found := bytes.IndexByte(data[at+rare:], text[rare])
		if at += found; found < 0 || at+len(text) > len(data) {
			break
		}
		if !bytes.Equal(data[at:at+len(text)], text) {
			at++
			continue
		}
		for int(offsets[row+1]) <= at {
			row++
		}
		if end := int(offsets[row+1]); at+len(text) <= end {
			out.Set(row)
			at = end
		} else {
			at++ // it reaches into the next row
		}
	}
	return out
}

// sampleBytes is how much is looked at to see which bytes are rare.
const sampleBytes = 1 << 12

// rarest returns the place in text of the byte that a sample has least of: looking for
// that one leaves the fewest places to compare.
func rarest(text, sample []byte) int {
	var counts [256]int32
	for _, b := range sample {
		counts[b]++
	}
	best := 0
	for i, b := range text {
		if counts[b] < counts[text[best]] {
			best = i
		}
	}
	return best
}
