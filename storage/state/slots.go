package state

import (
	"sync"
	"sync/atomic"
)

// slots maps the numbers of a process's file descriptors to points of the history. The
// first numbers stand in one leaf, the others in a tree of three levels; processes share
// nodes after a fork until one of them writes (copy on write). One goroutine writes;
// others may read meanwhile.
type slots struct {
	stamp uint32 // of the nodes this table may write to
	low   atomic.Pointer[slotLeaf]
	root  atomic.Pointer[slotRoot]
	far   atomic.Pointer[farSlots]
}

const (
	slotBits = 6
	slotLen  = 1 << slotBits
	// maxSlot is the first number beyond the tree.
	maxSlot = 1 << (3 * slotBits)
	// maxFar limits how many numbers beyond the tree a process may have.
	maxFar = 256
)

type slotLeaf struct {
	stamp uint32
	point [slotLen]int32 // accessed atomically once published
}

type slotNode struct {
	stamp uint32
	leaf  [slotLen]atomic.Pointer[slotLeaf]
}

type slotRoot struct {
	stamp uint32
	node  [slotLen]atomic.Pointer[slotNode]
}

// farSlots holds negative and very great numbers.
type farSlots struct {
	stamp uint32
	mu    sync.RWMutex
	point map[int64]int32
}

// get returns the point of a number.
func (s *slots) get(fd int64) int32 {
	var leaf *slotLeaf
	switch {
	case uint64(fd) < slotLen:
		leaf = s.low.Load()
	case uint64(fd) < maxSlot:
		root := s.root.Load()
		if root == nil {
			return noPoint
		}
		node := root.node[fd>>(2*slotBits)].Load()
		if node == nil {
			return noPoint
		}
		leaf = node.leaf[fd>>slotBits&(slotLen-1)].Load()
	default:
		return s.farPoint(fd)
	}
	if leaf == nil {
		return noPoint
	}
	return atomic.LoadInt32(&leaf.point[fd&(slotLen-1)])
}

func (s *slots) farPoint(fd int64) int32 {
	far := s.far.Load()
	if far == nil {
		return noPoint
	}
	far.mu.RLock()
	defer far.mu.RUnlock()
	return far.point[fd]
}

// set makes i the point of a number. It returns false when there is no room.
func (s *slots) set(fd int64, i int32) bool {
	if uint64(fd) >= maxSlot {
		return s.setFar(fd, i)
	}
	at := &s.low
	if fd >= slotLen {
		node := s.ownNode(&s.ownRoot().node[fd>>(2*slotBits)])
		at = &node.leaf[fd>>slotBits&(slotLen-1)]
	}
	leaf := at.Load()
	if leaf != nil && leaf.stamp == s.stamp {
		atomic.StoreInt32(&leaf.point[fd&(slotLen-1)], i)
		return true
	}
	own := &slotLeaf{stamp: s.stamp}
	if leaf != nil {
		own.point = leaf.point
	}
	own.point[fd&(slotLen-1)] = i
	at.Store(own)
	return true
}

// ownRoot returns the root, copied when it is another table's too.
func (s *slots) ownRoot() *slotRoot {
	root := s.root.Load()
	if root != nil && root.stamp == s.stamp {
		return root
	}
	own := &slotRoot{stamp: s.stamp}
	if root != nil {
		for i := range root.node {
			own.node[i].Store(root.node[i].Load())
		}
	}
	s.root.Store(own)
	return own
}

// ownNode returns the node at a place, copied when it is another table's too.
func (s *slots) ownNode(at *atomic.Pointer[slotNode]) *slotNode {
	node := at.Load()
	if node != nil && node.stamp == s.stamp {
		return node
	}
	own := &slotNode{stamp: s.stamp}
	if node != nil {
		for i := range node.leaf {
			own.leaf[i].Store(node.leaf[i].Load())
		}
	}
	at.Store(own)
	return own
}

func (s *slots) setFar(fd int64, i int32) bool {
	far := s.far.Load()
	if far == nil || far.stamp != s.stamp {
		own := &farSlots{stamp: s.stamp, point: make(map[int64]int32)}
		if far != nil {
			for fd, i := range far.point {
				own.point[fd] = i
			}
		}
		s.far.Store(own)
		far = own
	}
	if len(far.point) >= maxFar && far.point[fd] == noPoint {
		return false
	}
	far.mu.Lock()
	far.point[fd] = i
	far.mu.Unlock()
	return true
}

// inherit makes s a copy of parent. Both get new stamps, as neither may write to the
// nodes they share from now on.
func (s *slots) inherit(parent *slots, stamp, parentStamp uint32) {
	s.low.Store(parent.low.Load())
	s.root.Store(parent.root.Load())
	s.far.Store(parent.far.Load())
	s.stamp, parent.stamp = stamp, parentStamp
}

// each calls f for the used slots.
func (s *slots) each(f func(fd int64, i int32)) {
	s.eachLeaf(func(first int64, leaf *slotLeaf) {
		for j := range leaf.point {
			if i := leaf.point[j]; i != noPoint {
				f(first|int64(j), i)
			}
		}
	})
	if far := s.far.Load(); far != nil {
		for fd, i := range far.point {
			f(fd, i)
		}
	}
}

// eachLeaf calls f for the leaves, with the number of the first slot of each.
func (s *slots) eachLeaf(f func(first int64, leaf *slotLeaf)) {
	if leaf := s.low.Load(); leaf != nil {
		f(0, leaf)
	}
	root := s.root.Load()
	if root == nil {
		return
	}
	for i := range root.node {
		node := root.node[i].Load()
		if node == nil {
			continue
		}
		for j := range node.leaf {
			if leaf := node.leaf[j].Load(); leaf != nil {
				f(int64(i<<slotBits|j)<<slotBits, leaf)
			}
		}
	}
}

// hang makes a leaf that of the slots from first on.
func (s *slots) hang(first int64, leaf *slotLeaf) {
	at := &s.low
	if first >= slotLen {
		node := s.ownNode(&s.ownRoot().node[first>>(2*slotBits)])
		at = &node.leaf[first>>slotBits&(slotLen-1)]
	}
	at.Store(leaf)
}
