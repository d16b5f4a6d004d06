package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"
)

// An aggregate with a limit to its memory takes new groups while half of the limit, shared
// by its grouping sets, has room for them. From then on it goes on with the groups it has,
// and rows of other groups are written to disk, for each set its own. These are grouped
// afterwards in the same way, as often as it takes. As all of their groups appeared later,
// groups still come in the order of their first rows.

// setWithin is one grouping set of an aggregate with a limit to its memory.
type setWithin struct {
	groupings              // just the one; nil when its groups have been yielded
	keys      []int        // which of the aggregate's keys
	full      bool         // rows of new groups wait
	waiting   *waitingRows // on disk
}

// waitingRows are the rows on disk whose groups there was no room for.
type waitingRows struct {
	schema *arrow.Schema
	file   *spillFile   // nil if there are none
	writer *spillWriter // while rows are added
	list   spilled      // afterwards
}

func (w *waitingRows) empty() bool { return w == nil || w.file == nil }

func (w *waitingRows) add(b *Batch) error {
	if w.file == nil {
		var err error
		if w.file, err = newSpillFile(w.schema); err != nil {
			return err
		}
		w.writer = w.file.writer()
	}
	return w.writer.add(b)
}

// finish is called when all rows were added; it returns the bytes that they take.
func (w *waitingRows) finish() (int64, error) {
	if w.empty() {
		return 0, nil
	}
	var err error
	w.list, err = w.writer.finish()
	return w.list.to - w.list.from, err
}

func (w *waitingRows) close() error {
	if w.empty() {
		return nil
	}
	file := w.file
	w.file = nil
	return file.close()
}

// nextWithin computes the groups of the input or, once that is done, of the rows that wait
// on disk, one set after the other; false if there are none.
func (h *hashAggregate) nextWithin(ctx context.Context) (bool, error) {
	if !h.computed {
		h.computed = true
		all, err := h.newGroupings(false)
		if err != nil {
			return false, err
		}
		for _, set := range all {
			h.within = append(h.within, &setWithin{groupings: groupings{set}, keys: set.keys, waiting: &waitingRows{schema: h.input.Schema()}})
		}
		if err := h.computeWithin(ctx, h.within, func() (*Batch, error) { return h.input.Next(ctx) }); err != nil {
			return false, err
		}
	}
	for len(h.within) > 0 {
		set := h.within[0]
		switch {
		case set.groupings != nil:
			groups := set.groupings
			set.groupings = nil
			return true, h.finish(ctx, groups)
		case set.waiting.empty():
			h.within = h.within[1:]
		default:
			if err := h.computeWaiting(ctx, set); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// computeWaiting groups the rows of a set that wait; those for which there is still no room
// wait on.
func (h *hashAggregate) computeWaiting(ctx context.Context, set *setWithin) error {
	fresh, err := h.newGroupingSet(set.keys, false)
	if err != nil {
		return err
	}
	set.groupings = groupings{fresh}
	rows := *set.waiting
	set.full, set.waiting = false, &waitingRows{schema: rows.schema}
	defer rows.close()
	reader, err := rows.list.reader()
	if err != nil {
		return err
	}
	return h.computeWithin(ctx, []*setWithin{set}, reader.next)
}

// computeWithin groups rows as far as there is room for their groups, and writes the
// others to disk.
func (h *hashAggregate) computeWithin(ctx context.Context, sets []*setWithin, next func() (*Batch, error)) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := next()
		if err != nil {
			if err = noEOF(err); err == nil {
				err = h.finishWaiting(sets)
			}
			return err
		}
		for steps := (slicer{whole: b, size: groupSteps}); ; {
			b, err := steps.next()
			if err != nil {
				break
			}
			for _, set := range sets {
				if err := h.addWithin(set, b); err != nil {
					return err
				}
			}
			if err := h.mem.set(h.noteRoom()); err != nil {
				return err
			}
		}
	}
}

// addWithin groups the rows of a batch in one set.
func (h *hashAggregate) addWithin(set *setWithin, b *Batch) error {
	if set.full {
		var err error
		if b, err = h.known(set, b); b == nil || err != nil {
			return err
		}
	}
	in, err := h.prepare(set.groupings)(0, place{}, b)
	if err != nil {
		return err
	}
	return set.add(in)
}

// noteRoom sees which sets have room for more groups, and returns what all hold.
func (h *hashAggregate) noteRoom() int64 {
	var held int64
	for _, set := range h.within {
		bytes := set.bytes()
		share := h.mem.budget.limit / 2 / int64(len(h.within))
		set.full = set.full || bytes > share && len(set.keys) > 0
		held += bytes
	}
	return held
}

// groupSteps is how many rows are grouped before it is seen whether there is room for
// more.
const groupSteps = 1 << 10

func (h *hashAggregate) finishWaiting(sets []*setWithin) error {
	for _, set := range sets {
		bytes, err := set.waiting.finish()
		if err != nil {
			return err
		}
		h.mem.spilled(bytes)
	}
	return nil
}

// known returns the rows of a batch whose groups a set has, nil if there are none, and has
// the others wait.
func (h *hashAggregate) known(set *setWithin, b *Batch) (*Batch, error) {
	keys, err := evalAll(h.keys, b)
	if err != nil {
		return nil, err
	}
	only := set.groupings[0]
	known, unknown := only.table.split(only.own(keys), b.NumRows())
	if len(unknown) > 0 {
		if err := set.waiting.add(b.Select(unknown)); err != nil {
			return nil, err
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	return b.Select(known), nil
}
