package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// What these functions return depends on more than the types of their arguments: a lambda,
// the name of an aggregate. lang/sem binds calls of them in its own way, and their bodies
// are never called.
var lambdaFunctions = []Def{
	lambdaDef("list_transform", "The list of what a lambda gives for each element; its second parameter is the element's number, counted from 1. [x * 2 FOR x IN list] is the same.",
		"list_transform([1, 2, 3], lambda x: x * 2)", "[2, 4, 6]").also("array_transform", "list_apply", "array_apply", "apply"),
	lambdaDef("list_filter", "The elements for which a lambda is true; its second parameter is the element's number.",
		"list_filter([1, 2, 3], lambda x: x > 1)", "[2, 3]").also("array_filter", "filter"),
	scalar(listFamily, "list_aggregate", "What the aggregate with the given name makes of the elements; list_sum(x) is list_aggregate(x, 'sum').",
		"list_aggregate([1, 2, 3], 'max')", "3",
		Overload{Args: types(AnyList, Varchar, Any), Optional: 1, Variadic: true, RetOf: firstArg, Eval: neverCalled}).also("list_aggr", "array_aggregate", "array_aggr", "aggregate"),
	lambdaDef("list_reduce", "What a lambda makes of the first element and the second, of that and the third, and so on. A third argument is taken before the first element.",
		"list_reduce([1, 2, 3], lambda sum, x: sum + x)", "6").also("array_reduce", "reduce"),
}

func neverCalled(*Call, []kernel.Vec, int) (kernel.Vec, error) {
	return kernel.Vec{}, errors.New("a lambda is no value")
}

func lambdaDef(name, doc, example, result string) Def {
	o := Overload{Args: types(AnyList, Lambda), RetOf: firstArg, Eval: neverCalled}
	if name == "list_reduce" {
		o.Args, o.Optional = []arrow.DataType{AnyList, Lambda, Any}, 1
	}
	return scalar(listFamily, name, doc, example, result, o)
}
