package exectest

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// form is one way in which the same rows can lie in memory.
type form struct {
	name      string
	chunkRows int
	column    func(dt arrow.DataType, values []any, grown *kernel.DictBuilder) (arrow.Array, error)
}

var forms = []form{
	{"plain", 1 << 16, plainColumn},
	{"plain in chunks", 5, plainColumn},
	{"dictionary", 1 << 16, dictColumn},
	{"growing dictionary in chunks", 4, growingColumn},
	{"other dictionaries in chunks", 7, dictColumn},
	{"sliced", 6, slicedColumn},
}

// table makes a table of the rows.
func (f *form) table(d *Data) (*Table, error) {
	grown := make([]*kernel.DictBuilder, len(d.Names))
	for i := range grown {
		grown[i] = kernel.NewDictBuilder()
	}
	var chunks [][]arrow.Array
	for start := 0; start == 0 || start < len(d.Rows); start += f.chunkRows {
		rows := d.Rows[start:min(start+f.chunkRows, len(d.Rows))]
		chunk := make([]arrow.Array, len(d.Names))
		for c := range chunk {
			values := make([]any, len(rows))
			for r, row := range rows {
				values[r] = row[c]
			}
			var err error
			if chunk[c], err = f.column(d.Types[c], values, grown[c]); err != nil {
				return nil, err
			}
		}
		chunks = append(chunks, chunk)
	}
	return NewTable(d.Names, chunks...), nil
}

func plainColumn(dt arrow.DataType, values []any, _ *kernel.DictBuilder) (arrow.Array, error) {
	return kernel.FromAny(dt, values...)
}

func dictColumn(dt arrow.DataType, values []any, _ *kernel.DictBuilder) (arrow.Array, error) {
	d := kernel.NewDictBuilder()
	d.Code("never used")
	return growingColumn(dt, values, d)
}

// growingColumn encodes strings with a dictionary that starts with that of the chunk
// before, as storage does.
func growingColumn(dt arrow.DataType, values []any, d *kernel.DictBuilder) (arrow.Array, error) {
	if !arrow.TypeEqual(dt, functions.Varchar) {
		return plainColumn(dt, values, d)
	}
	codes, valid := make([]int32, len(values)), kernel.NewBitmap(len(values))
	for i, v := range values {
		codes[i] = -7 // garbage under NULL
		if v != nil {
			codes[i] = d.Code(v.(string))
			valid.Set(i)
		}
	}
	return kernel.FromCodes(codes, kernel.NewValidity(valid, len(values)), d.Values()), nil
}

// slicedColumn has foreign values before and after its own.
func slicedColumn(dt arrow.DataType, values []any, d *kernel.DictBuilder) (arrow.Array, error) {
	padded := append([]any{nil, nil, nil}, values...)
	if len(values) > 0 {
		padded = append([]any{values[0], nil, values[len(values)-1]}, values...)
	}
	arr, err := growingColumn(dt, append(padded, nil), d)
	if err != nil {
		return nil, err
	}
	return kernel.Slice(arr, 3, 3+len(values)), nil
}
