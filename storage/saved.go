package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"tq/storage/cache"
	"tq/storage/scap"
	"tq/storage/state"
)

// What a reading of a whole capture has kept is saved in sections of a cache entry: native
// rows batch by batch as they are, what state has found, and the rest as gob writes it.

// savedCapture is what is saved besides rows and state.
type savedCapture struct {
	Batches     []savedBatch
	Kinds       []savedKind // beyond those of the event table
	Sections    []scap.Section
	Machines    []savedMachine
	Interfaces  []savedInterface
	Events      uint32
	Warnings    []Warning
	TruncatedAt int64
}

// savedBatch is what a batch has besides its columns.
type savedBatch struct {
	Rows         int
	Base         int64
	Swapped      bool
	WideFDs      map[uint32]int64
	FarEnters    map[uint32]int64
	MinTS, MaxTS int64
	Ascending    bool
	Kinds, CPUs  []uint16 // of the zone
	Threads      []int32
}

type savedKind struct {
	Code uint16
	Name string
}

type savedMachine struct {
	Section int
	scap.Machine
}

type savedInterface struct {
	Section int
	scap.Interface
}

// save writes what a reading finds that keeps all rows, or lets them go, so that a later
// process need not read the capture.
func (r *reading) save(ctx context.Context, w *cache.Writer) error {
	var saved savedCapture
	for i := 0; ; i++ {
		b, err := r.batch(ctx, i)
		if err == io.EOF {
			break
		}
		if err == nil {
			err = b.save(w, i)
		}
		if err != nil {
			return err
		}
		saved.Batches = append(saved.Batches, savedBatch{
			len(b.num), b.base, b.swapped, b.wideFDs, b.farEnters, b.minTS, b.maxTS, b.ascending,
			b.zone.kinds, b.zone.cpus, b.zone.threads,
		})
	}
	if r.source.Compressed() {
		w.Write(payloadSection, r.last.payload)
	}
	w.Write("tallies", cache.Bytes(r.found.tallies))
	w.Write("strangers", cache.Bytes(r.last.strangers))
	w.Write("drops", cache.Bytes(r.last.drops))
	if err := r.found.Save(w); err != nil {
		return err
	}
	saved.gather(r)
	return w.WriteValue("capture", saved)
}

// gather takes over the rest of what a reading has found out.
func (s *savedCapture) gather(r *reading) {
	for _, k := range r.last.kinds[len(tableKinds):] {
		s.Kinds = append(s.Kinds, savedKind{k.Code, k.name})
	}
	for _, m := range r.found.machines {
		s.Machines = append(s.Machines, savedMachine{m.section, m.Machine})
	}
	for _, i := range r.found.interfaces {
		s.Interfaces = append(s.Interfaces, savedInterface{i.section, i.Interface})
	}
	s.Sections, s.Events = r.found.sections, r.found.events
	s.Warnings, s.TruncatedAt = r.found.warnings, r.found.truncatedAt
}

// payloadSection holds the payload of a compressed capture.
const payloadSection = "payload"

func rowSection(batch int) string { return fmt.Sprint("rows.", batch) }

// save writes the columns of a batch.
func (b *eventBatch) save(w *cache.Writer, i int) error {
	return w.Write(rowSection(i), slices.Concat(b.bytes()...))
}

// restored returns a reading that keeps everything and is over, from what was saved of the
// capture.
func (c *Capture) restored(e *cache.Entry, payload []byte) (*reading, error) {
	began := time.Now()
	var saved savedCapture
	if err := e.Value("capture", &saved); err != nil {
		return nil, err
	}
	r := newReading(c, needAll, nil)
	f := &findings{
		sections: saved.Sections, events: saved.Events, warnings: saved.Warnings, truncatedAt: saved.TruncatedAt,
	}
	k := &known{kinds: newKindTable().kinds, payload: payload}
	var errs [4]error
	f.Archive, errs[0] = state.Restore(e)
	f.tallies, errs[1] = cache.Slice[tally](e.Section("tallies"))
	k.strangers, errs[2] = cache.Slice[int64](e.Section("strangers"))
	k.drops, errs[3] = cache.Slice[int64](e.Section("drops"))
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	k.View = f.View
	for _, s := range saved.Kinds {
		kind := kindOf(scap.TypeInfo(s.Code))
		kind.name = s.Name
		k.kinds = append(k.kinds, kind)
	}
	for _, m := range saved.Machines {
		f.machines = append(f.machines, machineRecord{m.Section, m.Machine})
	}
	for _, i := range saved.Interfaces {
		f.interfaces = append(f.interfaces, interfaceRecord{i.Section, i.Interface})
	}
	for i := range saved.Batches {
		s := &saved.Batches[i]
		b := &eventBatch{
			base: s.Base, swapped: s.Swapped, wideFDs: s.WideFDs, farEnters: s.FarEnters,
			minTS: s.MinTS, maxTS: s.MaxTS, ascending: s.Ascending, known: k,
			zone: &zone{s.Kinds, s.CPUs, s.Threads},
		}
		if err := b.restore(e.Section(rowSection(i)), s.Rows); err != nil {
			return nil, err
		}
		k.batches = append(k.batches, b)
	}
	r.restore(k, f, time.Since(began))
	return r, nil
}

// restore makes the reading one that is over.
func (r *reading) restore(k *known, f *findings, took time.Duration) {
	r.start.Do(func() {
		r.batches, r.last, r.found, r.took, r.over = k.batches, k, f, took, true
		r.events.Store(int64(f.events))
		r.bytes.Store(int64(len(k.payload)))
		close(r.more)
		close(r.finished)
	})
}
