package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// scalar makes the definition of a scalar function.
func scalar(family, name, doc, example, result string, overloads ...Overload) Def {
	return Def{Name: name, Kind: Scalar, Family: family, Doc: doc, Example: example, Result: result, Overloads: overloads}
}

// also adds aliases to a definition.
func (d Def) also(aliases ...string) Def {
	d.Aliases = append(d.Aliases, aliases...)
	return d
}

// seesNulls makes a definition whose bodies look after NULL themselves.
func (d Def) seesNulls() Def {
	d.Nulls = SeesNulls
	return d
}

// sig makes a signature with its body.
func sig(ret arrow.DataType, eval ScalarFunc, args ...arrow.DataType) Overload {
	return Overload{Args: args, Ret: ret, Eval: eval}
}

// optional lets the last n arguments of a signature be left out.
func (o Overload) optional(n int) Overload {
	o.Optional = n
	return o
}

// variadic lets the last argument of a signature be repeated.
func (o Overload) variadic() Overload {
	o.Variadic = true
	return o
}

// onValues computes a function whose only argument that is not constant is a
// dictionary-encoded column once per dictionary value. The body must not depend on
// other rows.
func onValues(f ScalarFunc) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		at, ok := onlyColumn(args)
		if !ok {
			return f(c, args, n)
		}
		values, codes := kernel.ByValue(args[at], n)
		if codes == nil {
			return f(c, args, n)
		}
		once := append([]kernel.Vec{}, args...)
		once[at] = kernel.Col(values)
		v, err := f(c, once, values.Len())
		if err != nil {
			// A value that no row has may be at fault: let the rows decide.
			return f(c, args, n)
		}
		if v.Const {
			return v, nil
		}
		return kernel.Col(kernel.Gather(v.Array, codes, kernel.ValidityOf(args[at].Array))), nil
	}
}

// onlyColumn finds the one argument that is not constant.
func onlyColumn(args []kernel.Vec) (at int, ok bool) {
	at = -1
	for i, a := range args {
		if !a.Const {
			if at >= 0 {
				return 0, false
			}
			at = i
		}
	}
	return at, at >= 0
}

// texts are the strings of an argument, by row.
type texts struct {
	kernel.Strings
	step int
}

func textsOf(v kernel.Vec) texts { return texts{kernel.StringsOf(v.Array), step(v)} }

func (t texts) at(i int) string { return t.At(i & t.step) }

// numbers are the values of an argument of fixed width, by row.
type numbers[T kernel.Fixed] struct {
	values []T
	step   int
}

func numbersOf[T kernel.Fixed](v kernel.Vec) numbers[T] {
	return numbers[T]{kernel.Values[T](v.Array), step(v)}
}

func (x numbers[T]) at(i int) T { return x.values[i&x.step] }

// orElse gives the values of an argument that may have been left out.
func orElse[T kernel.Fixed](args []kernel.Vec, i int, missing T) numbers[T] {
	if i < len(args) {
		return numbersOf[T](args[i])
	}
	return numbers[T]{[]T{missing}, 0}
}

// maxTexts is how long the texts of one batch may be together that a function makes.
const maxTexts = 1 << 30

var errLongTexts = errors.New("the texts would be longer than 1 GiB together")

// textRows computes a VARCHAR or BLOB column; f appends the text of a row without NULL
// and says whether it has one.
func textRows(c *Call, args []kernel.Vec, n int, f func(b []byte, i int) ([]byte, bool, error)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	valid, out := validAll(args, n), kernel.NewStringBuilder(n)
	for i := range n {
		if !valid.Valid(i) {
			out.AppendNull()
			continue
		}
		before := len(out.Buffer())
		b, ok, err := f(out.Buffer(), i)
		switch {
		case err != nil:
			return kernel.Vec{}, err
		case len(b) > maxTexts:
			return kernel.Vec{}, errLongTexts
		case ok:
			out.SetBuffer(b)
		default:
			out.Truncate(before)
			out.AppendNull()
		}
	}
	a, err := out.Finish(plainType(c.Ret))
	return column(args, a), err
}

// boolRows computes a BOOLEAN column.
func boolRows(c *Call, args []kernel.Vec, n int, f func(i int) (bool, error)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	valid, out := validAll(args, n), make([]bool, n)
	for i := range out {
		if valid.Valid(i) {
			var err error
			if out[i], err = f(i); err != nil {
				return kernel.Vec{}, err
			}
		}
	}
	return column(args, kernel.FromBools(out, valid)), nil
}

// fixedRows computes a column of fixed width; f's second result makes the row NULL.
func fixedRows[R kernel.Fixed](c *Call, args []kernel.Vec, n int, f func(i int) (R, bool, error)) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	valid, out, missing := validAll(args, n), make([]R, n), newNulls(n)
	for i := range out {
		if !valid.Valid(i) {
			continue
		}
		x, ok, err := f(i)
		if err != nil {
			return kernel.Vec{}, err
		}
		if !ok {
			missing.set(i)
		}
		out[i] = x
	}
	return column(args, kernel.FromValues(c.Ret, out, missing.with(valid))), nil
}

// ofText is a VARCHAR function of one text.
func ofText(f func(b []byte, s string) []byte) ScalarFunc {
	return onValues(func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s := textsOf(args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) { return f(b, s.at(i)), true, nil })
	})
}

// textLength is the length of a text in characters or bytes.
func textLength(inBytes bool) ScalarFunc {
	return onValues(func(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		n = rowCount(args, n)
		return column(args, kernel.FromValues(BigInt, kernel.Lengths(args[0].Array, inBytes)[:n], validAll(args, n))), nil
	})
}

// countTexts is a BIGINT function of two texts.
func countTexts(f func(s, t string) int64) ScalarFunc {
	return onValues(func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s, t := textsOf(args[0]), textsOf(args[1])
		return fixedRows(c, args, n, func(i int) (int64, bool, error) { return f(s.at(i), t.at(i)), true, nil })
	})
}

// testTexts is a BOOLEAN function of two texts.
func testTexts(f func(s, t string) bool) ScalarFunc {
	return onValues(func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s, t := textsOf(args[0]), textsOf(args[1])
		return boolRows(c, args, n, func(i int) (bool, error) { return f(s.at(i), t.at(i)), nil })
	})
}
