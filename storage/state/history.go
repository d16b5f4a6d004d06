package state

import "sync/atomic"

// history keeps the versions that have stood in every slot: the threads that had a tid,
// the descriptors that had a number in a process. One goroutine appends; any number may
// read at the same time what concerns events before their own.
//
// A slot holds the index of its newest point, a point that of the one before it, so
// that a table of descriptors is inherited by copying its slots: the lists of parent and
// child share their tails. A second link skips ahead, which makes lookups logarithmic
// (E. Myers, "An applicative random-access stack", 1983).
type history struct {
	dir atomic.Pointer[[]*pointChunk]
	n   int32
}

// point says that ref stands in a slot from event num on. A negative ref ends it.
type point struct {
	num   uint32
	ref   int32
	prev  int32
	jump  int32
	depth int32
}

const (
	pointChunkBits = 12
	pointChunkLen  = 1 << pointChunkBits
)

type pointChunk [pointChunkLen]point

// noPoint is what an empty slot holds. Slots are zero when made, so point 0 is a dummy.
const noPoint int32 = 0

func newHistory() *history {
	h := &history{n: 1}
	h.dir.Store(&[]*pointChunk{new(pointChunk)})
	return h
}

func (h *history) at(i int32) *point {
	return &(*h.dir.Load())[i>>pointChunkBits][i&(pointChunkLen-1)]
}

// push returns the point that says that ref stands from num on where prev did.
func (h *history) push(prev int32, num uint32, ref int32) int32 {
	i := h.n
	dir := *h.dir.Load()
	if int(i>>pointChunkBits) == len(dir) {
		// Readers keep the directory they hold; the array behind it only grows.
		grown := append(dir, new(pointChunk))
		h.dir.Store(&grown)
		dir = grown
	}
	p := &dir[i>>pointChunkBits][i&(pointChunkLen-1)]
	*p = point{num: num, ref: ref, prev: prev, jump: prev}
	if prev != noPoint {
		q := h.at(prev)
		p.depth = q.depth + 1
		j := h.at(q.jump)
		if q.depth-j.depth == j.depth-h.at(j.jump).depth {
			p.jump = j.jump
		}
	}
	h.n++
	return i
}

// ref returns what stands at point i now.
func (h *history) ref(i int32) int32 {
	if i == noPoint {
		return -1
	}
	return h.at(i).ref
}

// find returns what stood at event num in the slot whose newest point is i.
func (h *history) find(i int32, num uint32) int32 {
	for i != noPoint {
		p := h.at(i)
		if p.num <= num {
			return p.ref
		}
		if p.jump != noPoint && h.at(p.jump).num > num {
			i = p.jump
		} else {
			i = p.prev
		}
	}
	return -1
}
