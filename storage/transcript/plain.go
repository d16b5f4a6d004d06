package transcript

import "bytes"

// plain returns a line without what terminals and web pages have added to it: escape
// sequences for colours, the carriage return of other systems' lines, blanks at which web
// pages do not break lines, and the entities that stand for the signs of a direction.
func plain(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("\r"))
	if bytes.IndexByte(text, escape) >= 0 {
		text = withoutEscapes(text)
	}
	if bytes.Contains(text, []byte(unbroken)) {
		text = bytes.ReplaceAll(text, []byte(unbroken), []byte(" "))
	}
	if bytes.Contains(text, []byte(" &gt; ")) || bytes.Contains(text, []byte(" &lt; ")) {
		text = withoutEntities(text)
	}
	return text
}

const (
	escape   = 0x1b
	unbroken = "\u00a0"
)

// withoutEscapes removes control sequences: ESC [, parameters, and a letter that ends
// them.
func withoutEscapes(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != escape {
			out = append(out, text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '[' {
			for i += 2; i < len(text) && (text[i] < '@' || text[i] > '~'); i++ {
			}
		}
	}
	return out
}

// withoutEntities undoes what web pages write for signs of their own syntax.
func withoutEntities(text []byte) []byte {
	for _, e := range [...]struct{ entity, sign string }{
		{"&gt;", ">"}, {"&lt;", "<"}, {"&quot;", `"`}, {"&amp;", "&"},
	} {
		text = bytes.ReplaceAll(text, []byte(e.entity), []byte(e.sign))
	}
	return text
}
