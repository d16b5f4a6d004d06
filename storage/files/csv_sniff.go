package files

import (
	"bytes"
	"errors"
	"io"
	"math"
)

// sampleRows is how many records of a CSV file decide on its dialect and its types.
const sampleRows = 20480

// maxSample is how many bytes are looked at for that.
const maxSample = 8 << 20

// sampleBytes is how many bytes of a file are looked at.
func (o *CSVOptions) sampleBytes() int64 {
	if o.SampleRows < 0 {
		return math.MaxInt32 // as many as records can hold
	}
	return maxSample
}

// sampleRows is how many records are looked at.
func (o *CSVOptions) sampleRows() int {
	switch {
	case o.SampleRows < 0:
		return math.MaxInt32
	case o.SampleRows > 0:
		return o.Skip + 1 + o.SampleRows // and a header
	}
	return sampleRows
}

// csvShape is what is found out about a CSV file.
type csvShape struct {
	dialect csvDialect
	skip    int // records before the table
	width   int // columns
}

// csvGuess is a dialect that was tried on the sample.
type csvGuess struct {
	csvShape
	rows   *csvRecords
	quoted bool // quotes were needed
}

// sniffDialect finds the dialect under which the sample is a table: the one with several
// columns, the fewest lines above it that do not belong to it, and the most columns. Like
// DuckDB, it takes a file for one column where no delimiter makes all rows equally long.
func sniffDialect(sample []byte, whole bool, o *CSVOptions) (csvShape, *csvRecords, error) {
	var best *csvGuess
	var problem error
	for _, d := range o.dialects(sample) {
		g, err := tryDialect(sample, whole, d, o)
		if err != nil {
			problem = errors.Join(problem, err)
			continue
		}
		if g != nil && (best == nil || g.better(best)) {
			best = g
		}
	}
	if best == nil {
		if problem == nil {
			problem = errors.New("its rows differ in length, or it is no text; name what separates its columns: delim => ','")
		}
		return csvShape{}, nil, problem
	}
	return best.csvShape, best.rows, nil
}

// better reports whether a guess is better than one that was tried before it.
func (g *csvGuess) better(than *csvGuess) bool {
	if g.width > 1 != (than.width > 1) {
		return g.width > 1
	}
	if g.skip != than.skip {
		return g.skip < than.skip
	}
	if g.width != than.width {
		return g.width > than.width
	}
	return g.quoted && !than.quoted
}

// dialects are the ones to be tried, in the order of preference. What is given is not
// tried otherwise.
func (o *CSVOptions) dialects(sample []byte) []csvDialect {
	delims := choices(o.Delim, ',', '|', ';', '\t')
	quotes := choices(o.Quote, '"', '\'', 0)
	comments := choices(o.Comment, 0)
	if o.Comment == nil && (bytes.HasPrefix(sample, []byte("#")) || bytes.Contains(sample, []byte("\n#"))) {
		comments = []byte{0, '#'}
	}
	var all []csvDialect
	for _, comment := range comments {
		for _, quote := range quotes {
			for _, delim := range delims {
				escapes := []byte{0}
				if quote != 0 {
					escapes = choices(o.Escape, quote, '\\')
				}
				for _, escape := range escapes {
					all = append(all, csvDialect{delim, quote, escape, comment, o.DelimMore})
				}
			}
		}
	}
	return all
}

func choices(given *byte, otherwise ...byte) []byte {
	if given != nil {
		return []byte{*given}
	}
	return otherwise
}

// tryDialect takes the sample apart; nil when it is no table under the dialect.
func tryDialect(sample []byte, whole bool, d csvDialect, o *CSVOptions) (*csvGuess, error) {
	r := newCSVReader(nil, d)
	r.buf, r.eof = sample, true
	rows := &csvRecords{}
	err := r.read(rows, o.sampleRows())
	if err != nil && err != io.EOF {
		if whole || !errors.Is(err, errCSVOpen) { // the last record of a sample may be cut off
			return nil, err
		}
	}
	rows.truncate()
	if !whole && rows.len() > 1 && r.at == len(sample) {
		rows.ends = rows.ends[:rows.len()-1] // cut off too
		rows.truncate()
	}
	g := &csvGuess{rows: rows, quoted: rows.quoted > 0}
	g.dialect, g.skip = d, o.Skip
	n := rows.len()
	if n <= g.skip {
		g.width, g.skip = 1, n
		return g, nil
	}
	if o.Ragged {
		for i := g.skip; i < n; i++ {
			g.width = max(g.width, rows.width(i))
		}
		return g, nil
	}
	g.width = rows.width(n - 1)
	tail := n
	for tail > g.skip && rows.width(tail-1) == g.width {
		tail--
	}
	for i := g.skip; i < tail; i++ {
		if rows.width(i) >= g.width {
			return nil, nil
		}
	}
	if tail > g.skip && n-tail < 2 {
		return nil, nil
	}
	g.skip = tail
	return g, nil
}
