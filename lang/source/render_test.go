package source_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tq/lang/source"
)

func TestRender(t *testing.T) {
	f := func(text string, at source.Span, want string) {
		t.Helper()
		file := &source.File{Name: "q", Text: text}
		got := file.Render(source.Errorf(at, "wrong"))
		if want = "q:" + strings.TrimPrefix(want, "\n"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	f("select fo from t", source.Span{Start: 7, End: 9}, `
1:8: wrong
  select fo from t
         ^~`)
	f("select", source.Point(6), `
1:7: wrong
  select
        ^`)
	f("", source.Point(0), "1:1: wrong")
	f("a\n\tb c\r\nd", source.Span{Start: 5, End: 6}, `
2:4: wrong
      b c
        ^`)
	// Two columns each for what a terminal draws wide, none for a combining mark.
	f("'日本' = e\u0301 + x", source.Span{Start: 17, End: 18}, "\n"+
		"1:13: wrong\n"+
		"  '日本' = e\u0301 + x\n"+
		"               ^")
	f("a\x00\xffb", source.Span{Start: 3, End: 4}, "\n1:4: wrong\n  a\uFFFD\uFFFDb\n     ^")
	f("f(a,\n  b,\n  c)", source.Span{Start: 2, End: 13}, `
1:3: wrong
  f(a,
    ^~
    b,
    ~~
    c)
    ~`)
	f("f(a,\n  b,\n\n  c,\n  d)", source.Span{Start: 2, End: 20}, `
1:3: wrong
  f(a,
    ^~
  …
    d)
    ~~`)
	long := strings.Repeat("abcdefghi ", 30)
	f(long, source.Span{Start: 150, End: 159}, `
1:151: wrong
  …`+long[110:210]+`…
`+strings.Repeat(" ", 43)+"^~~~~~~~~")
	f(long, source.Span{Start: 0, End: 300}, `
1:1: wrong
  `+long[:100]+`…
  ^`+strings.Repeat("~", 99))
}

func TestRenderHintAndList(t *testing.T) {
	file := &source.File{Text: "a b\nc"}
	list := source.ErrorList{
		source.Errorf(source.Span{Start: 4, End: 5}, "third"),
		source.Errorf(source.Span{Start: 0, End: 1}, "first").WithHint("try %q", "x"),
		source.Errorf(source.Span{Start: 2, End: 3}, "second, on the same line"),
	}
	want := "1:1: first\n  a b\n  ^\nhint: try \"x\"\n2:1: third\n  c\n  ^"
	if got := file.Render(fmt.Errorf("query: %w", list)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := file.Render(errors.New("plain")); got != "plain" {
		t.Errorf("got %q", got)
	}
	// A span outside the text is no reason to fall over.
	if got := file.Render(source.Errorf(source.Span{Start: 90, End: 80}, "far")); !strings.HasPrefix(got, "2:2: far") {
		t.Errorf("got %q", got)
	}
}

func TestSuggest(t *testing.T) {
	f := func(name, candidates, want string) {
		t.Helper()
		if got := source.Suggest(name, strings.Fields(candidates)); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", name, got, want)
		}
	}
	f("fo", "bar foo", "foo")
	f("PROC", "pid proc", "proc")
	f("porc", "proc port", "proc")
	f("fdname", "fd fd_name name", "fd_name")
	f("fdnm", "fd_name dir", "fd_name")
	f("cont", "count container", "count")
	f("contain", "cpu container", "container")
	f("latencies", "latency bytes", "latency")
	f("x", "y z", "")
	f("a", "ab", "")
	f("banana", "proc tid type", "")
	f("", "a", "")
	f("ts", "", "")
	if got := source.DidYouMean("evnets", []string{"events", "sched"}); got != `did you mean "events"?` {
		t.Errorf("DidYouMean: %q", got)
	}
}

func FuzzRender(f *testing.F) {
	f.Add("select a\tfrom 日本", 3, 9)
	f.Add("a\nb\r\n\nc", 0, 6)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		file := &source.File{Text: text}
		if file.Render(source.Errorf(source.Span{Start: start, End: end}, "m")) == "" {
			t.Error("nothing rendered")
		}
	})
}
