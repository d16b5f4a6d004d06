package kernel

import (
	"errors"
	"math"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// ErrTooLong is returned when the strings of one column exceed 2 GiB.
var ErrTooLong = errors.New("strings of one batch exceed 2 GiB")

// Strings is one view of VARCHAR and BLOB arrays, plain or dictionary-encoded.
type Strings struct {
	codes   []int32 // nil for a plain array
	offsets []int32
	data    []byte
}

// StringsOf returns the strings of an array.
func StringsOf(a arrow.Array) Strings {
	d := a.Data()
	var s Strings
	if d.DataType().ID() == arrow.DICTIONARY {
		s.codes = Values[int32](a)
		if s.codes == nil {
			s.codes = []int32{}
		}
		d = d.Dictionary()
	}
	s.offsets, s.data = stringParts(d)
	return s
}

// At returns the string of row i. It shares the array's memory and is "" or anything
// else for a NULL row.
func (s Strings) At(i int) string {
	if s.codes != nil {
		i = int(s.codes[i])
		if uint(i) >= uint(len(s.offsets)-1) {
			return "" // a NULL row
		}
	}
	return bytesString(s.data[s.offsets[i]:s.offsets[i+1]])
}

// Bytes returns the bytes of row i, which must not be changed.
func (s Strings) Bytes(i int) []byte {
	if s.codes != nil {
		i = int(s.codes[i])
		if uint(i) >= uint(len(s.offsets)-1) {
			return nil
		}
	}
	return s.data[s.offsets[i]:s.offsets[i+1]]
}

func bytesString(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// StringBuilder collects the rows of a VARCHAR or BLOB array.
type StringBuilder struct {
	offsets []int32
	data    []byte
	valid   Bitmap // nil until the first NULL
	nulls   int
	long    bool
}

// NewStringBuilder makes a builder for about n rows.
func NewStringBuilder(n int) *StringBuilder {
	return &StringBuilder{offsets: append(make([]int32, 0, n+1), 0)}
}

// Len returns the number of rows so far.
func (b *StringBuilder) Len() int { return len(b.offsets) - 1 }

// Append adds a row.
func (b *StringBuilder) Append(s string) {
	b.data = append(b.data, s...)
	b.end()
}

// AppendBytes adds a row.
func (b *StringBuilder) AppendBytes(s []byte) {
	b.data = append(b.data, s...)
	b.end()
}

// Buffer gives the bytes so far to be appended to; [StringBuilder.SetBuffer] then ends
// the row.
func (b *StringBuilder) Buffer() []byte { return b.data }

// SetBuffer takes back what [StringBuilder.Buffer] gave, with the row appended.
func (b *StringBuilder) SetBuffer(data []byte) {
	b.data = data
	b.end()
}

// Truncate drops what was appended to the buffer since it was n bytes long.
func (b *StringBuilder) Truncate(n int) { b.data = b.data[:n] }

func (b *StringBuilder) end() {
	if len(b.data) > math.MaxInt32 {
		b.long = true
		b.data = b.data[:b.offsets[len(b.offsets)-1]]
	}
	b.offsets = append(b.offsets, int32(len(b.data)))
	if b.valid != nil {
		b.mark(true)
	}
}

// AppendNull adds a NULL.
func (b *StringBuilder) AppendNull() {
	if b.valid == nil {
		b.valid = NewBitmap(cap(b.offsets))
		b.valid.SetAll(len(b.offsets) - 1)
	}
	b.offsets = append(b.offsets, int32(len(b.data)))
	b.nulls++
	b.mark(false)
}

func (b *StringBuilder) mark(valid bool) {
	i := len(b.offsets) - 2
	if i>>3 >= len(b.valid) {
		b.valid = append(b.valid, make(Bitmap, len(b.valid)+1)...)
	}
	if valid {
		b.valid.Set(i)
	} else {
		b.valid.Clear(i)
	}
}

// Finish returns the rows as an array of type dt, VARCHAR or BLOB.
func (b *StringBuilder) Finish(dt arrow.DataType) (arrow.Array, error) {
	if b.long {
		return nil, ErrTooLong
	}
	v := Validity{Bits: b.valid, Nulls: b.nulls}
	return FromOffsets(dt, b.offsets, b.data, v), nil
}

// Plain returns a VARCHAR array in its plain form.
func Plain(a arrow.Array) (arrow.Array, error) {
	if a.DataType().ID() != arrow.DICTIONARY {
		return a, nil
	}
	s, v := StringsOf(a), ValidityOf(a)
	b := NewStringBuilder(a.Len())
	for i := range a.Len() {
		if v.Valid(i) {
			b.Append(s.At(i))
		} else {
			b.AppendNull()
		}
	}
	return b.Finish(arrow.BinaryTypes.String)
}

// perValue says whether something about n rows of a dictionary array is better computed
// once per dictionary value than once per row. Dictionaries grow over a whole scan and
// may be far larger than a batch.
func perValue(a arrow.Array, n int) bool {
	return a.DataType().ID() == arrow.DICTIONARY && a.Data().Dictionary().Len() <= n
}

// ByValue splits a column into distinct values and codes, if computing per distinct
// value is worth while: then f(values) gathered by codes is f(column). Otherwise codes
// is nil and values are the rows themselves.
func ByValue(v Vec, n int) (values arrow.Array, codes []int32) {
	if !v.Const && perValue(v.Array, n) {
		return array.MakeFromData(v.Data().Dictionary()), Values[int32](v.Array)
	}
	return v.Array, nil
}
