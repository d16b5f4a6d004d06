package state

import (
	"bytes"
	"iter"
	"strings"
)

// List is a list of texts, each of which ends in NUL.
type List string

// listOf makes a list of texts.
func listOf(texts []string) List {
	if len(texts) == 0 {
		return ""
	}
	return List(strings.Join(texts, "\x00") + "\x00")
}

// All yields the texts.
func (l List) All() iter.Seq[string] {
	return func(yield func(string) bool) {
		rest := string(l)
		for rest != "" {
			var text string
			text, rest, _ = strings.Cut(rest, "\x00")
			if !yield(text) {
				return
			}
		}
	}
}

// untilEmpty returns the texts before the first that is empty: an environment that its
// program has written over goes on with nothing but NUL.
func (l List) untilEmpty() List {
	if strings.HasPrefix(string(l), "\x00") {
		return ""
	}
	if end := strings.Index(string(l), "\x00\x00"); end >= 0 {
		return l[:end+1]
	}
	return l
}

// Len returns how many texts there are.
func (l List) Len() int { return strings.Count(string(l), "\x00") }

// Join returns the texts as one, with a separator between them.
func (l List) Join(sep string) string {
	return strings.ReplaceAll(strings.TrimSuffix(string(l), "\x00"), "\x00", sep)
}

// appendTo appends the texts, each after a separator.
func (l List) appendTo(b []byte, sep byte) []byte {
	if l == "" {
		return b
	}
	b = append(b, sep)
	for i := range len(l) - 1 {
		c := l[i]
		if c == 0 {
			c = sep
		}
		b = append(b, c)
	}
	return b
}

// bytes returns a text parameter without copying it; "<NA>" stands for one that the
// recorder could not read.
func (c *call) bytes(i int) []byte {
	return cText(c.e.Raw(i))
}

var notRead = []byte("<NA>")

func cText(b []byte) []byte {
	if n := bytes.IndexByte(b, 0); n >= 0 {
		b = b[:n]
	}
	if string(b) == "(NULL)" {
		return notRead
	}
	return b
}

// textLike returns a text parameter, like itself when that is the same.
func (c *call) textLike(i int, like string) string {
	b := c.bytes(i)
	if string(b) == like {
		return like
	}
	return string(b)
}

// listLike returns a parameter that is a list, like itself when that is the same. The
// recorder may have cut off its end.
func (c *call) listLike(i int, like List) List {
	b := c.e.Raw(i)
	switch {
	case string(b) == string(like):
		return like
	case len(b) > 0 && b[len(b)-1] != 0:
		return List(b) + "\x00"
	}
	return List(b)
}
