package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// ErrNoTable says that a file is no table file, by its content and its name.
var ErrNoTable = errors.New("this is no table file")

// OpenAll opens table files as one table whose rows are theirs one after the other. Paths
// may be patterns, such as logs/*.csv, whose files follow each other by name. The formats
// "names", "text" and "bytes" are of files as rows.
func OpenAll(paths []string, o Options) (storage.Table, error) {
	switch o.Format {
	case "names":
		return openNames(paths)
	case "text":
		return openWhole(paths, functions.Varchar)
	case "bytes":
		return openWhole(paths, functions.Blob)
	}
	var tables []storage.Table
	var names []string
	for _, path := range paths {
		found, err := expand(path)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			t, err := Open(name, o)
			if err != nil {
				return nil, err
			}
			if t == nil {
				return nil, fmt.Errorf("%s: %w", name, ErrNoTable)
			}
			tables, names = append(tables, t), append(names, name)
		}
	}
	if len(tables) > 1 {
		shareShape(tables)
	}
	if o.ByName {
		fields, err := mergeByName(tables, names)
		if err != nil {
			return nil, err
		}
		if err := o.CSV.checkTypes(fields); err != nil {
			return nil, err
		}
		for i, t := range tables {
			tables[i] = align(t, names[i], fields)
		}
	}
	for i, t := range tables[1:] {
		if err := sameColumns(tables[0].Schema(), t.Schema()); err != nil {
			return nil, fmt.Errorf("%s does not go with %s: %w; union_by_name => true makes what a file lacks NULL", names[i+1], names[0], err)
		}
	}
	if o.FileColumn != "" {
		if err := addFileNames(tables, names, o.FileColumn); err != nil {
			return nil, err
		}
	}
	if len(tables) == 1 {
		return tables[0], nil
	}
	return unionTable(tables), nil
}

// addFileNames adds to each table a column that says from which file its rows are.
func addFileNames(tables []storage.Table, names []string, column string) error {
	if hasField(tables[0].Schema().Fields(), column) {
		return fmt.Errorf("filename adds a column %q, but the file has one of this name; filename => 'another name' calls it otherwise", column)
	}
	d := kernel.NewDictBuilder()
	codes := make([]int32, len(names))
	for i, name := range names {
		codes[i] = d.Code(name)
	}
	values := d.Values()
	for i, t := range tables {
		aligned, ok := t.(*alignedTable)
		if !ok {
			aligned = align(t, names[i], t.Schema().Fields())
		}
		aligned.addConstant(arrow.Field{Name: column, Type: functions.DictVarchar, Nullable: true}, values, codes[i])
		tables[i] = aligned
	}
	return nil
}

// sameColumns reports what a schema lacks of another one.
func sameColumns(want, got *arrow.Schema) error {
	for _, f := range want.Fields() {
		at := got.FieldIndices(f.Name)
		if len(at) == 0 {
			return fmt.Errorf("it has no column %s", f.Name)
		}
		if typ := got.Field(at[0]).Type; !functions.Same(typ, f.Type) {
			return fmt.Errorf("column %s is %s in one and %s in the other", f.Name, functions.TypeName(f.Type), functions.TypeName(typ))
		}
	}
	return nil
}

// unionTable is the rows of tables one after the other. The first one decides on the
// columns.
type unionTable []storage.Table

// Schema implements [storage.Table].
func (u unionTable) Schema() *arrow.Schema { return u[0].Schema() }

// Doc implements [storage.Table].
func (u unionTable) Doc() storage.TableDoc { return u[0].Doc() }

// Scan implements [storage.Table].
func (u unionTable) Scan(_ context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	return &unionScan{rest: u, opts: opts}, nil
}

type unionScan struct {
	rest unionTable
	opts storage.ScanOptions
	open storage.Scan
}

func (s *unionScan) Next(ctx context.Context) (storage.Chunk, error) {
	for {
		if s.open == nil {
			if len(s.rest) == 0 {
				return nil, io.EOF
			}
			var err error
			if s.open, err = s.rest[0].Scan(ctx, s.opts); err != nil {
				return nil, err
			}
			s.rest = s.rest[1:]
		}
		c, err := s.open.Next(ctx)
		if err != io.EOF {
			return c, err
		}
		if err := s.Close(); err != nil {
			return nil, err
		}
	}
}

func (s *unionScan) Close() error {
	if s.open == nil {
		return nil
	}
	open := s.open
	s.open = nil
	return open.Close()
}
