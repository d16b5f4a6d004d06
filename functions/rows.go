package functions

import (
	"strings"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// underscored is a name of several words as it can be written as a call.
func underscored(name string) string { return strings.ReplaceAll(name, " ", "_") }

// allConst reports whether every argument is constant, so that the result is.
func allConst(args []kernel.Vec) bool {
	for _, a := range args {
		if !a.Const {
			return false
		}
	}
	return true
}

// rowCount is how many rows a body has to compute: one if all its arguments are
// constant.
func rowCount(args []kernel.Vec, n int) int {
	if allConst(args) {
		return 1
	}
	return n
}

// validAll is the validity of rows in which no argument is NULL.
func validAll(args []kernel.Vec, n int) kernel.Validity {
	var v kernel.Validity
	for _, a := range args {
		v = v.And(kernel.RowValidity(a, n), n)
	}
	return v
}

// anyNullConst reports whether an argument is a NULL for all rows.
func anyNullConst(args []kernel.Vec) bool {
	for _, a := range args {
		if a.DataType().ID() == arrow.NULL || a.Const && !kernel.ValidityOf(a.Array).Valid(0) {
			return true
		}
	}
	return false
}

// nullOf is the result NULL for all rows.
func nullOf(c *Call) kernel.Vec { return kernel.Const(kernel.Nulls(c.Ret, 1)) }

// step makes i & step the row of the array that holds the value of row i.
func step(v kernel.Vec) int {
	if v.Const {
		return 0
	}
	return -1
}

// column is the result of a body that computed rows.
func column(args []kernel.Vec, a arrow.Array) kernel.Vec {
	return kernel.Vec{Array: a, Const: allConst(args)}
}

// mapRows computes a column of fixed width from one of fixed width; rows with a NULL are
// left out, and f's second result makes a row NULL.
func mapRows[A, R kernel.Fixed](c *Call, args []kernel.Vec, n int, f func(A) (R, bool, error)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	x, valid := kernel.Values[A](args[0].Array), validAll(args, n)
	out, nulls := make([]R, n), newNulls(n)
	for i := range out {
		if !valid.Valid(i) {
			continue
		}
		r, ok, err := f(x[i])
		if err != nil {
			return kernel.Vec{}, err
		}
		if !ok {
			nulls.set(i)
		}
		out[i] = r
	}
	return column(args, kernel.FromValues(c.Ret, out, nulls.with(valid))), nil
}

// mapRows2 is [mapRows] of two arguments.
func mapRows2[A, B, R kernel.Fixed](c *Call, args []kernel.Vec, n int, f func(A, B) (R, bool, error)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	x, y := kernel.Values[A](args[0].Array), kernel.Values[B](args[1].Array)
	mx, my := step(args[0]), step(args[1])
	valid := validAll(args, n)
	out, nulls := make([]R, n), newNulls(n)
	for i := range out {
		if !valid.Valid(i) {
			continue
		}
		r, ok, err := f(x[i&mx], y[i&my])
		if err != nil {
			return kernel.Vec{}, err
		}
		if !ok {
			nulls.set(i)
		}
		out[i] = r
	}
	return column(args, kernel.FromValues(c.Ret, out, nulls.with(valid))), nil
}

// nulls collects the rows that a body makes NULL.
type nulls struct {
	n    int
	bits kernel.Bitmap
}

func newNulls(n int) *nulls { return &nulls{n: n} }

func (s *nulls) set(i int) {
	if s.bits == nil {
		s.bits = kernel.NewBitmap(s.n)
		s.bits.SetAll(s.n)
	}
	s.bits.Clear(i)
}

// with is the validity of rows that are valid before and were not made NULL.
func (s *nulls) with(before kernel.Validity) kernel.Validity {
	if s.bits == nil {
		return before
	}
	return before.And(kernel.NewValidity(s.bits, s.n), s.n)
}

// plainType is the plain form of a type: VARCHAR for dictionary-encoded strings.
func plainType(dt arrow.DataType) arrow.DataType {
	if dt.ID() == arrow.DICTIONARY {
		return Varchar
	}
	return dt
}

// clone copies a string out of the array that holds it.
func clone(s string) string { return strings.Clone(s) }

// sizeOf is how many bytes a value of fixed width takes.
func sizeOf[T kernel.Fixed](v [1]T) int { return int(unsafe.Sizeof(v)) }
