package render

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks a line between words so that it fits a width, and indents what comes after
// the first break. A width of 0 breaks nothing.
func Wrap(line string, width, indent int) string {
	if width <= 2*indent || utf8.RuneCountInString(line) <= width {
		return line
	}
	var b strings.Builder
	for {
		at := breakAt(line, width, indent)
		if at < 0 {
			break
		}
		b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
		line = strings.Repeat(" ", indent) + strings.TrimLeft(line[at:], " ")
	}
	return b.String() + line
}

// breakAt finds the blank at which a line that is too wide is best broken; -1 if it fits, or
// has none behind its indent.
func breakAt(line string, width, indent int) int {
	if utf8.RuneCountInString(line) <= width {
		return -1
	}
	best, column := -1, 0
	for i, r := range line {
		if r == ' ' && column > indent && (column <= width || best < 0) {
			best = i
		}
		column++
	}
	return best
}
