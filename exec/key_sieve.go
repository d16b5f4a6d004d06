package exec

import (
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// keySieve leaves out rows whose keys it has seen. It gives up, and lets all rows pass,
// when it finds most keys to be new.
type keySieve struct {
	seen *keyTable
	ids  []uint32
	off  bool
	held atomic.Int64 // bytes
}

// first returns the first row of each key of n rows that was not seen before.
func (s *keySieve) first(keys []kernel.Vec, n int, types []arrow.DataType) rowSet {
	if s.off {
		return everyRow
	}
	if s.seen == nil {
		s.seen = newKeyTable(types)
	}
	known := s.seen.groups()
	s.ids = resize(s.ids, n)
	s.seen.insert(keys, s.ids)
	fresh := newGroups(s.ids, known, nil)
	s.held.Store(s.seen.bytes())
	if 2*len(fresh) > n {
		s.off, s.seen, s.ids = true, nil, nil
		s.held.Store(0)
	}
	return rowSet{rows: fresh}
}
