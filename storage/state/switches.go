package state

import "tq/storage/scap"

// switchOut takes over what a switch tells of the thread that leaves the CPU.
func (c *call) switchOut() {
	t, e := c.t, c.e
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
