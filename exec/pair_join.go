package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// pairJoin makes the rows of a join out of candidate pairs, for joins that go through
// the left side batch by batch and know for each left row the right rows to try. It
// keeps the order of the left side.
type pairJoin struct {
	kind     plan.JoinKind
	residual condition // over the columns of both sides; nil if every candidate matches
	right    *Batch    // all rows
	hit      []bool    // right rows that matched; only for right and full joins
	size     int       // pairs to try at a time

	left    *Batch     // in work; nil when the next one is due
	keys    []uint32   // of the rows of left
	rows    *rowsByKey // the candidates for a key
	row     int        // the left row in work
	tried   int        // how many of its candidates are done
	matched bool       // one of them matched

	leftRows, rightRows []int32

	ended bool   // the left side is used up
	last  slicer // right rows that matched nothing
}

// begin takes the right side.
func (j *pairJoin) begin(right *Batch) {
	j.right = right
	switch j.kind {
	case plan.Inner, plan.Semi:
		j.ended = right.NumRows() == 0 // the left side need not be read at all
	case plan.Right, plan.Full:
		j.hit = make([]bool, right.NumRows())
	}
}

// start begins with a batch of the left side, whose rows are to be tried with the right
// rows of their keys.
func (j *pairJoin) start(left *Batch, keys []uint32, rows *rowsByKey) {
	j.left, j.keys, j.rows, j.row, j.tried, j.matched = left, keys, rows, 0, 0, false
}

// drive yields the rows of the join. For each batch of the left side probe returns what
// it can without trying pairs, or calls start.
func (j *pairJoin) drive(ctx context.Context, left Operator, probe func(context.Context, *Batch) (*Batch, error)) (*Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if j.left != nil {
			if out, err := j.next(); out != nil || err != nil {
				return out, err
			}
			continue
		}
		if j.ended {
			return j.last.next()
		}
		b, err := left.Next(ctx)
		if err == io.EOF {
			j.ended = true
			j.last = slicer{whole: j.unmatched(left.Schema()), size: j.size}
			continue
		}
		if err != nil {
			return nil, err
		}
		if out, err := probe(ctx, b); out != nil || err != nil {
			return out, err
		}
	}
}

// next returns some rows, or nil if the candidates tried gave none.
func (j *pairJoin) next() (*Batch, error) {
	from, carried := j.row, j.matched
	j.collect()
	kept := everyRow
	if j.residual != nil && len(j.leftRows) > 0 {
		var err error
		kept, err = j.residual.choose(j.pairs(j.leftRows, j.rightRows), everyRow, true)
		if err != nil {
			return nil, err
		}
	}
	left, right, err := j.assemble(from, carried, kept)
	if err != nil {
		return nil, err
	}
	var out *Batch
	switch {
	case len(left) == 0:
	case j.kind == plan.Semi || j.kind == plan.Anti:
		out = takeRows(j.left, left)
	default:
		out = j.pairs(left, right)
	}
	if j.row == j.left.NumRows() {
		j.left = nil
	}
	return out, nil
}

// collect takes the next candidate pairs, from the rest of the current left row on.
func (j *pairJoin) collect() {
	j.leftRows, j.rightRows = j.leftRows[:0], j.rightRows[:0]
	for j.row < len(j.keys) {
		rows := j.rows.of(j.keys[j.row])[j.tried:]
		room := j.size - len(j.leftRows)
		if len(rows) > room {
			j.take(rows[:room])
			j.tried += room
			return
		}
		j.take(rows)
		j.row, j.tried = j.row+1, 0
	}
}

// take adds candidates of the current left row.
func (j *pairJoin) take(rows []int32) {
	for range rows {
		j.leftRows = append(j.leftRows, int32(j.row))
	}
	j.rightRows = append(j.rightRows, rows...)
}

// assemble turns the pairs kept into the rows of the join: -1 stands for NULLs.
func (j *pairJoin) assemble(from int, carried bool, kept rowSet) (left, right []int32, err error) {
	n := len(j.leftRows)
	if !kept.all {
		n = len(kept.rows)
	}
	left, right = make([]int32, 0, n), make([]int32, 0, n)
	p := 0
	for row := from; row < j.row || row == j.row && j.tried > 0; row++ {
		matched := row == from && carried
		for ; p < n && j.leftRows[kept.at(p)] == int32(row); p++ {
			r := j.rightRows[kept.at(p)]
			if j.hit != nil {
				j.hit[r] = true
			}
			switch j.kind {
			case plan.Anti:
			case plan.Semi:
				if !matched {
					left = append(left, int32(row))
				}
			case plan.Single:
				if matched {
					return nil, nil, errManyRows
				}
				fallthrough
			default:
				left, right = append(left, int32(row)), append(right, r)
			}
			matched = true
		}
		if row == j.row {
			j.matched = matched // to be continued
			return left, right, nil
		}
		if !matched && keepsUnmatchedLeft(j.kind) {
			left, right = append(left, int32(row)), append(right, -1)
		}
	}
	j.matched = false
	return left, right, nil
}

func keepsUnmatchedLeft(kind plan.JoinKind) bool {
	switch kind {
	case plan.Left, plan.Full, plan.Single, plan.Anti:
		return true
	}
	return false
}

// pairs is the batch of the given rows side by side.
func (j *pairJoin) pairs(left, right []int32) *Batch {
	return takeRows(j.left, left).beside(j.right.Take(right))
}

// takeRows is Take, or Select where the rows allow it, which loads less.
func takeRows(b *Batch, rows []int32) *Batch {
	for i := 1; i < len(rows); i++ {
		if rows[i] <= rows[i-1] {
			return b.Take(rows)
		}
	}
	if len(rows) > 0 && rows[0] < 0 {
		return b.Take(rows)
	}
	return b.Select(rows)
}

// nullColumns is n rows of NULLs.
func nullColumns(schema *arrow.Schema, n int) *Batch {
	cols := make([]column, schema.NumFields())
	refs := make([]*column, len(cols))
	for i := range cols {
		cols[i].rows, cols[i].vec = n, kernel.Const(kernel.Nulls(schema.Field(i).Type, 1))
		refs[i] = &cols[i]
	}
	return &Batch{rows: n, cols: refs}
}

// unmatched returns the right rows of a right or full join that matched nothing, beside
// NULLs; nil if there are none.
func (j *pairJoin) unmatched(leftSchema *arrow.Schema) *Batch {
	return unmatchedRows(j.right, j.hit, func(rows *Batch) *Batch {
		return nullColumns(leftSchema, rows.NumRows()).beside(rows)
	})
}

// unmatchedRows returns the rows of a side that were not hit, completed by other; nil if
// there are none.
func unmatchedRows(side *Batch, hit []bool, complete func(*Batch) *Batch) *Batch {
	var rows []int32
	for r, h := range hit {
		if !h {
			rows = append(rows, int32(r))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return complete(side.Select(rows))
}
