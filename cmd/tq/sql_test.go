package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/sem"
	"tq/lang/source"
	"tq/storage"
)

var update = flag.Bool("update", false, "rewrite what tests expect by what they get")

const (
	sqlTests   = "../../testdata/sql"
	captures   = "../../testdata/captures"
	tableFiles = "../../testdata/files"
)

// config is one way to run the statements of a test file. All must give the same rows.
type config struct {
	name    string
	batch   int  // rows in a batch; 0: as many as the program takes
	reprint bool // run what the parsed statement prints as
	// Bytes that a query may hold; 0: no limit. Only the folders whose operators go to
	// disk are run with a limit.
	memory  int64
	folders []string
}

func (c config) covers(folder string) bool {
	return len(c.folders) == 0 || slices.Contains(c.folders, folder)
}

var configs = []config{
	{name: "plain"},
	{name: "batch=1", batch: 1},
	{name: "batch=3", batch: 3},
	{name: "reprint", reprint: true},
	{name: "memory=3kB,batch=3", batch: 3, memory: 3_000, folders: []string{"aggregate", "order"}},
	{name: "reprint,batch=3", batch: 3, reprint: true},
}

// TestSQL runs the scripts of testdata/sql, whose language testdata/README.md describes.
func TestSQL(t *testing.T) {
	folder, err := filepath.Abs(sqlTests)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(tableFiles)
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".test") {
			return err
		}
		name, _ := filepath.Rel(folder, strings.TrimSuffix(path, ".test"))
		t.Run(filepath.ToSlash(name), func(t *testing.T) { runTestFile(t, path) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func runTestFile(t *testing.T, path string) {
	if testing.Short() && strings.HasSuffix(path, ".slow.test") {
		t.Skip("slow")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := parseBlocks(string(data))
	if *update {
		newTestRun(t, path, configs[0]).all(blocks)
		if err := os.WriteFile(path, []byte(printBlocks(blocks)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	tried := configs
	if testing.Short() {
		tried = []config{configs[0], configs[len(configs)-1]}
	}
	folder := filepath.Base(filepath.Dir(path))
	for _, c := range tried {
		if !c.covers(folder) {
			continue
		}
		t.Run(c.name, func(t *testing.T) { newTestRun(t, path, c).all(blocks) })
	}
}

// block is one step of a test file.
type block struct {
	comment string // lines before the directive
	line    int    // of the directive
	head    string // the directive
	body    string // what is below it, up to the ----
	want    string // what is below the ----
	answers bool   // there is a ----
}

// parseBlocks splits a file at its empty lines.
func parseBlocks(text string) []*block {
	var blocks []*block
	line := 1
	for _, part := range strings.Split(text, "\n\n") {
		b := &block{}
		rest := strings.Trim(part, "\n")
		at := line + strings.Count(part[:strings.Index(part, rest)], "\n")
		line += strings.Count(part, "\n") + 2
		for strings.HasPrefix(rest, "#") {
			var comment string
			comment, rest, _ = strings.Cut(rest, "\n")
			b.comment += comment + "\n"
			at++
		}
		b.line = at
		b.head, b.body, _ = strings.Cut(rest, "\n")
		b.body, b.want, b.answers = strings.Cut("\n"+b.body+"\n", "\n----\n")
		b.body, b.want = strings.Trim(b.body, "\n"), strings.Trim(b.want, "\n")
		if b.comment != "" || b.head != "" {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

func printBlocks(blocks []*block) string {
	var parts []string
	for _, b := range blocks {
		s := b.comment
		if b.head != "" {
			s += b.head + "\n"
		}
		if b.body != "" {
			s += b.body + "\n"
		}
		if b.answers {
			s += "----\n"
			if b.want != "" {
				s += b.want + "\n"
			}
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "\n")
}

// testRun runs the blocks of a file in one configuration.
type testRun struct {
	t       *testing.T
	path    string
	config  config
	session *session
	out     bytes.Buffer
	errs    bytes.Buffer
}

func newTestRun(t *testing.T, path string, c config) *testRun {
	r := &testRun{t: t, path: path, config: c}
	null := "null"
	start := settings{zone: time.UTC, format: "csv", header: true, null: &null}
	r.session = newSession(storage.NewCatalog(), start, &r.out, &r.errs)
	r.session.batch, r.session.settings.memoryLimit = c.batch, c.memory
	r.session.terminal = terminal{is: true}
	t.Cleanup(func() { r.session.catalog.Close() })
	return r
}

func (r *testRun) all(blocks []*block) {
	for _, b := range blocks {
		directive, args, _ := strings.Cut(b.head, " ")
		switch directive {
		case "":
		case "load":
			r.load(b, args)
		case "values":
			r.values(b, args)
		case "query":
			r.query(b, args)
		case "names":
			r.names(b)
		case "statement":
			r.statement(b, args)
		default:
			r.t.Fatalf("%s:%d: no such directive: %s", r.path, b.line, b.head)
		}
	}
}

func (r *testRun) load(b *block, arg string) {
	in, err := parseInput(arg)
	if err == nil {
		if strings.HasSuffix(in.path, ".scap") || in.path == "transcript.txt" {
			in.path = filepath.Join("../captures", in.path)
		}
		err = openInput(r.session.catalog, in)
	}
	if err != nil {
		r.t.Fatalf("%s:%d: %v", r.path, b.line, err)
	}
}

var (
	valuesHead = regexp.MustCompile(`^(\w+) \((.*)\)$`)
	gap        = regexp.MustCompile(` {2,}|\t+`)
)

// values makes a table of texts that are cast to the types of its columns.
func (r *testRun) values(b *block, args string) {
	m := valuesHead.FindStringSubmatch(args)
	if m == nil {
		r.t.Fatalf("%s:%d: it must be values TABLE (COLUMN TYPE, …)", r.path, b.line)
	}
	var rows [][]string
	for line := range strings.Lines(b.body) {
		rows = append(rows, gap.Split(strings.TrimSpace(line), -1))
	}
	var fields []arrow.Field
	var columns []arrow.Array
	for i, decl := range splitColumns(m[2]) {
		name, typ, _ := strings.Cut(decl, " ")
		var cells []string
		for _, row := range rows {
			if i >= len(row) {
				r.t.Fatalf("%s:%d: too few cells in %q", r.path, b.line, row)
			}
			cells = append(cells, row[i])
		}
		column := r.castColumn(b, typ, cells)
		fields = append(fields, arrow.Field{Name: name, Type: column.DataType(), Nullable: true})
		columns = append(columns, column)
	}
	schema := arrow.NewSchema(fields, nil)
	table, err := storage.NewMemTable(schema, [][]arrow.Array{columns}, storage.TableDoc{})
	if err != nil {
		r.t.Fatalf("%s:%d: %v", r.path, b.line, err)
	}
	r.session.catalog.AddTable(m[1], table)
}

// splitColumns splits at commas outside of brackets.
func splitColumns(list string) []string {
	var parts []string
	depth, start := 0, 0
	for i, c := range list {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(list[start:]))
}

func (r *testRun) castColumn(b *block, typ string, cells []string) arrow.Array {
	stmt, err := lang.Parse(&source.File{Text: "SELECT NULL::" + typ})
	if err != nil {
		r.t.Fatalf("%s:%d: type %s: %v", r.path, b.line, typ, err)
	}
	p, err := lang.Compile(stmt.Stmts[0], r.session.env())
	if err != nil {
		r.t.Fatalf("%s:%d: type %s: %v", r.path, b.line, typ, err)
	}
	text := kernel.NewStringBuilder(len(cells))
	for _, c := range cells {
		switch c {
		case "null":
			text.AppendNull()
		case "(empty)":
			text.Append("")
		default:
			text.Append(c)
		}
	}
	column, err := text.Finish(functions.Varchar)
	if err != nil {
		r.t.Fatal(err)
	}
	v, err := functions.Cast(kernel.Col(column), p.Columns[0].Type, false, &functions.Env{Zone: time.UTC}, len(cells))
	if err != nil {
		r.t.Fatalf("%s:%d: %v", r.path, b.line, err)
	}
	return v.Array
}

// run runs the statements of a block, as they stand or as they print.
func (r *testRun) run(b *block, reprint bool) error {
	file := &source.File{Text: b.body}
	if reprint {
		script, err := lang.Parse(file)
		if err != nil {
			r.t.Errorf("%s:%d: %s", r.path, b.line, file.Render(err))
			return err
		}
		var text strings.Builder
		for _, stmt := range script.Stmts {
			text.WriteString(ast.Print(stmt) + ";\n")
		}
		file.Text = text.String()
	}
	r.out.Reset()
	r.errs.Reset()
	return r.session.Run(context.Background(), file)
}

func (r *testRun) query(b *block, args string) {
	types, option, _ := strings.Cut(args, " ")
	if err := r.run(b, r.config.reprint); err != nil {
		r.t.Errorf("%s:%d: %s", r.path, b.line, r.errs.String())
		return
	}
	rows := r.rows(b)
	if option == "rowsort" {
		slices.Sort(rows)
	}
	if *update {
		b.want, b.answers = strings.Join(rows, "\n"), true
		b.head = strings.TrimSpace("query " + r.types(b) + " " + option)
		return
	}
	if got := r.types(b); !typesMatch(got, types) {
		r.t.Errorf("%s:%d: the columns have types %s, want %s", r.path, b.line, got, types)
	}
	var want []string
	for line := range strings.Lines(b.want) {
		want = append(want, gap.ReplaceAllString(strings.TrimSpace(line), "  "))
	}
	if option == "rowsort" {
		slices.Sort(want)
	}
	if !slices.Equal(rows, want) {
		r.t.Errorf("%s:%d: %s\ngot:\n%s\nwant:\n%s", r.path, b.line, b.body, strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
}

// names compares the names of a query's columns.
func (r *testRun) names(b *block) {
	text := b.body
	if r.config.reprint {
		script, err := lang.Parse(&source.File{Text: text})
		if err != nil {
			r.t.Fatalf("%s:%d: %v", r.path, b.line, err)
		}
		text = ast.Print(script.Stmts[0])
	}
	var got []string
	for _, c := range r.columns(b, text) {
		got = append(got, c.Name)
	}
	names := strings.Join(got, "\n")
	if *update {
		b.want, b.answers = names, true
	} else if names != b.want {
		r.t.Errorf("%s:%d: %s\ngot:\n%s\nwant:\n%s", r.path, b.line, text, names, b.want)
	}
}

// rows returns the rows of the last result in the notation of test files.
func (r *testRun) rows(b *block) []string {
	records := csv.NewReader(&r.out)
	all, err := records.ReadAll()
	if err != nil {
		r.t.Fatalf("%s:%d: %v", r.path, b.line, err)
	}
	var rows []string
	for _, record := range all[min(1, len(all)):] {
		for i := range record {
			if record[i] == "" {
				record[i] = "(empty)"
			}
		}
		rows = append(rows, gap.ReplaceAllString(strings.TrimSpace(strings.Join(record, "  ")), "  "))
	}
	return rows
}

// types returns the letters of the types that the query of a block yields.
func (r *testRun) types(b *block) string {
	var letters strings.Builder
	for _, c := range r.columns(b, b.body) {
		letters.WriteByte(typeLetter(c.Type))
	}
	return letters.String()
}

// columns returns the columns of the last statement of a text.
func (r *testRun) columns(b *block, text string) []sem.Column {
	script, err := lang.Parse(&source.File{Text: text})
	if err != nil {
		r.t.Fatalf("%s:%d: %v", r.path, b.line, err)
	}
	p, err := lang.Compile(script.Stmts[len(script.Stmts)-1], r.session.env())
	if err != nil {
		r.t.Fatalf("%s:%d: %v", r.path, b.line, err)
	}
	return p.Columns
}

func typeLetter(dt arrow.DataType) byte {
	switch dt.ID() {
	case arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64, arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64:
		return 'I'
	case arrow.DECIMAL128:
		if dt.(*arrow.Decimal128Type).Scale == 0 {
			return 'I'
		}
		return 'R'
	case arrow.FLOAT32, arrow.FLOAT64:
		return 'R'
	case arrow.STRING, arrow.DICTIONARY, arrow.BINARY:
		return 'T'
	case arrow.BOOL:
		return 'B'
	case arrow.DURATION, arrow.INTERVAL_MONTH_DAY_NANO:
		return 'D'
	case arrow.TIMESTAMP, arrow.DATE32, arrow.TIME64:
		return 'S'
	case arrow.LIST, arrow.MAP, arrow.STRUCT:
		return 'L'
	}
	return '?'
}

func typesMatch(got, want string) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if want[i] != '?' && want[i] != got[i] {
			return false
		}
	}
	return true
}

func (r *testRun) statement(b *block, args string) {
	err := r.run(b, r.config.reprint && args == "ok")
	message := strings.TrimSuffix(strings.TrimPrefix(r.errs.String(), "error: "), "\n")
	switch args {
	case "ok":
		if err != nil {
			r.t.Errorf("%s:%d: %s", r.path, b.line, message)
		}
	case "error":
		if err == nil {
			r.t.Errorf("%s:%d: this is no error: %s", r.path, b.line, b.body)
		} else if *update {
			b.want, b.answers = message, true
		} else if message != b.want {
			r.t.Errorf("%s:%d: %s\ngot:\n%s\nwant:\n%s", r.path, b.line, b.body, message, b.want)
		}
	default:
		r.t.Fatalf("%s:%d: it must be statement ok or statement error", r.path, b.line)
	}
}

// TestBlocks checks that what is read from a test file is written back the same.
func TestBlocks(t *testing.T) {
	const text = "# why\n# more\nload x\n\nquery I\nSELECT 1\n----\n1\n\nquery T rowsort\nSELECT 2\nWHERE 3\n----\n"
	blocks := parseBlocks(text)
	if got := printBlocks(blocks); got != text {
		t.Errorf("got %q, want %q", got, text)
	}
	if got, want := fmt.Sprint(blocks[0].line, blocks[1].line, blocks[2].line), "3 5 10"; got != want {
		t.Errorf("lines %s, want %s", got, want)
	}
}
