package storage

import "tq/storage/state"

// standings is what a sieve remembers of threads. Those with numbers that Linux gives to
// none are never known.
type standings struct {
	pages [maxStandingTid >> standingBits]*standingPage
	since uint64 // how often threads may have ended
}

const (
	standingBits   = 10
	maxStandingTid = 1 << 22
)

type standingPage [1 << standingBits]standing

// standing is how often threads had ended when a thread became known, and flags.
type standing uint64

const (
	missedEnter standing = standing(state.MissedEnter)
	missedExit  standing = standing(state.MissedExit)
	inCall      standing = 4 // its last enter event may have passed

	standingFlags = 3
)

// skip notes that an event is left out, if that may be.
func (t *standings) skip(tid int64, a act) bool {
	if uint64(tid) >= maxStandingTid {
		return false
	}
	p := t.pages[tid>>standingBits]
	if p == nil {
		return false
	}
	s := p[tid&(1<<standingBits-1)]
	if uint64(s>>standingFlags) != t.since {
		return false
	}
	if s&inCall == 0 {
		return true
	}
	if s |= missedExit; a == actSkipEnter {
		s = s&^inCall | missedEnter
	}
	p[tid&(1<<standingBits-1)] = s
	return true
}

// pass notes that an event passes, and returns what its thread has missed before.
func (t *standings) pass(tid int64, a act) state.Missed {
	if a <= actPass {
		return 0
	}
	s := t.at(tid)
	was := *s
	now, missed := standing(t.since<<standingFlags), was&(missedEnter|missedExit)
	switch a {
	case actEnter:
		*s = now | inCall
	case actSkipEnter:
		*s = now
	case actExit, actSkipExit:
		*s = now | was&inCall
	case actUpset:
		t.since++
		*s = inCall
	}
	return state.Missed(missed)
}

// at returns the place of a thread, or one that nobody looks at.
func (t *standings) at(tid int64) *standing {
	if uint64(tid) >= maxStandingTid {
		return new(standing)
	}
	p := &t.pages[tid>>standingBits]
	if *p == nil {
		*p = new(standingPage)
	}
	return &(*p)[tid&(1<<standingBits-1)]
}
