package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readmeSession matches a block of the README that shows a command and what it prints;
// further lines of a command are indented.
var readmeSession = regexp.MustCompile("(?s)```\n\\$ (tq [^`]*?)\n([^\\s`].*?)?```")

// TestReadme runs the commands that the README shows, as a shell does, and compares what
// they print; with -update it writes what they print into the README.
func TestReadme(t *testing.T) {
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test's own program behaves as tq under that name (TestMain).
	if err := os.Symlink(self, filepath.Join(bin, "tq")); err != nil {
		t.Fatal(err)
	}
	sessions := 0
	got := readmeSession.ReplaceAllFunc(text, func(block []byte) []byte {
		sessions++
		command := string(readmeSession.FindSubmatch(block)[1])
		sh := exec.Command("bash", "-c", command)
		sh.Dir = "../.."
		sh.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "C=testdata/captures/fifo-old.scap")
		out, err := sh.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		return []byte("```\n$ " + command + "\n" + string(out) + "```")
	})
	if sessions < 5 {
		t.Errorf("the README shows %d sessions", sessions)
	}
	if bytes.Equal(got, text) {
		return
	}
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the README does not show what its commands print; run go test ./cmd/tq -run Readme -update and read the diff\n%s", firstDifference(string(text), string(got)))
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return "- " + as[i] + "\n+ " + bs[i]
		}
	}
	return ""
}
