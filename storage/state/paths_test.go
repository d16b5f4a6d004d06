package state

import "testing"

func TestJoin(t *testing.T) {
	f := func(base, name, want string) {
		t.Helper()
		if got := join(base, name); got != want {
			t.Errorf("join(%q, %q) = %q, want %q", base, name, got, want)
		}
		if got := string(appendPath(nil, base, []byte(name))); got != want {
			t.Errorf("appendPath(%q, %q) = %q, want %q", base, name, got, want)
		}
	}
	f("", "", "")
	f("/", "", "/")
	f("/home/u/", "a", "/home/u/a")
	f("/home/u", "a", "/home/u/a")
	f("/home/u/", "/etc/passwd", "/etc/passwd")
	f("/home/u/", "../v/./w//x", "/home/v/w/x")
	f("/home/u/", "../../../x", "/x")
	f("/", "..", "/")
	f("/a/", "b/", "/a/b")
	f("", "nightly.sh", "nightly.sh")
	f("", "./nightly.sh", "nightly.sh")
	f("", "../x", "../x")
	f("", "../../x/../y", "../../y")
	f("", "a/..", ".")
	f("", ".", ".")
	f("/x/", ".", "/x")
	f("/x/", "...", "/x/...")
	f("", "//a", "/a")
	f("", "/a/.b", "/a/.b")
	f("<UNKNOWN>", "a", "<UNKNOWN>/a")
	long := make([]byte, maxPath)
	for i := range long {
		long[i] = 'a'
	}
	f("/", string(long), pathTooLong)
	f("", "/"+string(long[:maxPath-1]), "/"+string(long[:maxPath-1]))
}
