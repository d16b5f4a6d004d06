package state

import "tq/storage/scap"

// Bearing says what the events of a type bear on, besides their own rows.
type Bearing uint8

// What events bear on. Each also tells that its thread lives, but for the first two.
const (
	BearsOnThreads Bearing = iota // anything: threads may end or become others
	BearsOnLife                   // the life of their thread only: see [Life]
	BearsOnCall                   // likewise, and on what the thread's next exit event is paired with
	BearsOnExit                   // likewise, and on what that event does
	BearsOnFDs                    // file descriptors
)

// Bearing returns what the events of a type bear on for this tracker.
func (t *Tracker) Bearing(code uint16) Bearing {
	k := t.kinds.of(code)
	switch {
	case code == scap.SwitchE, code == scap.SwitchV1E:
		return BearsOnLife
	case k.flags&simple != 0 && (k.flags&enters == 0 || t.kinds.of(code+1).flags&simple != 0):
		return BearsOnCall
	case k.flags&(upsets|plain|hidden|threadless|passive|noPlaceholder) != plain:
		return BearsOnThreads
	case k.flags&enters != 0:
		return BearsOnExit
	}
	return BearsOnFDs
}

// Missed says which events of a thread were not applied that bear on calls
// only.
type Missed uint8

// What a thread may miss between two events that are applied.
const (
	MissedEnter Missed = 1 << iota // enter events, perhaps exit events
	MissedExit                     // exit events
)

// Miss takes over what a thread has missed since its last event, before the next one.
func (t *Tracker) Miss(tid int64, m Missed) {
	th := t.tids.get(tid)
	if th == nil {
		return
	}
	if th.fd = -1; m&MissedEnter != 0 {
		th.enterType = noType
	}
}
