package functions

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

var varianceAggregates = []Def{
	varianceDef("stddev_samp", []string{"stddev"}, "The sample standard deviation of the values that are not NULL; NULL if there are fewer than two.", "1.0", 1, true),
	varianceDef("stddev_pop", nil, "The population standard deviation of the values that are not NULL.", "0.816496580927726", 0, true),
	varianceDef("var_samp", []string{"variance"}, "The sample variance of the values that are not NULL; NULL if there are fewer than two.", "1.0", 1, false),
	varianceDef("var_pop", nil, "The population variance of the values that are not NULL.", "0.6666666666666666", 0, false),
}

func varianceDef(name string, aliases []string, doc, result string, lost int64, root bool) Def {
	return Def{
		Name: name, Aliases: aliases, Kind: Aggregate, Family: aggregates, Nulls: SeesNulls,
		Doc: doc, Example: name + "(x) FROM (VALUES (1), (2), (3)) t(x)", Result: result,
		Overloads: []Overload{{Args: types(Double), Ret: Double, Accumulate: func(*Call) Accumulator {
			return &variance{name: name, lost: lost, root: root}
		}}},
	}
}

// variance computes the spread of numbers; lost is how many degrees of freedom are lost.
type variance struct {
	states[moments]
	name string
	lost int64
	root bool
}

func (v *variance) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	values, valid := kernel.Values[float64](a), kernel.ValidityOf(a)
	for i, g := range v.of(groups, n) {
		if valid.Valid(i) {
			v.all[g].add(values[i], 0)
		}
	}
	return nil
}

func (v *variance) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*variance)
	if !ok {
		return strangers(v, other)
	}
	for g, to := range into {
		v.all[to].merge(o.all[g])
	}
	return nil
}

func (v *variance) result(g int) (float64, bool, error) {
	s := v.all[g]
	if s.n <= v.lost {
		return 0, false, nil
	}
	x := s.m2 / float64(s.n-v.lost)
	if s.n == 1 {
		x = 0
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, false, fmt.Errorf("%s is out of range", v.name)
	}
	if v.root {
		x = math.Sqrt(x)
	}
	return x, true, nil
}

func (v *variance) Append(b array.Builder, g int) error {
	x, ok, err := v.result(g)
	appendFixed(b, x, ok)
	return err
}

func (v *variance) Finish(n int) (arrow.Array, error) { return finishFixed(Double, n, v.result) }
