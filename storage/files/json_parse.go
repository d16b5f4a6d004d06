package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonKind is what a JSON value is.
type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonList
	jsonObject
)

// jsonValue is a JSON value.
type jsonValue struct {
	kind jsonKind
	text string // of a string, without escapes; of anything else as it is written
	keys []string
	vals []jsonValue // elements of a list, values of the keys
}

// get returns the value of a key; the last one if there are several.
func (v *jsonValue) get(key string) *jsonValue {
	for i := len(v.keys) - 1; i >= 0; i-- {
		if v.keys[i] == key {
			return &v.vals[i]
		}
	}
	return nil
}

// jsonReader takes a JSON file apart into records: the values that stand in it one after
// the other, or else in one list.
type jsonReader struct {
	in     io.Reader
	buf    []byte
	at     int
	eof    bool
	line   int64
	begun  bool
	inList bool
	after  bool // a record of the list has been read
}

func newJSONReader(in io.Reader) *jsonReader { return &jsonReader{in: in, line: 1} }

// errJSONMore says that the value goes on behind what has been read.
var errJSONMore = errors.New("unexpected end")

// next returns the next record and the line it begins on; io.EOF after the last one.
func (r *jsonReader) next() (v jsonValue, line int64, err error) {
	for {
		at := r.at
		v, err = r.record()
		if err == nil || err == io.EOF {
			return v, r.line, err
		}
		if err != errJSONMore || r.eof {
			return v, r.line, fmt.Errorf("line %d: %w", r.line, err)
		}
		r.at = at
		if err := r.fill(); err != nil {
			return v, r.line, err
		}
	}
}

func (r *jsonReader) fill() error {
	if len(r.buf)-r.at > maxRecord {
		return fmt.Errorf("line %d: the value is longer than %d bytes", r.line, maxRecord)
	}
	r.buf = append([]byte(nil), r.buf[r.at:]...)
	r.at = 0
	had := len(r.buf)
	r.buf = append(r.buf, make([]byte, max(csvBlock, had))...)
	n, err := io.ReadFull(r.in, r.buf[had:])
	r.buf = r.buf[:had+n]
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		r.eof, err = true, nil
	}
	return err
}

// record reads a record. When it fails, nothing but blanks has been consumed.
func (r *jsonReader) record() (jsonValue, error) {
	c, err := r.blanks()
	if err != nil {
		return jsonValue{}, r.endOf(err)
	}
	if !r.begun {
		r.begun = true
		if c == '[' {
			r.inList = true
			r.at++
			return r.record()
		}
	}
	if r.inList {
		switch {
		case c == ']':
			r.at++
			r.inList = false
			if c, err = r.blanks(); err == nil {
				return jsonValue{}, fmt.Errorf("unexpected %q behind the list", c)
			}
			return jsonValue{}, r.endOf(err)
		case r.after && c == ',':
			p := jsonParser{b: r.buf, i: r.at + 1}
			return r.value(&p)
		case r.after:
			return jsonValue{}, fmt.Errorf("expected , or ], found %q", c)
		}
	}
	p := jsonParser{b: r.buf, i: r.at}
	return r.value(&p)
}

func (r *jsonReader) value(p *jsonParser) (jsonValue, error) {
	v, err := p.value(0)
	if err != nil {
		return v, err
	}
	if v.kind == jsonNumber && p.i == len(p.b) && !r.eof {
		return v, errJSONMore
	}
	r.line += int64(bytes.Count(r.buf[r.at:p.start], []byte{'\n'}))
	v.text = string([]byte(v.text))
	r.at, r.after = p.i, true
	return v, nil
}

// endOf is how reading ends where more blanks may follow.
func (r *jsonReader) endOf(err error) error {
	if err == errJSONMore && r.eof && !r.inList {
		return io.EOF
	}
	return err
}

// blanks skips blanks and returns what follows them.
func (r *jsonReader) blanks() (byte, error) {
	for ; r.at < len(r.buf); r.at++ {
		switch c := r.buf[r.at]; c {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			return c, nil
		}
	}
	return 0, errJSONMore
}

// jsonParser reads one value.
type jsonParser struct {
	b     []byte
	i     int
	start int // of the outermost value
}

// maxJSONDepth is how deep lists and objects may nest.
const maxJSONDepth = 512

func (p *jsonParser) blanks() (byte, error) {
	for ; p.i < len(p.b); p.i++ {
		switch c := p.b[p.i]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c, nil
		}
	}
	return 0, errJSONMore
}

func (p *jsonParser) value(depth int) (v jsonValue, err error) {
	if depth > maxJSONDepth {
		return v, fmt.Errorf("lists and objects nest deeper than %d levels", maxJSONDepth)
	}
	c, err := p.blanks()
	if err != nil {
		return v, err
	}
	start := p.i
	if depth == 0 {
		p.start = start
	}
	switch {
	case c == '{':
		err = p.object(&v, depth)
	case c == '[':
		err = p.list(&v, depth)
	case c == '"':
		v.kind = jsonString
		v.text, err = p.string()
		return v, err
	case c == 't':
		v.kind, err = jsonBool, p.word("true")
	case c == 'f':
		v.kind, err = jsonBool, p.word("false")
	case c == 'n' && p.i+1 < len(p.b) && p.b[p.i+1] == 'u':
		err = p.word("null")
	case c == 'n':
		v.kind, err = jsonNumber, p.word("nan")
	case c == 'N':
		v.kind, err = jsonNumber, p.word("NaN")
	case c == '-' || c >= '0' && c <= '9':
		v.kind = jsonNumber
		err = p.number()
	default:
		return v, fmt.Errorf("unexpected %q", rune(c))
	}
	v.text = string(p.b[start:p.i])
	return v, err
}

func (p *jsonParser) word(w string) error {
	rest := p.b[p.i:]
	if len(rest) < len(w) && string(rest) == w[:len(rest)] {
		return errJSONMore
	}
	if !bytes.HasPrefix(rest, []byte(w)) {
		return fmt.Errorf("unexpected %q", rune(rest[0]))
	}
	p.i += len(w)
	return nil
}

func (p *jsonParser) number() error {
	start := p.i
	for p.i < len(p.b) {
		switch c := p.b[p.i]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			p.i++
			continue
		case c == 'I' && p.i == start+1:
			return p.word("Infinity")
		}
		break
	}
	if text := string(p.b[start:p.i]); p.i < len(p.b) {
		if _, err := strconv.ParseFloat(text, 64); err != nil && !errors.Is(err, strconv.ErrRange) {
			return fmt.Errorf("%s is no number", text)
		}
	}
	return nil
}

func (p *jsonParser) list(v *jsonValue, depth int) error {
	v.kind = jsonList
	p.i++
	for {
		c, err := p.blanks()
		if err != nil {
			return err
		}
		if c == ']' {
			p.i++
			return nil
		}
		if len(v.vals) > 0 {
			if c != ',' {
				return fmt.Errorf("expected , or ], found %q", rune(c))
			}
			p.i++
		}
		elem, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.vals = append(v.vals, elem)
	}
}

func (p *jsonParser) object(v *jsonValue, depth int) error {
	v.kind = jsonObject
	p.i++
	for {
		c, err := p.blanks()
		if err != nil {
			return err
		}
		if c == '}' {
			p.i++
			return nil
		}
		if len(v.keys) > 0 {
			if c != ',' {
				return fmt.Errorf("expected , or }, found %q", rune(c))
			}
			p.i++
			if c, err = p.blanks(); err != nil {
				return err
			}
		}
		if c != '"' {
			return fmt.Errorf("expected a key in quotes, found %q", rune(c))
		}
		key, err := p.string()
		if err != nil {
			return err
		}
		if c, err = p.blanks(); err != nil {
			return err
		}
		if c != ':' {
			return fmt.Errorf("expected : behind the key %q, found %q", key, rune(c))
		}
		p.i++
		val, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.keys, v.vals = append(v.keys, key), append(v.vals, val)
	}
}

// string reads a string and what its escapes stand for.
func (p *jsonParser) string() (string, error) {
	p.i++
	start := p.i
	for p.i < len(p.b) && p.b[p.i] != '"' && p.b[p.i] != '\\' {
		p.i++
	}
	out := append([]byte(nil), p.b[start:p.i]...)
	for p.i < len(p.b) {
		c := p.b[p.i]
		p.i++
		switch {
		case c == '"':
			return string(out), nil
		case c != '\\':
			out = append(out, c)
			continue
		case p.i == len(p.b):
			return "", errJSONMore
		}
		c = p.b[p.i]
		p.i++
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, err := p.unicode()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		default:
			return "", fmt.Errorf("there is no escape \\%c", c)
		}
	}
	return "", errJSONMore
}

// unicode reads the four digits of an escape, and the second half of a pair of surrogates.
func (p *jsonParser) unicode() (rune, error) {
	hex := func() (rune, error) {
		if p.i+4 > len(p.b) {
			return 0, errJSONMore
		}
		n, err := strconv.ParseUint(string(p.b[p.i:p.i+4]), 16, 32)
		if err != nil {
			return 0, fmt.Errorf("\\u is not followed by four hexadecimal digits")
		}
		p.i += 4
		return rune(n), nil
	}
	r, err := hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if p.i+6 > len(p.b) {
		return 0, errJSONMore
	}
	if p.b[p.i] != '\\' || p.b[p.i+1] != 'u' {
		return utf8.RuneError, nil
	}
	p.i += 2
	low, err := hex()
	return utf16.DecodeRune(r, low), err
}
