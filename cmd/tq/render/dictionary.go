package render

import (
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

// maxDictionary bounds the dictionaries whose text is kept: in a larger one values
// hardly repeat, and keeping their text would take as much memory as they do.
const maxDictionary = 1 << 16

// dictionary is the text of those values of a dictionary that have occurred. That of a
// later batch mostly extends that of an earlier one, whose text is kept.
type dictionary struct {
	id       unsafe.Pointer
	text     []byte
	from, to []int32 // from is -1 for values that have not occurred yet
}

// rows turns rows i … j-1 of a dictionary-encoded column into text.
func (d *dictionary) rows(out *cells, arr arrow.Array, i, j int, how *dialect) {
	values := arr.Data().Dictionary()
	if id := identity(values); id == nil || id != d.id {
		*d = dictionary{id: id, text: append([]byte(nil), how.null...)}
	}
	for len(d.from) < values.Len() {
		d.from, d.to = append(d.from, -1), append(d.to, -1)
	}
	text := kernel.StringsOf(array.MakeFromData(values))
	codes, valid := kernel.Values[int32](arr)[i:j], kernel.ValidityOf(arr)
	out.resize(len(codes))
	for r, code := range codes {
		if valid.Nulls > 0 && !valid.Valid(i+r) {
			out.from[r], out.to[r] = 0, int32(len(how.null))
			continue
		}
		if d.from[code] < 0 {
			d.from[code] = int32(len(d.text))
			d.text = how.text(d.text, text.At(int(code)))
			d.to[code] = int32(len(d.text))
		}
		out.from[r], out.to[r] = d.from[code], d.to[code]
	}
	out.text, out.kept = d.text, true
}

// identity is the address of a dictionary's offsets, which a dictionary that grows
// keeps; nil when it has none.
func identity(values arrow.ArrayData) unsafe.Pointer {
	if values.Len() == 0 || values.Offset() != 0 || values.Buffers()[1] == nil {
		return nil
	}
	return unsafe.Pointer(unsafe.SliceData(values.Buffers()[1].Bytes()))
}
