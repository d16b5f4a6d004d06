package render

import "strings"

// asciiBlocks are the characters that stand for the block characters with which queries
// draw, where there is only ASCII.
var asciiBlocks = strings.NewReplacer(
	// heights: sparkline()
	"▁", "_", "▂", ",", "▃", "-", "▄", "=", "▅", "+", "▆", "*", "▇", "%", "█", "#",
	// lengths: bar()
	"▏", "|", "▎", "|", "▍", "|", "▌", "#", "▋", "#", "▊", "#", "▉", "#",
	// shades, and what is lighter than any
	"░", ":", "▒", "x", "▓", "X", "·", ".",
)

// appendASCIIBlocks writes a string as [appendVisible] does, its block characters as ASCII.
func appendASCIIBlocks(dst []byte, s string) []byte {
	return appendVisible(dst, asciiBlocks.Replace(s))
}

// visibleDialect is the dialect of the formats that people look at.
func visibleDialect(o Options) *dialect {
	how := &dialect{null: o.null("NULL"), text: appendVisible, quote: appendPlain, visible: true, zone: o.zone(), scaled: true}
	if o.ASCII {
		how.text = appendASCIIBlocks
	}
	return how
}
