package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/rivo/uniseg"
)

// lessOptions are for less where the user has none set: it scrolls sideways, keeps
// colours, and leaves on the screen what was read.
const lessOptions = "LESS=SRX"

// PagerCommand is what long texts are shown with: $TQ_PAGER, $PAGER or less. It is empty
// where there is none of them, or the terminal is too simple for any.
func PagerCommand() string {
	if own := strings.TrimSpace(os.Getenv("TQ_PAGER")); own != "" {
		return own
	}
	if t := os.Getenv("TERM"); t == "" || t == "dumb" {
		return ""
	}
	if all := strings.TrimSpace(os.Getenv("PAGER")); all != "" {
		return all
	}
	path, _ := exec.LookPath("less") // empty if there is none
	return path
}

// Room is what a terminal has room for.
type Room struct {
	Width int  // columns; a longer line takes several lines
	Lines int  // a text of more lines is paged; 0: every text is
	Wide  bool // a text with a longer line is paged too
}

// Page shows on a terminal what write writes: as it is if there is room for it, else through
// [PagerCommand], no faster than that reads. The context of write ends when the user leaves
// the pager, which is no error.
func Page(ctx context.Context, out, errs io.Writer, room Room, write func(ctx context.Context, w io.Writer) error) error {
	paged, leave := context.WithCancel(ctx)
	defer leave()
	p := &pager{out: out, errs: errs, room: room, leave: leave}
	err := write(paged, p)
	if ctx.Err() == nil && hasLeft(err) {
		err = nil
	}
	return errors.Join(err, p.close())
}

// hasLeft tells whether an error of what wrote to a pager only says that it has ended.
func hasLeft(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed)
}

// pager holds a text back until it is known whether there is room for it.
type pager struct {
	out, errs io.Writer
	room      Room
	held      []byte
	lines     int // whole lines of held, as the terminal shows them
	counted   int // bytes of held that are counted in lines
	leave     context.CancelFunc
	to        io.WriteCloser // nil as long as there is room
	left      chan struct{}  // closed when the user has left the pager
}

func (p *pager) Write(b []byte) (int, error) {
	if p.to != nil {
		return p.to.Write(b)
	}
	p.held = append(p.held, b...)
	if p.fits() {
		return len(b), nil
	}
	if err := p.start(); err != nil {
		return 0, err
	}
	if _, err := p.to.Write(p.held); err != nil {
		return 0, err
	}
	p.held = nil
	return len(b), nil
}

// fits tells whether there is room for what is held.
func (p *pager) fits() bool {
	for p.lines <= p.room.Lines {
		line, _, whole := bytes.Cut(p.held[p.counted:], []byte{'\n'})
		if !whole {
			break
		}
		p.lines += p.height(line)
		p.counted += len(line) + 1
	}
	return p.lines <= p.room.Lines && p.room.Lines > 0
}

// height is how many lines of the terminal a line takes.
func (p *pager) height(line []byte) int {
	if p.room.Width <= 0 || len(line) <= p.room.Width {
		return 1
	}
	width := uniseg.StringWidth(withoutColours(line))
	if p.room.Wide && width > p.room.Width {
		return p.room.Lines + 1
	}
	return max(1, (width+p.room.Width-1)/p.room.Width)
}

// withoutColours is a text without the sequences that colour it.
func withoutColours(line []byte) string {
	var b strings.Builder
	for len(line) > 0 {
		before, rest, found := bytes.Cut(line, []byte("\x1b["))
		b.Write(before)
		if !found {
			break
		}
		_, line, _ = bytes.Cut(rest, []byte{'m'})
	}
	return b.String()
}

// start starts the user's pager.
func (p *pager) start() error {
	cmd := exec.Command("sh", "-c", PagerCommand())
	cmd.Stdout, cmd.Stderr = p.out, p.errs
	if os.Getenv("LESS") == "" {
		cmd.Env = append(os.Environ(), lessOptions)
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.to, p.left = stdin, make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ends is the user's affair
		p.leave()
		close(p.left)
	}()
	return nil
}

// close writes what there was room for, or waits until the user leaves the pager.
func (p *pager) close() error {
	if p.to == nil {
		_, err := p.out.Write(p.held)
		return err
	}
	_ = p.to.Close() // fails if the pager has ended
	<-p.left
	return nil
}
