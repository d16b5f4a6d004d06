package storage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tq/storage/scap"
	"tq/storage/state"
	"tq/storage/transcript"
)

// Facts is what a capture is like, as the table captures shows it.
type Facts struct {
	Name, Path  string
	Compressed  bool
	Transcript  bool   // of what sysdig printed
	Version     string // of the format: "1.2"
	Comments    string // of who edited the file
	Application string // with which that was done
	Host        string
	CPUs        int64
	Bytes       int64 // of the uncompressed payload
	Events      int64 // in the file
	Printed     int64 // of which sysdig prints
	Drops       int64 // events that say that the recorder lost others
	First, Last int64 // times; HasTime says whether there are any
	HasTime     bool
	HasEnter    bool  // the start of calls is recorded, not only their return
	HasSwitch   bool  // switches between threads are recorded
	CPUChains   bool  // and those of one CPU are kept together
	SnapLen     int64 // bytes that were recorded of longer data at most; 0 when none was longer
	TruncatedAt int64 // offset at which the capture breaks off, or -1
	LoadTime    time.Duration
	Warnings    []Warning
}

// Warning is a kind of thing that is wrong with a capture.
type Warning struct {
	Offset  int64 // of its first occurrence in the uncompressed payload, or -1
	Kind    string
	Message string
	Count   int64
}

// The kinds of warnings that are not about damage.
const (
	warnDrops  = "drops"
	warnChains = "switches out of order"
	warnShared = "CPUs in one buffer"
)

// Facts returns what the capture is like. It must be loaded.
func (c *Capture) Facts() Facts { return c.whole().allFacts() }

func (r *reading) allFacts() Facts { return r.facts.get(r.collectFacts) }

// Damage returns what is broken in the file, for which the tables may lack rows: nothing
// before the capture was read to its end.
func (c *Capture) Damage() []Warning {
	r := c.ended()
	if r == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.found.warnings), func(w Warning) bool {
		switch w.Kind {
		case scap.WarnUnknownBlock, scap.WarnLateBlock, scap.WarnNoEvents,
			transcript.WarnSkipped, transcript.WarnRepeated, transcript.WarnRenumbered:
			return true // odd, but whole
		}
		return false
	})
}

// Notes returns what is odd about the file although nothing is broken: that it holds no
// events, or lines of a transcript that are none. It returns nothing before the capture was
// read to its end.
func (c *Capture) Notes() []Warning {
	r := c.ended()
	if r == nil {
		return nil
	}
	var out []Warning
	for _, w := range r.found.warnings {
		switch w.Kind {
		case scap.WarnNoEvents:
			out = append(out, w)
		case transcript.WarnSkipped, transcript.WarnRepeated, transcript.WarnRenumbered:
			w.Offset = -1 // The message names the line, which says more.
			out = append(out, w)
		}
	}
	return out
}

// HasEnter reports whether the start of calls is recorded, and not only their return. The
// capture must be loaded.
func (c *Capture) HasEnter() bool { return c.ended().hasEnter() }

func (r *reading) hasEnter() bool {
	for _, u := range r.kindUses() {
		if u.kind.call() && u.kind.Enter && !u.kind.keptEnter() {
			return true
		}
	}
	return false
}

// collectFacts gathers what the pass and the native rows tell.
func (r *reading) collectFacts() Facts {
	p := r.found
	f := Facts{
		Name: r.name, Path: r.path, Compressed: r.source.Compressed(),
		Bytes: int64(len(r.last.payload)), Events: int64(p.events), Drops: int64(len(r.last.drops)),
		HasEnter: r.hasEnter(), TruncatedAt: p.truncatedAt, LoadTime: r.took,
	}
	f.First, f.Last, f.HasTime = r.timeRange()
	if n := len(p.sections); n > 0 {
		f.Version = fmt.Sprintf("%d.%d", p.sections[n-1].Major, p.sections[n-1].Minor)
		f.Application = p.sections[n-1].Application
	}
	var comments []string
	for i := range p.sections {
		comments = append(comments, p.sections[i].Comments...)
	}
	f.Comments = strings.Join(comments, commentSeparator)
	if n := len(p.machines); n > 0 {
		f.Host, f.CPUs = p.machines[n-1].Hostname, int64(p.machines[n-1].CPUs)
	}
	r.describeTranscript(&f)
	f.Printed = r.printed()
	for _, u := range r.kindUses() {
		f.HasSwitch = f.HasSwitch || u.kind.isSwitch()
	}
	shared := int64(0)
	if f.HasSwitch {
		shared = r.stayList().shared()
		f.CPUChains = shared == 0 && !r.stayList().broken()
	}
	f.SnapLen = r.snapLen()
	f.Warnings = slices.Clone(p.warnings)
	if f.Drops > 0 {
		f.Warnings = append(f.Warnings, Warning{-1, warnDrops, "the recorder lost events", f.Drops})
	}
	switch {
	case shared > 0:
		f.Warnings = append(f.Warnings, Warning{-1, warnShared,
			"the recorder kept the events of several CPUs in one buffer, whose number stands for cpu; sched has no durations there", shared})
	case f.HasSwitch && !f.CPUChains:
		f.Warnings = append(f.Warnings, Warning{-1, warnChains,
			"the switches of no CPU fit each other: many are missing, as in a filtered capture; sched has no durations", 1})
	}
	return f
}

// snapLen returns the length of the longest data in the capture: recorders cut longer
// ones. It is 0 where nothing shows that data were cut.
func (r *reading) snapLen() int64 {
	k := r.last
	at := k.positions("data")
	longest, cut := 0, false
	var e scap.Event
	for _, b := range k.batches {
		for i, kind := range b.kind {
			if at[kind] < 0 {
				continue
			}
			if !b.read(i, k.payload, &e) {
				continue
			}
			n := len(e.Raw(int(at[kind])))
			longest = max(longest, n)
			if res, ok := scap.RawRes(&e); ok && res > int64(n) && n > 0 {
				cut = true
			}
		}
	}
	if !cut {
		return 0
	}
	return int64(longest)
}

// TimeRange returns the times of the first and of the last event that carries its time;
// false when there is none. The capture must be loaded.
func (c *Capture) TimeRange() (first, last int64, ok bool) { return c.ended().timeRange() }

// lives returns the lives of all threads, by their ids.
func (r *reading) lives() []state.Life { return r.found.Lives }
