package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// asofJoin joins each left row with the nearest right row. The right side is kept, each
// key's rows in the order of their values; the left side passes by, batch by batch, and
// keeps its order. Every key remembers where its last left row stood: left rows nearly
// in order find their places by a step or two, others by a search that doubles its
// strides, so the whole is a merge where there is order and O(n log n) where there is
// none.
type asofJoin struct {
	twoInputs
	kind                plan.JoinKind
	later               bool // the nearest comes after the left value: Op is < or <=
	strict              bool // it may not equal it: Op is < or >
	leftKeys, rightKeys joinKeys
	leftValue           evaluator
	rightValue          evaluator
	bound               evaluator // nil without
	residual            condition // over the columns of both sides; nil without
	mem                 *account
	size, threads       int
	columns             []int // of the right side that keys and values depend on

	rows    *Batch // all of the right side
	table   *keyTable
	runs    rowsByKey // each key's right rows, in the order of their values
	values  []int64   // of the rows of runs
	scale   *ordinals // makes such values
	cursors []int32   // by key: where in its run the last left row stood
	hit     []bool    // right rows that matched; only for right and full joins
	probe   asofProbe // of the left batch in work
	last    slicer    // right rows that matched nothing
	ended   bool      // the left side is used up
	built   bool
}

func (q *builder) buildAsofJoin(n *plan.AsofJoin, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	j := &asofJoin{
		twoInputs: b, kind: n.Kind, mem: mem, size: q.env.Config.batchRows(), threads: q.env.Config.threads(),
		later: n.Op == "<" || n.Op == "<=", strict: n.Op == "<" || n.Op == ">",
	}
	left, right := q.compilerOver(n.Left), q.compilerOver(n.Right)
	if j.leftKeys, j.rightKeys, err = compileJoinKeys(n.Keys, left, right); err != nil {
		return nil, err
	}
	types, used := make([]arrow.DataType, len(n.Keys)), []sem.Expr{n.RightValue}
	for i, k := range n.Keys {
		types[i], used = k.Right.Type(), append(used, k.Right)
	}
	j.columns = right.columnsIn(used...)
	j.table = newKeyTable(types)
	if j.leftValue, err = left.compile(n.LeftValue); err != nil {
		return nil, err
	}
	if j.rightValue, err = right.compile(n.RightValue); err != nil {
		return nil, err
	}
	if n.Bound != nil {
		if j.bound, err = left.compile(n.Bound); err != nil {
			return nil, err
		}
	}
	j.residual, err = q.compilerOver(n.Left, n.Right).compileOptional(n.Residual)
	return j, err
}

// build reads the right side and puts each key's rows in order.
func (j *asofJoin) build(ctx context.Context) error {
	buffer := newRowBuffer(j.right.Schema())
	if err := buffer.fillParallel(ctx, j.right, j.mem, j.threads, j.columns); err != nil {
		return err
	}
	j.rows = buffer.batch()
	ids := make([]uint32, buffer.rows)
	keys, err := evalAll(j.rightKeys.values, j.rows)
	if err != nil {
		return err
	}
	j.rightKeys.insert(j.table, keys, ids)
	value, err := j.rightValue.eval(j.rows)
	if err != nil {
		return err
	}
	if err := j.sortRuns(ctx, kernel.Full(value, buffer.rows), ids); err != nil {
		return err
	}
	j.cursors = make([]int32, j.table.groups())
	if j.kind == plan.Right || j.kind == plan.Full {
		j.hit = make([]bool, buffer.rows)
	}
	return j.mem.set(buffer.held + j.table.bytes() + 16*int64(buffer.rows) + 4*int64(len(j.cursors)))
}

// sortRuns orders the right rows by value and deals them to their keys. A row whose
// value is NULL matches nothing.
func (j *asofJoin) sortRuns(ctx context.Context, column arrow.Array, ids []uint32) error {
	var nums []int64
	j.scale, nums = newOrdinals(column)
	valid := kernel.ValidityOf(column)
	if valid.Bits != nil {
		for row := range ids {
			if !valid.Valid(row) {
				ids[row] = noGroup
			}
		}
	}
	order, err := sortRows(ctx, numberWords(nums, valid, sortKey{}), len(nums))
	if err != nil {
		return err
	}
	if order != nil {
		sorted := make([]uint32, len(ids))
		for i, row := range order {
			sorted[i] = ids[row]
		}
		ids = sorted
	}
	j.runs = groupRows(ids, j.table.groups())
	j.values = make([]int64, len(j.runs.rows))
	for i, row := range j.runs.rows {
		if order != nil {
			row = order[row]
			j.runs.rows[i] = row
		}
		j.values[i] = nums[row]
	}
	return nil
}

func (j *asofJoin) Next(ctx context.Context) (*Batch, error) {
	if !j.built {
		if err := j.build(ctx); err != nil {
			return nil, err
		}
		j.built = true
	}
	for !j.ended {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b, err := j.left.Next(ctx)
		if err == io.EOF {
			j.ended = true
			j.last = slicer{size: j.size, whole: unmatchedRows(j.rows, j.hit, func(rows *Batch) *Batch {
				return nullColumns(j.left.Schema(), rows.NumRows()).beside(rows)
			})}
			break
		}
		if err != nil {
			return nil, err
		}
		if out, err := j.match(ctx, b); out != nil || err != nil {
			return out, err
		}
	}
	return j.last.next()
}

// match returns the rows that the join makes of a left batch; nil if there are none.
func (j *asofJoin) match(ctx context.Context, left *Batch) (*Batch, error) {
	nearest, err := j.nearest(ctx, left)
	if err != nil {
		return nil, err
	}
	if j.hit != nil {
		for _, r := range nearest {
			if r >= 0 {
				j.hit[r] = true
			}
		}
	}
	switch j.kind {
	case plan.Left, plan.Full:
		return left.beside(j.rows.Take(nearest)), nil
	}
	rows := make([]int32, 0, len(nearest))
	matches := nearest[:0]
	for i, r := range nearest {
		if (r >= 0) != (j.kind == plan.Anti) {
			rows, matches = append(rows, int32(i)), append(matches, r)
		}
	}
	switch {
	case len(rows) == 0:
		return nil, nil
	case j.kind == plan.Semi || j.kind == plan.Anti:
		return left.Select(rows), nil
	}
	return left.Select(rows).beside(j.rows.Take(matches)), nil
}

func (j *asofJoin) Close() error {
	j.mem.release()
	return j.twoInputs.Close()
}
