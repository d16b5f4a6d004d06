package state

import "tq/storage/scap"

// Measures are values that change so often that no history of them is kept. They are
// those of the thread of the last event, as that left it.
type Measures struct {
	Threads, Children int   // of the process: all that live, and those besides the main thread
	OpenFDs           int   // of the process
	FDLimit           int64 // of the process, -1 unknown
	Memory
	Faults
}

// Memory is what a thread's process was last seen to use, in kB: by the thread's own calls
// or, of main threads, by switches.
type Memory struct{ Size, RSS, Swap uint32 }

// Faults are the page faults of a thread.
type Faults struct{ Major, Minor uint64 }

// Measure makes the tracker follow measures, which costs time at every switch and change
// of memory. It must be called before the first block.
func (t *Tracker) Measure() {
	t.due = true
	t.measures = &measures{memory: make(map[LifeID]Memory), faults: make(map[LifeID]Faults)}
}

// measures is the tracker's part for [Measures].
type measures struct {
	memory map[LifeID]Memory
	faults map[LifeID]Faults
	last   *thread // of the last event
}

// Measures returns the measures of the last event's thread; false when it has none.
func (t *Tracker) Measures() (Measures, bool) {
	m := t.measures
	if m == nil || m.last == nil {
		return Measures{}, false
	}
	th := m.last
	v := Measures{
		Threads: th.proc.alive, Children: th.proc.alive, OpenFDs: th.proc.open,
		FDLimit: t.now(t.leader(th)).FDLimit,
		Memory:  m.memory[th.life], Faults: m.faults[th.life],
	}
	if main := th.proc.main; main != nil && !main.dead {
		v.Children--
	}
	return v, true
}

// list takes over what the list of threads tells.
func (m *measures) list(th *thread, rec *scap.Thread) {
	m.faults[th.life] = Faults{rec.PFMajor, rec.PFMinor}
	m.memory[th.life] = Memory{rec.VMSize, rec.VMRSS, rec.VMSwap}
}

// event takes over what an event tells.
func (m *measures) event(c *call) {
	m.last = c.th
	switch c.e.Type {
	case scap.SwitchE:
		m.take(c.th, c.e, 1, 3)
	case scap.SyscallBrkV4X, scap.SyscallMmapX, scap.SyscallMmap2X, scap.SyscallMunmapX:
		m.take(c.th, c.e, -1, 1)
	case scap.SyscallExecveV13X, scap.SyscallExecveV14X, scap.SyscallExecveV15X, scap.SyscallExecveV16X,
		scap.SyscallExecveV17X, scap.SyscallExecveV18X, scap.SyscallExecveV19X, scap.SyscallExecveatX:
		if c.result() >= 0 {
			m.take(c.th, c.e, madeFaults, madeSizes)
		}
	default:
		m.take(c.made, c.e, madeFaults, madeSizes)
	}
}

// Places of what clone and exec events tell of memory.
const (
	madeFaults = 8
	madeSizes  = 10
)

// take takes over the page faults of a thread from parameter faults on, unless negative,
// and the memory from parameter sizes on.
func (m *measures) take(th *thread, e *scap.Event, faults, sizes int) {
	if th == nil {
		return
	}
	swap, ok := e.Int(sizes + 2)
	if !ok {
		return
	}
	if faults >= 0 {
		major, _ := e.Int(faults)
		minor, _ := e.Int(faults + 1)
		m.faults[th.life] = Faults{uint64(major), uint64(minor)}
	}
	size, _ := e.Int(sizes)
	rss, _ := e.Int(sizes + 1)
	if e.Type == scap.SwitchE && th.proc.main != nil {
		th = th.proc.main
	}
	m.memory[th.life] = Memory{uint32(size), uint32(rss), uint32(swap)}
}
