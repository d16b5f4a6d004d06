package functions

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// compareOperators are the operators that compare any two values of one type.
var compareOperators = []Def{
	compareDef("=", []string{"==", "equals"}, kernel.Eq, "Whether the values are equal. NaN equals NaN.", "1 = 1.0", "true"),
	compareDef("<>", []string{"!=", "not_equals"}, kernel.Ne, "Whether the values differ.", "'a' <> 'b'", "true"),
	compareDef("<", nil, kernel.Lt, "Whether the left value comes before the right one. Text is compared by its bytes.", "'B' < 'a'", "true"),
	compareDef("<=", nil, kernel.Le, "Whether the left value comes before the right one or equals it.", "2 <= 2", "true"),
	compareDef(">", nil, kernel.Gt, "Whether the left value comes after the right one. NaN comes after every number.", "1.5s > 900ms", "true"),
	compareDef(">=", nil, kernel.Ge, "Whether the left value comes after the right one or equals it.", "1 >= 2", "false"),
	{
		Name: "is distinct from", Aliases: []string{"is_distinct_from"}, Kind: Scalar, Family: comparison, Nulls: SeesNulls,
		Doc:     "Whether the values differ, where NULL is a value that differs from all others and equals itself.",
		Example: "1 IS DISTINCT FROM NULL", Result: "true",
		Overloads: []Overload{{Args: types(SameAny, SameAny), Ret: Boolean, Eval: distinct(false)}},
	},
	{
		Name: "is not distinct from", Aliases: []string{"is_not_distinct_from"}, Kind: Scalar, Family: comparison, Nulls: SeesNulls,
		Doc:     "Whether the values are equal, where NULL equals NULL.",
		Example: "NULL IS NOT DISTINCT FROM NULL", Result: "true",
		Overloads: []Overload{{Args: types(SameAny, SameAny), Ret: Boolean, Eval: distinct(true)}},
	},
	{
		Name: "is null", Aliases: []string{"is_null", "isnull"}, Kind: Scalar, Family: comparison, Nulls: SeesNulls,
		Doc:     "Whether the value is NULL.",
		Example: "NULL IS NULL", Result: "true",
		Overloads: []Overload{{Args: types(Any), Ret: Boolean, Eval: isNull(false)}},
	},
	{
		Name: "is not null", Aliases: []string{"is_not_null", "notnull"}, Kind: Scalar, Family: comparison, Nulls: SeesNulls,
		Doc:     "Whether the value is not NULL.",
		Example: "1 IS NOT NULL", Result: "true",
		Overloads: []Overload{{Args: types(Any), Ret: Boolean, Eval: isNull(true)}},
	},
	isTruth("is true", true, false, "Whether the condition is true, not false and not NULL.", "NULL IS TRUE", "false"),
	isTruth("is not true", true, true, "Whether the condition is false or NULL.", "NULL IS NOT TRUE", "true"),
	isTruth("is false", false, false, "Whether the condition is false, not true and not NULL.", "(1 > 2) IS FALSE", "true"),
	isTruth("is not false", false, true, "Whether the condition is true or NULL.", "NULL IS NOT FALSE", "true"),
}

// types makes a list of parameter types.
func types(args ...arrow.DataType) []arrow.DataType { return args }

func compareDef(name string, aliases []string, op kernel.CmpOp, doc, example, result string) Def {
	return Def{
		Name: name, Aliases: aliases, Kind: Scalar, Family: comparison, Doc: doc, Example: example, Result: result,
		Overloads: []Overload{{
			Args: types(SameAny, SameAny), Ret: Boolean,
			Eval: func(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
				return kernel.Compare(op, args[0], args[1], n)
			},
		}},
	}
}

func distinct(not bool) ScalarFunc {
	return func(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return kernel.Distinct(args[0], args[1], n, not)
	}
}

func isNull(not bool) ScalarFunc {
	return func(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return kernel.IsNull(args[0], n, not), nil
	}
}

// isTruth defines a test of a condition for one truth value.
func isTruth(name string, value, not bool, doc, example, result string) Def {
	want := kernel.Const(kernel.OfBool(value))
	return Def{
		Name: name, Aliases: []string{underscored(name)}, Kind: Scalar, Family: comparison, Nulls: SeesNulls,
		Doc: doc, Example: example, Result: result,
		Overloads: []Overload{{
			Args: types(Boolean), Ret: Boolean,
			Eval: func(_ *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
				return kernel.Distinct(args[0], want, n, !not)
			},
		}},
	}
}
