package scap

import "io"

// Reader walks the blocks of a source.
type Reader struct {
	// What the last block held; valid after Next has returned its kind.
	Event      Event
	Section    Section
	Machine    Machine
	Threads    []Thread
	FDs        FDList
	Interfaces []Interface
	Users      []User
	Groups     []Group

	data        []byte
	pos         int64
	warnings    []Warning
	truncatedAt int64
}

// NewReader returns a reader at the start of s.
func NewReader(s *Source) *Reader {
	return &Reader{data: s.data, truncatedAt: -1}
}

// Next reads the next block of a kind that is known and returns the kind, or io.EOF at
// the end. It never returns another error: damage becomes a [Warning].
func (r *Reader) Next() (Kind, error) { return 0, io.EOF }
