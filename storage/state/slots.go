package state

import (
	"sync"
	"sync/atomic"
)

// slots maps the numbers of a process's file descriptors to points of the history. It
// is a table of small pages, which processes share after a fork until one of them writes
// (copy on write). One goroutine writes; others may read meanwhile.
type slots struct {
	stamp  uint32 // of the pages this table may write to
	dir    atomic.Pointer[[]atomic.Pointer[slotPage]]
	sparse atomic.Pointer[sparseSlots]
}

const (
	slotPageBits = 6
	slotPageLen  = 1 << slotPageBits
)

type slotPage struct {
	stamp uint32
	point [slotPageLen]int32 // accessed atomically once published
}

// sparseSlots holds the numbers far beyond those in use, so that a single great number
// costs no table.
type sparseSlots struct {
	stamp uint32
	mu    sync.RWMutex
	point map[int64]int32
}

const (
	// denseReach is how far beyond a table's end a number may lie and still grow it, in
	// pages; numbers below twice the table's size may always.
	denseReach = 1024 >> slotPageBits
	// maxPages limits the table to the numbers that Linux allows by default.
	maxPages = 1 << 20 >> slotPageBits
	// maxSparse limits the numbers outside the table, which every fork has to copy.
	maxSparse = 256
)

// get returns the point of a number.
func (s *slots) get(fd int64) int32 {
	dir := s.dir.Load()
	if dir != nil && uint64(fd) < uint64(len(*dir))<<slotPageBits {
		p := (*dir)[fd>>slotPageBits].Load()
		if p == nil {
			return noPoint
		}
		return atomic.LoadInt32(&p.point[fd&(slotPageLen-1)])
	}
	sp := s.sparse.Load()
	if sp == nil {
		return noPoint
	}
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	return sp.point[fd]
}

// set makes i the point of a number. It returns false when there is no room.
func (s *slots) set(fd int64, i int32) bool {
	dir := s.dense(fd)
	if dir == nil {
		return s.setSparse(fd, i)
	}
	slot := &dir[fd>>slotPageBits]
	p := slot.Load()
	if p == nil || p.stamp != s.stamp {
		own := &slotPage{stamp: s.stamp}
		if p != nil {
			own.point = p.point
		}
		own.point[fd&(slotPageLen-1)] = i
		slot.Store(own)
		return true
	}
	atomic.StoreInt32(&p.point[fd&(slotPageLen-1)], i)
	return true
}

// dense returns the table when the number belongs into it, grown if need be.
func (s *slots) dense(fd int64) []atomic.Pointer[slotPage] {
	var dir []atomic.Pointer[slotPage]
	if d := s.dir.Load(); d != nil {
		dir = *d
	}
	if fd < 0 {
		return nil
	}
	page := uint64(fd) >> slotPageBits
	if page < uint64(len(dir)) {
		return dir
	}
	if page >= uint64(min(max(denseReach, 2*len(dir)), maxPages)) {
		return nil
	}
	grown := make([]atomic.Pointer[slotPage], max(int(page)+1, 2*len(dir)))
	for i := range dir {
		grown[i].Store(dir[i].Load())
	}
	s.dir.Store(&grown)
	s.adopt(grown)
	return grown
}

// adopt moves the sparse numbers that the table now reaches into it.
func (s *slots) adopt(dir []atomic.Pointer[slotPage]) {
	sp := s.sparse.Load()
	if sp == nil {
		return
	}
	for fd, i := range sp.point {
		if fd >= 0 && fd < int64(len(dir))<<slotPageBits {
			s.set(fd, i)
		}
	}
}

func (s *slots) setSparse(fd int64, i int32) bool {
	sp := s.sparse.Load()
	if sp == nil || sp.stamp != s.stamp {
		own := &sparseSlots{stamp: s.stamp, point: make(map[int64]int32)}
		if sp != nil {
			for fd, i := range sp.point {
				own.point[fd] = i
			}
		}
		s.sparse.Store(own)
		sp = own
	}
	if len(sp.point) >= maxSparse && sp.point[fd] == noPoint {
		return false
	}
	sp.mu.Lock()
	sp.point[fd] = i
	sp.mu.Unlock()
	return true
}

// inherit makes s a copy of parent. Both get new stamps, as neither may write to the
// pages they share from now on.
func (s *slots) inherit(parent *slots, stamp, parentStamp uint32) {
	if d := parent.dir.Load(); d != nil {
		dir := make([]atomic.Pointer[slotPage], len(*d))
		for i := range dir {
			dir[i].Store((*d)[i].Load())
		}
		s.dir.Store(&dir)
	}
	s.sparse.Store(parent.sparse.Load())
	s.stamp, parent.stamp = stamp, parentStamp
}

// each calls f for the used slots, in the order of the numbers as far as they are dense,
// until f returns false.
func (s *slots) each(f func(fd int64, i int32) bool) {
	covered := int64(0)
	if d := s.dir.Load(); d != nil {
		covered = int64(len(*d)) << slotPageBits
		for n := range *d {
			p := (*d)[n].Load()
			if p == nil {
				continue
			}
			for j := range p.point {
				i := atomic.LoadInt32(&p.point[j])
				if i != noPoint && !f(int64(n)<<slotPageBits|int64(j), i) {
					return
				}
			}
		}
	}
	if sp := s.sparse.Load(); sp != nil {
		for fd, i := range sp.point {
			if (fd < 0 || fd >= covered) && !f(fd, i) {
				return
			}
		}
	}
}
