package parse_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tq/lang/parse"
	"tq/lang/source"
)

var update = flag.Bool("update", false, "rewrite the expected pictures")

// TestErrorPictures checks the messages, carets and hints of syntax errors: blocks of
// "statement error", the text, "----" and the picture, each ended by an empty line.
func TestErrorPictures(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/errors/syntax/*.test")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no pictures found: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { checkPictures(t, path) })
	}
}

func checkPictures(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(strings.TrimRight(string(data), "\n"), "\n\n")
	for i, block := range blocks {
		head, body, _ := strings.Cut(block, "\n")
		if head != "statement error" {
			continue
		}
		text, want, ok := strings.Cut(body, "\n----\n")
		if !ok && !*update {
			t.Errorf("%s: no ---- in\n%s", path, block)
			continue
		}
		text = strings.TrimSuffix(text, "\n----")
		file := &source.File{Text: text}
		got := "(no error)"
		if _, err := parse.Parse(file); err != nil {
			got = file.Render(err)
		}
		if got != want && !*update {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		blocks[i] = head + "\n" + text + "\n----\n" + got
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(blocks, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
