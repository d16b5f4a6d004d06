package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"
)

// An aggregate with a limit to its memory takes new groups while half of the limit has
// room for them. From then on it goes on with the groups it has, and rows of other groups
// are written to disk. These are grouped afterwards in the same way, as often as it takes.
// As all of their groups appeared later, groups still come in the order of their first
// rows.

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

// computeWaiting groups the rows that wait; those for which there is still no room wait
// on.
func (h *hashAggregate) computeWaiting(ctx context.Context) (groupings, error) {
	h.mem.release()
	sets, err := h.newGroupings(false)
	if err != nil {
		return nil, err
	}
	rows := *h.waiting
	h.waiting = &waitingRows{schema: rows.schema}
	defer rows.close()
	reader, err := rows.list.reader()
	if err != nil {
		return nil, err
	}
	return sets, h.computeWithin(ctx, sets, func() (*Batch, error) { return reader.next() })
}

// computeWithin groups rows as far as there is room for their groups, and writes the
// others to disk.
func (h *hashAggregate) computeWithin(ctx context.Context, sets groupings, next func() (*Batch, error)) error {
	prepare, full := h.prepare(sets), false
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := next()
		if err != nil {
			if err = noEOF(err); err == nil {
				err = h.finishWaiting()
			}
			return err
		}
		for steps := (slicer{whole: b, size: groupSteps}); ; {
			b, err := steps.next()
			if err != nil {
				break
			}
			if full {
				if b, err = h.known(sets[0], b); b == nil && err == nil {
					continue
				}
				if err != nil {
					return err
				}
			}
			in, err := prepare(0, place{}, b)
			if err != nil {
				return err
			}
			if err := sets.add(in); err != nil {
				return err
			}
			bytes := sets.bytes()
			full = full || bytes > h.mem.budget.limit/2
			if err := h.mem.set(bytes); err != nil {
				return err
			}
		}
	}
}

// groupSteps is how many rows are grouped before it is seen whether there is room for
// more.
const groupSteps = 1 << 10

func (h *hashAggregate) finishWaiting() error {
	bytes, err := h.waiting.finish()
	h.mem.spilled(bytes)
	return err
}

// known returns the rows of a batch whose groups are there, nil if there are none, and
// has the others wait.
func (h *hashAggregate) known(set *groupingSet, b *Batch) (*Batch, error) {
	keys, err := evalAll(h.keys, b)
	if err != nil {
		return nil, err
	}
	ids := make([]uint32, b.NumRows())
	set.table.find(keys, ids)
	var known, unknown []int32
	for i, id := range ids {
		if id == noGroup {
			unknown = append(unknown, int32(i))
		} else {
			known = append(known, int32(i))
		}
	}
	if len(unknown) > 0 {
		if err := h.waiting.add(b.Select(unknown)); err != nil {
			return nil, err
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	return b.Select(known), nil
}
