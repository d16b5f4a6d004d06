package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// overlapJoin joins rows whose intervals overlap, by a sweep over both sides in the
// order of the intervals' starts. Pairs come out in the order of the later start, so in
// that of the time at which the overlap begins; rows without a match come last.
type overlapJoin struct {
	twoInputs
	kind                plan.JoinKind
	leftKeys, rightKeys joinKeys
	bounds              [4]evaluator // start and end of the left, of the right side
	residual            condition    // over the columns of both sides; nil without
	mem                 *account
	size, threads       int
	columns             [2][]int // of the left, of the right side, that keys and bounds depend on

	leftRows, rightRows *Batch
	sweep               *sweep
	swept               bool
	last                []slicer // rows without a match
}

func (q *builder) buildOverlapJoin(n *plan.OverlapJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &overlapJoin{twoInputs: b, kind: n.Kind, mem: mem, size: q.env.Config.batchRows(), threads: q.env.Config.threads()}
	left, right := q.compilerOver(n.Left), q.compilerOver(n.Right)
	leftUse, rightUse := []sem.Expr{n.LeftStart, n.LeftEnd}, []sem.Expr{n.RightStart, n.RightEnd}
	for _, k := range n.Keys {
		leftUse, rightUse = append(leftUse, k.Left), append(rightUse, k.Right)
	}
	j.columns = [2][]int{left.columnsIn(leftUse...), right.columnsIn(rightUse...)}
	if j.leftKeys, j.rightKeys, err = compileJoinKeys(n.Keys, left, right); err != nil {
		return nil, err
	}
	for i, e := range []sem.Expr{n.LeftStart, n.LeftEnd, n.RightStart, n.RightEnd} {
		c := left
		if i >= 2 {
			c = right
		}
		if j.bounds[i], err = c.compile(e); err != nil {
			return nil, err
		}
	}
	j.residual, err = q.compilerOver(n.Left, n.Right).compileOptional(n.Residual)
	return j, err
}

// build reads both sides, of the right one only what may meet the left one if that is
// all that is asked for, and prepares the sweep.
func (j *overlapJoin) build(ctx context.Context) error {
	left, right := newRowBuffer(j.left.Schema()), newRowBuffer(j.right.Schema())
	if err := left.fillParallel(ctx, j.left, j.mem, j.threads, j.columns[0]); err != nil {
		return err
	}
	held := left.held
	load := loadColumns(j.columns[1])
	if j.kind != plan.Right && j.kind != plan.Full {
		meeting, err := j.newMeeting(left.batch())
		if err != nil {
			return err
		}
		load = meeting.choose
	}
	if j.kind == plan.Right || j.kind == plan.Full || left.rows > 0 {
		err := drainParallel(ctx, j.right, j.threads, load, func(b *Batch) error {
			if b == nil {
				return nil
			}
			if err := right.add(b); err != nil {
				return err
			}
			return j.mem.set(held + right.held)
		})
		if err != nil {
			return err
		}
	}
	j.leftRows, j.rightRows = left.batch(), right.batch()
	bounds, err := j.evalBounds()
	if err != nil {
		return err
	}
	l, r := newSweepSide(bounds[0], bounds[1]), newSweepSide(bounds[2], bounds[3])
	if len(j.leftKeys.values) > 0 {
		if err := j.numberKeys(l, r); err != nil {
			return err
		}
	}
	if err := l.sort(ctx); err != nil {
		return err
	}
	if err := r.sort(ctx); err != nil {
		return err
	}
	j.sweep = newSweep(l, r)
	switch j.kind {
	case plan.Semi, plan.Anti:
		j.sweep.once = j.residual == nil
		fallthrough
	case plan.Left, plan.Full:
		l.hit = make([]bool, left.rows)
	}
	if j.kind == plan.Right || j.kind == plan.Full {
		r.hit = make([]bool, right.rows)
	}
	return j.mem.set(held + right.held + 24*int64(left.rows+right.rows))
}

// evalBounds evaluates the ends of the intervals of both sides.
func (j *overlapJoin) evalBounds() ([4]arrow.Array, error) {
	var bounds [4]arrow.Array
	for i, e := range j.bounds {
		rows := j.leftRows
		if i >= 2 {
			rows = j.rightRows
		}
		v, err := e.eval(rows)
		if err != nil {
			return bounds, err
		}
		bounds[i] = kernel.Full(v, rows.NumRows())
	}
	return comparable4(bounds)
}

// comparable4 makes columns of integers of columns of one other type, in the same order.
func comparable4(cols [4]arrow.Array) ([4]arrow.Array, error) {
	integers := true
	for _, col := range cols {
		integers = integers && isInteger(col.DataType()) && kernel.KindOf(col.DataType()) != kernel.Uint64
	}
	if integers {
		return cols, nil
	}
	all, err := kernel.Concat(cols[:])
	if err != nil {
		return cols, err
	}
	valid, at := kernel.ValidityOf(all), 0
	nums := kernel.FromValues(arrow.PrimitiveTypes.Int64, orderNumbers(all), valid)
	for i, col := range cols {
		cols[i] = kernel.Slice(nums, at, at+col.Len())
		at += col.Len()
	}
	return cols, nil
}

func (j *overlapJoin) numberKeys(l, r *sweepSide) error {
	table, ids, err := j.leftKeyTable(j.leftRows)
	if err != nil {
		return err
	}
	l.keys, r.keys = ids, make([]uint32, j.rightRows.NumRows())
	if err := j.rightKeys.find(table, j.rightRows, r.keys); err != nil {
		return err
	}
	l.active, r.active = make([][]int32, table.groups()), make([][]int32, table.groups())
	return nil
}

// leftKeyTable numbers the keys of left rows.
func (j *overlapJoin) leftKeyTable(rows *Batch) (*keyTable, []uint32, error) {
	vecs, err := evalAll(j.leftKeys.values, rows)
	if err != nil {
		return nil, nil, err
	}
	types := make([]arrow.DataType, len(vecs))
	for i, v := range vecs {
		types[i] = v.DataType()
	}
	table, ids := newKeyTable(types), make([]uint32, rows.NumRows())
	j.leftKeys.insert(table, vecs, ids)
	return table, ids, nil
}

func (j *overlapJoin) Next(ctx context.Context) (*Batch, error) {
	if j.sweep == nil {
		if err := j.build(ctx); err != nil {
			return nil, err
		}
	}
	for !j.swept {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		left, right, more := j.sweep.next(j.size)
		out, err := j.match(left, right)
		if !more {
			j.swept = true
			j.last = j.unmatched()
		}
		if out != nil || err != nil {
			return out, err
		}
	}
	for len(j.last) > 1 {
		if b, err := j.last[0].next(); err == nil {
			return b, nil
		}
		j.last = j.last[1:]
	}
	return j.last[0].next()
}

// match keeps the pairs that pass the residual condition and returns their rows, if the
// kind of join yields pairs.
func (j *overlapJoin) match(left, right []int32) (*Batch, error) {
	if len(left) == 0 {
		return nil, nil
	}
	pairs := takeRows(j.leftRows, left).beside(takeRows(j.rightRows, right))
	kept := everyRow
	if j.residual != nil {
		var err error
		if kept, err = j.residual.choose(pairs, everyRow, true); err != nil {
			return nil, err
		}
	}
	n := kept.size(pairs)
	for i := range n {
		at := kept.at(i)
		j.sweep.mark(left[at], right[at])
	}
	if n == 0 || j.kind == plan.Semi || j.kind == plan.Anti {
		return nil, nil
	}
	return kept.of(pairs), nil
}

// unmatched returns what follows the pairs.
func (j *overlapJoin) unmatched() []slicer {
	l, r := j.sweep.left, j.sweep.right
	var last [2]*Batch
	switch j.kind {
	case plan.Semi:
		for i := range l.hit {
			l.hit[i] = !l.hit[i]
		}
		fallthrough
	case plan.Anti:
		last[0] = unmatchedRows(j.leftRows, l.hit, func(rows *Batch) *Batch { return rows })
	case plan.Left, plan.Full:
		last[0] = unmatchedRows(j.leftRows, l.hit, func(rows *Batch) *Batch {
			return rows.beside(nullColumns(j.right.Schema(), rows.NumRows()))
		})
	}
	last[1] = unmatchedRows(j.rightRows, r.hit, func(rows *Batch) *Batch {
		return nullColumns(j.left.Schema(), rows.NumRows()).beside(rows)
	})
	return []slicer{{whole: last[0], size: j.size}, {whole: last[1], size: j.size}}
}

func (j *overlapJoin) Close() error {
	j.mem.release()
	return j.twoInputs.Close()
}
