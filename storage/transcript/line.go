package transcript

import (
	"bytes"
	"strconv"
)

// line is what a line of a transcript shows, before it is known what it means.
type line struct {
	num   int64 // -1 where the line has none
	time  stamp
	cpu   int32  // -1 where the line has none
	name  []byte // of the thread, empty where it is unknown
	tid   int64
	enter bool
	typ   []byte
	args  []byte // as printed
}

// maxHeads limits the places at which the time of a line is looked for.
const maxHeads = 8

// parseLine reads a line, whatever stands before the number or, without one, before the
// time: names of files and line numbers from grep, marks of quotation. Columns that are
// missing are taken as such. It returns false for a line that is no event.
func parseLine(text []byte) (line, bool) {
	text = plain(text)
	from := 0
	for range maxHeads {
		at, t, end, ok := findTime(text, from)
		if !ok {
			break
		}
		if l, ok := parseEvent(text[end:]); ok && !hasTime(l.name) {
			l.time = t
			l.num = numberBefore(text[:at])
			return l, true
		}
		from = end
	}
	return line{}, false
}

// parseEvent reads a line from behind the time.
func parseEvent(text []byte) (line, bool) {
	l := line{cpu: -1}
	rest := bytes.TrimLeft(text, blanks)
	for {
		cpu, n := numericColumn(rest)
		if n == 0 {
			break
		}
		l.cpu, rest = cpu, bytes.TrimLeft(rest[n:], blanks)
	}
	for from := 0; ; {
		i := bytes.IndexByte(rest[from:], '(')
		if i < 0 {
			return line{}, false
		}
		i += from
		if i == 0 || isBlank(rest[i-1]) {
			if n, ok := l.parseThread(rest[i:]); ok {
				if l.parseType(rest[i+n:]) {
					l.name = threadName(bytes.Trim(rest[:i], blanks), rest[i:i+n])
					return l, true
				}
			}
		}
		from = i + 1
	}
}

// numericColumn reads a column that holds a number and returns its length, 0 where there is
// none. The last one is the CPU's, if it can be one; others, as of the time since another
// event, a reader was told to print.
func numericColumn(text []byte) (cpu int32, n int) {
	end := bytes.IndexAny(text, blanks)
	if end < 0 {
		return -1, 0
	}
	column := text[:end]
	if value, n := digits(column); n == end && n > 0 {
		if value >= NoCPU {
			return -1, end
		}
		return int32(value), end
	}
	if inner, ok := bytes.CutPrefix(column, []byte("(")); ok {
		column = bytes.TrimSuffix(inner, []byte(")"))
	}
	if _, whole := digits(column); whole > 0 {
		if _, m := decimals(column[whole:]); m > 0 && whole+m == len(column) {
			return -1, end
		}
	}
	return -1, 0
}

// parseThread reads "(tid)", or "(tid:vtid)" as lines with containers have it, and
// returns its length.
func (l *line) parseThread(text []byte) (int, bool) {
	at := 1
	negative := at < len(text) && text[at] == '-'
	if negative {
		at++
	}
	tid, n := digits(text[at:])
	if at += n; n == 0 {
		return 0, false
	}
	if negative {
		tid = -tid
	}
	if at < len(text) && text[at] == ':' {
		at++
		if at < len(text) && text[at] == '-' {
			at++
		}
		_, n := digits(text[at:])
		at += n
	}
	if at == len(text) || text[at] != ')' {
		return 0, false
	}
	l.tid = tid
	return at + 1, true
}

// parseType reads the direction, the type and the arguments.
func (l *line) parseType(text []byte) bool {
	rest := bytes.TrimLeft(text, blanks)
	if len(rest) == len(text) || len(rest) < 2 || !isBlank(rest[1]) || rest[0] != '>' && rest[0] != '<' {
		return false
	}
	l.enter = rest[0] == '>'
	rest = bytes.TrimLeft(rest[1:], blanks)
	n := bytes.IndexAny(rest, blanks)
	if n < 0 {
		n = len(rest)
	}
	if !isTypeName(rest[:n]) {
		return false
	}
	l.typ = rest[:n]
	if n < len(rest) {
		l.args = rest[n+1:]
	}
	return true
}

// isTypeName reports whether text is the name of a type of event: a word, or for types
// that the reader did not know, a word in brackets or with a number in them.
func isTypeName(text []byte) bool {
	letters := false
	for _, c := range text {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letters = true
		case c >= '0' && c <= '9', c == '_', c == '(', c == ')', c == '<', c == '>':
		default:
			return false
		}
	}
	return letters
}

// unknownName is what newer readers print in place of the name of an unknown thread.
const unknownName = "<NA>"

// threadName is the name of a thread by what stands before its number. Where that tells
// of its container too, the container's name and id stand first.
func threadName(before, thread []byte) []byte {
	if bytes.IndexByte(thread, ':') >= 0 {
		if i := bytes.Index(before, []byte(") ")); i >= 0 {
			before = bytes.TrimLeft(before[i+2:], blanks)
		} else if bytes.HasSuffix(before, []byte(")")) {
			before = nil
		}
	}
	if string(before) == unknownName {
		return nil
	}
	return before
}

// numberBefore returns the number that ends what stands before the time, or -1.
func numberBefore(text []byte) int64 {
	t := bytes.TrimRight(text, blanks)
	if len(t) == len(text) {
		return -1
	}
	at := len(t)
	for at > 0 && isDigit(t[at-1]) {
		at--
	}
	num, err := strconv.ParseInt(string(t[at:]), 10, 64)
	if err != nil || at > 1 && isDigit(t[at-2]) && (t[at-1] == ',' || t[at-1] == '.') {
		return -1 // none, or the end of a longer one
	}
	return num
}

// digits reads an unsigned number and returns its length: 0 where there is none or it is
// too great.
func digits(text []byte) (value int64, n int) {
	for n < len(text) && isDigit(text[n]) {
		if value > (1<<62)/10 {
			return 0, 0
		}
		value = value*10 + int64(text[n]-'0')
		n++
	}
	return value, n
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// blanks stand between the columns. Readers print one blank; who pastes their lines may
// get tabs.
const blanks = " \t"

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
