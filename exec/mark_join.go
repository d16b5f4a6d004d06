package exec

import (
	"context"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// markJoin computes left IN (right) with SQL's three values: TRUE if a right row equals,
// else NULL if one might because NULLs hide it, else FALSE. Keys that are compared with
// IS NOT DISTINCT FROM, as those of correlated subqueries are, are never unknown.
type markJoin struct {
	residual evaluator // nil without
	size     int

	right *Batch
	codes [][]uint32 // of the right rows, by key
	nulls [][]bool   // where a right key makes a comparison NULL, by key; nil: nowhere
	// suspects are the right rows with a NULL in a key: they might equal anything.
	suspects []int32
	every    []int32 // all right rows
}

func newMarkJoin(residual sem.Expr, both *compiler, size int) (*markJoin, error) {
	m := &markJoin{size: size}
	if residual == nil {
		return m, nil
	}
	var err error
	m.residual, err = both.compile(residual)
	return m, err
}

// build takes the right side, whose keys are in the table.
func (m *markJoin) build(right *Batch, keys *joinKeys, table *keyTable) error {
	m.right, m.every = right, rowRange(0, right.NumRows())
	vecs, err := evalAll(keys.values, right)
	if err != nil {
		return err
	}
	m.codes, m.nulls = codesAndNulls(vecs, keys, table, right.NumRows())
	for r := range right.NumRows() {
		for _, nulls := range m.nulls {
			if nulls != nil && nulls[r] {
				m.suspects = append(m.suspects, int32(r))
				break
			}
		}
	}
	return nil
}

// codesAndNulls encodes keys column by column.
func codesAndNulls(vecs []kernel.Vec, keys *joinKeys, table *keyTable, n int) (codes [][]uint32, nulls [][]bool) {
	codes, nulls = make([][]uint32, len(vecs)), make([][]bool, len(vecs))
	for i, v := range vecs {
		codes[i] = make([]uint32, n)
		encodeVec(table.encoders[i], v, codes[i], false)
		valid := kernel.RowValidity(v, n)
		if keys.nullSafe[i] || valid.Bits == nil {
			continue
		}
		nulls[i] = make([]bool, n)
		for r := range nulls[i] {
			nulls[i][r] = !valid.Valid(r)
		}
	}
	return codes, nulls
}

// probe returns a left batch with its marks.
func (m *markJoin) probe(ctx context.Context, b *Batch, keys *joinKeys, table *keyTable, rows *rowsByKey) (*Batch, error) {
	vecs, err := evalAll(keys.values, b)
	if err != nil {
		return nil, err
	}
	n := b.NumRows()
	ids := make([]uint32, n)
	table.find(vecs, ids)
	keys.dropNulls(vecs, ids)
	codes, nulls := codesAndNulls(vecs, keys, table, n)

	marks := make([]truth, n)
	try := markPairs{ctx: ctx, mark: m, left: b, marks: marks}
	looked := 0 // at suspects, since the last look at the context
	for row := range n {
		if row%1024 == 0 || looked > 1<<20 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			looked = 0
		}
		if err := try.all(row, rows.of(ids[row]), isTrue); err != nil {
			return nil, err
		}
		if marks[row] == isTrue {
			continue
		}
		suspects := m.suspects
		for _, nulls := range nulls {
			if nulls != nil && nulls[row] {
				suspects = m.every
			}
		}
		looked += len(suspects)
		for _, r := range suspects {
			if !m.mightEqual(codes, nulls, row, int(r)) {
				continue
			}
			if err := try.add(row, r, isNull); err != nil {
				return nil, err
			}
			if m.residual == nil {
				break // one is as good as many
			}
		}
	}
	if err := try.settle(); err != nil {
		return nil, err
	}
	return b.with(kernel.Col(truthArray(marks))), nil
}

// probeAll returns a left batch with its marks when there are no keys.
func (m *markJoin) probeAll(ctx context.Context, b *Batch, every []int32) (*Batch, error) {
	marks := make([]truth, b.NumRows())
	try := markPairs{ctx: ctx, mark: m, left: b, marks: marks}
	for row := range marks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := try.all(row, every, isTrue); err != nil {
			return nil, err
		}
	}
	if err := try.settle(); err != nil {
		return nil, err
	}
	return b.with(kernel.Col(truthArray(marks))), nil
}

// mightEqual reports whether no key of a left and a right row is known to differ.
func (m *markJoin) mightEqual(codes [][]uint32, nulls [][]bool, left, right int) bool {
	for k := range codes {
		unknown := nulls[k] != nil && nulls[k][left] || m.nulls[k] != nil && m.nulls[k][right]
		if !unknown && (codes[k][left] == noCode || codes[k][left] != m.codes[k][right]) {
			return false
		}
	}
	return true
}

// markPairs collects pairs whose keys are equal, or might be, until the rest of the
// condition is evaluated for many of them together.
type markPairs struct {
	ctx   context.Context
	mark  *markJoin
	left  *Batch
	marks []truth

	leftRows, rightRows []int32
	keys                []truth // of each pair: are the keys equal
}

func (p *markPairs) all(row int, rights []int32, keys truth) error {
	for _, r := range rights {
		if err := p.add(row, r, keys); err != nil {
			return err
		}
		if p.mark.residual == nil {
			return nil
		}
	}
	return nil
}

func (p *markPairs) add(row int, right int32, keys truth) error {
	if p.mark.residual == nil {
		p.raise(row, keys)
		return nil
	}
	p.leftRows, p.rightRows = append(p.leftRows, int32(row)), append(p.rightRows, right)
	p.keys = append(p.keys, keys)
	if len(p.leftRows) < p.mark.size {
		return nil
	}
	return p.settle()
}

// settle evaluates the rest of the condition for the pairs collected.
func (p *markPairs) settle() error {
	if len(p.leftRows) == 0 {
		return nil
	}
	if err := p.ctx.Err(); err != nil {
		return err
	}
	pairs := p.left.Take(p.leftRows).beside(p.mark.right.Take(p.rightRows))
	v, err := p.mark.residual.eval(pairs)
	if err != nil {
		return err
	}
	results := truths(v.Array, nil)
	for i, row := range p.leftRows {
		switch result := results[v.Row(i)]; {
		case result == isTrue:
			p.raise(int(row), p.keys[i])
		case result == isNull:
			p.raise(int(row), isNull)
		}
	}
	p.leftRows, p.rightRows, p.keys = nil, nil, nil
	return nil
}

// raise notes what a pair says: TRUE beats NULL beats FALSE.
func (p *markPairs) raise(row int, t truth) {
	if p.marks[row] != isTrue {
		p.marks[row] = t
	}
}
