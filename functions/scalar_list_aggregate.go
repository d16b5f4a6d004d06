package functions

import (
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// aggregateFamilies are the aggregates that lists can be aggregated with.
var aggregateFamilies = [][]Def{
	countAggregates, sumAggregates, minMaxAggregates, firstAggregates, boolAggregates, bitAggregates, stringAggregates,
	varianceAggregates, momentAggregates, quantileAggregates, deviationAggregates, tallyAggregates, histogramAggregates, approxAggregates,
}

// aggregateNamed finds an aggregate by name or alias.
func aggregateNamed(name string) (*Def, bool) {
	for _, family := range aggregateFamilies {
		for i := range family {
			d := &family[i]
			if d.Name == name {
				return d, true
			}
			for _, alias := range d.Aliases {
				if alias == name {
					return d, true
				}
			}
		}
	}
	return nil, false
}

// ListAggregate returns the name of the function that computes an aggregate of a list's
// elements, as list_aggregate(list, 'name') asks for it.
func ListAggregate(aggregate string) (name string, ok bool) {
	name = strings.ToLower(aggregate)
	if d, found := aggregateNamed(name); found {
		name = "list_" + d.Name
	}
	_, ok = Lookup(name)
	return name, ok
}

var listAggregateFunctions = []Def{
	listAggregate("count", "list_count([1, NULL, 3])", "2"),
	listAggregate("sum", "list_sum([1, 2, 3])", "6"),
	listAggregate("avg", "list_avg([1, 2, 3])", "2.0"),
	listAggregate("min", "list_min([2, 1, 3])", "1"),
	listAggregate("max", "list_max([2, 1, 3])", "3"),
	listAggregate("first", "list_first([2, 1, 3])", "2"),
	listAggregate("last", "list_last([2, 1, 3])", "3"),
	listAggregate("any_value", "list_any_value([NULL, 2])", "2"),
	listAggregate("bool_and", "list_bool_and([true, false])", "false"),
	listAggregate("bool_or", "list_bool_or([true, false])", "true"),
	listAggregate("bit_and", "list_bit_and([3, 6])", "2"),
	listAggregate("bit_or", "list_bit_or([3, 6])", "7"),
	listAggregate("bit_xor", "list_bit_xor([3, 6])", "5"),
	listAggregate("string_agg", "list_string_agg(['a', 'b'])", "a,b"),
	listAggregate("stddev_samp", "list_stddev_samp([1, 2, 3])", "1.0"),
	listAggregate("stddev_pop", "list_stddev_pop([1, 3])", "1.0"),
	listAggregate("var_samp", "list_var_samp([1, 3])", "2.0"),
	listAggregate("var_pop", "list_var_pop([1, 3])", "1.0"),
	listAggregate("median", "list_median([1, 2, 10])", "2.0"),
	listAggregate("mode", "list_mode([1, 2, 2])", "2"),
	listAggregate("entropy", "list_entropy([1, 2])", "1.0"),
	listAggregate("histogram", "list_histogram([1, 2, 1])", "{1=2, 2=1}"),
	listAggregate("mad", "list_mad([1, 2, 3])", "1.0"),
	listAggregate("product", "list_product([2, 3])", "6.0"),
	listAggregate("skewness", "list_skewness([1, 2, 3])", "0.0"),
	listAggregate("kurtosis", "list_kurtosis([1, 2])", "NULL"),
	listAggregate("kurtosis_pop", "list_kurtosis_pop([1, 2])", "-2.0"),
	listAggregate("sem", "list_sem([1, 1])", "0.0"),
	listAggregate("approx_count_distinct", "list_approx_count_distinct([1, 1])", "1"),
}

// listAggregate is the function that computes an aggregate of a list's elements.
func listAggregate(aggregate, example, result string) Def {
	d, ok := aggregateNamed(aggregate)
	if !ok {
		panic("no aggregate " + aggregate)
	}
	return scalar(listFamily, "list_"+aggregate, fmt.Sprintf("What %s gives for the elements of the list; list_aggregate(x, '%s') is the same.", aggregate, aggregate),
		example, result, Overload{
			Args: types(AnyList, Any), Optional: 1, Variadic: true,
			RetOf: func(args []arrow.DataType) (arrow.DataType, error) {
				_, _, ret, err := Resolve(d, elementFirst(args))
				return ret, err
			},
			Eval: func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) { return aggregateLists(d, c, args, n) },
		})
}

// elementFirst are the types of an aggregate's arguments whose first are a list's elements.
func elementFirst(args []arrow.DataType) []arrow.DataType {
	out := append([]arrow.DataType{}, args...)
	if l, ok := args[0].(*arrow.ListType); ok {
		out[0] = l.Elem()
	}
	return out
}

// aggregateLists takes each row's list for a group.
func aggregateLists(d *Def, c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	ov, coerced, ret, err := Resolve(d, elementFirst(c.Args))
	if err != nil {
		return kernel.Vec{}, err
	}
	list := ListsOf(args[0], n)
	var groups []uint32
	var rows, outer []int32
	for i := range n {
		from, to := list.At(i)
		for j := from; j < to; j++ {
			groups, rows, outer = append(groups, uint32(i)), append(rows, j), append(outer, int32(i))
		}
	}
	inner := make([]kernel.Vec, len(args))
	for k, a := range args {
		switch {
		case k == 0:
			inner[k] = kernel.Col(kernel.Take(list.Values, rows))
		case a.Const:
			inner[k] = a
		default:
			inner[k] = kernel.Col(kernel.Take(a.Array, outer))
		}
		if inner[k], err = Cast(inner[k], coerced[k], false, c.Env, len(rows)); err != nil {
			return kernel.Vec{}, err
		}
	}
	acc := ov.Accumulate(&Call{Args: coerced, Ret: ret, Env: c.Env})
	acc.Grow(n)
	if err := acc.Update(groups, inner, len(rows)); err != nil {
		return kernel.Vec{}, err
	}
	a, err := acc.Finish(n)
	if err != nil {
		return kernel.Vec{}, err
	}
	return column(args, kernel.WithValidity(a, kernel.ValidityOf(a).And(list.Valid, n))), nil
}
