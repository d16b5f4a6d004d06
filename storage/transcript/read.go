package transcript

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"

	"tq/storage/scap"
)

// HeadLen is how much of a file [Recognise] wants to see at most.
const HeadLen = 256 << 10

// recogniseLines is how many of the first lines, not counting empty ones, may show that
// a file is a transcript.
const recogniseLines = 100

// Recognise reports whether the file that begins with head is a transcript: whether it
// is text and one of its first lines is an event.
func Recognise(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	seen := 0
	for text := range bytes.Lines(head) {
		text = bytes.TrimSpace(text)
		if len(text) == 0 {
			continue
		}
		if _, ok := parseLine(text); ok {
			return true
		}
		if seen++; seen == recogniseLines {
			break
		}
	}
	return false
}

// The kinds of warnings about transcripts. None of them means that something is broken.
const (
	WarnSkipped    = "skipped line"
	WarnRepeated   = "repeated line"
	WarnRenumbered = "renumbered line"
)

// warnings collects what is odd about a transcript, one entry a kind.
type warnings []scap.Warning

// add counts a line. The message is about the first.
func (w *warnings) add(kind string, offset int, format string, args ...any) {
	for i := range *w {
		if (*w)[i].Kind == kind {
			(*w)[i].Count++
			return
		}
	}
	*w = append(*w, scap.Warning{
		Offset: int64(offset), Kind: kind, Message: fmt.Sprintf(format, args...), Count: 1,
	})
}

// place is where a line stands in the text.
type place struct{ offset, number int }

// readLines reads the events of a text, in the order of the text.
func readLines(text []byte, w *warnings) ([]line, []place) {
	lines := make([]line, 0, bytes.Count(text, []byte("\n"))+1)
	places := make([]place, 0, cap(lines))
	offset, number := 0, 0
	for raw := range bytes.Lines(text) {
		at := offset
		offset += len(raw)
		number++
		raw = bytes.TrimSuffix(raw, []byte("\n"))
		l, ok := parseLine(raw)
		if !ok {
			if bare := bytes.TrimSpace(plain(raw)); len(bare) > 0 && string(bare) != separator {
				w.add(WarnSkipped, at, "line %d is no event and was skipped", number)
			}
			continue
		}
		lines = append(lines, l)
		places = append(places, place{at, number})
	}
	trimEnds(lines)
	return lines, places
}

// separator is what grep puts between groups of lines.
const separator = "--"

// trimEnds takes the last blank off the arguments where the reader was one of those that
// end every line with one. Otherwise a blank at the end is part of the last argument.
func trimEnds(lines []line) {
	ended, with := 0, 0
	for i := range lines {
		if args := lines[i].args; len(args) > 0 {
			with++
			if args[len(args)-1] == ' ' {
				ended++
			}
		}
	}
	if 2*ended <= with {
		return
	}
	for i := range lines {
		lines[i].args = bytes.TrimSuffix(lines[i].args, []byte(" "))
	}
}

// arrange puts lines into the order of their numbers. Lines without one, and lines with
// the number of another line that they do not repeat, get the numbers after the last.
func arrange(lines []line, places []place, w *warnings) []line {
	order := make([]int32, 0, len(lines))
	var rest []int32
	last := int64(math.MaxUint32 - len(lines))
	for i := range lines {
		if n := lines[i].num; n < 1 || n > last {
			rest = append(rest, int32(i))
		} else {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(lines[a].num, lines[b].num) })
	kept := order[:0]
	for _, i := range order {
		if n := len(kept); n == 0 || lines[kept[n-1]].num != lines[i].num {
			kept = append(kept, i)
			continue
		}
		if at := places[i]; lines[kept[len(kept)-1]].repeats(&lines[i]) {
			w.add(WarnRepeated, at.offset, "line %d repeats event %d", at.number, lines[i].num)
		} else {
			rest = append(rest, i)
		}
	}
	slices.Sort(rest)
	out := make([]line, 0, len(kept)+len(rest))
	next := int64(1)
	for _, i := range kept {
		out = append(out, lines[i])
		next = lines[i].num + 1
	}
	date(out)
	for _, i := range rest {
		l := lines[i]
		if len(kept) > 0 {
			at := places[i]
			w.add(WarnRenumbered, at.offset, "line %d became event %d: its number is missing or another line's", at.number, next)
		}
		l.num = next
		next++
		out = append(out, l)
	}
	date(out[len(kept):])
	return out
}

// repeats reports whether two lines show the same event.
func (l *line) repeats(other *line) bool {
	return l.time == other.time && l.tid == other.tid && l.enter == other.enter &&
		bytes.Equal(l.typ, other.typ) && bytes.Equal(l.args, other.args)
}

// date makes the times of lines, which are in order, times since the epoch.
func date(lines []line) {
	if isSpans(lines) {
		for i := 1; i < len(lines); i++ {
			lines[i].time.ns += lines[i-1].time.ns
		}
		return
	}
	c := newCalendar(lines)
	for i := range lines {
		lines[i].time = stamp{c.time(lines[i].time), true}
	}
}
