package storage

import (
	"tq/storage/scap"
	"tq/storage/state"
)

// sieve counts the events of a capture and finds those that a pass must look at: events
// that it may keep rows of, and events that bear on what these rows show.
//
// Most events bear on nothing but what the next exit event of their thread is paired with.
// They are left out where their thread is known. That is found out without following what
// events do: the sieve remembers which threads it let an event pass of since threads may
// last have ended, and tells with their next one what they have missed.
type sieve struct {
	kinds   kindTable
	count   uint32       // of events
	filters []*prefilter // rows are kept of events that pass one of them
	bearing func(code uint16) state.Bearing
	follow  bool    // rows tell of threads
	lives   bool    // all that threads do counts
	acts    []act   // by kind
	left    []tally // of events that were left out, by kind
	threads standings
}

// act is what a sieve does with the events of a kind.
type act uint8

const (
	actRow       act = iota // lets them pass, as rows that need not be followed
	actPass                 // lets them pass
	actEnter                // likewise; they are the start of calls
	actExit                 // likewise; they are the end of calls
	actUpset                // likewise; threads may have ended
	actDrop                 // leaves them out
	actSkipEnter            // likewise, where their thread is known; they are the start of calls
	actSkipExit             // likewise; they are the end of calls
)

func newSieve(keeps need, bearing func(uint16) state.Bearing) *sieve {
	v := &sieve{kinds: newKindTable(), bearing: bearing, follow: keeps.threads, lives: keeps.lives}
	for _, f := range keeps.rows {
		v.filters = append(v.filters, f.fresh())
	}
	return v
}

// sift puts the event at the end of a stretch into it, or leaves it out.
func (v *sieve) sift(s *stretch) {
	e := &s.events[s.n]
	kind := v.next(e)
	a := v.acts[kind]
	if a >= actDrop && e.Flags == 0 && (a == actDrop || v.threads.skip(e.TID, a)) {
		v.left[kind].add(e.TS)
		return
	}
	s.ordinal[s.n], s.kind[s.n] = v.count, kind
	s.bare[s.n] = a == actRow && e.Flags == 0
	s.missed[s.n] = v.threads.pass(e.TID, a)
	s.n++
}

// next counts an event and returns its kind.
func (v *sieve) next(e *scap.Event) uint16 {
	v.count++
	kind := v.kinds.of(e)
	if int(kind) >= len(v.acts) {
		v.learn()
	}
	return kind
}

// learn finds out what to do with the events of new kinds.
func (v *sieve) learn() {
	for i := len(v.acts); i < len(v.kinds.kinds); i++ {
		v.acts = append(v.acts, v.actOn(&v.kinds.kinds[i]))
		v.left = append(v.left, newTally())
	}
}

func (v *sieve) actOn(k *eventKind) act {
	if v.lives {
		return actPass
	}
	bearing := v.bearing(k.Code)
	if !v.follow && bearing != state.BearsOnThreads {
		if v.wants(k) {
			return actRow
		}
		return actDrop
	}
	switch bearing {
	case state.BearsOnLife:
		if !v.wants(k) {
			return actDrop
		}
	case state.BearsOnCall:
		switch {
		case k.Enter && (v.wants(k) || v.wants(k.exit())):
			return actEnter
		case k.Enter:
			return actSkipEnter
		case v.wants(k):
			return actExit
		}
		return actSkipExit
	case state.BearsOnExit:
		return actEnter
	case state.BearsOnFDs:
		return actExit
	case state.BearsOnThreads:
		return actUpset
	}
	return actPass
}

// wants reports whether rows may be kept of events of a kind.
func (v *sieve) wants(k *eventKind) bool {
	for _, f := range v.filters {
		if f.testKind(k) {
			return true
		}
	}
	return false
}
