package transcript

import (
	"bytes"
	"strings"

	"tq/storage/scap"
)

// splitter takes the arguments of a line apart. They stand there as name=value with
// blanks in between, but a value, too, may hold blanks and signs of equality: what tells
// where one ends is the name of the next, and that what follows fits the types.
type splitter struct {
	at     *layout
	values [][]byte
	budget int
}

// maxGuesses limits at how many places the ends of a line's values are looked for.
const maxGuesses = 1 << 10

// split returns the values of the arguments, which are the first ones of the layout. It
// returns false when they are not. The values are good until the next call.
func (s *splitter) split(args []byte, at *layout) ([][]byte, bool) {
	s.at, s.values, s.budget = at, s.values[:0], maxGuesses
	if len(args) == 0 {
		return nil, true
	}
	if len(at.labels) == 0 || !bytes.HasPrefix(args, at.labels[0][1:]) {
		return nil, false
	}
	ok := s.from(0, args[len(at.labels[0])-1:])
	return s.values, ok
}

// from splits a text that begins with value i.
func (s *splitter) from(i int, text []byte) bool {
	def := &s.at.params[i]
	if i+1 < len(s.at.labels) {
		label := s.at.labels[i+1]
		for end := 0; ; end++ {
			n := bytes.Index(text[end:], label)
			if n < 0 {
				break
			}
			end += n
			if plausible(def, text[:end]) {
				s.values = append(s.values, text[:end])
				if s.from(i+1, text[end+len(label):]) {
					return true
				}
				s.values = s.values[:i]
			}
			if s.budget--; s.budget <= 0 {
				return false
			}
		}
	}
	if !plausible(def, text) {
		return false
	}
	s.values = append(s.values, text)
	return true
}

// find returns the values that stand somewhere in the arguments, nil where there is
// none: for a line that fits no layout as it should.
func (s *splitter) find(args []byte, at *layout) [][]byte {
	s.values = s.values[:0]
	for i, label := range at.labels {
		var value []byte
		rest, ok := bytes.CutPrefix(args, label[1:])
		if !ok {
			_, rest, ok = bytes.Cut(args, label)
		}
		if ok {
			value = rest
			for _, other := range at.labels {
				if n := bytes.Index(value, other); n >= 0 {
					value = value[:n]
				}
			}
			if !plausible(&at.params[i], value) {
				value = nil
			}
		}
		s.values = append(s.values, value)
	}
	return s.values
}

// plausible reports whether a text can be the value of a parameter.
func plausible(def *scap.ParamDef, text []byte) bool {
	if widths[def.Type] == 0 {
		return true
	}
	_, rest, ok := number(def, text)
	if !ok {
		return string(text) == "<NA>" || def.Type == scap.ParamRelTime && string(text) == "none"
	}
	return len(rest) == 0 || rest[0] == '(' && rest[len(rest)-1] == ')'
}

// number reads the integer that a value begins with, in the format that the parameter is
// printed in.
func number(def *scap.ParamDef, text []byte) (n uint64, rest []byte, ok bool) {
	base, set := uint64(10), "0123456789"
	switch {
	case def.Type == scap.ParamErrno && bytes.ContainsAny(head(text), hexLetters):
		base, set = 16, hexDigits // an address, as older readers print results that are one
	case alwaysDecimal[def.Type]:
	case def.Format == scap.FormatHex:
		base, set = 16, hexDigits
	case def.Format == scap.FormatOct:
		base, set = 8, "01234567"
	}
	rest, negative := bytes.CutPrefix(text, []byte("-"))
	i := 0
	for ; i < len(rest) && strings.IndexByte(set, rest[i]) >= 0; i++ {
		if n > (1<<64-1-15)/base {
			return 0, nil, false
		}
		n = n*base + digitValue(rest[i])
	}
	if i == 0 {
		return 0, nil, false
	}
	if negative {
		n = -n
	}
	return n, rest[i:], true
}

const (
	hexLetters = "ABCDEF"
	hexDigits  = "0123456789" + hexLetters
)

// head returns a value without what it stands for, in parentheses.
func head(text []byte) []byte {
	value, _, _ := bytes.Cut(text, []byte("("))
	return value
}

func digitValue(c byte) uint64 {
	if c >= 'A' {
		return uint64(c - 'A' + 10)
	}
	return uint64(c - '0')
}
