package render

import (
	"bytes"
	"slices"
)

// blockRows is how many rows are turned into text at once: few enough that their text
// is still in the processor's cache when it is laid out.
const blockRows = 1024

// cells is the text of some rows of a column: row i is text[from[i]:to[i]]. Rows may
// share text, as those with the same dictionary value or with NULL do.
type cells struct {
	text     []byte
	from, to []int32
	kept     bool // text will not be overwritten
}

func (c *cells) len() int { return len(c.from) }

func (c *cells) at(i int) []byte { return c.text[c.from[i]:c.to[i]] }

// resize makes room for n rows.
func (c *cells) resize(n int) {
	if cap(c.from) < n {
		c.from, c.to = make([]int32, n), make([]int32, n)
	}
	c.from, c.to = c.from[:n], c.to[:n]
}

// end says that the text of row i, which began at the given offset, ends here.
func (c *cells) end(i, began int) {
	c.from[i], c.to[i] = int32(began), int32(len(c.text))
}

// isNull reports whether row i shares the text for NULL, which stands at the front.
func (c *cells) isNull(i int) bool { return c.from[i] == 0 }

// clone copies the first n rows. Text that is kept anyway is shared.
func (c *cells) clone(n int) *cells {
	out := &cells{text: c.text, kept: c.kept, from: slices.Clone(c.from[:n]), to: slices.Clone(c.to[:n])}
	if !c.kept {
		out.text = bytes.Clone(c.text)
	}
	return out
}
