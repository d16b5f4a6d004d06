package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
	"tq/lang/source"
	"tq/storage"
	"tq/storage/files"
)

// openFiles makes a table of files that a statement names.
func (s *session) openFiles(call sem.FileCall) (string, error) {
	if s.safe {
		return "", errors.New("--safe forbids reading files")
	}
	o, err := fileOptions(call)
	if err != nil {
		return "", err
	}
	table, err := openTable(call.Paths, o)
	if err != nil {
		return "", missingFile(err)
	}
	name := fileCallName(call)
	s.catalog.AddFiles(name, table)
	return name, nil
}

// openTable opens table files, or else the events of a capture.
func openTable(paths []string, o files.Options) (storage.Table, error) {
	table, err := files.OpenAll(paths, o)
	if !errors.Is(err, files.ErrNoTable) || len(paths) > 1 {
		return table, err
	}
	capture := storage.NewCatalog()
	if err := capture.AddCapture("", paths[0]); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		told := &source.Error{Msg: err.Error()}
		return nil, told.WithHint("if it is a table file, say of which kind: read_csv('%s'), read_json(…), …", paths[0])
	}
	table, _ = capture.Table("events")
	return table, nil
}

// missingFile adds to the error for a file that is not there which one may be meant.
func missingFile(err error) error {
	var path *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &path) {
		return err
	}
	told := &source.Error{Msg: fmt.Sprintf("there is no file %q", path.Path)}
	folder, base := filepath.Split(path.Path)
	entries, err := os.ReadDir(filepath.Clean(folder))
	if err != nil {
		return told
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := source.Suggest(base, names); near != "" {
		told.WithHint("did you mean %q?", folder+near)
	}
	return told
}

// fileCallName is what a plan calls files that are read.
func fileCallName(call sem.FileCall) string {
	if call.Function == nil {
		return "'" + call.Paths[0] + "'" // a file is no table of its name, once it was read
	}
	parts := []string{"'" + strings.Join(call.Paths, "', '") + "'"}
	if len(call.Paths) > 1 {
		parts[0] = "[" + parts[0] + "]"
	}
	var names []string
	for name := range call.Options {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s => %v", name, call.Options[name]))
	}
	return call.Function.Name + "(" + strings.Join(parts, ", ") + ")"
}

// fileOptions is how files are to be read.
func fileOptions(call sem.FileCall) (files.Options, error) {
	var o files.Options
	if call.Function == nil {
		return o, nil
	}
	o.Format = call.Function.Macro.Format
	for name, value := range call.Options {
		if err := setFileOption(&o, name, value); err != nil {
			return o, fmt.Errorf("%s: %w", name, err)
		}
	}
	return o, nil
}

// setFileOption sets an option of a function that reads files; value has one row.
func setFileOption(o *files.Options, name string, value arrow.Array) error {
	v := kernel.Value(value, 0)
	if v == nil {
		return errors.New("it cannot be NULL")
	}
	switch name {
	case "union_by_name":
		o.ByName = v.(bool)
		return nil
	case "filename":
		return setFileColumn(o, v)
	}
	if t, ok := value.DataType().(*arrow.StructType); ok {
		var err error
		if v, err = declarationsOf(t, v.([]any)); err != nil {
			return err
		}
	}
	return setCSVOption(&o.CSV, name, v)
}

// setFileColumn sets what the column of files' names is called, by true or a name.
func setFileColumn(o *files.Options, v any) error {
	switch v := v.(type) {
	case bool:
		if v {
			o.FileColumn = "filename"
		}
		return nil
	case string:
		if v != "" {
			o.FileColumn = v
			return nil
		}
	}
	return errors.New("it is true, false or the name of the column")
}

// setCSVOption sets an option of read_csv.
func setCSVOption(o *files.CSVOptions, name string, v any) error {
	var err error
	switch name {
	case "delim", "sep":
		err = setDelim(o, v.(string))
	case "quote":
		o.Quote, err = oneByte(v)
	case "escape":
		o.Escape, err = oneByte(v)
	case "comment":
		o.Comment, err = oneByte(v)
	case "header":
		header := v.(bool)
		o.Header = &header
	case "skip":
		if o.Skip = int(v.(int64)); o.Skip < 0 {
			err = errors.New("it cannot be negative")
		}
	case "nullstr":
		o.Nulls, err = textsOf(v)
	case "names":
		o.Names, err = textsOf(v)
	case "types", "dtypes":
		err = setTypes(o, v)
	case "columns":
		o.Names, err = declareTypes(o, v)
	case "sample_size":
		if o.SampleRows = int(v.(int64)); o.SampleRows < 1 && o.SampleRows != -1 {
			err = errors.New("it must be a number of rows, or -1 for all of them")
		}
	case "all_varchar":
		o.AllText = v.(bool)
	case "ignore_errors":
		o.SkipBad = v.(bool)
	case "null_padding":
		o.Ragged = v.(bool)
	}
	return err
}

// setDelim sets what separates fields, up to four bytes as in DuckDB.
func setDelim(o *files.CSVOptions, text string) (err error) {
	text = strings.ReplaceAll(text, `\t`, "\t")
	if len(text) > 4 {
		return fmt.Errorf("it has at most four bytes, not %d as %q", len(text), text)
	}
	first := text[:min(1, len(text))]
	o.DelimMore = text[len(first):]
	o.Delim, err = oneByte(first)
	return err
}

// oneByte is a character that separates or quotes; none for the empty text.
func oneByte(v any) (*byte, error) {
	s := strings.ReplaceAll(v.(string), `\t`, "\t")
	if len(s) > 1 {
		return nil, fmt.Errorf("it must be one ASCII character, not %q", s)
	}
	var b byte
	if s != "" {
		b = s[0]
	}
	return &b, nil
}

// textsOf are the elements of a list of texts, or one text.
func textsOf(v any) ([]string, error) {
	values, ok := v.([]any)
	if !ok {
		values = []any{v}
	}
	texts := make([]string, len(values))
	for i, v := range values {
		if texts[i], ok = v.(string); !ok {
			return nil, errors.New("it must be a text or a list of texts")
		}
	}
	return texts, nil
}

// setTypes sets the types of columns. They are given by name, as {'pid': 'BIGINT'} or 'pid BIGINT',
// or as a list for the first columns.
func setTypes(o *files.CSVOptions, v any) error {
	list, isList := v.([]any)
	if !isList {
		_, err := declareTypes(o, v)
		return err
	}
	for _, v := range list {
		name, ok := v.(string)
		if !ok {
			return errors.New("the types in the list must be texts")
		}
		typ, err := functions.ParseTypeText(name)
		if err != nil {
			return err
		}
		o.TypeList = append(o.TypeList, typ)
	}
	return nil
}

// declaration is the name of a column and of its type.
type declaration struct{ column, typ string }

// declarationPattern is a name, perhaps quoted, and a type.
var declarationPattern = regexp.MustCompile(`^\s*(?:"([^"]+)"|(\S+))\s+(.+?)\s*$`)

// errDeclaration says how types are given.
var errDeclaration = errors.New("types are given as {'pid': 'BIGINT', 'comm': 'VARCHAR'}, as 'pid BIGINT, comm VARCHAR' or as a list of types")

// declarationsOf reads types given as a STRUCT.
func declarationsOf(t *arrow.StructType, values []any) ([]declaration, error) {
	list := make([]declaration, len(values))
	for i, v := range values {
		typ, ok := v.(string)
		if !ok {
			return nil, errDeclaration
		}
		list[i] = declaration{t.Field(i).Name, typ}
	}
	return list, nil
}

// parseDeclarations reads types given as a text.
func parseDeclarations(text string) ([]declaration, error) {
	var list []declaration
	for _, part := range splitOutside(text) {
		m := declarationPattern.FindStringSubmatch(part)
		if m == nil {
			return nil, errDeclaration
		}
		list = append(list, declaration{m[1] + m[2], m[3]})
	}
	return list, nil
}

// declareTypes sets types by name and returns the names.
func declareTypes(o *files.CSVOptions, v any) (names []string, err error) {
	list, given := v.([]declaration)
	if text, ok := v.(string); ok {
		if list, err = parseDeclarations(text); err != nil {
			return nil, err
		}
	} else if !given {
		return nil, errDeclaration
	}
	o.Types = map[string]arrow.DataType{}
	for _, d := range list {
		typ, err := functions.ParseTypeText(d.typ)
		if err != nil {
			return nil, err
		}
		names = append(names, d.column)
		o.Types[strings.ToLower(d.column)] = typ
	}
	return names, nil
}

// splitOutside splits a text at the commas that stand in no parentheses.
func splitOutside(text string) []string {
	depth := 0
	return strings.FieldsFunc(text, func(r rune) bool {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		return r == ',' && depth == 0
	})
}
