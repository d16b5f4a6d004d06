package exec

import (
	"tq/functions/kernel"
	"tq/lang/sem"
)

// compareOp is a comparison.
type compareOp uint8

const (
	opEq compareOp = iota
	opNe
	opLt
	opLe
	opGt
	opGe
)

var compareOps = map[string]compareOp{"=": opEq, "<>": opNe, "<": opLt, "<=": opLe, ">": opGt, ">=": opGe}

// negated is the comparison that is TRUE just when op is FALSE.
func (op compareOp) negated() compareOp {
	return [...]compareOp{opEq: opNe, opNe: opEq, opLt: opGe, opLe: opGt, opGt: opLe, opGe: opLt}[op]
}

// swapped is the comparison with its sides exchanged.
func (op compareOp) swapped() compareOp {
	return [...]compareOp{opEq: opEq, opNe: opNe, opLt: opGt, opLe: opGe, opGt: opLt, opGe: opLe}[op]
}

// comparison compares a column of integers, dates, times or durations with a constant:
// rows are chosen straight from the values, without a BOOLEAN column in between.
type comparison struct {
	column int
	op     compareOp
	value  kernel.Vec
}

// compileComparison returns nil for what isn't such a comparison.
func (c *compiler) compileComparison(e sem.Expr) condition {
	call, ok := e.(*sem.Call)
	if !ok || len(call.Args) != 2 {
		return nil
	}
	op, ok := compareOps[call.Fn.Name]
	if !ok {
		return nil
	}
	col, isCol := call.Args[0].(*sem.ColRef)
	value, isConst := call.Args[1].(*sem.Const)
	if !isCol {
		col, isCol = call.Args[1].(*sem.ColRef)
		value, isConst = call.Args[0].(*sem.Const)
		op = op.swapped()
	}
	if !isCol || !isConst || value.Value.IsNull(0) || !isInteger(col.Typ) ||
		kernel.KindOf(col.Typ) != kernel.KindOf(value.Typ) {
		return nil
	}
	at, ok := c.columns[col.ID]
	if !ok {
		return nil
	}
	return &comparison{column: at, op: op, value: kernel.Const(value.Value)}
}

func (c *comparison) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	op := c.op
	if !want {
		op = op.negated()
	}
	view, err := viewColumn(b, c.column, in)
	if err != nil || view.size() == 0 {
		return rowSet{}, err
	}
	v := view.vec
	if v.Const {
		v = kernel.Col(kernel.Repeat(v.Array, view.rows))
	}
	return view.choose(func(room []int32) []int32 {
		return dropNulls(c.compare(v, op, view.in, room), v)
	}), nil
}

// compare chooses rows by their values alone, NULL or not.
func (c *comparison) compare(v kernel.Vec, op compareOp, in rowSet, room []int32) []int32 {
	switch kernel.KindOf(v.DataType()) {
	case kernel.Int64:
		return compareRows[int64](v, c.value, op, in, room)
	case kernel.Int32:
		return compareRows[int32](v, c.value, op, in, room)
	case kernel.Int16:
		return compareRows[int16](v, c.value, op, in, room)
	case kernel.Int8:
		return compareRows[int8](v, c.value, op, in, room)
	case kernel.Uint64:
		return compareRows[uint64](v, c.value, op, in, room)
	case kernel.Uint32:
		return compareRows[uint32](v, c.value, op, in, room)
	case kernel.Uint16:
		return compareRows[uint16](v, c.value, op, in, room)
	case kernel.Uint8:
		return compareRows[uint8](v, c.value, op, in, room)
	}
	return nil // NULLs without a type
}

// columnView is a column as a condition sees it: whole, with the rows to look at, or
// loaded for just these rows.
type columnView struct {
	vec  kernel.Vec
	rows int
	in   rowSet // of vec
	of   rowSet // of the batch, when vec holds just these
}

// viewColumn loads a column for the given rows. If few rows are left and it isn't loaded
// yet, only they are.
func viewColumn(b *Batch, column int, in rowSet) (columnView, error) {
	c := b.cols[column]
	if _, loaded := c.held(); !in.all && !loaded && len(in.rows) < b.NumRows()/4 {
		v, err := c.pick(&selection{rows: in.rows, order: ascending})
		return columnView{vec: v, rows: len(in.rows), in: everyRow, of: in}, err
	}
	v, err := c.load()
	return columnView{vec: v, rows: b.NumRows(), in: in, of: everyRow}, err
}

// size is the number of rows to look at.
func (v *columnView) size() int {
	if v.in.all {
		return v.rows
	}
	return len(v.in.rows)
}

// choose returns the rows of the batch for which choose writes those of vec to a list.
func (v *columnView) choose(choose func(room []int32) []int32) rowSet {
	hits, all := chooseRows(v.size(), choose)
	switch {
	case all && v.of.all:
		return v.in
	case all:
		return v.of
	case !v.of.all:
		for i, at := range hits {
			hits[i] = v.of.rows[at]
		}
	}
	return rowSet{rows: hits}
}

func compareRows[T kernel.Integer](col, value kernel.Vec, op compareOp, in rowSet, hits []int32) []int32 {
	vals, c := kernel.Values[T](col.Array), kernel.Values[T](value.Array)[0]
	if in.all {
		return compareAll(vals, c, op, hits)
	}
	return compareListed(vals, c, op, in.rows, hits)
}

// compareAll chooses rows by their values alone, NULL or not, writing them to hits. The
// loops have no branches that depend on the data: every row is written, and kept by
// moving on.
func compareAll[T kernel.Integer](vals []T, c T, op compareOp, hits []int32) []int32 {
	k := 0
	hits = hits[:len(vals)]
	switch op {
	case opEq:
		for i, v := range vals {
			hits[k] = int32(i)
			k += bit(v == c)
		}
	case opNe:
		for i, v := range vals {
			hits[k] = int32(i)
			k += bit(v != c)
		}
	case opLt:
		for i, v := range vals {
			hits[k] = int32(i)
			k += bit(v < c)
		}
	case opLe:
		for i, v := range vals {
			hits[k] = int32(i)
			k += bit(v <= c)
		}
	case opGt:
		for i, v := range vals {
			hits[k] = int32(i)
			k += bit(v > c)
		}
	default:
		for i, v := range vals {
			hits[k] = int32(i)
			k += bit(v >= c)
		}
	}
	return hits[:k]
}

// compareListed is compareAll for some of the rows.
func compareListed[T kernel.Integer](vals []T, c T, op compareOp, rows, hits []int32) []int32 {
	k := 0
	switch op {
	case opEq:
		for _, r := range rows {
			hits[k] = r
			k += bit(vals[r] == c)
		}
	case opNe:
		for _, r := range rows {
			hits[k] = r
			k += bit(vals[r] != c)
		}
	case opLt:
		for _, r := range rows {
			hits[k] = r
			k += bit(vals[r] < c)
		}
	case opLe:
		for _, r := range rows {
			hits[k] = r
			k += bit(vals[r] <= c)
		}
	case opGt:
		for _, r := range rows {
			hits[k] = r
			k += bit(vals[r] > c)
		}
	default:
		for _, r := range rows {
			hits[k] = r
			k += bit(vals[r] >= c)
		}
	}
	return hits[:k]
}

// bit is 1 for true; the compiler makes it an instruction, not a branch.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// dropNulls removes NULL rows from chosen rows of a column.
func dropNulls(rows []int32, v kernel.Vec) []int32 {
	valid := kernel.ValidityOf(v.Array)
	if valid.Bits == nil {
		return rows
	}
	k := 0
	for _, r := range rows {
		rows[k] = r
		k += int(valid.Bits[r>>3] >> (r & 7) & 1)
	}
	return rows[:k]
}
