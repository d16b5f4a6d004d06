package storage

// zone is what occurs in a batch, each value once: where none of it passes a filter, the
// rows need not be looked at. It is nil for batches that are looked at only once.
type zone struct {
	kinds   []uint16
	cpus    []uint16
	threads []int32
}

// zoner finds the zones of batches.
type zoner struct {
	batch     uint32
	kinds     []uint32 // the last batch in which each occurred
	cpus      []uint32
	threads   []uint32
	strangers []uint32 // by life
}

// of returns the zone of a batch.
func (z *zoner) of(b *eventBatch) *zone {
	z.batch++
	m := new(zone)
	for i, kind := range b.kind {
		if z.first(&z.kinds, int(kind)) {
			m.kinds = append(m.kinds, kind)
		}
		if cpu := b.cpu[i]; z.first(&z.cpus, int(cpu)) {
			m.cpus = append(m.cpus, cpu)
		}
	}
	none := false
	for _, t := range b.thread {
		switch {
		case t >= 0:
			if z.first(&z.threads, int(t)) {
				m.threads = append(m.threads, t)
			}
		case t == noThread:
			if !none {
				m.threads = append(m.threads, t)
			}
			none = true
		case z.first(&z.strangers, int(strangerLife(t))):
			m.threads = append(m.threads, t)
		}
	}
	return m
}

// first reports whether a value has not occurred in the batch before.
func (z *zoner) first(last *[]uint32, value int) bool {
	for value >= len(*last) {
		*last = append(*last, 0)
	}
	if (*last)[value] == z.batch {
		return false
	}
	(*last)[value] = z.batch
	return true
}

// meets reports whether rows of a batch may pass the filter, by what is known of the batch
// as a whole.
func (f *prefilter) meets(b *eventBatch) bool {
	if !f.num.meets(int64(b.num[0]), int64(b.num[len(b.num)-1])) || !f.ts.meets(b.minTS, b.maxTS) {
		return false
	}
	f.lookAt(b.kinds, b.Threads)
	return b.zone == nil || f.meetsKinds(b.zone) && f.meetsCPUs(b.zone) && f.meetsThreads(b)
}

func (f *prefilter) meetsKinds(z *zone) bool {
	if len(f.kinds) == 0 {
		return true
	}
	for _, kind := range z.kinds {
		if f.keepKind[kind] != 0 {
			return true
		}
	}
	return false
}

func (f *prefilter) meetsCPUs(z *zone) bool {
	for _, cpu := range z.cpus {
		if f.cpu.contains(int64(cpu)) {
			return true
		}
	}
	return false
}

func (f *prefilter) meetsThreads(b *eventBatch) bool {
	for _, t := range b.zone.threads {
		if f.keepsThread(b.known, t) {
			return true
		}
	}
	return false
}
