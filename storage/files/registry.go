package files

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"tq/storage"
)

// format is a kind of table file.
type format struct {
	name       string
	extensions []string
	magic      string // what such a file begins with; empty: anything
	open       func(*source, Options) (storage.Table, error)
}

// formats are the kinds of table files.
var formats = []format{
	{"Parquet", []string{".parquet", ".parq"}, "PAR1", openParquet},
	{"Arrow", []string{".arrow", ".arrows", ".ipc", ".feather"}, arrowMagic, openArrow},
	{"JSON", []string{".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"}, "", openJSON},
	{"CSV", []string{".csv", ".tsv", ".csv.gz", ".tsv.gz"}, "", openCSV},
}

// Options is what is known of a file beforehand.
type Options struct {
	Format     string // its name; empty: it is found out
	ByName     bool   // several files may differ in their columns: they are joined by name
	FileColumn string // the name of a column that says from which file a row is; empty: none
	CSV        CSVOptions
}

// recognize returns the format of a file, by what it begins with or else by its name; nil
// when it is none of a table file.
func recognize(path string, head []byte) *format {
	for i := range formats {
		if magic := formats[i].magic; magic != "" && bytes.HasPrefix(head, []byte(magic)) {
			return &formats[i]
		}
	}
	lower := strings.ToLower(path)
	for i := range formats {
		for _, extension := range formats[i].extensions {
			if strings.HasSuffix(lower, extension) {
				return &formats[i]
			}
		}
	}
	return nil
}

func formatNamed(name string) *format {
	for i := range formats {
		if formats[i].name == name {
			return &formats[i]
		}
	}
	return nil
}

// OpenContent opens what was read of a table file that has no name, such as standard input.
// Text is JSON if it begins as such, else CSV. It returns nil when it is none.
func OpenContent(name string, data []byte, o Options) (storage.Table, error) {
	f := recognize("", data)
	if text := bytes.TrimLeft(bytes.TrimPrefix(data, byteOrderMark), " \t\r\n"); f == nil && len(text) > 0 && utf8.Valid(text) {
		f = formatNamed("CSV")
		if text[0] == '{' || text[0] == '[' {
			f = formatNamed("JSON")
		}
	}
	if f == nil {
		return nil, nil
	}
	table, err := f.open(contentSource(name, data), o)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read as %s: %w", name, f.name, err)
	}
	return table, nil
}

// Open opens a table file. It returns nil when the file is none, by its content and its
// name.
func Open(path string, o Options) (storage.Table, error) {
	src, err := openSource(path)
	if err != nil {
		return nil, err
	}
	f := recognize(path, src.head(8))
	if o.Format != "" {
		f = formatNamed(o.Format)
	}
	if f == nil {
		return nil, src.Close()
	}
	table, err := f.open(src, o)
	if err != nil {
		src.Close()
		return nil, fmt.Errorf("%s: cannot be read as %s: %w", path, f.name, err)
	}
	return table, nil
}
