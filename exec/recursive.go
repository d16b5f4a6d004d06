package exec

import (
	"context"
	"io"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// recursive yields the rows of a query's first part and then, round after round, those
// of its step over the rows of the round before. The operators of the step are built
// anew for every round; what they read that stays the same is kept.
type recursive struct {
	oneInput // the first part, then the step of the round
	q        *builder
	node     *plan.Recursive
	kept     []*materialized
	renewed  []*plan.Materialized
	seen     *keyTable // all rows so far; nil if they may come again
	mem      *account

	rows  *rowBuffer // of this round
	ids   []uint32
	ended bool
}

func (q *builder) buildRecursive(n *plan.Recursive, mem *account) (Operator, error) {
	first, err := q.build(n.First)
	if err != nil {
		return nil, err
	}
	schema := schemaOf(n.Out)
	r := &recursive{oneInput: oneInput{first, schema}, q: q, node: n, mem: mem, rows: newRowBuffer(schema)}
	if !n.All {
		r.seen = newKeyTable(fieldTypes(schema))
	}
	var kept []*plan.Materialized
	kept, r.renewed = n.Repeated()
	for _, m := range kept {
		source, err := q.share(m)
		if err != nil {
			return nil, err
		}
		r.kept = append(r.kept, source)
	}
	return r, nil
}

func (r *recursive) Next(ctx context.Context) (*Batch, error) {
	for !r.ended {
		b, err := r.input.Next(ctx)
		if err == io.EOF {
			if err := r.nextRound(); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if b, err = r.take(b); b != nil || err != nil {
			return b, err
		}
	}
	return nil, io.EOF
}

// nextRound builds the step over the rows of the round that has ended.
func (r *recursive) nextRound() error {
	if err := r.input.Close(); err != nil {
		return err
	}
	if r.ended = r.rows.rows == 0; r.ended {
		return nil
	}
	for _, m := range r.renewed {
		delete(r.q.materialized, m)
	}
	r.q.lastRows[r.node] = r.rows.batches
	step, err := r.q.build(r.node.Step)
	if err != nil {
		return err
	}
	r.input, r.rows = step, newRowBuffer(r.schema)
	return nil
}

// take keeps the rows of a batch that the next round is to see, and returns them. They
// are loaded now: otherwise each round's columns would hang on those of the one before.
func (r *recursive) take(b *Batch) (*Batch, error) {
	cols, err := b.vecs()
	if err != nil {
		return nil, err
	}
	n := b.NumRows()
	loaded := NewBatch(n)
	for _, v := range cols {
		loaded = loaded.with(kernel.Col(kernel.Full(v, n)))
	}
	if r.seen != nil {
		known := r.seen.groups()
		r.ids = resize(r.ids, n)
		r.seen.insert(cols, r.ids)
		rows := newGroups(r.ids, known, nil)
		if len(rows) == 0 {
			return nil, nil
		}
		loaded = loaded.Select(rows)
	}
	if err := r.rows.add(loaded); err != nil {
		return nil, err
	}
	held := r.rows.held
	if r.seen != nil {
		held += r.seen.bytes()
	}
	return loaded, r.mem.set(held)
}

func (r *recursive) Close() error {
	r.mem.release()
	err := r.input.Close()
	for _, m := range r.kept {
		if e := m.close(); err == nil {
			err = e
		}
	}
	r.kept = nil
	return err
}
