package functions

import (
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const conditionalFamily = "conditional"

var conditionalFunctions = []Def{
	scalar(conditionalFamily, "coalesce", "The first argument that is not NULL.", "coalesce(NULL, 2, 3)", "2",
		Overload{Args: types(SameAny), Variadic: true, RetOf: firstArg, Eval: coalesce}).seesNulls(),
	scalar(conditionalFamily, "ifnull", "The first argument, or the second where that is NULL.", "ifnull(NULL, 'x')", "x",
		Overload{Args: types(SameAny, SameAny), RetOf: firstArg, Eval: coalesce}).seesNulls(),
	scalar(conditionalFamily, "nullif", "The first argument, but NULL where it equals the second.", "nullif(0, 0)", "NULL",
		Overload{Args: types(Any, Any), RetOf: nullIfType, Eval: nullIf}).seesNulls(),
	scalar(conditionalFamily, "if", "The second argument where the condition is true, else the third.", "if(2 > 1, 'yes', 'no')", "yes",
		Overload{Args: types(Boolean, SameAny, SameAny), RetOf: secondArg, Eval: ifElse}).seesNulls().also("iff"),
	scalar(conditionalFamily, "greatest", "The greatest of the arguments that are not NULL.", "greatest(1, NULL, 3)", "3",
		Overload{Args: types(SameAny), Variadic: true, RetOf: firstArg, Eval: extremeOf(kernel.Gt)}).seesNulls(),
	scalar(conditionalFamily, "least", "The least of the arguments that are not NULL.", "least(1, NULL, 3)", "1",
		Overload{Args: types(SameAny), Variadic: true, RetOf: firstArg, Eval: extremeOf(kernel.Lt)}).seesNulls(),
	scalar(conditionalFamily, "constant_or_null", "The first argument, but NULL where one of the others is.", "constant_or_null('x', NULL)", "NULL",
		Overload{Args: types(Any, Any), Variadic: true, RetOf: firstArg, Eval: constantOrNull}),
	{
		Name: "error", Kind: Scalar, Family: conditionalFamily, Volatile: true,
		Doc:     "Ends the query with the text as its error, if that is not NULL: CASE WHEN x > 0 THEN x ELSE error('x is too small') END.",
		Example: "error(NULL)", Result: "NULL",
		Overloads: []Overload{{Args: types(Varchar), Ret: Null, Eval: raise}},
	},
}

func secondArg(args []arrow.DataType) (arrow.DataType, error) { return args[1], nil }

// choice makes the column that has in each row the value of one argument.
func choice(c *Call, args []kernel.Vec, which []int8, constant bool) (kernel.Vec, error) {
	a, err := kernel.Choose(c.Ret, args, which)
	return kernel.Vec{Array: a, Const: constant}, err
}

func coalesce(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	first, firstValid := args[0], kernel.ValidityOf(args[0].Array)
	if firstValid.Bits == nil && first.DataType().ID() != arrow.NULL {
		return first, nil
	}
	n = rowCount(args, n)
	which := make([]int8, n)
	for i := range which {
		which[i] = -1
	}
	for k, a := range args {
		if k > maxChoices {
			return coalesceRest(c, args, which, n)
		}
		valid := kernel.RowValidity(a, n)
		for i, w := range which {
			if w < 0 && valid.Valid(i) {
				which[i] = int8(k)
			}
		}
	}
	return choice(c, args, which, allConst(args))
}

// maxChoices is how many sources [kernel.Choose] can number.
const maxChoices = 100

// coalesceRest takes the arguments that cannot be numbered any more as one.
func coalesceRest(c *Call, args []kernel.Vec, which []int8, n int) (kernel.Vec, error) {
	rest, err := coalesce(c, args[maxChoices+1:], n)
	if err != nil {
		return kernel.Vec{}, err
	}
	for i, w := range which {
		if w < 0 {
			which[i] = maxChoices + 1
		}
	}
	return choice(c, append(append([]kernel.Vec{}, args[:maxChoices+1]...), rest), which, false)
}

// nullIfType is the type of the first argument, which must be comparable with the second.
func nullIfType(args []arrow.DataType) (arrow.DataType, error) {
	if _, ok := ComparisonType(args[0], args[1]); !ok {
		return nil, fmt.Errorf("nullif cannot compare %s with %s", TypeName(args[0]), TypeName(args[1]))
	}
	return plainType(args[0]), nil
}

// nullIf compares in a type that holds both arguments, and keeps the first as it is.
func nullIf(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	n = rowCount(args, n)
	common, _ := ComparisonType(c.Args[0], c.Args[1])
	equal, err := equalRows(c, common, args[0], args[1], n)
	if err != nil {
		return kernel.Vec{}, err
	}
	which := make([]int8, n)
	for _, i := range equal {
		which[i] = -1
	}
	return choice(c, args[:1], which, allConst(args))
}

// equalRows are the rows in which two columns are equal as values of a type.
func equalRows(c *Call, as arrow.DataType, x, y kernel.Vec, n int) ([]int32, error) {
	x, err := Cast(x, as, false, c.Env, n)
	if err != nil {
		return nil, err
	}
	if y, err = Cast(y, as, false, c.Env, n); err != nil {
		return nil, err
	}
	equal, err := kernel.Compare(kernel.Eq, x, y, n)
	if err != nil {
		return nil, err
	}
	return kernel.SelectTrue(equal, nil, n), nil
}

// constantOrNull leaves it to the evaluator that a row with a NULL is NULL.
func constantOrNull(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if allConst(args) {
		return args[0], nil
	}
	return kernel.Col(kernel.Full(args[0], n)), nil
}

// raise fails with the text of the first row that has one.
func raise(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) || n == 0 {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	message, valid := textsOf(args[0]), validAll(args, n)
	for i := range n {
		if valid.Valid(i) {
			return kernel.Vec{}, errors.New(message.at(i))
		}
	}
	return nullOf(c), nil
}

func ifElse(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	n = rowCount(args, n)
	which := make([]int8, n)
	for i := range which {
		which[i] = 1
	}
	for _, i := range kernel.SelectTrue(args[0], nil, n) {
		which[i] = 0
	}
	return choice(c, args[1:], which, allConst(args))
}

// extremeOf keeps the best argument so far and compares it with the next.
func extremeOf(op kernel.CmpOp) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		best := args[0]
		for _, next := range args[1:] {
			both := []kernel.Vec{best, next}
			rows := rowCount(both, n)
			better, err := kernel.Compare(op, next, best, rows)
			if err != nil {
				return kernel.Vec{}, err
			}
			which := make([]int8, rows)
			held := kernel.RowValidity(best, rows)
			for i := range which {
				if !held.Valid(i) {
					which[i] = 1
				}
			}
			for _, i := range kernel.SelectTrue(better, nil, rows) {
				which[i] = 1
			}
			if best, err = choice(c, both, which, allConst(both)); err != nil {
				return kernel.Vec{}, err
			}
		}
		return best, nil
	}
}
