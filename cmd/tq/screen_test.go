package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// screen is what a terminal shows after what was written to it: as much of a VT100 as the
// shell makes use of. Colours are left out.
type screen struct {
	width, height int
	lines         [][]string // of one character each, "" behind one of two columns
	x, y          int
	wrap          bool   // the next character goes to a new line
	pending       []byte // the beginning of a sequence or a character
}

func newScreen(width, height int) *screen {
	s := &screen{width: width, height: height}
	s.lines = make([][]string, height)
	for y := range s.lines {
		s.clear(y, 0, width)
	}
	return s
}

// clear makes a part of a line blank.
func (s *screen) clear(y, from, to int) {
	for len(s.lines[y]) < s.width {
		s.lines[y] = append(s.lines[y], " ")
	}
	for x := from; x < to; x++ {
		s.lines[y][x] = " "
	}
}

// resize gives the screen another size. Lines are cut, not broken anew.
func (s *screen) resize(width, height int) {
	old, y := s.lines, s.y
	*s = *newScreen(width, height)
	above := max(0, y+1-height) // lines that scroll away
	for i, line := range old[above:min(len(old), above+height)] {
		copy(s.lines[i], line)
	}
	s.y = y - above
}

// String is the lines without the blanks at their ends.
func (s *screen) String() string {
	var b strings.Builder
	for _, line := range s.lines {
		b.WriteString(strings.TrimRight(strings.Join(line, ""), " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// current is the line with the cursor.
func (s *screen) current() string { return strings.TrimRight(strings.Join(s.lines[s.y], ""), " ") }

func (s *screen) Write(b []byte) (int, error) {
	s.pending = append(s.pending, b...)
	for len(s.pending) > 0 {
		n := s.one(s.pending)
		if n == 0 {
			break // wait for the rest of it
		}
		s.pending = s.pending[n:]
	}
	return len(b), nil
}

// one obeys the first character or sequence and returns its length; 0 if it is incomplete.
func (s *screen) one(b []byte) int {
	switch b[0] {
	case '\r':
		s.x, s.wrap = 0, false
	case '\n':
		s.down()
	case '\b':
		s.x, s.wrap = max(s.x-1, 0), false
	case '\a':
	case '\x1b':
		return s.escape(b)
	default:
		if !utf8.FullRune(b) {
			return 0
		}
		r, n := utf8.DecodeRune(b)
		s.put(string(r))
		return n
	}
	return 1
}

func (s *screen) put(char string) {
	if s.wrap {
		s.x = 0
		s.down()
	}
	room := uniseg.StringWidth(char)
	s.lines[s.y][s.x] = char
	if room == 2 && s.x+1 < s.width {
		s.lines[s.y][s.x+1] = ""
	}
	if s.x += max(room, 1); s.x >= s.width {
		s.x, s.wrap = s.width-1, true
	}
}

func (s *screen) down() {
	s.wrap = false
	if s.y++; s.y == s.height {
		s.y--
		s.lines = append(s.lines[1:], nil)
		s.clear(s.y, 0, s.width)
	}
}

// escape obeys the sequence that begins with ESC [; others have no effect.
func (s *screen) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	if b[1] != '[' {
		return 2
	}
	end := 2
	for end < len(b) && (b[end] < '@' || b[end] > '~') {
		end++
	}
	if end == len(b) {
		return 0
	}
	n := 0
	for _, c := range b[2:end] {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int(c-'0')
	}
	steps := max(n, 1)
	s.wrap = false
	switch b[end] {
	case 'A':
		s.y = max(s.y-steps, 0)
	case 'B':
		s.y = min(s.y+steps, s.height-1)
	case 'C':
		s.x = min(s.x+steps, s.width-1)
	case 'D':
		s.x = max(s.x-steps, 0)
	case 'H':
		s.x, s.y = 0, 0
	case 'K':
		s.clear(s.y, [...]int{s.x, 0, 0}[n], s.width)
	case 'J':
		s.clear(s.y, s.x, s.width)
		for y := s.y + 1; y < s.height; y++ {
			s.clear(y, 0, s.width)
		}
	}
	return end + 1
}

func TestScreen(t *testing.T) {
	f := func(written, want string) {
		t.Helper()
		s := newScreen(5, 3)
		for i := range len(written) { // in any pieces
			s.Write([]byte(written[i : i+1]))
		}
		if got := s.String(); got != want {
			t.Errorf("%q shows %q, want %q", written, got, want)
		}
	}
	f("a\r\nb", "a\nb")
	f("abcdefg", "abcde\nfg")
	f("abcde\rx", "xbcde")
	f("1\r\n2\r\n3\r\n4", "2\n3\n4")
	f("\x1b[1;34mé\x1b[0m漢x", "é漢x")
	f("abc\x1b[2D\x1b[K", "a")
	f("ab\r\ncd\x1b[A\x1b[J", "ab")
	f("abc\x1b[2K\rx", "x")
	f("ab\x1b[?2004hc", "abc")
}
