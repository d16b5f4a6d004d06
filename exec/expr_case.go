package exec

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// caseEval is a searched CASE. A branch is evaluated only on the rows it applies to, so
// CASE guards against errors in the others.
type caseEval struct {
	whens []whenEval
	other evaluator // nil: NULL
	typ   arrow.DataType
}

type whenEval struct {
	cond condition
	then evaluator
}

func (c *compiler) compileCase(e *sem.Case) (evaluator, error) {
	out := &caseEval{typ: e.Typ, whens: make([]whenEval, len(e.Whens))}
	for i, w := range e.Whens {
		cond, err := c.compileCondition(w.Cond)
		if err != nil {
			return nil, err
		}
		then, err := c.compile(w.Then)
		if err != nil {
			return nil, err
		}
		out.whens[i] = whenEval{cond, then}
	}
	if e.Else == nil {
		return out, nil
	}
	var err error
	out.other, err = c.compile(e.Else)
	return out, err
}

func (e *caseEval) eval(b *Batch) (kernel.Vec, error) {
	pieces := mosaic{from: make([]int32, b.NumRows())}
	open := everyRow
	for _, w := range e.whens {
		hit, err := w.cond.choose(b, open, true)
		if err != nil {
			return kernel.Vec{}, err
		}
		if hit.size(b) == 0 {
			continue
		}
		if err := pieces.add(b, hit, w.then); err != nil {
			return kernel.Vec{}, err
		}
		if open = open.without(b, hit); open.size(b) == 0 {
			break
		}
	}
	if e.other != nil && open.size(b) > 0 {
		if err := pieces.add(b, open, e.other); err != nil {
			return kernel.Vec{}, err
		}
		open = rowSet{}
	}
	for i := range open.size(b) {
		pieces.from[open.at(i)] = -1
		pieces.nulls = true
	}
	return pieces.column(e.typ)
}

// mosaic puts a column together from values computed for some of its rows each.
type mosaic struct {
	parts []arrow.Array
	total int32
	from  []int32 // for each row, where its value stands in parts joined; -1: NULL
	nulls bool
	whole *kernel.Vec // set when one part covers all rows
}

// add evaluates an expression on some rows.
func (m *mosaic) add(b *Batch, rows rowSet, e evaluator) error {
	v, err := e.eval(rows.of(b))
	if err != nil {
		return err
	}
	if rows.size(b) == b.NumRows() {
		m.whole = &v
		return nil
	}
	for i := range rows.size(b) {
		m.from[rows.at(i)] = m.total + int32(v.Row(i))
	}
	m.parts = append(m.parts, v.Array)
	m.total += int32(v.Len())
	return nil
}

func (m *mosaic) column(typ arrow.DataType) (kernel.Vec, error) {
	if m.whole != nil {
		return *m.whole, nil
	}
	if len(m.parts) == 0 {
		return kernel.Const(kernel.Nulls(typ, 1)), nil
	}
	joined, err := kernel.Concat(m.parts)
	if err != nil {
		return kernel.Vec{}, err
	}
	if joined.DataType().ID() == arrow.STRING && 2*joined.Len() < len(m.from) {
		return kernel.Col(m.coded(joined)), nil // few texts, each of many rows
	}
	if m.nulls {
		return kernel.Col(kernel.TakeNullable(joined, m.from)), nil
	}
	return kernel.Col(kernel.Take(joined, m.from)), nil
}

// coded is the column in its dictionary-encoded form.
func (m *mosaic) coded(values arrow.Array) arrow.Array {
	if !m.nulls {
		return kernel.Gather(values, m.from, kernel.Validity{})
	}
	n := len(m.from)
	valid := kernel.NewBitmap(n)
	for i, at := range m.from {
		if at >= 0 {
			valid.Set(i)
		} else {
			m.from[i] = 0
		}
	}
	return kernel.Gather(values, m.from, kernel.NewValidity(valid, n))
}
