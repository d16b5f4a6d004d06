package state

import "tq/storage/scap"

// Switches tells about the events of one CPU at which it goes over to another thread.
type Switches struct {
	Count  int // events
	Breaks int // events whose thread is not the one the event before went over to
	next   int64
}

// unknownNext is no tid.
const unknownNext int64 = -1 << 63

// maxCPUs limits the CPUs that are told apart.
const maxCPUs = 1 << 14

// Switches returns the switches of each CPU. Where every CPU's chain is broken, the
// recorder did not keep the events of one CPU together, and nothing can be said of CPUs.
func (t *Tracker) Switches() []Switches { return t.switches }

// switchOut takes over what a switch tells of the thread that leaves the CPU.
func (c *call) switchOut() {
	t, e := c.t, c.e
	next, ok := e.Int(0)
	if cpu := int(e.CPU); ok && cpu < maxCPUs {
		for cpu >= len(t.switches) {
			t.switches = append(t.switches, Switches{next: unknownNext})
		}
		s := &t.switches[cpu]
		s.Count++
		if s.next != unknownNext && s.next != e.TID {
			s.Breaks++
		}
		s.next = next
	}
	th := c.th
	if th == nil {
		if th = t.stranger(e.TID); th == nil {
			return
		}
		c.stranger = th
	}
	if th.evidence&LeftWithMemory != 0 || e.Type != scap.SwitchE || e.NParams < 6 {
		return
	}
	if size, ok := e.Int(3); ok {
		if size > 0 {
			th.evidence |= LeftWithMemory
		} else {
			th.evidence |= LeftWithoutMemory
		}
	}
}

// stranger returns the thread of a tid that only switches tell of. It does not count as
// one of the thread table, so that its name stays unknown.
func (t *Tracker) stranger(tid int64) *thread {
	if tid < 0 {
		return nil
	}
	e := t.tids.make(tid)
	if e.th == nil {
		e.th = t.newThread(tid)
	}
	return e.th
}
