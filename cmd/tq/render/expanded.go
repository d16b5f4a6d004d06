package render

// A table that is too wide for the terminal is written a value a line, as psql does with
// \x auto, if the terminal has room for all of it that way: few rows of many columns or of
// long texts are then seen whole.

// expand writes the rows held so, unless a table of these widths is better.
func (w *table) expand(widths []int) (done bool) {
	natural := layout{widths: widths}
	if w.o.NoHeader || natural.lineWidth() <= w.o.Width || w.expandedLines(widths) > w.o.Height {
		return false
	}
	l := &line{sink: w.sink, names: alignNames(w.names), width: w.o.Width, color: w.o.Color}
	for _, block := range w.held {
		l.lay(block, block[0].len())
	}
	w.held = nil
	return true
}

// expandedLines is about how many lines of the terminal the rows held take a value a line.
func (w *table) expandedLines(widths []int) int {
	lead := width(alignNames(w.names)[0])
	lines := 1 // between two rows
	for _, value := range widths {
		lines += 1 + value/max(w.o.Width-lead, 1)
	}
	return lines*w.shown + 1 // with the footer
}
