package exec

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// combinationEval computes an expression over several VARCHAR columns once for each
// combination of values that occurs in a batch, where the columns are dictionary-encoded
// and the combinations few: upper(proc) || '/' || type has as many results as there are
// pairs, not rows. (Functions of one column look after that themselves.)
type combinationEval struct {
	columns []int
	direct  evaluator
}

// newCombinationEval returns direct itself for an expression that this is not for.
func (c *compiler) newCombinationEval(e sem.Expr, direct evaluator) evaluator {
	columns := c.columnsIn(e)
	plain := len(columns) > 1
	calls := 0
	sem.Walk(e, func(e sem.Expr) bool {
		switch e := e.(type) {
		case *sem.ColRef:
			plain = plain && isText(e.Typ)
		case *sem.Call:
			plain = plain && !e.Fn.Volatile
			calls++
		}
		return plain
	})
	if !plain || calls == 0 || !isText(e.Type()) {
		return direct
	}
	return &combinationEval{columns: columns, direct: direct}
}

func isText(dt arrow.DataType) bool {
	return dt.ID() == arrow.STRING || dt.ID() == arrow.DICTIONARY
}

// It pays for batches of some rows, with some rows to each combination.
const (
	combinedRows       = 64
	rowsPerCombination = 8
)

func (e *combinationEval) eval(b *Batch) (kernel.Vec, error) {
	if b.NumRows() < combinedRows {
		return e.direct.eval(b)
	}
	vecs := make([]kernel.Vec, len(e.columns))
	types := make([]arrow.DataType, len(e.columns))
	for i, at := range e.columns {
		v, err := b.Vec(at)
		if err != nil {
			return kernel.Vec{}, err
		}
		if !v.Const && kernel.KindOf(v.DataType()) != kernel.Dict {
			return e.direct.eval(b)
		}
		vecs[i], types[i] = v, v.DataType()
	}
	n := b.NumRows()
	table, ids := newKeyTable(types), make([]uint32, n)
	table.insert(vecs, ids)
	if table.groups()*rowsPerCombination > n {
		return e.direct.eval(b)
	}
	v, err := e.direct.eval(b.Select(newGroups(ids, 0, nil)))
	if v.Const || err != nil {
		return v, err
	}
	codes := make([]int32, n)
	for i, id := range ids {
		codes[i] = int32(id)
	}
	return kernel.Col(kernel.Gather(v.Array, codes, kernel.Validity{})), nil
}
