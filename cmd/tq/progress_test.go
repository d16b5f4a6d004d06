package main

import (
	"strings"
	"testing"
	"time"
)

// fakeLoading is a capture of which so much has been read.
type fakeLoading struct {
	bytes, events, size int64
	loaded              bool
}

func (f fakeLoading) Progress() (bytes, events int64) { return f.bytes, f.events }
func (f fakeLoading) Size() int64                     { return f.size }
func (f fakeLoading) Loaded() bool                    { return f.loaded }

func TestProgressLine(t *testing.T) {
	f := func(want string, captures ...loading) {
		t.Helper()
		var out strings.Builder
		began := time.Now()
		p := &progressLine{w: &out, captures: captures, began: began}
		p.draw(began.Add(2 * time.Second))
		if got := out.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		p.clear()
		p.clear()
		if got, cleared := out.String(), want != ""; strings.HasSuffix(got, clearLine) != cleared {
			t.Errorf("cleared, it is %q", got)
		}
	}
	f("", fakeLoading{size: 1000}) // nothing has been read
	f("", fakeLoading{bytes: 1000, events: 9, size: 1000, loaded: true})
	f(clearLine+"reading: 12,345 events, 100 MB/s, 20 %, 8.000 s left", fakeLoading{bytes: 2e8, events: 12345, size: 1e9})
	f(clearLine+"reading: 12,345 events, 100 MB/s", fakeLoading{bytes: 2e8, events: 12345}) // the end is not in sight
	f(clearLine+"reading: 3 events, 100 MB/s, 50 %, 2.000 s left",
		fakeLoading{bytes: 1e8, events: 1, size: 2e8}, fakeLoading{bytes: 1e8, events: 2, size: 2e8}, fakeLoading{events: 7, loaded: true})
}
