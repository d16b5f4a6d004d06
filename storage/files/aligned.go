package files

import (
	"context"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// alignedTable is a file whose rows have the columns that several files have in common:
// each is a column of the file, converted if it has another type there, or the same value
// in all rows.
type alignedTable struct {
	file    storage.Table
	path    string
	schema  *arrow.Schema
	columns []alignedColumn
}

// alignedColumn is where the values of a column come from.
type alignedColumn struct {
	name string                  // of the column of the file; empty: there is none
	fill func(n int) arrow.Array // what n rows have when there is none
	from arrow.DataType          // its type in the file
	to   arrow.DataType          // its type in the table
}

// converted reports whether values of the file are not those of the table.
func (c *alignedColumn) converted() bool { return c.name != "" && !functions.Same(c.from, c.to) }

// mergeByName returns the columns of all the tables: each name once, where it first comes,
// with the type that its values have in common.
func mergeByName(tables []storage.Table, names []string) ([]arrow.Field, error) {
	var fields []arrow.Field
	at := map[string]int{}
	for i, t := range tables {
		for _, f := range t.Schema().Fields() {
			key := strings.ToLower(f.Name)
			k, ok := at[key]
			if !ok {
				at[key] = len(fields)
				fields = append(fields, arrow.Field{Name: f.Name, Type: f.Type, Nullable: true})
				continue
			}
			common, ok := functions.CommonType(fields[k].Type, f.Type)
			if !ok {
				return nil, fmt.Errorf("%s: column %s is %s, in the files before it %s: the two have no type in common",
					names[i], f.Name, functions.TypeName(f.Type), functions.TypeName(fields[k].Type))
			}
			fields[k].Type = common
		}
	}
	return fields, nil
}

// align gives a file the columns of a table. What it has not is NULL.
func align(file storage.Table, path string, fields []arrow.Field) *alignedTable {
	own := map[string]arrow.Field{}
	for _, f := range file.Schema().Fields() {
		own[strings.ToLower(f.Name)] = f
	}
	t := &alignedTable{file: file, path: path, schema: arrow.NewSchema(fields, nil)}
	for _, f := range fields {
		c := alignedColumn{to: f.Type, fill: func(n int) arrow.Array { return kernel.Nulls(f.Type, n) }}
		if o, ok := own[strings.ToLower(f.Name)]; ok {
			c.name, c.from = o.Name, o.Type
			if csv, ok := file.(*csvTable); ok && c.converted() && f.Type.ID() == arrow.STRING {
				csv.readAsText(o.Name)
				c.from = f.Type
			}
		}
		t.columns = append(t.columns, c)
	}
	return t
}

// addConstant adds a column that has the value code of values in all rows. The files of a
// table share the values, as chunks of one scan must.
func (t *alignedTable) addConstant(field arrow.Field, values arrow.Array, code int32) {
	t.schema = arrow.NewSchema(append(t.schema.Fields(), field), nil)
	t.columns = append(t.columns, alignedColumn{to: field.Type, fill: func(n int) arrow.Array {
		codes := make([]int32, n)
		for i := range codes {
			codes[i] = code
		}
		return kernel.FromCodes(codes, kernel.Validity{}, values)
	}})
}

// Schema implements [storage.Table].
func (t *alignedTable) Schema() *arrow.Schema { return t.schema }

// Doc implements [storage.Table].
func (t *alignedTable) Doc() storage.TableDoc { return t.file.Doc() }

// Scan implements [storage.Table].
func (t *alignedTable) Scan(ctx context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	at, err := columnsNamed(t.schema, opts.Columns)
	if err != nil {
		return nil, err
	}
	s := &alignedScan{table: t, columns: make([]alignedSlot, len(at))}
	inner := opts
	inner.Columns = nil
	for i, k := range at {
		s.columns[i] = alignedSlot{&t.columns[k], len(inner.Columns)}
		if t.columns[k].name != "" {
			inner.Columns = append(inner.Columns, t.columns[k].name)
		}
	}
	inner.Preds = t.predicates(opts.Preds)
	if len(inner.Preds) < len(opts.Preds) {
		inner.Limit = -1 // the file cannot know which rows pass
	}
	s.scan, err = t.file.Scan(ctx, inner)
	return s, err
}

// predicates are the conditions that the file can understand.
func (t *alignedTable) predicates(preds []storage.Pred) []storage.Pred {
	var known []storage.Pred
	for _, p := range preds {
		at, err := columnsNamed(t.schema, []string{p.Column})
		if err != nil {
			continue
		}
		if c := &t.columns[at[0]]; c.name != "" && !c.converted() {
			p.Column = c.name
			known = append(known, p)
		}
	}
	return known
}

// alignedSlot is a column of a scan and which column it is in the scan of the file.
type alignedSlot struct {
	*alignedColumn
	at int
}

type alignedScan struct {
	table   *alignedTable
	columns []alignedSlot
	scan    storage.Scan
}

func (s *alignedScan) Next(ctx context.Context) (storage.Chunk, error) {
	c, err := s.scan.Next(ctx)
	if err != nil {
		return nil, err
	}
	return &alignedChunk{c, s.table, s.columns}, nil
}

func (s *alignedScan) Close() error { return s.scan.Close() }

type alignedChunk struct {
	file    storage.Chunk
	table   *alignedTable
	columns []alignedSlot
}

func (c *alignedChunk) NumRows() int { return c.file.NumRows() }

func (c *alignedChunk) Column(i int) (arrow.Array, error) {
	slot := c.columns[i]
	if slot.name == "" {
		return slot.fill(c.NumRows()), nil
	}
	return c.convert(slot, func() (arrow.Array, error) { return c.file.Column(slot.at) })
}

func (c *alignedChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	slot := c.columns[i]
	if slot.name == "" {
		return slot.fill(len(rows)), nil
	}
	return c.convert(slot, func() (arrow.Array, error) { return c.file.Gather(slot.at, rows) })
}

// convert gives values of the file the type of the table.
func (c *alignedChunk) convert(slot alignedSlot, read func() (arrow.Array, error)) (arrow.Array, error) {
	a, err := read()
	if err != nil || !slot.converted() {
		return a, err
	}
	v, err := functions.CastFrom(slot.from, kernel.Col(a), slot.to, false, &functions.Env{}, a.Len())
	if err != nil {
		return nil, fmt.Errorf("%s: column %s: %w", c.table.path, slot.name, err)
	}
	return v.Array, nil
}
