package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// typist sits at a terminal in which tq runs: it types, and waits for what it sees.
type typist struct {
	t       *testing.T
	keys    *os.File
	cmd     *exec.Cmd
	mu      sync.Mutex
	screen  *screen
	raw     bytes.Buffer  // all that tq wrote
	changed chan struct{} // has room for one: something was written, or tq has ended
	ended   chan struct{}
}

// patience is how long a typist waits for anything before the test fails.
const patience = 30 * time.Second

// Keys of a keyboard.
const (
	enter  = "\r"
	tab    = "\t"
	ctrlC  = "\x03"
	ctrlD  = "\x04"
	ctrlR  = "\x12"
	upward = "\x1b[A"
)

// sitDown starts tq in a terminal of 80 × 24 with a home folder and further variables of the
// environment.
func sitDown(t *testing.T, home string, env []string, args ...string) *typist {
	t.Helper()
	y := &typist{t: t, screen: newScreen(80, 24), changed: make(chan struct{}, 1), ended: make(chan struct{})}
	y.cmd = exec.Command("tq", args...)
	y.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TERM=xterm", "TQ_PAGER=cat"}, env...)
	var err error
	if y.keys, err = pty.StartWithSize(y.cmd, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	go y.watch()
	t.Cleanup(func() {
		_ = y.cmd.Process.Kill() // unless it has ended
		<-y.ended
		_ = y.cmd.Wait()
		_ = y.keys.Close()
	})
	return y
}

// watch brings what tq writes to the screen, until it ends.
func (y *typist) watch() {
	defer close(y.ended)
	buf := make([]byte, 4096)
	for {
		n, err := y.keys.Read(buf)
		y.mu.Lock()
		y.raw.Write(buf[:n])
		y.screen.Write(buf[:n])
		y.mu.Unlock()
		select {
		case y.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// types presses keys.
func (y *typist) types(keys string) {
	y.t.Helper()
	if _, err := io.WriteString(y.keys, keys); err != nil {
		y.t.Fatal(err)
	}
}

// waits waits until the screen is as it should be.
func (y *typist) waits(what string, seen func(s *screen) bool) {
	y.t.Helper()
	deadline := time.After(patience)
	for {
		y.mu.Lock()
		ok, shown := seen(y.screen), y.screen.String()
		y.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-y.changed:
		case <-y.ended:
			y.t.Fatalf("tq ended before it showed %s; the screen:\n%s", what, shown)
		case <-deadline:
			y.t.Fatalf("no %s; the screen:\n%s", what, shown)
		}
	}
}

// sees waits until texts are on the screen, in this order.
func (y *typist) sees(texts ...string) {
	y.t.Helper()
	y.waits(strings.Join(texts, " … "), func(s *screen) bool {
		rest, found := s.String(), true
		for _, text := range texts {
			if _, rest, found = strings.Cut(rest, text); !found {
				return false
			}
		}
		return true
	})
}

// isAt waits until the line with the cursor is this.
func (y *typist) isAt(line string) {
	y.t.Helper()
	y.waits("line "+line, func(s *screen) bool { return s.current() == line })
}

// asks waits for the prompt, types a statement and waits for its answer and the next prompt.
func (y *typist) asks(statement string, answer ...string) {
	y.t.Helper()
	y.isAt("tq>")
	y.types(statement + enter)
	y.sees(append(answer, "\ntq>")...)
	y.isAt("tq>")
}

// resizes gives the window another size.
func (y *typist) resizes(width, height int) {
	y.t.Helper()
	y.mu.Lock()
	y.screen.resize(width, height)
	y.mu.Unlock()
	if err := pty.Setsize(y.keys, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		y.t.Fatal(err)
	}
}

// leaves presses Ctrl-D, which ends tq well, and returns all that it wrote.
func (y *typist) leaves() string {
	y.t.Helper()
	y.isAt("tq>")
	y.types(ctrlD)
	select {
	case <-y.ended:
	case <-time.After(patience):
		y.t.Fatalf("tq does not end; the screen:\n%s", y.screen)
	}
	if err := y.cmd.Wait(); err != nil {
		y.t.Errorf("tq ended with %v; it wrote\n%s", err, &y.raw)
	}
	return y.raw.String()
}

// makePipe makes a named pipe.
func makePipe(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}
