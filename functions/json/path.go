package json

import (
	"fmt"
	"strconv"
	"strings"
)

// Path leads from a value to others inside it.
type Path struct {
	steps []step
	// Many says that it may lead to any number of values, by * or .. in it.
	Many bool
}

// step is a step of a path: to a member, an element, all of them, or to all values inside.
type step struct {
	key     string
	index   int64
	isIndex bool // by number; a step of a pointer is both
	isKey   bool
	fromEnd bool
	any     bool // *
	deep    bool // ..
}

// Index is the path to an element of an array; negative numbers count from the end.
func Index(i int64) Path { return Path{steps: []step{indexStep(i)}} }

func indexStep(i int64) step {
	if i < 0 {
		return step{index: -i, isIndex: true, fromEnd: true}
	}
	return step{index: i, isIndex: true}
}

// ParsePath reads a path: $.a."b c"[0][#-1][*], with .. for any depth; /a/0, a JSON pointer
// of RFC 6901; or a text that is a key itself. The empty one leads to the value itself.
func ParsePath(text string) (Path, error) {
	switch {
	case text == "":
		return Path{}, nil
	case text[0] == '/':
		return pointer(text), nil
	case text[0] == '$':
		return dollarPath(text)
	}
	return Path{steps: []step{{key: text, isKey: true}}}, nil
}

var pointerEscapes = strings.NewReplacer("~1", "/", "~0", "~")

func pointer(text string) Path {
	var p Path
	for _, token := range strings.Split(text[1:], "/") {
		s := step{key: pointerEscapes.Replace(token), isKey: true}
		if n, err := strconv.ParseUint(token, 10, 31); err == nil {
			s.index, s.isIndex = int64(n), true
		}
		p.steps = append(p.steps, s)
	}
	return p
}

func dollarPath(text string) (Path, error) {
	var p Path
	for rest := text[1:]; rest != ""; {
		s, tail, ok := nextStep(rest)
		if !ok {
			return Path{}, fmt.Errorf("%q is no JSON path: %q makes no step", text, rest)
		}
		p.steps, rest = append(p.steps, s), tail
		p.Many = p.Many || s.any || s.deep
	}
	if n := len(p.steps); n > 0 && p.steps[n-1].deep {
		return Path{}, fmt.Errorf("%q is no JSON path: no step follows its last two dots", text)
	}
	return p, nil
}

// nextStep reads a step from the beginning of a text.
func nextStep(text string) (s step, rest string, ok bool) {
	if text[0] == '[' {
		inside, rest, ok := strings.Cut(text[1:], "]")
		if !ok {
			return s, "", false
		}
		s, ok = bracketStep(inside)
		return s, rest, ok
	}
	if text[0] != '.' || len(text) == 1 {
		return s, "", false
	}
	switch text[1] {
	case '.':
		// What comes next is a step of its own, with a point or a bracket before it.
		if len(text) > 2 && text[2] == '[' {
			return step{deep: true}, text[2:], true
		}
		return step{deep: true}, text[1:], true
	case '"':
		end := strings.IndexByte(text[2:], '"')
		if end < 0 {
			return s, "", false
		}
		return step{key: text[2 : 2+end], isKey: true}, text[3+end:], true
	case '[':
		return s, "", false
	}
	end := len(text)
	if at := strings.IndexAny(text[1:], ".["); at >= 0 {
		end = 1 + at
	}
	key := text[1:end]
	return step{key: key, isKey: key != "*", any: key == "*"}, text[end:], true
}

// bracketStep reads what stands in brackets: a number, from the end with a minus or #-, or
// a star.
func bracketStep(text string) (s step, ok bool) {
	switch {
	case text == "*":
		return step{any: true, isIndex: true}, true
	case text == "#": // behind the last
		return step{isIndex: true, fromEnd: true}, true
	}
	digits, fromEnd := strings.CutPrefix(strings.TrimPrefix(text, "#"), "-")
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || text[0] == '#' && !fromEnd {
		return s, false
	}
	return step{index: int64(n), isIndex: true, fromEnd: fromEnd}, true
}

// Find returns the value that a path leads to that is not Many, or nil.
func (p Path) Find(v *Value) *Value {
	for _, s := range p.steps {
		if v = s.one(v); v == nil {
			return nil
		}
	}
	return v
}

func (s step) one(v *Value) *Value {
	switch {
	case v.Kind == Object && s.isKey:
		return v.Find(s.key)
	case v.Kind == Array && s.isIndex:
		at := s.index
		if s.fromEnd {
			at = int64(len(v.Elems)) - s.index
		}
		if at >= 0 && at < int64(len(v.Elems)) {
			return &v.Elems[at]
		}
	}
	return nil
}

// Each calls f for each value that the path leads to.
func (p Path) Each(v *Value, f func(v *Value)) { each(p.steps, v, f) }

func each(steps []step, v *Value, f func(v *Value)) {
	if len(steps) == 0 {
		f(v)
		return
	}
	switch s := steps[0]; {
	case s.deep:
		each(steps[1:], v, f)
		for i := range v.Elems {
			each(steps, &v.Elems[i], f)
		}
	case s.any:
		if s.isIndex == (v.Kind == Array) {
			for i := range v.Elems {
				each(steps[1:], &v.Elems[i], f)
			}
		}
	default:
		if next := s.one(v); next != nil {
			each(steps[1:], next, f)
		}
	}
}
