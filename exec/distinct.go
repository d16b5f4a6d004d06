package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// distinct passes the first row of each key. Workers evaluate the keys and leave out rows
// whose keys they had before, as long as that helps; one goroutine decides about the rest.
//
// With a limit to memory it takes new keys while half of the limit has room for them. Rows
// of other keys wait on disk and go the same way afterwards; as their keys appeared later,
// the order of first rows is kept.
type distinct struct {
	oneInput
	on    []evaluator
	types []arrow.DataType // of on
	mem   *account

	rows    *puller[keyedRows]
	sieves  []keySieve // of the workers
	seen    *keyTable
	ids     []uint32
	waiting *waitingRows // nil unless there is a limit
	full    bool         // new keys wait
	again   *waitingRows // rows that waited and are read now
	list    *spillReader // of them
	pending keyedRows    // read last
	at      int          // rows of pending that were taken
}

// keyedRows is rows and their keys.
type keyedRows struct {
	batch *Batch
	keys  []kernel.Vec
}

func (k keyedRows) size() int {
	if k.batch == nil {
		return 0
	}
	return k.batch.NumRows()
}

func newDistinct(u oneInput, on []evaluator, types []arrow.DataType, mem *account, config Config) *distinct {
	d := &distinct{oneInput: u, on: on, types: types, mem: mem, seen: newKeyTable(types)}
	d.rows = &puller[keyedRows]{in: u.input, threads: config.threads(), work: d.prepare}
	switch {
	case config.MemoryLimit > 0:
		d.waiting = &waitingRows{schema: u.input.Schema()}
	case config.threads() > 1:
		d.sieves = make([]keySieve, config.threads())
	}
	return d
}

// prepare evaluates the keys of a batch and leaves out what a worker knows to be repeated.
func (d *distinct) prepare(worker int, _ place, b *Batch) (keyedRows, error) {
	keys, err := evalAll(d.on, b)
	if err != nil || d.sieves == nil {
		return keyedRows{b, keys}, err
	}
	return keyedRows{b, keys}.where(d.sieves[worker].first(keys, b.NumRows(), d.types)), nil
}

// where keeps some of the rows.
func (k keyedRows) where(rows rowSet) keyedRows {
	if rows.all || len(rows.rows) == k.size() {
		return k
	}
	out := keyedRows{batch: k.batch.Select(rows.rows), keys: make([]kernel.Vec, len(k.keys))}
	for i, key := range k.keys {
		out.keys[i] = key
		if !key.Const {
			out.keys[i] = kernel.Col(kernel.Filter(key.Array, rows.rows))
		}
	}
	return out
}

// slice returns rows from … to-1.
func (k keyedRows) slice(from, to int) keyedRows {
	out := keyedRows{batch: k.batch.Slice(from, to), keys: make([]kernel.Vec, len(k.keys))}
	for i, key := range k.keys {
		out.keys[i] = slice(key, from, to)
	}
	return out
}

func (d *distinct) Next(ctx context.Context) (*Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in, err := d.read(ctx)
		if err == io.EOF {
			more, err := d.readWaiting()
			if err != nil {
				return nil, err
			}
			if !more {
				return nil, io.EOF
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if in.size() == 0 {
			continue
		}
		if b, err := d.first(in); b != nil || err != nil {
			return b, err
		}
	}
}

// first returns the rows whose keys were not seen before, nil if there are none.
func (d *distinct) first(in keyedRows) (*Batch, error) {
	if d.full {
		_, unknown := d.seen.split(in.keys, in.size())
		if len(unknown) == 0 {
			return nil, nil
		}
		return nil, d.waiting.add(in.batch.Select(unknown))
	}
	known := d.seen.groups()
	d.ids = resize(d.ids, in.size())
	d.seen.insert(in.keys, d.ids)
	fresh := newGroups(d.ids, known, nil)
	if err := d.account(); err != nil {
		return nil, err
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	return in.batch.Select(fresh), nil
}

// account says how much memory is held, and whether there is room for more keys.
func (d *distinct) account() error {
	bytes := d.seen.bytes()
	d.full = d.waiting != nil && bytes > d.mem.budget.limit/2
	for i := range d.sieves {
		bytes += d.sieves[i].held.Load()
	}
	return d.mem.set(bytes)
}

// read returns the next rows: with a limit few enough for it to be seen in time that there
// is no more room.
func (d *distinct) read(ctx context.Context) (keyedRows, error) {
	if d.waiting == nil {
		return d.rows.next(ctx)
	}
	if d.at == d.pending.size() {
		var err error
		d.at = 0
		if d.pending, err = d.readBatch(ctx); err != nil {
			return keyedRows{}, err
		}
	}
	from := d.at
	d.at = min(from+groupSteps, d.pending.size())
	return d.pending.slice(from, d.at), nil
}

// readBatch returns the next batch of the input or of the rows that waited.
func (d *distinct) readBatch(ctx context.Context) (keyedRows, error) {
	if d.list == nil {
		return d.rows.next(ctx)
	}
	b, err := d.list.next()
	if err != nil {
		return keyedRows{}, err
	}
	keys, err := evalAll(d.on, b)
	return keyedRows{b, keys}, err
}

// readWaiting begins to read the rows that wait; false if there are none.
func (d *distinct) readWaiting() (bool, error) {
	if err := d.again.close(); err != nil || d.waiting.empty() {
		return false, err
	}
	bytes, err := d.waiting.finish()
	if err != nil {
		return false, err
	}
	d.mem.spilled(bytes)
	d.again, d.waiting = d.waiting, &waitingRows{schema: d.waiting.schema}
	d.seen, d.full = newKeyTable(d.types), false
	d.mem.release()
	d.list, err = d.again.list.reader()
	return err == nil, err
}

func (d *distinct) Close() error {
	d.rows.stop()
	d.mem.release()
	err := d.waiting.close()
	for _, closeIt := range []func() error{d.again.close, d.input.Close} {
		if e := closeIt(); err == nil {
			err = e
		}
	}
	return err
}
