package render

import (
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/rivo/uniseg"
)

// layout is how a table's columns share a line.
type layout struct {
	widths []int // of the columns that are drawn
	right  []bool
	cut    []bool // values may be shortened to the width
	box    *box
}

// columns is how many columns are drawn; the others find no room.
func (l *layout) columns() int { return len(l.widths) }

// box is the characters that a table is drawn with.
type box struct {
	top, middle, bottom rule
	bar                 string
	ellipsis            string
}

// rule is the characters of a horizontal line.
type rule struct{ left, line, cross, right string }

var (
	lineBox = &box{
		top:    rule{"┌", "─", "┬", "┐"},
		middle: rule{"├", "─", "┼", "┤"},
		bottom: rule{"└", "─", "┴", "┘"},
		bar:    "│", ellipsis: "…",
	}
	asciiBox = &box{
		top:    rule{"+", "-", "+", "+"},
		middle: rule{"+", "-", "+", "+"},
		bottom: rule{"+", "-", "+", "+"},
		bar:    "|", ellipsis: "~",
	}
)

// The styles of a terminal.
const (
	styleNone   = ""
	styleHeader = "\x1b[1m"
	styleFaint  = "\x1b[2m"
	styleReset  = "\x1b[0m"
)

// narrowest is how far a column of text is narrowed before other columns are left out.
const narrowest = 12

// newLayout fits columns of the given natural widths into a line.
func newLayout(schema *arrow.Schema, widths []int, o Options) *layout {
	l := &layout{widths: widths, box: lineBox}
	if o.ASCII {
		l.box = asciiBox
	}
	for _, f := range schema.Fields() {
		l.right = append(l.right, rightAligned(f.Type))
		l.cut = append(l.cut, o.Width > 0 && isText(f.Type))
	}
	if o.Width == 0 {
		return l
	}
	l.narrow(o.Width, narrowest)
	for n := len(l.widths); n > 1 && l.lineWidth() > o.Width; n-- {
		l.widths = l.widths[:n-1]
	}
	l.narrow(o.Width, 1)
	return l
}

// lineWidth is the width of a row with its borders.
func (l *layout) lineWidth() int {
	sum := 1
	for _, w := range l.widths {
		sum += w + 3
	}
	return sum
}

// narrow takes from the widest columns of text until the line fits, but leaves each at
// least the given width.
func (l *layout) narrow(line, least int) {
	for excess := l.lineWidth() - line; excess > 0; excess-- {
		widest := -1
		for i, w := range l.widths {
			if l.cut[i] && w > least && (widest < 0 || w > l.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		l.widths[widest]--
	}
}

// rightAligned says which types stand at the right of their column: those with digits
// that should stand under each other.
func rightAligned(dt arrow.DataType) bool {
	switch dt.ID() {
	case arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64,
		arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64,
		arrow.FLOAT32, arrow.FLOAT64, arrow.DECIMAL128, arrow.DURATION:
		return true
	}
	return false
}

// isText says which types may be shortened: half a number would be another number.
func isText(dt arrow.DataType) bool {
	switch dt.ID() {
	case arrow.STRING, arrow.DICTIONARY, arrow.BINARY, arrow.LIST, arrow.MAP, arrow.STRUCT:
		return true
	}
	return false
}

// width is how many columns of a terminal a text without control characters takes.
func width(text []byte) int {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return uniseg.StringWidth(string(text))
		}
	}
	return len(text)
}

// shorten cuts a text that is wider than room and puts an ellipsis at its end.
func shorten(text []byte, room int, ellipsis string) (cut []byte, have int) {
	state := -1
	for rest := text; len(rest) > 0; {
		cluster, next, w, newState := uniseg.FirstGraphemeCluster(rest, state)
		if have+w > room-1 {
			break
		}
		cut, rest, state = append(cut, cluster...), next, newState
		have += w
	}
	return append(cut, ellipsis...), have + 1
}

// widest is the width of the widest row.
func (c *cells) widest() int {
	w := 0
	for i := range c.from {
		// No text is wider than it has bytes, so most rows need not be measured.
		if int(c.to[i]-c.from[i]) > w {
			w = max(w, width(c.at(i)))
		}
	}
	return w
}
