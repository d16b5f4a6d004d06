package render

import (
	"io"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// Batch is a run of rows; columns are loaded when they are asked for, so rows that a
// format only counts cost nothing.
type Batch interface {
	NumRows() int
	Column(i int) (arrow.Array, error)
	// Print calls print with what appends the texts of columns of VARCHAR, INTEGER or BIGINT,
	// which are valid until print returns. The columns need not be loaded for that.
	Print(columns []int, print func(texts []kernel.Text)) error
}

// Writer renders one result. Close writes what is still held back: rows, the end of the
// document, a footer. Without Close the output is unfinished.
type Writer interface {
	Write(b Batch) error
	Close() error
}

// Parallel is a [Writer] that can work on several batches at the same time.
type Parallel interface {
	Writer
	// Prepare makes the text of a batch; any number of goroutines may call it. What it
	// returns then writes it, and is called in the order of the batches.
	Prepare(b Batch) (write func() error, err error)
}

// Options are what the formats may be told. The zero value suits a pipe.
type Options struct {
	NoHeader bool
	Null     *string        // text for NULL; nil: the format's own
	Zone     *time.Location // of time stamps; nil: UTC
	MaxRows  int            // rows that a table shows; 0: all
	Terminal bool           // the output is one: nothing in it may control it
	Width    int            // of the terminal in columns; 0: lines of any length
	Height   int            // of the terminal in lines: a table too wide for it may be written a value a line; 0: none
	Lines    int            // a table of more lines may be wider than that: a pager shows it; 0: no pager does
	More     string         // what shows all of a result, where a table does not; empty: unknown
	Color    bool
	ASCII    bool // no characters beyond ASCII around the values
}

// Format is one way to write a result.
type Format struct {
	Name string
	Doc  string // what it is good for, in a line
	New  func(out io.Writer, schema *arrow.Schema, o Options) Writer
	// Apart is set if an empty line should stand between one result and the next.
	Apart bool
	// Binary is set if the output is no text and holds one result: it is no use on a
	// terminal, and another result cannot follow.
	Binary bool
}

// Formats lists the formats in the order in which help shows them.
var Formats = []Format{
	{"table", "a table with borders, for people", newTable, true, false},
	{"csv", "comma-separated values as in RFC 4180; NULL is an empty field", newCSV, false, false},
	{"tsv", "the same, separated by tabs", newTSV, false, false},
	{"json", "an array of objects", newJSON, false, false},
	{"jsonl", "an object a line", newJSONLines, false, false},
	{"markdown", "a table for documents and tickets", newMarkdown, true, false},
	{"line", "a value a line, for rows that are too wide", newLine, true, false},
	{"chart", "a bar for each row, as long as its first number says", newChart, true, false},
	{"sysdig", "events as sysdig's own lines, from the columns num, ts, cpu, proc, tid, dir, type, args", newSysdig, false, false},
	{"arrow", "a file of Arrow's IPC format (Feather), compressed with zstd", newArrow, false, true},
	{"parquet", "a Parquet file, compressed with zstd; durations are BIGINT, in nanoseconds", newParquet, false, true},
	{"none", "nothing: the query is run for its time", newNone, false, false},
}

// Lookup finds a format by its name.
func Lookup(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// null returns the text for NULL, where the format's own is def.
func (o Options) null(def string) string {
	if o.Null != nil {
		return *o.Null
	}
	return def
}
