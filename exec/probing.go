package exec

import (
	"context"

	"tq/lang/plan"
)

// probing is the join of one batch of the left side.
type probing struct {
	*pairJoin
	batch   *Batch
	found   candidates
	row     int  // the left row in work
	tried   int  // how many of its candidates are done
	matched bool // one of them matched

	leftRows, rightRows []int32
}

// start begins with a left batch.
func (j *pairJoin) start(left *Batch, found candidates) *probing {
	return &probing{pairJoin: j, batch: left, found: found}
}

// all yields everything that the batch gives.
func (p *probing) all(ctx context.Context, yield func(*Batch) error) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var out *Batch
		var err error
		if out, more, err = p.next(); err != nil {
			return err
		}
		if out != nil {
			if err := yield(out); err != nil {
				return err
			}
		}
	}
	return nil
}

// next returns some rows, or nil if the candidates tried gave none; more tells whether
// any are left.
func (p *probing) next() (out *Batch, more bool, err error) {
	from, carried := p.row, p.matched
	p.collect()
	kept := everyRow
	if p.residual != nil && len(p.leftRows) > 0 {
		kept, err = p.residual.choose(p.pairs(p.leftRows, p.rightRows), everyRow, true)
		if err != nil {
			return nil, false, err
		}
	}
	more = p.row < p.batch.NumRows()
	if p.kind == plan.Inner {
		if p.residual != nil && !kept.all {
			p.leftRows, p.rightRows = pickRows(p.leftRows, kept.rows), pickRows(p.rightRows, kept.rows)
		}
		if len(p.leftRows) == 0 {
			return nil, more, nil
		}
		return p.pairs(p.leftRows, p.rightRows), more, nil
	}
	left, right, err := p.assemble(from, carried, kept)
	switch {
	case err != nil || len(left) == 0:
		return nil, more, err
	case p.kind == plan.Semi || p.kind == plan.Anti:
		return takeRows(p.batch, left), more, nil
	}
	return p.pairs(left, right), more, nil
}

// collect takes the next candidate pairs, from the rest of the current left row on.
func (p *probing) collect() {
	// New ones each time: batches that were made of the last ones keep them.
	p.leftRows, p.rightRows = make([]int32, 0, p.batch.NumRows()), make([]int32, 0, p.batch.NumRows())
	for rows := p.batch.NumRows(); p.row < rows; {
		found := p.found.of(p.row)[p.tried:]
		room := p.size - len(p.leftRows)
		if len(found) > room {
			p.take(found[:room])
			p.tried += room
			return
		}
		p.take(found)
		p.row, p.tried = p.row+1, 0
	}
}

// take adds candidates of the current left row.
func (p *probing) take(rows []int32) {
	for range rows {
		p.leftRows = append(p.leftRows, int32(p.row))
	}
	p.rightRows = append(p.rightRows, rows...)
}

// assemble turns the pairs kept into the rows of the join: -1 stands for NULLs.
func (p *probing) assemble(from int, carried bool, kept rowSet) (left, right []int32, err error) {
	n := len(p.leftRows)
	if !kept.all {
		n = len(kept.rows)
	}
	left, right = make([]int32, 0, n), make([]int32, 0, n)
	k := 0
	for row := from; row < p.row || row == p.row && p.tried > 0; row++ {
		matched := row == from && carried
		for ; k < n && p.leftRows[kept.at(k)] == int32(row); k++ {
			r := p.rightRows[kept.at(k)]
			if p.hit != nil {
				p.hit[r] = true
			}
			switch p.kind {
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
		if row == p.row {
			p.matched = matched // to be continued
			return left, right, nil
		}
		if !matched && keepsUnmatchedLeft(p.kind) {
			left, right = append(left, int32(row)), append(right, -1)
		}
	}
	p.matched = false
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
func (p *probing) pairs(left, right []int32) *Batch {
	return takeRows(p.batch, left).beside(p.stored.Take(right))
}

// pickRows returns the entries of a list at the given places, in the list's memory.
func pickRows(list, places []int32) []int32 {
	for i, at := range places {
		list[i] = list[at]
	}
	return list[:len(places)]
}
