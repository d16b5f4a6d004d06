package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// csvDialect is how the fields of a CSV file are written. A zero byte stands for none.
type csvDialect struct {
	delim, quote, escape, comment byte
	more                          string // what follows delim where what separates fields is longer than a byte
}

// separates reports whether b, which begins with the first byte of the delimiter, begins
// with all of it.
func (d *csvDialect) separates(b []byte) bool {
	return d.more == "" || len(b) > len(d.more) && string(b[1:1+len(d.more)]) == d.more
}

// csvRecords is some records of a CSV file: their fields one after the other, without
// quotes and what they stand for.
type csvRecords struct {
	data   []byte
	fields []csvField
	ends   []int32 // of each record: the number of fields up to its end
	lines  []int64 // on which each record begins, from 1
	quoted int     // fields in quotes
}

// csvField is where a field ends in the data; it begins where the one before it ends.
type csvField struct {
	end    int32
	quoted bool
}

func (r *csvRecords) len() int { return len(r.ends) }

// width is the number of fields of a record.
func (r *csvRecords) width(i int) int { return int(r.ends[i]) - r.first(i) }

func (r *csvRecords) first(i int) int {
	if i == 0 {
		return 0
	}
	return int(r.ends[i-1])
}

// field returns field j of record i.
func (r *csvRecords) field(i, j int) []byte {
	f := r.first(i) + j
	start := int32(0)
	if f > 0 {
		start = r.fields[f-1].end
	}
	return r.data[start:r.fields[f].end]
}

// truncate forgets the fields that follow the last record.
func (r *csvRecords) truncate() {
	n := r.first(len(r.ends))
	r.fields = r.fields[:n]
	if n == 0 {
		r.data = r.data[:0]
		return
	}
	r.data = r.data[:r.fields[n-1].end]
}

// csvReader takes a CSV file apart into records.
type csvReader struct {
	in      io.Reader
	dialect csvDialect
	buf     []byte // what was read and not yet taken apart
	at      int
	eof     bool
	line    int64 // of what comes next
	blanks  bool  // empty lines are records: there is but one column
}

// maxRecord is how long a record may be. A longer one has a quote that nothing closes.
const maxRecord = 16 << 20

const csvBlock = 1 << 20

func newCSVReader(in io.Reader, d csvDialect) *csvReader {
	return &csvReader{in: in, dialect: d, line: 1}
}

// The ways in which taking a record apart can fail.
var (
	errCSVMore  = errors.New("the record goes on")
	errCSVQuote = errors.New("a quoted value is followed by something else than a delimiter")
	errCSVOpen  = errors.New("a quote is not closed")
)

// read appends up to n records; io.EOF when there are none left.
func (r *csvReader) read(rec *csvRecords, n int) error {
	for read := 0; read < n; {
		size, err := r.record(rec)
		if err == errCSVMore {
			if err = r.fill(); err != nil {
				return r.locate(err)
			}
			continue
		}
		if err == io.EOF && read > 0 {
			return nil
		}
		if err != nil {
			return r.locate(err)
		}
		line := r.line
		r.line += countLines(r.buf[r.at : r.at+size])
		r.at += size
		if len(rec.fields) > rec.first(rec.len()) {
			rec.ends = append(rec.ends, int32(len(rec.fields)))
			rec.lines = append(rec.lines, line)
			read++
		}
	}
	return nil
}

func (r *csvReader) locate(err error) error {
	if err == io.EOF {
		return err
	}
	return fmt.Errorf("line %d: %w", r.line, err)
}

// countLines counts line ends: \n, \r\n and \r.
func countLines(b []byte) int64 {
	n := bytes.Count(b, []byte{'\n'})
	for i, c := range b {
		if c == '\r' && (i+1 == len(b) || b[i+1] != '\n') {
			n++
		}
	}
	return int64(n)
}

// fill reads on.
func (r *csvReader) fill() error {
	if len(r.buf)-r.at > maxRecord {
		return fmt.Errorf("the record is longer than %d bytes; is a quote not closed?", maxRecord)
	}
	r.buf = append(r.buf[:0], r.buf[r.at:]...)
	r.at = 0
	had := len(r.buf)
	r.buf = append(r.buf, make([]byte, max(csvBlock, had))...)
	n, err := io.ReadFull(r.in, r.buf[had:])
	r.buf = r.buf[:had+n]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		r.eof, err = true, nil
	}
	return err
}

// record appends the fields of the next record, none for a line that holds no record. It
// returns how many bytes it takes.
func (r *csvReader) record(rec *csvRecords) (size int, err error) {
	rec.truncate()
	b := r.buf[r.at:]
	if len(b) == 0 {
		if r.eof {
			return 0, io.EOF
		}
		return 0, errCSVMore
	}
	if c := r.dialect.comment; c != 0 && b[0] == c {
		return r.lineEnd(b, bytes.IndexAny(b, "\r\n"))
	}
	if !r.blanks && (b[0] == '\n' || b[0] == '\r') {
		return r.lineEnd(b, 0)
	}
	for i := 0; ; {
		end, quoted, err := r.field(rec, b, i)
		if err != nil {
			return 0, err
		}
		rec.fields = append(rec.fields, csvField{int32(len(rec.data)), quoted})
		if quoted {
			rec.quoted++
		}
		if end < len(b) && b[end] == r.dialect.delim {
			i = end + 1 + len(r.dialect.more)
			continue
		}
		return r.lineEnd(b, end)
	}
}

// lineEnd returns the size of a record whose line ends at i, or with the file for i = -1.
func (r *csvReader) lineEnd(b []byte, i int) (int, error) {
	switch {
	case i < 0 || i >= len(b):
		if !r.eof {
			return 0, errCSVMore
		}
		return len(b), nil
	case b[i] != '\r':
		return i + 1, nil
	case i+1 < len(b):
		if b[i+1] == '\n' {
			return i + 2, nil
		}
		return i + 1, nil
	case r.eof:
		return i + 1, nil
	}
	return 0, errCSVMore
}

// field appends the field that begins at i and returns where it ends.
func (r *csvReader) field(rec *csvRecords, b []byte, i int) (end int, quoted bool, err error) {
	if q := r.dialect.quote; q != 0 {
		start := i
		for start < len(b) && b[start] == ' ' {
			start++
		}
		if start == len(b) && !r.eof {
			return 0, false, errCSVMore
		}
		if start < len(b) && b[start] == q {
			end, err = r.quotedField(rec, b, start+1)
			return end, true, err
		}
	}
	for end = i; end < len(b); end++ {
		c := b[end]
		if c == '\n' || c == '\r' || c == r.dialect.delim && r.dialect.separates(b[end:]) {
			break
		}
		if c == r.dialect.delim && len(b)-end <= len(r.dialect.more) && !r.eof {
			return 0, false, errCSVMore
		}
	}
	if end == len(b) && !r.eof {
		return 0, false, errCSVMore
	}
	rec.data = append(rec.data, b[i:end]...)
	return end, false, nil
}

// quotedField appends the field that begins behind the quote at i-1.
func (r *csvReader) quotedField(rec *csvRecords, b []byte, i int) (end int, err error) {
	q, esc := r.dialect.quote, r.dialect.escape
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c == esc && i+1 < len(b) && (b[i+1] == q || b[i+1] == esc && esc != q):
			i++
			rec.data = append(rec.data, b[i])
		case c == q && i+1 == len(b) && !r.eof:
			return 0, errCSVMore
		case c == q:
			for i++; i < len(b) && b[i] == ' '; i++ {
			}
			if len(b)-i <= len(r.dialect.more) && !r.eof {
				return 0, errCSVMore
			}
			if i < len(b) && (b[i] != r.dialect.delim || !r.dialect.separates(b[i:])) && b[i] != '\n' && b[i] != '\r' {
				return 0, errCSVQuote
			}
			return i, nil
		default:
			rec.data = append(rec.data, c)
		}
	}
	if r.eof {
		return 0, errCSVOpen
	}
	return 0, errCSVMore
}
