package parse_test

import (
	"slices"
	"testing"

	"tq/lang/parse"
)

func TestComplete(t *testing.T) {
	f := func(text string, want bool) {
		t.Helper()
		if got := parse.Complete(text); got != want {
			t.Errorf("Complete(%q) = %v", text, got)
		}
	}
	f("", true)
	f(" \n-- a comment", true)
	f("SELECT 1", false)
	f("SELECT 1;", true)
	f("SELECT 1; -- done\n", true)
	f("SELECT 1; /* done */ ", true)
	f("SELECT 1; /* not", false)
	f("SELECT 1 -- ;", false)
	f("SELECT ';", false)
	f("SELECT ';'", false)
	f("SELECT ';';", true)
	f(`SELECT ";`, false)
	f("SELECT $$;$$", false)
	f("SELECT $a$;$$;", false)
	f("SELECT {a=';", false)
	f("SELECT {a;", false)
	f("SELECT {a};", true)
	f("SELECT (1;", true) // the parser will say what is wrong
	f("SELECT `a`;", true)
	f("SELECT 5sec;", true)
	f("SELECT 1; SELECT 2", false)
	f("E'\\';", false)
}

func TestSplit(t *testing.T) {
	f := func(text, rest string, want ...string) {
		t.Helper()
		spans, tail := parse.Split(text)
		var got []string
		for _, s := range spans {
			got = append(got, text[s.Start:s.End])
		}
		if !slices.Equal(got, want) || text[tail.Start:tail.End] != rest {
			t.Errorf("Split(%q) = %q, rest %q", text, got, text[tail.Start:tail.End])
		}
	}
	f("", "")
	f("SELECT 1; SELECT ';' ;\n-- x\n", "", "SELECT 1;", "SELECT ';' ;")
	f("#!tq\n-- title\nSELECT 1; SELECT 'a", "SELECT 'a", "SELECT 1;")
	f("SELECT ‘a’; b", "b", "SELECT ‘a’;")
	f(";;", "", ";", ";")
}
