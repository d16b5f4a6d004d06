package kernel

import (
	"github.com/apache/arrow/go/v17/arrow"
)

// compareStrings compares VARCHAR or BLOB columns in any of their forms.
func compareStrings(equal bool, a, b Vec, out Bitmap, n int) {
	switch {
	case b.Const && perValue(a.Array, n):
		compareDict(equal, a.Array, b.Array, false, out)
		return
	case a.Const && perValue(b.Array, n):
		compareDict(equal, b.Array, a.Array, true, out)
		return
	case equal && !a.Const && !b.Const && compareCodes(a.Array, b.Array, out, n):
		return
	}
	x, y := StringsOf(a.Array), StringsOf(b.Array)
	mx, my := rowMask(a), rowMask(b)
	if equal {
		for i := range n {
			out[i>>3] |= b2u(x.At(i&mx) == y.At(i&my)) << (i & 7)
		}
		return
	}
	for i := range n {
		out[i>>3] |= b2u(x.At(i&mx) < y.At(i&my)) << (i & 7)
	}
}

// compareDict compares each dictionary value with the constant k once. swapped means
// that k stands on the left.
func compareDict(equal bool, a, k arrow.Array, swapped bool, out Bitmap) {
	codes, dict := Codes(a)
	values, want := StringsOf(dict), StringsOf(k).At(0)
	once := make([]byte, dict.Len())
	for c := range once {
		v := values.At(c)
		switch {
		case equal:
			once[c] = b2u(v == want)
		case swapped:
			once[c] = b2u(want < v)
		default:
			once[c] = b2u(v < want)
		}
	}
	GatherBits(once, codes, out)
}

// GatherBits sets the bits of the rows whose code has a 1 in once. Codes outside once,
// of NULL rows, leave 0.
func GatherBits(once []byte, codes []int32, out Bitmap) {
	at := func(c int32) byte {
		if uint(c) < uint(len(once)) {
			return once[c]
		}
		return 0
	}
	for len(codes) >= 8 {
		c := codes[:8:8]
		out[0] = at(c[0]) | at(c[1])<<1 | at(c[2])<<2 | at(c[3])<<3 | at(c[4])<<4 | at(c[5])<<5 | at(c[6])<<6 | at(c[7])<<7
		codes, out = codes[8:], out[1:]
	}
	for i, c := range codes {
		out[0] |= at(c) << i
	}
}

// compareCodes tells equal strings of two dictionary columns by their codes, if it can:
// under one dictionary, or when the smaller dictionary can be looked up in the other.
func compareCodes(a, b arrow.Array, out Bitmap, n int) bool {
	if a.DataType().ID() != arrow.DICTIONARY || b.DataType().ID() != arrow.DICTIONARY {
		return false
	}
	da, db := a.Data().Dictionary(), b.Data().Dictionary()
	x, y := Values[int32](a), Values[int32](b)
	if da == db || sharePrefix(da, db) {
		equalEach(x, y, out)
		return true
	}
	if da.Len()+db.Len() > n {
		return false
	}
	_, va := Codes(a)
	_, vb := Codes(b)
	sa, sb := StringsOf(va), StringsOf(vb)
	codes := make(map[string]int32, va.Len())
	for c := range va.Len() {
		codes[sa.At(c)] = int32(c)
	}
	remap := make([]int32, vb.Len())
	for c := range remap {
		remap[c] = -1
		if code, ok := codes[sb.At(c)]; ok {
			remap[c] = code
		}
	}
	for i, c := range y {
		if uint(c) < uint(len(remap)) {
			out[i>>3] |= b2u(x[i] == remap[c]) << (i & 7)
		}
	}
	return true
}
