package source

import "strings"

// Span is a half-open range of bytes of a [File].
type Span struct {
	Start, End int
}

// Point is the empty span at a byte offset.
func Point(at int) Span { return Span{at, at} }

// To returns the span from the start of s to the end of other.
func (s Span) To(other Span) Span { return Span{s.Start, other.End} }

// File is one piece of query text with the name it is reported under: a path, or
// something like "-e" for text that came from elsewhere.
type File struct {
	Name string
	Text string
}

// Slice returns the text of a span.
func (f *File) Slice(s Span) string { return f.Text[s.Start:s.End] }

// Position returns the line and column of a byte offset, both counted from 1, the
// column in runes.
func (f *File) Position(at int) (line, column int) {
	at = min(max(at, 0), len(f.Text))
	before := f.Text[:at]
	line = strings.Count(before, "\n") + 1
	lineStart := strings.LastIndexByte(before, '\n') + 1
	return line, len([]rune(before[lineStart:])) + 1
}
