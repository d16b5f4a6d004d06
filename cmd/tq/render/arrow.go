package render

import (
	"errors"
	"io"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"tq/functions"
	"tq/functions/kernel"
)

// arrowFile writes a file of Arrow's IPC format, which is Feather version 2, compressed
// with zstd. Text is dictionary-encoded where it came so. The format takes one dictionary a
// column for the whole file, which is known when the last row is: rows are held back until
// then.
type arrowFile struct {
	out     io.Writer
	schema  *arrow.Schema
	columns []*arrowColumn
	rows    []int // of each batch
}

// arrowColumn is what has been collected of a column.
type arrowColumn struct {
	batches []arrow.Array
	dict    *kernel.DictBuilder // of text that came with dictionaries; nil: none did so far
	last    arrow.Array         // the dictionary that codes was made for
	codes   []int32             // of its values in dict
}

func newArrow(out io.Writer, schema *arrow.Schema, _ Options) Writer {
	w := &arrowFile{out: out, schema: schema, columns: make([]*arrowColumn, schema.NumFields())}
	for i := range w.columns {
		w.columns[i] = &arrowColumn{}
	}
	return w
}

func (w *arrowFile) Write(b Batch) error {
	arrays, err := load(b, len(w.columns))
	if err != nil {
		return err
	}
	for i, a := range arrays {
		w.columns[i].add(a)
	}
	w.rows = append(w.rows, b.NumRows())
	return nil
}

// add takes over a batch. Codes become those of the column's one dictionary.
func (c *arrowColumn) add(a arrow.Array) {
	if a.DataType().ID() != arrow.DICTIONARY {
		c.batches = append(c.batches, a)
		return
	}
	if c.dict == nil {
		c.dict = kernel.NewDictBuilder()
	}
	codes, values := kernel.Codes(a)
	if c.last == nil || c.last.Data() != values.Data() {
		c.last, c.codes = values, slices.Repeat([]int32{-1}, values.Len())
	}
	texts, valid := kernel.StringsOf(values), kernel.ValidityOf(a)
	out := make([]int32, len(codes))
	for i, code := range codes {
		if !valid.Valid(i) {
			continue
		}
		if c.codes[code] < 0 { // only values that occur get into the file
			c.codes[code] = c.dict.Code(texts.At(int(code)))
		}
		out[i] = c.codes[code]
	}
	c.batches = append(c.batches, kernel.FromCodes(out, valid, kernel.OfString("")))
}

// finish gives all batches the dictionary; those without one become plain, or the others
// do if there are any.
func (c *arrowColumn) finish(typ arrow.DataType) (arrow.DataType, error) {
	if typ.ID() == arrow.NULL { // not every reader knows columns without a type
		for i, a := range c.batches {
			c.batches[i] = kernel.Nulls(arrow.PrimitiveTypes.Int32, a.Len())
		}
		return arrow.PrimitiveTypes.Int32, nil
	}
	if c.dict == nil {
		if typ.ID() == arrow.DICTIONARY {
			typ = arrow.BinaryTypes.String
		}
		return typ, nil
	}
	values := c.dict.Values()
	plain := slices.ContainsFunc(c.batches, func(a arrow.Array) bool { return a.DataType().ID() != arrow.DICTIONARY })
	for i, a := range c.batches {
		if a.DataType().ID() != arrow.DICTIONARY {
			continue
		}
		a = kernel.FromCodes(kernel.Values[int32](a), kernel.ValidityOf(a), values)
		if plain {
			var err error
			if a, err = kernel.Plain(a); err != nil {
				return nil, err
			}
		}
		c.batches[i] = a
		typ = a.DataType()
	}
	return typ, nil
}

func (w *arrowFile) Close() error {
	fields := make([]arrow.Field, len(w.columns))
	for i, name := range uniqueNames(w.schema) {
		typ, err := w.columns[i].finish(w.schema.Field(i).Type)
		if err != nil {
			return err
		}
		fields[i] = arrow.Field{Name: name, Type: w.columns[i].store(typ), Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	out := &patientWriter{out: w.out}
	return out.orElse(w.writeTo(out, schema))
}

// store gives all batches the types that Arrow has.
func (c *arrowColumn) store(typ arrow.DataType) arrow.DataType {
	stored := functions.StoredType(typ)
	if arrow.TypeEqual(stored, typ) {
		return typ
	}
	for i, a := range c.batches {
		if a.DataType().ID() != arrow.DICTIONARY {
			c.batches[i] = array.MakeFromData(storedData(a.Data()))
		}
	}
	return stored
}

func storedData(d arrow.ArrayData) arrow.ArrayData {
	children := make([]arrow.ArrayData, len(d.Children()))
	for i, child := range d.Children() {
		children[i] = storedData(child)
	}
	return array.NewData(functions.StoredType(d.DataType()), d.Len(), d.Buffers(), children, d.NullN(), d.Offset())
}

// writeTo writes the file.
func (w *arrowFile) writeTo(out io.Writer, schema *arrow.Schema) error {
	file, err := ipc.NewFileWriter(&position{out: out}, ipc.WithSchema(schema), ipc.WithZstd())
	if err != nil {
		return err
	}
	for b, rows := range w.rows {
		columns := make([]arrow.Array, len(w.columns))
		for i, c := range w.columns {
			columns[i] = c.batches[b]
		}
		if err := file.Write(array.NewRecord(schema, columns, int64(rows))); err != nil {
			return err
		}
	}
	return file.Close()
}

// position is a writer that knows where it is, which is all that Arrow's writer seeks for.
type position struct {
	out io.Writer
	at  int64
}

func (p *position) Write(b []byte) (int, error) {
	n, err := p.out.Write(b)
	p.at += int64(n)
	return n, err
}

func (p *position) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, errors.New("the output cannot be gone back in")
	}
	return p.at, nil
}
