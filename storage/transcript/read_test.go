package transcript

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// numbered reads a text and returns the numbers and times of its events, and the warnings.
func numbered(text string) (events []string, w warnings) {
	lines, places := readLines([]byte(text), &w)
	for _, l := range arrange(lines, places, &w) {
		events = append(events, fmt.Sprintf("%d %s %s", l.num,
			time.Unix(0, l.time.ns).UTC().Format("02 15:04:05"), l.args))
	}
	return events, w
}

func TestArrange(t *testing.T) {
	for _, test := range []struct {
		name     string
		text     string
		want     string
		warnings string
	}{
		{
			"by number",
			"7 10:00:03 1 a (1) > b x\n5 10:00:01 1 a (1) > b y\n6 10:00:02 1 a (1) > b z\n",
			"5 01 10:00:01 y|6 01 10:00:02 z|7 01 10:00:03 x", "",
		},
		{
			"without numbers, as they stand",
			"10:00:03 1 a (1) > b x\n10:00:01 1 a (1) > b y\n",
			"1 01 10:00:03 x|2 01 10:00:01 y", "",
		},
		{
			"some without a number",
			"10:00:03 1 a (1) > b x\n9 10:00:01 1 a (1) > b y\n10:00:02 1 a (1) > b z\n",
			"9 01 10:00:01 y|10 01 10:00:03 x|11 01 10:00:02 z",
			"renumbered line ×2 at 0: line 1 became event 10: its number is missing or another line's",
		},
		{
			"repeated",
			"5 10:00:01 1 a (1) > b y\n--\n5 10:00:01 1 a (1) > b y\n",
			"5 01 10:00:01 y", "repeated line ×1 at 28: line 3 repeats event 5",
		},
		{
			"one number twice",
			"5 10:00:01 1 a (1) > b x\n6 10:00:02 1 a (1) > b y\n5 10:00:03 1 a (2) > b z\n",
			"5 01 10:00:01 x|6 01 10:00:02 y|7 01 10:00:03 z",
			"renumbered line ×1 at 50: line 3 became event 7: its number is missing or another line's",
		},
		{
			"numbers that no event can have",
			"0 10:00:01 1 a (1) > b x\n99999999999999999999 10:00:02 1 a (1) > b y\n4294967295 10:00:03 1 a (1) > b z\n",
			"1 01 10:00:01 x|2 01 10:00:02 y|3 01 10:00:03 z", "",
		},
		{
			"skipped",
			"$ sysdig -r x\n\n5 10:00:01 1 a (1) > b x\n--\n\x1b[36m\x1b[K--\x1b[m\x1b[K\n6 10:00:02 1 a (1) > b y\nthe end\n",
			"5 01 10:00:01 x|6 01 10:00:02 y",
			"skipped line ×2 at 0: line 1 is no event and was skipped",
		},
		{
			"over midnight",
			"5 23:59:59 1 a (1) > b x\n6 00:00:01 1 a (1) > b y\n7 22:00:00 1 a (1) > b z\n8 20:00:00 1 a (1) > b u\n",
			"5 01 23:59:59 x|6 02 00:00:01 y|7 02 22:00:00 z|8 03 20:00:00 u", "",
		},
		{
			"a step back is no midnight",
			"5 10:00:01 1 a (1) > b x\n6 09:59:59 1 a (1) > b y\n",
			"5 01 10:00:01 x|6 01 09:59:59 y", "",
		},
		{
			"a date for all",
			"5 23:00:00 1 a (1) > b x\n6 1970-01-09 23:00:01 1 a (1) > b y\n7 00:00:01 1 a (1) > b z\n",
			"5 09 23:00:00 x|6 09 23:00:01 y|7 10 00:00:01 z", "",
		},
		{
			"the blank that ends every line",
			"5 10:00:01 1 a (1) > b x \n6 10:00:02 1 a (1) > b y  \n7 10:00:03 1 a (1) > b ",
			"5 01 10:00:01 x|6 01 10:00:02 y |7 01 10:00:03 ", "",
		},
		{
			"a blank that belongs to an argument",
			"5 10:00:01 1 a (1) > b x\n6 10:00:02 1 a (1) > b y \n7 10:00:03 1 a (1) > b z\n",
			"5 01 10:00:01 x|6 01 10:00:02 y |7 01 10:00:03 z", "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			events, w := numbered(test.text)
			if got := strings.Join(events, "|"); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
			var texts []string
			for _, w := range w {
				texts = append(texts, fmt.Sprintf("%s ×%d at %d: %s", w.Kind, w.Count, w.Offset, w.Message))
			}
			if got := strings.Join(texts, "|"); got != test.warnings {
				t.Errorf("warnings\n got %s\nwant %s", got, test.warnings)
			}
		})
	}
}

func TestRecognise(t *testing.T) {
	const event = "5 10:00:01.123456789 1 a (1) > b x\n"
	for _, test := range []struct {
		name, head string
		want       bool
	}{
		{"event first", event, true},
		{"event broken off", event[:len(event)-2], true},
		{"after 99 other lines", strings.Repeat("\nother\n", 99) + event, true},
		{"after 100 other lines", strings.Repeat("\nother\n", 100) + event, false},
		{"other text", "time,cpu\n10:00:01,1\n", false},
		{"binary", "\x00" + event, false},
		{"empty", "", false},
	} {
		if got := Recognise([]byte(test.head)); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestSplit(t *testing.T) {
	known := knownTypes()
	for _, test := range []struct {
		typ   string
		enter bool
		args  string
		want  []string // nil: does not fit
	}{
		{"switch", true, "next=25978(sysdig) pgft_maj=0 pgft_min=0 vm_size=0 vm_rss=0 vm_swap=0", []string{"25978(sysdig)", "0", "0", "0", "0", "0"}},
		{"switch", true, "next=12(Web Content) pgft_maj=0", []string{"12(Web Content)", "0"}},
		{"switch", true, "next=x pgft_maj=0", nil},
		{"switch", true, "pgft_maj=0", nil},
		{"read", false, "res=5 data=a fd=b fd=3(<f>/x y) size=5", []string{"5", "a fd=b", "3(<f>/x y)", "5"}},
		{"read", false, "res=5 data=fd=3(x) size=6 fd=3(<f>/x) size=5", []string{"5", "fd=3(x) size=6", "3(<f>/x)", "5"}},
		{"read", false, "res=-11(EAGAIN) data=NULL", []string{"-11(EAGAIN)", "NULL"}},
		{"read", false, "res=0 data=", []string{"0", ""}},
		{"read", false, "res=0 data= fd=3 size=1", []string{"0", "", "3", "1"}},
		{"mmap", false, "res=7FA69774E000 vm_size=536", []string{"7FA69774E000", "536"}},
		{"mmap", true, "addr=0 length=4096 prot=3(PROT_READ|PROT_WRITE) flags=10(MAP_PRIVATE|MAP_ANONYMOUS) fd=-1(EPERM) offset=0",
			[]string{"0", "4096", "3(PROT_READ|PROT_WRITE)", "10(MAP_PRIVATE|MAP_ANONYMOUS)", "-1(EPERM)", "0"}},
	} {
		var s splitter
		values, ok := s.split([]byte(test.args), known.versions[test.typ][0].layout(test.enter))
		var got []string
		for _, v := range values {
			got = append(got, string(v))
		}
		if ok != (test.want != nil) && test.args != "" || ok && !slices.Equal(got, test.want) {
			t.Errorf("%s %s\n got %q, %v\nwant %q", test.typ, test.args, got, ok, test.want)
		}
	}
}

// Times that an option of readers makes spans since the line before add up.
func TestSpans(t *testing.T) {
	f := func(want []int64, times ...string) {
		t.Helper()
		var text strings.Builder
		for i, s := range times {
			fmt.Fprintf(&text, "%d %s 0 sh (12) > read fd=3 size=5\n", i+100, s)
		}
		var w warnings
		lines, places := readLines([]byte(text.String()), &w)
		lines = arrange(lines, places, &w)
		for i, l := range lines {
			if l.time.ns != want[i] {
				t.Errorf("%v: line %d has the time %d, want %d", times, i+1, l.time.ns, want[i])
			}
		}
	}
	f([]int64{0, 500, 501, 700, 702}, "0.000000000", "0.000000500", "0.000000001", "0.000000199", "0.000000002")
	f([]int64{0, 500, 501, 499, 502}, "0.000000000", "0.000000500", "0.000000501", "0.000000499", "0.000000502")
}
