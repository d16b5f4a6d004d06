package render

import "testing"

func TestWrap(t *testing.T) {
	f := func(line string, width, indent int, want string) {
		t.Helper()
		if got := Wrap(line, width, indent); got != want {
			t.Errorf("Wrap(%q, %d, %d) = %q, want %q", line, width, indent, got, want)
		}
	}
	f("one two three", 0, 0, "one two three")
	f("one two three", 13, 0, "one two three")
	f("one two three", 12, 0, "one two\nthree")
	f("one two three", 7, 0, "one two\nthree")
	f("one two three", 3, 0, "one\ntwo\nthree")
	f("unbreakable text", 5, 0, "unbreakable\ntext")
	f("a  Ärger  über", 8, 3, "a  Ärger\n   über")
	f("a  one two three", 10, 3, "a  one two\n   three")
	f("a  one two three", 6, 3, "a  one two three") // no room beside the indent
}
