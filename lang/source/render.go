package source

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Sizes of the picture, in terminal columns.
const (
	pictureWidth = 100 // longer lines are shown as a window around the span
	tabWidth     = 4
	margin       = "  "
	pictureLines = 3 // spans of more lines show the first and the last
)

// Render draws an error of this file for people: position and message, the source
// line with the span underlined, the hint.
//
//	-e:1:8: unknown column "fo"
//	  select fo from t
//	         ^~
//	hint: did you mean "foo"?
//
// An [ErrorList] is drawn in the order of its spans, at most one error a line of
// text, since what follows the first is often its consequence. An error without a
// span is its message alone. The text ends without a newline.
func (f *File) Render(err error) string {
	var list ErrorList
	if errors.As(err, &list) {
		var shown []string
		lastLine := 0
		for _, e := range list.sorted() {
			line, _ := f.Position(e.Span.Start)
			if line != lastLine {
				shown = append(shown, f.render(e))
			}
			lastLine = line
		}
		return strings.Join(shown, "\n")
	}
	var one *Error
	if errors.As(err, &one) {
		return f.render(one)
	}
	return err.Error()
}

func (l ErrorList) sorted() ErrorList {
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b *Error) int { return a.Span.Start - b.Span.Start })
	return sorted
}

func (f *File) render(e *Error) string {
	var b strings.Builder
	line, column := f.Position(e.Span.Start)
	if f.Name != "" {
		b.WriteString(f.Name + ":")
	}
	fmt.Fprintf(&b, "%d:%d: %s", line, column, e.Msg)
	f.picture(&b, e.Span)
	if e.Hint != "" {
		b.WriteString("\nhint: " + e.Hint)
	}
	return b.String()
}

// picture writes the lines of a span, each underlined.
func (f *File) picture(b *strings.Builder, at Span) {
	start := min(max(at.Start, 0), len(f.Text))
	end := min(max(at.End, start), len(f.Text))
	lines := f.lines(start, end)
	if first := lines[0]; strings.TrimSpace(f.Slice(first)) == "" {
		return
	}
	for i, l := range lines {
		if len(lines) > pictureLines && i > 0 && i < len(lines)-1 {
			if i == 1 {
				b.WriteString("\n" + margin + "…")
			}
			continue
		}
		text := f.Text[l.Start:l.End]
		from, to := max(start, l.Start)-l.Start, min(end, l.End)-l.Start
		if i > 0 {
			from = len(text) - len(strings.TrimLeft(text, " \t"))
		}
		under := underline(text, from, max(from, to), i == 0)
		b.WriteString("\n" + under[0])
		if under[1] != "" {
			b.WriteString("\n" + under[1])
		}
	}
}

// lines returns the spans of the lines that [start, end) touches, without their ends.
func (f *File) lines(start, end int) []Span {
	var lines []Span
	from := strings.LastIndexByte(f.Text[:start], '\n') + 1
	for {
		to := len(f.Text)
		if i := strings.IndexByte(f.Text[from:], '\n'); i >= 0 {
			to = from + i
		}
		lines = append(lines, Span{from, max(from, len(strings.TrimRight(f.Text[:to], "\r")))})
		from = to + 1
		if from >= end || from > len(f.Text) {
			return lines
		}
	}
}

// cell is one grapheme cluster of a line as it is shown.
type cell struct {
	text  string
	start int // byte offset in the line
	width int
}

// underline returns one source line and the line of ^~~~ below it, both with their
// margin. Only the first line of a span has the ^.
func underline(line string, from, to int, first bool) [2]string {
	cells := cellsOf(line)
	// The columns before and under the span, as cell indexes.
	a := slices.IndexFunc(cells, func(c cell) bool { return c.start >= from })
	if a < 0 {
		a = len(cells)
	}
	z := a
	for z < len(cells) && cells[z].start < to {
		z++
	}
	lo, hi := window(cells, a, z)
	z = min(z, hi)

	var text strings.Builder
	text.WriteString(margin)
	before, under := 0, 0
	if lo > 0 {
		text.WriteString("…")
		before++
	}
	for i := lo; i < hi; i++ {
		text.WriteString(cells[i].text)
		switch {
		case i < a:
			before += cells[i].width
		case i < z:
			under += cells[i].width
		}
	}
	if hi < len(cells) {
		text.WriteString("…")
	}
	marks := strings.Repeat("~", under)
	if first {
		marks = "^" + strings.Repeat("~", max(0, under-1))
	}
	if marks == "" {
		return [2]string{text.String(), ""}
	}
	return [2]string{strings.TrimRight(text.String(), " "), margin + strings.Repeat(" ", before) + marks}
}

// window chooses the cells [lo, hi) of a long line so that the span [a, z) is seen
// with some text around it.
func window(cells []cell, a, z int) (lo, hi int) {
	total := 0
	for _, c := range cells {
		total += c.width
	}
	if total <= pictureWidth {
		return 0, len(cells)
	}
	lo, width := a, 0
	for lo > 0 && width+cells[lo-1].width <= pictureWidth*2/5 {
		lo--
		width += cells[lo].width
	}
	hi = lo
	for width = 0; hi < len(cells) && width+cells[hi].width <= pictureWidth; hi++ {
		width += cells[hi].width
	}
	for hi == len(cells) && lo > 0 && width+cells[lo-1].width <= pictureWidth {
		lo--
		width += cells[lo].width
	}
	return lo, hi
}

// cellsOf splits a line into what a terminal shows in one place each: tabs expanded,
// control characters and bytes that are no text replaced.
func cellsOf(line string) []cell {
	var cells []cell
	column, state := 0, -1
	for at := 0; at < len(line); {
		cluster, _, width, newState := uniseg.FirstGraphemeClusterInString(line[at:], state)
		state = newState
		c := cell{text: cluster, start: at, width: width}
		r, _ := utf8.DecodeRuneInString(cluster)
		switch {
		case r == '\t':
			c.width = tabWidth - column%tabWidth
			c.text = strings.Repeat(" ", c.width)
		case r == utf8.RuneError || unicode.IsControl(r):
			c.text, c.width = "\uFFFD", 1
		}
		cells = append(cells, c)
		column += c.width
		at += len(cluster)
	}
	return cells
}
