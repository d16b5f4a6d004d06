package functions

import (
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var valueWindows = []Def{
	{
		Name: "lag", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The value in the row before, or so many rows before as the second argument says; NULL, or the third argument, where there is no such row.",
		Example: "lag(x, 1, 0) OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "0",
		Overloads: []Overload{{Args: types(Any, BigInt, Any), Optional: 2, RetOf: shiftedType, Window: shifted(-1), Ordered: shifted(-1)}},
	},
	{
		Name: "lead", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The value in the row after, or so many rows after as the second argument says; NULL, or the third argument, where there is no such row.",
		Example: "lead(x) OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "NULL",
		Overloads: []Overload{{Args: types(Any, BigInt, Any), Optional: 2, RetOf: shiftedType, Window: shifted(1), Ordered: shifted(1)}},
	},
	{
		Name: "first_value", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The value in the first row of the frame.",
		Example: "first_value(x) OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "7",
		Overloads: []Overload{{Args: types(Any), RetOf: firstArg, Window: firstValue, Ordered: orderedValue(theFirst)}},
	},
	{
		Name: "last_value", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The value in the last row of the frame, which by default ends with the current row and its equals.",
		Example: "last_value(x) OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "7",
		Overloads: []Overload{{Args: types(Any), RetOf: firstArg, Window: lastValue, Ordered: orderedValue(theLast)}},
	},
	{
		Name: "nth_value", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The value in the row of the frame with the given number, counted from 1; NULL if the frame is shorter.",
		Example: "nth_value(x, 2) OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "NULL",
		Overloads: []Overload{{Args: types(Any, BigInt), RetOf: firstArg, Window: nthValue, Ordered: orderedValue(theNth)}},
	},
}

// eligible lists the rows that a value may come from: with IGNORE NULLS not those whose
// value is NULL. before[i] is how many of them come before row i. Both are nil when all
// rows are eligible.
type eligible struct {
	rows   []int32
	before []int32
}

func newEligible(p *Partition, a arrow.Array) eligible {
	var valid kernel.Validity
	if p.IgnoreNulls {
		valid = kernel.ValidityOf(a)
	}
	in := p.counted(valid)
	if in == nil {
		return eligible{}
	}
	e := eligible{rows: make([]int32, 0, p.N), before: make([]int32, p.N+1)}
	for i := range p.N {
		if in(i) {
			e.rows = append(e.rows, int32(i))
		}
		e.before[i+1] = int32(len(e.rows))
	}
	return e
}

// at returns the eligible row number k, from 0, of a run of rows, or -1; and how many
// the run has. A negative k counts from the end.
func (e eligible) at(start, end int, k int64) (row int32, n int64) {
	first := int64(start)
	n = int64(end - start)
	if e.rows != nil {
		first, n = int64(e.before[start]), int64(e.before[end]-e.before[start])
	}
	if k < 0 {
		k += n
	}
	switch {
	case k < 0 || k >= n:
		return -1, n
	case e.rows == nil:
		return int32(first + k), n
	}
	return e.rows[first+k], n
}

// nth returns the eligible row number k, from 0, of the frame of row i, or -1.
func (e eligible) nth(p *Partition, i int, k int64) int32 {
	if p.Parts == nil {
		row, _ := e.at(int(p.Start[i]), max(int(p.Start[i]), int(p.End[i])), k)
		return row
	}
	found := int32(-1)
	p.Parts(i, func(start, end int) {
		if found < 0 && k >= 0 {
			row, n := e.at(start, end, k)
			found = row
			k -= n
		}
	})
	return found
}

// last returns the last eligible row of the frame of row i, or -1.
func (e eligible) last(p *Partition, i int) int32 {
	if p.Parts == nil {
		return e.nth(p, i, -1)
	}
	found := int32(-1)
	p.Parts(i, func(start, end int) {
		if row, _ := e.at(start, end, -1); row >= 0 {
			found = row
		}
	})
	return found
}

func firstValue(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	a := kernel.Full(args[0], p.N)
	e, rows := newEligible(p, a), make([]int32, p.N)
	for i := range rows {
		rows[i] = e.nth(p, i, 0)
	}
	return kernel.TakeNullable(a, rows), nil
}

func lastValue(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	a := kernel.Full(args[0], p.N)
	e, rows := newEligible(p, a), make([]int32, p.N)
	for i := range rows {
		rows[i] = e.last(p, i)
	}
	return kernel.TakeNullable(a, rows), nil
}

func nthValue(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	a := kernel.Full(args[0], p.N)
	places, valid, m := kernel.Values[int64](args[1].Array), kernel.RowValidity(args[1], p.N), step(args[1])
	e, rows := newEligible(p, a), make([]int32, p.N)
	for i := range rows {
		rows[i] = -1
		if valid.Valid(i) && places[i&m] > 0 {
			rows[i] = e.nth(p, i, places[i&m]-1)
		}
	}
	return kernel.TakeNullable(a, rows), nil
}

// shiftedType is the type of the values, which the default is cast to.
func shiftedType(args []arrow.DataType) (arrow.DataType, error) {
	switch {
	case len(args) < 3:
	case args[0].ID() == arrow.NULL:
		return plainType(args[2]), nil
	case !CanCast(args[2], args[0]):
		return nil, fmt.Errorf("the default of lag and lead cannot be cast from %s to %s", TypeName(args[2]), TypeName(args[0]))
	}
	return plainType(args[0]), nil
}

var errOffset = errors.New("the offset of lag and lead is out of range")

// shifted takes the value some rows before or after.
func shifted(direction int64) WindowFunc {
	return func(c *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
		a := kernel.Full(args[0], p.N)
		if by, ok := fixedShift(p, args); ok {
			return shiftAll(a, by*direction)
		}
		rows := make([]int32, p.N)
		if err := shiftRows(rows, p, a, args, direction); err != nil {
			return nil, err
		}
		if len(args) < 3 {
			return kernel.TakeNullable(a, rows), nil
		}
		missing, err := Cast(args[2], c.Ret, false, c.Env, p.N)
		if err != nil {
			return nil, err
		}
		both, err := kernel.Concat([]arrow.Array{a, kernel.Full(missing, p.N)})
		if err != nil {
			return nil, err
		}
		for i, r := range rows {
			if r == -1 {
				rows[i] = int32(p.N + i)
			}
		}
		return kernel.TakeNullable(both, rows), nil
	}
}

// fixedShift recognises the usual call: by the same number of rows everywhere, without
// a default.
func fixedShift(p *Partition, args []kernel.Vec) (by int64, ok bool) {
	switch {
	case p.IgnoreNulls || p.Compare != nil || len(args) == 3:
		return 0, false
	case len(args) == 1:
		return 1, true
	case !args[1].Const:
		return 0, false
	}
	by, ok = kernel.Value(args[1].Array, 0).(int64)
	return by, ok
}

// shiftAll moves all rows by so many places: row i of the result is row i+by.
func shiftAll(a arrow.Array, by int64) (arrow.Array, error) {
	n := int64(a.Len())
	if by >= n || by <= -n {
		return kernel.Nulls(a.DataType(), int(n)), nil
	}
	if by < 0 {
		return kernel.Concat([]arrow.Array{kernel.Nulls(a.DataType(), int(-by)), kernel.Slice(a, 0, int(n+by))})
	}
	return kernel.Concat([]arrow.Array{kernel.Slice(a, int(by), int(n)), kernel.Nulls(a.DataType(), int(by))})
}

// noRow marks rows whose offset is NULL: their value is NULL and never the default.
const noRow = -2

func shiftRows(rows []int32, p *Partition, a arrow.Array, args []kernel.Vec, direction int64) error {
	var offsets []int64
	var valid kernel.Validity
	m := 0
	if len(args) > 1 {
		if args[1].DataType().ID() == arrow.NULL {
			valid, offsets = kernel.AllNull(p.N), []int64{0}
		} else {
			offsets, valid, m = kernel.Values[int64](args[1].Array), kernel.RowValidity(args[1], p.N), step(args[1])
		}
	} else {
		offsets = []int64{1}
	}
	reach := reacher(p, a)
	for i := range rows {
		if !valid.Valid(i) {
			rows[i] = noRow
			continue
		}
		by := offsets[i&m]
		if by < -1<<40 || by > 1<<40 {
			return errOffset
		}
		rows[i] = reach(i, by*direction)
	}
	return nil
}

// reacher returns what finds the row that is so many rows away from another one, or -1.
func reacher(p *Partition, a arrow.Array) func(i int, by int64) int32 {
	switch {
	case p.Compare != nil:
		return orderedReacher(p, a)
	case p.IgnoreNulls:
		e := newEligible(p, a)
		return func(i int, by int64) int32 { return e.shift(i, by, int64(p.N)) }
	}
	return func(i int, by int64) int32 {
		if at := int64(i) + by; at >= 0 && at < int64(p.N) {
			return int32(at)
		}
		return -1
	}
}

// shift returns the row that is some eligible rows away from row i, or -1.
func (e eligible) shift(i int, by, n int64) int32 {
	if by == 0 {
		return int32(i)
	}
	if e.rows == nil {
		if at := int64(i) + by; at >= 0 && at < n {
			return int32(at)
		}
		return -1
	}
	at := int64(e.before[i]) + by
	if by > 0 {
		at = int64(e.before[i+1]) + by - 1
	}
	if at < 0 || at >= int64(len(e.rows)) {
		return -1
	}
	return e.rows[at]
}
