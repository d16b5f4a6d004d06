package kernel

import (
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

var dictType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// Values returns the values of an array of fixed width; T must be the Go type of the
// array's kind. NULL rows hold anything.
func Values[T Fixed](a arrow.Array) []T {
	d := a.Data()
	if d.Len() == 0 {
		return nil
	}
	b := d.Buffers()[1].Bytes()
	p := (*T)(unsafe.Pointer(unsafe.SliceData(b)))
	return unsafe.Slice(p, d.Offset()+d.Len())[d.Offset():]
}

// Bits returns the values of a BOOLEAN array as a bitmap that begins at bit 0.
func Bits(a arrow.Array) []byte {
	d := a.Data()
	if d.Len() == 0 {
		return nil
	}
	return shiftBits(d.Buffers()[1].Bytes(), d.Offset(), d.Len())
}

// Codes returns the codes and the dictionary of a dictionary array. The dictionary's
// values are distinct and none is NULL; the codes of NULL rows may be anything.
func Codes(a arrow.Array) (codes []int32, dict arrow.Array) {
	return Values[int32](a), array.MakeFromData(a.Data().Dictionary())
}

// Unsigned is the same memory as unsigned numbers, to be read only.
func Unsigned(codes []int32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(codes))), len(codes))
}

// sharePrefix reports whether the shorter of two dictionaries is known to be a prefix of
// the longer: dictionaries that grow keep their memory.
func sharePrefix(x, y arrow.ArrayData) bool {
	if x.Len() == 0 || y.Len() == 0 {
		return true
	}
	return x.Offset() == y.Offset() &&
		unsafe.SliceData(x.Buffers()[1].Bytes()) == unsafe.SliceData(y.Buffers()[1].Bytes())
}

// FromValues makes an array of fixed width of type dt, of which T is the Go type. It
// takes ownership of the slice.
func FromValues[T Fixed](dt arrow.DataType, values []T, v Validity) arrow.Array {
	return array.MakeFromData(array.NewData(dt, len(values),
		[]*memory.Buffer{v.buffer(), bufferOf(values)}, nil, v.Nulls, 0))
}

// FromBits makes a BOOLEAN array of n rows. It takes ownership of the bitmap.
func FromBits(bitmap []byte, n int, v Validity) arrow.Array {
	return array.MakeFromData(array.NewData(arrow.FixedWidthTypes.Boolean, n,
		[]*memory.Buffer{v.buffer(), memory.NewBufferBytes(bitmap)}, nil, v.Nulls, 0))
}

// FromBools makes a BOOLEAN array from one byte a row.
func FromBools(values []bool, v Validity) arrow.Array {
	return FromBits(PackBools(values), len(values), v)
}

// PackBools packs booleans into a bitmap.
func PackBools(values []bool) []byte {
	out := make([]byte, bitBytes(len(values)))
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values))
	full := len(raw) &^ 7
	for i := 0; i < full; i += 8 {
		r := raw[i : i+8 : i+8]
		out[i>>3] = r[0] | r[1]<<1 | r[2]<<2 | r[3]<<3 | r[4]<<4 | r[5]<<5 | r[6]<<6 | r[7]<<7
	}
	for i := full; i < len(raw); i++ {
		out[i>>3] |= raw[i] << (i & 7)
	}
	return out
}

// FromOffsets makes a VARCHAR or BLOB array; row i is data[offsets[i]:offsets[i+1]].
func FromOffsets(dt arrow.DataType, offsets []int32, data []byte, v Validity) arrow.Array {
	return array.MakeFromData(array.NewData(dt, len(offsets)-1,
		[]*memory.Buffer{v.buffer(), bufferOf(offsets), memory.NewBufferBytes(data)}, nil, v.Nulls, 0))
}

// FromCodes makes a dictionary-encoded VARCHAR array. The values of dict must be
// distinct and not NULL.
func FromCodes(codes []int32, v Validity, dict arrow.Array) arrow.Array {
	return array.NewDictionaryData(array.NewDataWithDictionary(dictType, len(codes),
		[]*memory.Buffer{v.buffer(), bufferOf(codes)}, v.Nulls, 0, dict.Data().(*array.Data)))
}

// FromLists makes a LIST or MAP array; row i is the values offsets[i] to offsets[i+1].
func FromLists(dt arrow.DataType, offsets []int32, values arrow.Array, v Validity) arrow.Array {
	return array.MakeFromData(array.NewData(dt, len(offsets)-1,
		[]*memory.Buffer{v.buffer(), bufferOf(offsets)}, []arrow.ArrayData{values.Data()}, v.Nulls, 0))
}

// FromFields makes a STRUCT array of n rows.
func FromFields(dt arrow.DataType, n int, fields []arrow.Array, v Validity) arrow.Array {
	children := make([]arrow.ArrayData, len(fields))
	for i, f := range fields {
		children[i] = f.Data()
	}
	return array.MakeFromData(array.NewData(dt, n, []*memory.Buffer{v.buffer()}, children, v.Nulls, 0))
}

// ListParts returns the offsets of a LIST or MAP array and the values they point into.
func ListParts(a arrow.Array) (offsets []int32, values arrow.Array) {
	d := a.Data()
	values = array.MakeFromData(d.Children()[0])
	if d.Len() == 0 {
		return []int32{0}, values
	}
	return offsetsOf(d), values
}

// StructField returns field f of a STRUCT array, without the struct's own NULLs.
func StructField(a arrow.Array, f int) arrow.Array {
	d := a.Data()
	child := array.MakeFromData(d.Children()[f])
	if d.Offset() == 0 && child.Len() == d.Len() {
		return child
	}
	return Slice(child, d.Offset(), d.Offset()+d.Len())
}

// Slice returns rows i to j of an array without copying. Unlike array.NewSlice it knows
// the number of nulls at once, so that the slice may be shared between goroutines.
func Slice(a arrow.Array, i, j int) arrow.Array {
	if i == 0 && j == a.Len() {
		return a
	}
	d := array.NewSliceData(a.Data(), int64(i), int64(j)).(*array.Data)
	if d.NullN() != 0 && d.DataType().ID() != arrow.NULL && d.Buffers()[0] != nil {
		d.SetNullN(d.Len() - countBitsAt(d.Buffers()[0].Bytes(), d.Offset(), d.Len()))
	}
	return array.MakeFromData(d)
}

// Retype returns the same values under another type of the same kind.
func Retype(a arrow.Array, dt arrow.DataType) arrow.Array {
	if a.DataType() == dt {
		return a
	}
	d := a.Data()
	return array.MakeFromData(array.NewData(dt, d.Len(), d.Buffers(), d.Children(), ValidityOf(a).Nulls, d.Offset()))
}

// WithValidity returns an array with the same values whose rows are NULL as v says.
func WithValidity(a arrow.Array, v Validity) arrow.Array {
	d := a.Data()
	switch KindOf(d.DataType()) {
	case Null:
		return a
	case Bool:
		return FromBits(Bits(a), d.Len(), v)
	case Struct:
		fields := make([]arrow.Array, len(d.Children()))
		for i := range fields {
			fields[i] = StructField(a, i)
		}
		return FromFields(d.DataType(), d.Len(), fields, v)
	case Dict:
		return FromCodes(Values[int32](a), v, array.MakeFromData(d.Dictionary()))
	case String:
		off, data := stringParts(d)
		return FromOffsets(d.DataType(), off, data, v)
	case List:
		off, values := ListParts(a)
		return FromLists(d.DataType(), off, values, v)
	}
	w := KindOf(d.DataType()).width()
	raw := d.Buffers()[1].Bytes()[d.Offset()*w : (d.Offset()+d.Len())*w]
	return array.MakeFromData(array.NewData(d.DataType(), d.Len(),
		[]*memory.Buffer{v.buffer(), memory.NewBufferBytes(raw)}, nil, v.Nulls, 0))
}

func countBitsAt(b []byte, off, n int) int {
	return CountBits(shiftBits(b, off, n), n)
}

func bufferOf[T Fixed](s []T) *memory.Buffer {
	var zero T
	p := (*byte)(unsafe.Pointer(unsafe.SliceData(s)))
	return memory.NewBufferBytes(unsafe.Slice(p, len(s)*int(unsafe.Sizeof(zero))))
}

// offsetsOf returns the Len+1 offsets of an array with at least one row.
func offsetsOf(d arrow.ArrayData) []int32 {
	b := d.Buffers()[1].Bytes()
	p := (*int32)(unsafe.Pointer(unsafe.SliceData(b)))
	return unsafe.Slice(p, d.Offset()+d.Len()+1)[d.Offset():]
}

// stringParts returns the offsets and bytes of a VARCHAR or BLOB array.
func stringParts(d arrow.ArrayData) (offsets []int32, data []byte) {
	if d.Len() == 0 {
		return []int32{0}, nil
	}
	if b := d.Buffers()[2]; b != nil {
		data = b.Bytes()
	}
	return offsetsOf(d), data
}
