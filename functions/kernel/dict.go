package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
)

// DictBuilder collects distinct strings and numbers them from zero.
type DictBuilder struct {
	codes   map[string]int32
	strings *StringBuilder
}

// NewDictBuilder makes an empty builder.
func NewDictBuilder() *DictBuilder {
	return &DictBuilder{codes: map[string]int32{}, strings: NewStringBuilder(0)}
}

// Code returns the code of a string, a new one if it was not seen before.
func (d *DictBuilder) Code(s string) int32 {
	if c, ok := d.codes[s]; ok {
		return c
	}
	c := int32(d.strings.Len())
	d.strings.Append(s)
	d.codes[string([]byte(s))] = c // s may be a view of memory that is large or reused
	return c
}

// Len returns the number of distinct strings.
func (d *DictBuilder) Len() int { return d.strings.Len() }

// Values returns the strings as a VARCHAR array.
func (d *DictBuilder) Values() arrow.Array {
	return FromOffsets(arrow.BinaryTypes.String, d.strings.offsets, d.strings.data, Validity{})
}

// Encoded returns a VARCHAR column in its dictionary-encoded form.
func Encoded(a arrow.Array) arrow.Array {
	if a.DataType().ID() != arrow.STRING {
		return a
	}
	s, v, d := StringsOf(a), ValidityOf(a), NewDictBuilder()
	codes := make([]int32, a.Len())
	for i := range codes {
		if v.Valid(i) {
			codes[i] = d.Code(s.At(i))
		}
	}
	return FromCodes(codes, v, d.Values())
}

// Recode returns a column of the strings values[codes[i]]; the codes of rows that are
// NULL in v are not looked at. values need not be distinct, but the result's dictionary
// is; values that are NULL make their rows NULL.
func Recode(values arrow.Array, codes []int32, v Validity) arrow.Array {
	s, vv := StringsOf(values), ValidityOf(values)
	d := NewDictBuilder()
	remap := make([]int32, values.Len())
	same := vv.Bits == nil && values.DataType().ID() == arrow.STRING
	for i := range remap {
		if !vv.Valid(i) {
			remap[i] = -1
			continue
		}
		remap[i] = d.Code(s.At(i))
		same = same && remap[i] == int32(i)
	}
	if same {
		return FromCodes(codes, v, values)
	}
	out := make([]int32, len(codes))
	valid := NewBitmap(len(codes))
	for i, c := range codes {
		if v.Valid(i) && remap[c] >= 0 {
			out[i] = remap[c]
			valid.Set(i)
		}
	}
	return FromCodes(out, NewValidity(valid, len(codes)), d.Values())
}
