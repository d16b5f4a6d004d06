package scap

import "tq/storage/scratch"

// A payload of more than settledLen bytes settles in a file, settleStep at a time.
const (
	settledLen = 32 << 20
	settleStep = 8 << 20
)

// settler moves what a stream has been filled with into a file without a name, which takes
// its place. Where there is no room for a file, the payload stays in memory.
type settler struct {
	file    *scratch.File
	settled int
	failed  bool
}

// settle takes over what has been filled so far.
func (t *settler) settle(filled []byte) {
	if t.failed || len(filled) < settledLen || len(filled)-t.settled < settleStep {
		return
	}
	var err error
	if t.file == nil {
		t.file, err = scratch.Create()
	}
	if err == nil {
		var n int
		n, err = t.file.Replace(filled[t.settled:])
		t.settled += n
	}
	t.failed = err != nil
}

func (t *settler) close() {
	if t.file != nil {
		t.file.Close()
	}
}
