package storage

// cpuChain is the switches of one CPU, or of what the recorder calls one: the number of an
// event's CPU is that of the buffer which the recorder kept it in, and that may be the
// buffer of several CPUs.
type cpuChain struct {
	begun    bool // there was a switch in the section
	open     int  // the stay that has begun last, if so
	switches int
	breaks   int // switches whose leaving thread is not the one that had come
	crossed  int // and had come earlier all the same: it was on another CPU
	stayed   map[int64]struct{}
}

// broke takes over that another thread leaves than the one that had come. Where a switch
// is missing in between, the one that leaves has come unseen. In a buffer of two CPUs it is
// mostly one that was seen to come, and stayed while the other CPU switched. Idle threads
// tell nothing: each CPU has one.
func (c *cpuChain) broke(came, leaves int64) {
	c.breaks++
	if _, ok := c.stayed[leaves]; ok {
		c.crossed++
		delete(c.stayed, leaves)
	}
	if came == 0 {
		return
	}
	if c.stayed == nil {
		c.stayed = make(map[int64]struct{})
	}
	c.stayed[came] = struct{}{}
}

// comes takes over that a thread comes. If it is one that stayed, its leaving is missing.
func (c *cpuChain) comes(tid int64) {
	if len(c.stayed) > 0 {
		delete(c.stayed, tid)
	}
}

// shared reports whether the switches are those of several CPUs: then a quarter of the
// breaks, and more, are such that no missing switch explains them.
func (c *cpuChain) shared() bool { return c.crossed > 1 && 4*c.crossed > c.breaks }

// broken reports whether the switches do not fit each other, so that nothing is known of
// stays: they are those of several CPUs, or too many are missing.
func (c *cpuChain) broken() bool { return c.shared() || c.breaks > c.switches/8 }

// broken reports whether every CPU's chain is broken.
func (l *stayList) broken() bool {
	some := false
	for i := range l.cpus {
		if c := &l.cpus[i]; c.switches > 0 {
			if !c.broken() {
				return false
			}
			some = true
		}
	}
	return some
}

// shared returns how many buffers hold the switches of several CPUs.
func (l *stayList) shared() (n int64) {
	for i := range l.cpus {
		if l.cpus[i].shared() {
			n++
		}
	}
	return n
}
