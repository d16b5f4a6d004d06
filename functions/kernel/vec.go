package kernel

import "github.com/apache/arrow/go/v17/arrow"

// Vec is a column of n values during evaluation: an array of n rows, or, when Const
// is set, an array of one row that stands for every row. Kernels keep constants
// constant: a function of constants only returns a constant.
type Vec struct {
	arrow.Array
	Const bool
}

// Col wraps an array as a column.
func Col(a arrow.Array) Vec { return Vec{Array: a} }

// Const wraps an array of one row as a constant.
func Const(a arrow.Array) Vec { return Vec{Array: a, Const: true} }

// Row returns the row of the underlying array that holds the value of row i.
func (v Vec) Row(i int) int {
	if v.Const {
		return 0
	}
	return i
}
