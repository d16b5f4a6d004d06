package exec

import (
	"context"

	"tq/functions/kernel"
)

// distinct passes the first row of each key.
type distinct struct {
	oneInput
	on  []evaluator
	mem *account

	seen *keyTable
	ids  []uint32
}

func (d *distinct) Next(ctx context.Context) (*Batch, error) {
	for {
		b, err := d.input.Next(ctx)
		if err != nil {
			return nil, err
		}
		keys, err := evalAll(d.on, b)
		if err != nil {
			return nil, err
		}
		fresh := d.fresh(keys, b.NumRows())
		if err := d.mem.set(d.seen.bytes()); err != nil {
			return nil, err
		}
		if len(fresh) > 0 {
			return b.Select(fresh), nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// fresh returns the rows whose key was not seen before.
func (d *distinct) fresh(keys []kernel.Vec, n int) []int32 {
	known := d.seen.groups()
	d.ids = resize(d.ids, n)
	d.seen.insert(keys, d.ids)
	return newGroups(d.ids, known, nil)
}

func (d *distinct) Close() error {
	d.mem.release()
	return d.input.Close()
}
