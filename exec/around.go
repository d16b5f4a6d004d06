package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
)

// around keeps the rows that match a condition and those near them. It keeps all of its
// input until the last row is known, since any row may lie near one to come; columns
// that nothing asks for stay unloaded.
type around struct {
	oneInput
	cond    condition
	time    evaluator // nil if nobody asks for it
	per     []evaluator
	types   []arrow.DataType // of per
	extent  int64
	byTime  bool
	relTime bool
	mem     *account

	rows *rowBuffer
	near nearby
	at   int // batches yielded
	next int // of the rows of near, yielded
}

func (q *builder) buildAround(n *plan.Around, mem *account) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	a := &around{
		oneInput: u, types: exprTypes(n.Per), extent: n.Extent, byTime: n.ByTime, relTime: n.RelTS != nil, mem: mem,
	}
	if a.cond, err = c.compileCondition(n.Cond); err != nil {
		return nil, err
	}
	if n.Time != nil {
		if a.time, err = c.compile(n.Time); err != nil {
			return nil, err
		}
	}
	a.per, err = c.compileAll(n.Per)
	return a, err
}

// build reads the input and finds what lies near the rows that match.
func (a *around) build(ctx context.Context) error {
	a.rows = newRowBuffer(a.input.Schema())
	table := newKeyTable(a.types)
	f := finder{extent: uint64(a.extent)}
	err := drain(ctx, a.input, func(b *Batch) error {
		matches, err := a.cond.choose(b, everyRow, true)
		if err != nil {
			return err
		}
		for i := range matches.size(b) {
			f.matches = append(f.matches, int32(a.rows.rows)+matches.at(i))
		}
		if len(a.per) > 0 {
			keys, err := evalAll(a.per, b)
			if err != nil {
				return err
			}
			f.keys = append(f.keys, make([]uint32, b.NumRows())...)
			table.insert(keys, f.keys[a.rows.rows:])
		}
		if err := a.rows.add(b); err != nil {
			return err
		}
		return a.mem.set(a.rows.held + f.bytes() + table.bytes())
	})
	if err != nil || len(f.matches) == 0 {
		return err
	}
	f.rows, f.groups = a.rows.rows, max(1, table.groups())
	if a.time != nil {
		v, err := a.time.eval(a.rows.batch())
		if err != nil {
			return err
		}
		times := kernel.Full(v, f.rows)
		f.times, f.timed = kernel.Values[int64](times), kernel.ValidityOf(times)
	}
	a.near, err = f.find(ctx, a.byTime)
	if err != nil {
		return err
	}
	return a.mem.set(a.rows.held + f.bytes() + table.bytes() + 8*int64(len(a.near.rows)))
}

func (a *around) Next(ctx context.Context) (*Batch, error) {
	if a.rows == nil {
		if err := a.build(ctx); err != nil {
			return nil, err
		}
	}
	for a.at < len(a.rows.batches) && a.next < len(a.near.rows) {
		b, start := a.rows.batches[a.at], int32(a.rows.starts[a.at])
		a.at++
		from := a.next
		var rows []int32
		for ; a.next < len(a.near.rows) && a.near.rows[a.next] < start+int32(b.NumRows()); a.next++ {
			rows = append(rows, a.near.rows[a.next]-start)
		}
		if len(rows) > 0 {
			return b.Select(rows).beside(a.added(from, a.next)), nil
		}
	}
	return nil, io.EOF
}

// added makes the columns that are added to the rows from … to-1 of near.
func (a *around) added(from, to int) *Batch {
	n := to - from
	isMatch, ids := kernel.NewBitmap(n), make([]int64, n)
	for i := range n {
		match := a.near.match[from+i]
		ids[i] = int64(match) + 1
		if a.near.matches[match] == a.near.rows[from+i] {
			isMatch.Set(i)
		}
	}
	var all kernel.Validity
	cols := []arrow.Array{kernel.FromBits(isMatch, n, all), kernel.FromValues(functions.BigInt, ids, all)}
	if a.relTime {
		since, valid := make([]int64, n), kernel.NewBitmap(n)
		for i := range n {
			row, match := a.near.rows[from+i], a.near.matches[a.near.match[from+i]]
			if a.near.timed.Valid(int(row)) && a.near.timed.Valid(int(match)) {
				since[i] = a.near.times[row] - a.near.times[match]
				valid.Set(i)
			}
		}
		cols = append(cols, kernel.FromValues(functions.Duration, since, kernel.NewValidity(valid, n)))
	}
	return NewBatch(n, cols...)
}

func (a *around) Close() error {
	a.mem.release()
	return a.input.Close()
}
