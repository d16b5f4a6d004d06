package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"tq/cmd/tq/render"
)

const (
	// progressAfter is how long something takes before it is worth a word.
	progressAfter = 400 * time.Millisecond
	// progressEvery is how often the word is renewed.
	progressEvery = 100 * time.Millisecond
	// clearLine takes back the line that the cursor is on.
	clearLine = "\r\x1b[K"
)

// progress shows on a terminal how far captures are read while somebody waits for them. The
// function that it returns takes the line back; results must not be written before.
func progress(ctx context.Context, w io.Writer, captures []loading) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		show := &progressLine{w: w, captures: captures, began: time.Now()}
		defer show.clear()
		timer := time.NewTimer(progressAfter)
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
				show.draw(time.Now())
				timer.Reset(progressEvery)
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// loading is a capture that is being read.
type loading interface {
	Progress() (bytes, events int64)
	Size() int64 // 0: unknown
	Loaded() bool
}

// progressLine is the line that is shown.
type progressLine struct {
	w        io.Writer
	captures []loading
	began    time.Time
	shown    bool
}

func (p *progressLine) draw(now time.Time) {
	var read, all, events int64
	for _, c := range p.captures {
		if c.Loaded() {
			continue
		}
		b, n := c.Progress()
		read, events = read+b, events+n
		if size := c.Size(); size > 0 && all >= 0 {
			all += size
		} else {
			all = -1 // of a compressed file the end is not in sight
		}
	}
	if read == 0 {
		p.clear()
		return
	}
	took := now.Sub(p.began)
	parts := []string{render.Grouped(int(events)) + " events", fmt.Sprintf("%.0f MB/s", float64(read)/took.Seconds()/1e6)}
	if all > 0 {
		left := time.Duration(float64(took) * float64(all-read) / float64(read))
		parts = append(parts, fmt.Sprintf("%d %%", 100*read/all), render.Duration(left.Round(100*time.Millisecond))+" left")
	}
	fmt.Fprint(p.w, clearLine+"reading: "+strings.Join(parts, ", "))
	p.shown = true
}

func (p *progressLine) clear() {
	if p.shown {
		io.WriteString(p.w, clearLine)
		p.shown = false
	}
}

// waiting shows progress if there is somebody to show it to, until stop is called.
func (s *session) waiting(ctx context.Context) (stop func()) {
	f, ok := s.errs.(*os.File)
	if !ok || !s.terminal.is || !s.keep || !term.IsTerminal(int(f.Fd())) {
		return func() {}
	}
	var captures []loading
	for _, c := range s.catalog.Captures() {
		captures = append(captures, c)
	}
	return progress(ctx, f, captures)
}
