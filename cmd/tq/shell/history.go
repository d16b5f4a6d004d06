package shell

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
)

// historyLimit is how many entries are kept.
const historyLimit = 2000

// history is the file with what was typed in earlier sessions, an entry a line, the
// newest last. It is the user's alone: queries may hold secrets.
type history struct {
	path string // empty: nothing is kept
}

// HistoryPath is where the history is kept, in the XDG state directory; empty if there
// is no home.
func HistoryPath() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "tq", "history")
}

// load returns the entries, oldest first, and shortens a file that has grown too long.
// A history that can't be read is an empty one.
func (h history) load() []string {
	if h.path == "" {
		return nil
	}
	f, err := os.Open(h.path)
	if err != nil {
		return nil
	}
	defer f.Close()
	var entries []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		entries = append(entries, unescape.Replace(lines.Text()))
	}
	if len(entries) > historyLimit {
		entries = entries[len(entries)-historyLimit/2:]
		h.rewrite(entries)
	}
	return entries
}

// add appends an entry.
func (h history) add(entry string) error {
	if h.path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(h.path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(h.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(escape.Replace(entry) + "\n")
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// rewrite replaces the file; one that can't be replaced stays long.
func (h history) rewrite(entries []string) {
	tmp := h.path + ".new"
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(escape.Replace(e) + "\n")
	}
	if os.WriteFile(tmp, []byte(b.String()), 0o600) == nil {
		os.Rename(tmp, h.path)
	}
}

// An entry of several lines stands in one line of the file.
var (
	escape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n")
)

// oneLine folds an entry of several lines to one that can be edited in a line and means
// the same: a comment that runs to the end of its line becomes one in brackets.
func oneLine(entry string) string {
	var b strings.Builder
	for _, line := range strings.Split(entry, "\n") {
		if at := commentStart(line); at >= 0 {
			line = line[:at] + "/*" + strings.ReplaceAll(line[at+2:], "*/", "* /") + " */"
		}
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}

// commentStart finds a -- outside quotes, or returns -1.
func commentStart(line string) int {
	var quote byte
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '-' && strings.HasPrefix(line[i:], "--"):
			return i
		}
	}
	return -1
}
