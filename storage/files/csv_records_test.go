package files

import (
	"io"
	"strings"
	"testing"
)

// TestLongDelimiter reads records whose delimiters of two bytes lie across every place
// where a block of the file may end.
func TestLongDelimiter(t *testing.T) {
	const record = "a||\"b||\"||c|d\n"
	for shift := range len(record) {
		text := strings.Repeat("x", shift) + "||y||z\n" + strings.Repeat(record, csvBlock/len(record)+2)
		r := newCSVReader(strings.NewReader(text), csvDialect{delim: '|', quote: '"', escape: '"', more: "|"})
		rec := &csvRecords{}
		for {
			if err := r.read(rec, csvChunkRows); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		for i := 1; i < rec.len(); i++ {
			if rec.width(i) != 3 || string(rec.field(i, 1)) != "b||" || string(rec.field(i, 2)) != "c|d" {
				t.Fatalf("%d bytes before: record %d has %d fields", shift, i, rec.width(i))
			}
		}
	}
}
