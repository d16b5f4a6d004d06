package render

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

func TestTable(t *testing.T) {
	f := func(o Options, names string, b batch, want string) {
		t.Helper()
		want = strings.TrimPrefix(want, "\n")
		if got := draw(t, "table", names, o, b); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	b := batch{
		build(arrow.PrimitiveTypes.Int64, 175391, 9),
		build(duration, 6075354998, nil),
		build(dictText, "backup-job", "漢字"),
	}
	f(Options{}, "num,length,proc", b, `
┌────────┬─────────┬────────────┐
│    num │  length │ proc       │
├────────┼─────────┼────────────┤
│ 175391 │ 6.075 s │ backup-job │
│      9 │    NULL │ 漢字       │
└────────┴─────────┴────────────┘
2 rows
`)
	f(Options{ASCII: true, MaxRows: 1}, "num,length,proc", b, `
+--------+---------+------------+
|    num |  length | proc       |
+--------+---------+------------+
| 175391 | 6.075 s | backup-job |
+--------+---------+------------+
2 rows, the first 1 shown (max_rows)
`)
	f(Options{NoHeader: true}, "num,length,proc", b, `
┌────────┬─────────┬────────────┐
│ 175391 │ 6.075 s │ backup-job │
│      9 │    NULL │ 漢字       │
└────────┴─────────┴────────────┘
2 rows
`)
	f(Options{Color: true}, "x", batch{build(arrow.PrimitiveTypes.Int64, nil)}, strings.NewReplacer("<2", "\x1b[2m", "<1", "\x1b[1m", ">", "\x1b[0m").Replace(`
<2┌──────┐>
<2│>    <1x> <2│>
<2├──────┤>
<2│> <2NULL> <2│>
<2└──────┘>
1 row
`))
	f(Options{}, "x", batch{build(arrow.PrimitiveTypes.Int64)}, `
┌───┐
│ x │
├───┤
└───┘
0 rows
`)
	long := batch{
		build(arrow.PrimitiveTypes.Int64, 123456789),
		build(arrow.BinaryTypes.String, "a value that is much too wide for so narrow a terminal"),
		build(arrow.BinaryTypes.String, "short"),
	}
	f(Options{Width: 50}, "n,text,s", long, `
┌───────────┬────────────────────────────┬───────┐
│         n │ text                       │ s     │
├───────────┼────────────────────────────┼───────┤
│ 123456789 │ a value that is much too … │ short │
└───────────┴────────────────────────────┴───────┘
1 row
`)
	f(Options{Width: 30}, "n,text,s", long, `
┌───────────┬──────────────┐
│         n │ text         │
├───────────┼──────────────┤
│ 123456789 │ a value tha… │
└───────────┴──────────────┘
1 row; 1 column too many for
this width: s
`)
	f(Options{Width: 30}, "text", batch{build(arrow.BinaryTypes.String, "漢字漢字漢字漢字漢字漢字漢字漢字")}, `
┌────────────────────────────┐
│ text                       │
├────────────────────────────┤
│ 漢字漢字漢字漢字漢字漢字…  │
└────────────────────────────┘
1 row
`)
}

// A table of more lines than the terminal has goes to a pager, which scrolls sideways.
func TestTableInPager(t *testing.T) {
	rows := batch{build(arrow.PrimitiveTypes.Int64, 1, 2), build(arrow.BinaryTypes.String, "a value that is long", "b")}
	f := func(lines int, wide bool) {
		t.Helper()
		got := draw(t, "table", "n,s", Options{Width: 20, Lines: lines}, rows)
		if strings.Contains(got, "a value that is long") != wide {
			t.Errorf("in %d lines: %s", lines, got)
		}
	}
	f(0, false)
	f(7, false)
	f(6, true)
}

// A table that is too wide is written a value a line if the terminal has room for that.
func TestExpanded(t *testing.T) {
	rows := batch{build(arrow.PrimitiveTypes.Int64, 1, nil), build(arrow.BinaryTypes.String, "a value that is long", "b")}
	f := func(o Options, want string) {
		t.Helper()
		if got := draw(t, "table", "n,text", o, rows); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	const expanded = "   n = 1\ntext = a value\n       that is\n       long\n\n   n = NULL\ntext = b\n2 rows\n"
	f(Options{Width: 16, Height: 24}, expanded)
	f(Options{Width: 16, Height: 24, MaxRows: 2}, expanded)
	f(Options{Width: 16, Height: 6}, "┌")
	f(Options{Width: 80, Height: 24}, "┌")
	f(Options{Width: 16}, "┌")
	f(Options{Width: 16, Height: 24, NoHeader: true}, "┌")
	f(Options{Width: 16, Height: 24, Color: true}, "\x1b[1m   n = \x1b[0m1\n")
}

func TestTableTellsOfMore(t *testing.T) {
	one := batch{build(arrow.PrimitiveTypes.Int64, 1, 2)}
	f := func(maxRows int, want string) {
		t.Helper()
		if got := draw(t, "table", "n", Options{MaxRows: maxRows, More: ".last shows all"}, one); !strings.HasSuffix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	f(1, "\n2 rows, the first 1 shown (max_rows); .last shows all\n")
	f(2, "\n2 rows\n")
}

// A result longer than what is held back streams, with the widths of its first rows.
func TestTableStreams(t *testing.T) {
	n := heldRows + blockRows + 5
	values := make([]any, n)
	for i := range values {
		values[i] = i
	}
	got := draw(t, "table", "x", Options{}, batch{build(arrow.PrimitiveTypes.Int64, values...)})
	lines := strings.Split(got, "\n")
	if len(lines) != n+6 || lines[n+2] != "│ 11028 │" || lines[n+4] != "11,029 rows" {
		t.Errorf("%d lines, the last %q", len(lines), lines[n+2:])
	}
}

func TestMarkdown(t *testing.T) {
	b := batch{build(arrow.PrimitiveTypes.Int64, 1), build(arrow.BinaryTypes.String, "a|b_c\n")}
	want := "| n | s |\n|--:|---|\n| 1 | a\\|b\\_c\\\\n |\n"
	if got := draw(t, "markdown", "n,s", Options{}, b); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLine(t *testing.T) {
	b := batch{build(arrow.PrimitiveTypes.Int64, 1, 2), build(arrow.BinaryTypes.String, "x", nil)}
	want := "   n = 1\nname = x\n\n   n = 2\nname = NULL\n"
	if got := draw(t, "line", "n,name", Options{}, b); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
