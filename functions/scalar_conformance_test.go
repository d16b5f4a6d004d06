package functions

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// TestScalarForms evaluates every signature of every scalar function row by row on
// constants, and checks that whole columns in all their forms give the same: plain and
// dictionary-encoded, whole and sliced, with NULLs, and with each argument constant.
func TestScalarForms(t *testing.T) {
	for _, d := range All() {
		if d.Kind != Scalar || d.Volatile {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			for k, o := range d.Overloads {
				for shape := range 7 {
					args := signatureTypes(&o, shape)
					if shape > 0 && fmt.Sprint(args) == fmt.Sprint(signatureTypes(&o, shape-1)) {
						break
					}
					checkForms(t, d, args, rand.New(rand.NewSource(int64(k*100+shape))))
				}
			}
		})
	}
}

func signatureTypes(o *Overload, shape int) []arrow.DataType {
	var out []arrow.DataType
	for _, a := range o.Args {
		out = append(out, standIn(a, shape))
	}
	if o.Variadic {
		out = append(out, out[len(out)-1])
	}
	return out
}

func checkForms(t *testing.T, d *Def, dts []arrow.DataType, r *rand.Rand) {
	t.Helper()
	const n = 40
	columns := make([]arrow.Array, len(dts))
	for i, dt := range dts {
		columns[i] = someColumn(t, r, dt, n, 0.15)
	}
	// The oracle: each row by itself. Rows that fail are left out of the columns.
	var want []arrow.Array
	var keep []int32
	for row := range int32(n) {
		one := make([]kernel.Vec, len(columns))
		for i, c := range columns {
			one[i] = kernel.Const(kernel.Take(c, []int32{row}))
		}
		v, err := evalCall(d, one, testEnv, 1)
		if err != nil {
			continue
		}
		if !v.Const {
			t.Fatalf("%s%v of constants is not constant", d.Name, dts)
		}
		if d.Nulls == NullIfAnyNull && anyNull(one) && kernel.Value(v.Array, 0) != nil {
			t.Fatalf("%s%v of NULL is not NULL", d.Name, dts)
		}
		want, keep = append(want, v.Array), append(keep, row)
	}
	if len(keep) == 0 {
		return
	}
	expected, err := kernel.Concat(want)
	if err != nil {
		t.Fatal(err)
	}
	for i := range columns {
		columns[i] = kernel.Take(columns[i], keep)
	}
	check := func(form string, change func(i int, a arrow.Array) arrow.Array) {
		t.Helper()
		args := make([]kernel.Vec, len(columns))
		for i, c := range columns {
			args[i] = kernel.Col(change(i, c))
		}
		v, err := evalCall(d, args, testEnv, len(keep))
		if err != nil {
			t.Errorf("%s%v %s: %v", d.Name, dts, form, err)
			return
		}
		sameRows(t, fmt.Sprintf("%s%v %s", d.Name, dts, form), kernel.Full(v, len(keep)), expected)
	}
	check("plain", func(_ int, a arrow.Array) arrow.Array { return a })
	check("dictionary", func(_ int, a arrow.Array) arrow.Array { return dictionary(a) })
	check("sliced", func(_ int, a arrow.Array) arrow.Array { return sliced(t, a) })
	check("sliced dictionary", func(_ int, a arrow.Array) arrow.Array { return sliced(t, dictionary(a)) })
	for fixed := range columns {
		checkConstant(t, d, columns, expected, fixed)
	}
}

// checkConstant holds one argument constant and compares with the rows that have its
// value.
func checkConstant(t *testing.T, d *Def, columns []arrow.Array, expected arrow.Array, fixed int) {
	t.Helper()
	value := rowText(columns[fixed], 0)
	var rows []int32
	for i := range columns[fixed].Len() {
		if rowText(columns[fixed], i) == value {
			rows = append(rows, int32(i))
		}
	}
	if len(columns) == 1 {
		return
	}
	args := make([]kernel.Vec, len(columns))
	for i, c := range columns {
		args[i] = kernel.Col(dictionary(kernel.Take(c, rows)))
	}
	args[fixed] = kernel.Const(kernel.Take(columns[fixed], rows[:1]))
	v, err := evalCall(d, args, testEnv, len(rows))
	what := fmt.Sprintf("%s with argument %d constant %s", d.Name, fixed, value)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	sameRows(t, what, kernel.Full(v, len(rows)), kernel.Take(expected, rows))
}

func anyNull(args []kernel.Vec) bool {
	for _, a := range args {
		if kernel.Value(a.Array, 0) == nil {
			return true
		}
	}
	return false
}
