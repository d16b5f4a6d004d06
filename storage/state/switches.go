package state

import "tq/storage/scap"

// Switches tells about the events of one CPU at which it goes over to another thread.
type Switches struct {
	Count  int // events
	Breaks int // events whose thread is not the one the event before went over to

	next    int64 // tid that the last event went over to
	section int
}

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
			t.switches = append(t.switches, Switches{})
		}
		s := &t.switches[cpu]
		s.Count++
		if s.section == t.sections && s.Count > 1 && s.next != e.TID {
			s.Breaks++
		}
		s.next, s.section = next, t.sections
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
// one of the thread table, so that its name stays unknown; but the last switches of a
// thread that has just exited are part of its life.
func (t *Tracker) stranger(tid int64) *thread {
	if tid < 0 {
		return nil
	}
	if th := t.tids.get(tid); th != nil {
		return th
	}
	th := t.newThread(tid)
	if id := t.View().lastOf(tid, t.num); id != NoThread {
		ended := t.threads[id].Life
		if l := &t.lives[ended]; l.Exit != 0 && t.ts-l.LastTS < cloneStale {
			t.lives = t.lives[:th.life]
			th.life, th.evidence = ended, l.Evidence
			l.End = 0
		}
	}
	return th
}
