package functions

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"tq/functions/kernel"
)

// eachAggregate calls f for every signature of every aggregate with several types.
func eachAggregate(t *testing.T, f func(t *testing.T, d *Def, dts []arrow.DataType, r *rand.Rand)) {
	for _, d := range All() {
		if d.Kind != Aggregate {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			for k, o := range d.Overloads {
				for shape := range 7 {
					dts := signatureTypes(&o, shape)
					if shape > 0 && fmt.Sprint(dts) == fmt.Sprint(signatureTypes(&o, shape-1)) {
						break
					}
					f(t, d, dts, rand.New(rand.NewSource(int64(k*100+shape))))
				}
			}
		})
	}
}

// aggArgs makes n rows of arguments; shares of quantiles are constant, as they must be.
func aggArgs(t *testing.T, d *Def, dts []arrow.DataType, r *rand.Rand, n int) []arrow.Array {
	t.Helper()
	out := make([]arrow.Array, len(dts))
	for i, dt := range dts {
		nulls := 0.2
		if i == 0 && d.Name == "json_group_object" { // keys are never NULL
			nulls = 0
		}
		out[i] = someColumn(t, r, dt, n, nulls)
	}
	if last := len(dts) - 1; last >= 0 {
		if x, ok := constantArg(d, dts); ok {
			one, err := kernel.FromAny(dts[last], x)
			if err != nil {
				t.Fatal(err)
			}
			out[last] = kernel.Take(one, make([]int32, n))
		}
	}
	return out
}

// constantArg is a value for the last argument of an aggregate that wants it constant.
func constantArg(d *Def, dts []arrow.DataType) (any, bool) {
	switch d.Name {
	case "approx_quantile", "quantile_cont", "quantile_disc":
		if len(dts) == 2 && dts[1].ID() == arrow.LIST {
			return []any{0.25, -0.5, 1.0}, true
		}
		return 0.3, len(dts) == 2
	case "min", "max", "approx_top_k":
		return int64(3), len(dts) == 2
	case "arg_min", "arg_max":
		return int64(3), len(dts) == 3
	case "histogram", "histogram_exact":
		if len(dts) == 2 {
			r := rand.New(rand.NewSource(7))
			return []any{someValue(r, dts[0], 0), someValue(r, dts[0], 0), someValue(r, dts[0], 0)}, true
		}
	case "sparkline":
		return int64(7), len(dts) == 2
	}
	return nil, false
}

type aggInput struct {
	def    *Def
	ov     *Overload
	call   *Call
	groups []uint32
	args   []kernel.Vec
}

func newAggInput(t *testing.T, d *Def, columns []arrow.Array, groups []uint32) *aggInput {
	t.Helper()
	args := make([]kernel.Vec, len(columns))
	for i, c := range columns {
		args[i] = kernel.Col(c)
	}
	ov, call, args, err := coerced(d, args, testEnv, len(groups))
	if err != nil {
		t.Fatalf("%s: %v", d.Name, err)
	}
	return &aggInput{d, ov, call, groups, args}
}

// update feeds rows from to to.
func (in *aggInput) update(t *testing.T, acc Accumulator, from, to int, form func(arrow.Array) arrow.Array) {
	t.Helper()
	args := make([]kernel.Vec, len(in.args))
	for i, a := range in.args {
		args[i] = kernel.Col(form(kernel.Slice(a.Array, from, to)))
	}
	if err := acc.Update(in.groups[from:to], args, to-from); err != nil {
		t.Fatalf("%s: %v", in.def.Name, err)
	}
}

func finish(t *testing.T, acc Accumulator, n int) arrow.Array {
	t.Helper()
	a, err := acc.Finish(n)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// same is a form of arrays: as they are.
func same(a arrow.Array) arrow.Array { return a }

// byRows is the result of feeding rows one at a time: the oracle of the other tests.
func (in *aggInput) byRows(t *testing.T, groups int) arrow.Array {
	t.Helper()
	acc := in.ov.Accumulate(in.call)
	for i := range in.groups {
		acc.Grow(groups)
		in.update(t, acc, i, i+1, same)
	}
	acc.Grow(groups)
	return finish(t, acc, groups)
}

func TestAggregateForms(t *testing.T) {
	const n, groups = 60, 5
	eachAggregate(t, func(t *testing.T, d *Def, dts []arrow.DataType, r *rand.Rand) {
		ids := make([]uint32, n)
		for i := range ids {
			ids[i] = uint32(r.Intn(groups - 1)) // one group stays empty
		}
		in := newAggInput(t, d, aggArgs(t, d, dts, r, n), ids)
		want := in.byRows(t, groups)
		forms := map[string]func(arrow.Array) arrow.Array{
			"whole": same, "dictionary": dictionary,
			"sliced": func(a arrow.Array) arrow.Array { return sliced(t, a) },
		}
		for form, change := range forms {
			what := fmt.Sprintf("%s%v %s", d.Name, dts, form)
			acc := in.ov.Accumulate(in.call)
			acc.Grow(groups)
			in.update(t, acc, 0, n, change)
			sameRows(t, what, finish(t, acc, groups), want)
			sameRows(t, what+" again", finish(t, acc, groups), want)
			if acc.Bytes() < 0 {
				t.Errorf("%s: negative size", what)
			}
			if dt := want.DataType(); !Same(dt, in.call.Ret) {
				t.Errorf("%s: the result is %s instead of %s", what, dt, in.call.Ret)
			}
			checkAppend(t, what, in, acc, want)
		}
		checkMerge(t, in, want, r)
		checkSingle(t, in)
		checkRun(t, in, groups)
	})
}

// checkRun compares running results with those of the accumulator fed row by row.
func checkRun(t *testing.T, in *aggInput, groups int) {
	t.Helper()
	acc, each := in.ov.Accumulate(in.call), in.ov.Accumulate(in.call)
	run, ok := acc.(Running)
	if !ok {
		return
	}
	acc.Grow(groups)
	each.Grow(groups)
	got, err := run.Run(in.groups, in.args, len(in.groups))
	if err != nil {
		t.Fatalf("%s: %v", in.def.Name, err)
	}
	want := array.NewBuilder(memory.DefaultAllocator, in.call.Ret)
	for i, g := range in.groups {
		in.update(t, each, i, i+1, same)
		if err := each.Append(want, int(g)); err != nil {
			t.Fatalf("%s: %v", in.def.Name, err)
		}
	}
	what := fmt.Sprintf("%s%v running", in.def.Name, in.call.Args)
	sameRows(t, what, got, want.NewArray())
	sameRows(t, what+", all of it", finish(t, acc, groups), finish(t, each, groups))
}

// checkAppend compares the results of single groups with those of all.
func checkAppend(t *testing.T, what string, in *aggInput, acc Accumulator, want arrow.Array) {
	t.Helper()
	b := array.NewBuilder(memory.DefaultAllocator, in.call.Ret)
	for g := range want.Len() {
		if err := acc.Append(b, g); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	sameRows(t, what+" appended", b.NewArray(), want)
}

// checkMerge splits the rows anywhere, numbers the groups of the parts differently, and
// merges them.
func checkMerge(t *testing.T, in *aggInput, want arrow.Array, r *rand.Rand) {
	t.Helper()
	if in.def.Name == "regr_intercept" {
		return // the difference of two numbers much greater than itself: only few digits agree
	}
	groups, n := want.Len(), len(in.groups)
	for range 4 {
		cut := r.Intn(n + 1)
		left, right := in.ov.Accumulate(in.call), in.ov.Accumulate(in.call)
		left.Grow(groups)
		right.Grow(groups)
		in.update(t, left, 0, cut, same)
		into := make([]uint32, groups)
		back := make([]uint32, groups)
		for i, p := range r.Perm(groups) {
			into[p], back[i] = uint32(i), uint32(p)
		}
		turned := *in
		turned.groups = make([]uint32, n)
		for i, g := range in.groups {
			turned.groups[i] = back[g]
		}
		turned.update(t, right, cut, n, same)
		if err := left.Merge(right, into); err != nil {
			t.Fatalf("%s: %v", in.def.Name, err)
		}
		sameRows(t, fmt.Sprintf("%s%v merged at %d", in.def.Name, in.call.Args, cut), finish(t, left, groups), want)
	}
}

// checkSingle compares the loops without groups with those of one group, with NULLs and
// without.
func checkSingle(t *testing.T, in *aggInput) {
	t.Helper()
	n := len(in.groups)
	one := *in
	one.groups = make([]uint32, n)
	for _, nulls := range []bool{true, false} {
		if !nulls {
			var rows []int32
			valid := validAll(in.args, n)
			for i := range int32(n) {
				if valid.Valid(int(i)) {
					rows = append(rows, i)
				}
			}
			one.args = make([]kernel.Vec, len(in.args))
			for i, a := range in.args {
				one.args[i] = kernel.Col(kernel.Take(a.Array, rows))
			}
			one.groups = one.groups[:len(rows)]
		}
		want := one.byRows(t, 1)
		acc := in.ov.Accumulate(in.call)
		acc.Grow(1)
		if err := acc.Update(nil, one.args, len(one.groups)); err != nil {
			t.Fatal(err)
		}
		sameRows(t, fmt.Sprintf("%s%v without groups, nulls %v", in.def.Name, in.call.Args, nulls), finish(t, acc, 1), want)
	}
	if err := in.ov.Accumulate(in.call).Merge(&stranger{}, nil); err == nil {
		t.Errorf("%s merges with a stranger", in.def.Name)
	}
}

type stranger struct{ nothing }

func TestAggregateConstants(t *testing.T) {
	eachAggregate(t, func(t *testing.T, d *Def, dts []arrow.DataType, r *rand.Rand) {
		columns := aggArgs(t, d, dts, r, 1)
		in := newAggInput(t, d, columns, []uint32{0, 0, 0})
		full := *in
		full.args = nil
		for i, a := range in.args {
			in.args[i].Const = true
			full.args = append(full.args, kernel.Col(kernel.Take(a.Array, []int32{0, 0, 0})))
		}
		acc := in.ov.Accumulate(in.call)
		acc.Grow(1)
		if err := acc.Update(nil, in.args, 3); err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
		sameRows(t, fmt.Sprintf("%s%v constant", d.Name, dts), finish(t, acc, 1), full.byRows(t, 1))
	})
}

// TestAggregateFrames compares the ways over frames that aggregates have of their own
// with the accumulator fed each frame anew.
func TestAggregateFrames(t *testing.T) {
	const n = 30
	eachAggregate(t, func(t *testing.T, d *Def, dts []arrow.DataType, r *rand.Rand) {
		in := newAggInput(t, d, aggArgs(t, d, dts, r, n), make([]uint32, n))
		if in.ov.Window == nil || d.Name == "mode" { // what mode chooses depends on the frame before
			return
		}
		for kind, p := range somePartitions(r, n) {
			got, err := in.ov.Window(in.call, p, in.args)
			if err != nil {
				t.Fatalf("%s %s: %v", d.Name, kind, err)
			}
			want := make([]arrow.Array, n)
			for i := range want {
				acc := in.ov.Accumulate(in.call)
				acc.Grow(1)
				p.parts(i, func(start, end int) {
					for row := start; row < end; row++ {
						if p.Skip == nil || !p.Skip[row] {
							in.update(t, acc, row, row+1, same)
						}
					}
				})
				want[i] = finish(t, acc, 1)
			}
			all, err := kernel.Concat(want)
			if err != nil {
				t.Fatal(err)
			}
			sameRows(t, fmt.Sprintf("%s%v over %s frames", d.Name, dts, kind), got, all)
		}
	})
}

// somePartitions makes partitions of n rows with frames of all sorts.
func somePartitions(r *rand.Rand, n int) map[string]*Partition {
	frame := func(bounds func(i int) (int, int)) *Partition {
		p := wholePartition(n)
		for i := range n {
			start, end := bounds(i)
			p.Start[i], p.End[i] = int32(max(start, 0)), int32(min(end, n))
		}
		return p
	}
	out := map[string]*Partition{
		"running":  frame(func(i int) (int, int) { return 0, i + 1 }),
		"sliding":  frame(func(i int) (int, int) { return i - 3, i + 2 }),
		"ahead":    frame(func(i int) (int, int) { return i + 2, i + 6 }),
		"whole":    frame(func(int) (int, int) { return 0, n }),
		"empty":    frame(func(i int) (int, int) { return i + 1, i }),
		"shrunken": frame(func(i int) (int, int) { return i, n }),
		"wild":     frame(func(int) (int, int) { a := r.Intn(n); return a, a + r.Intn(n) }),
	}
	filtered := frame(func(i int) (int, int) { return i - 4, i + 4 })
	filtered.Skip = make([]bool, n)
	for i := range filtered.Skip {
		filtered.Skip[i] = r.Intn(3) == 0
	}
	out["filtered"] = filtered
	split := frame(func(i int) (int, int) { return i - 3, i + 4 })
	split.Parts = func(i int, f func(start, end int)) {
		if start := max(i-3, 0); start < i {
			f(start, i)
		}
		if end := min(i+4, n); i+1 < end {
			f(i+1, end)
		}
	}
	out["divided"] = split
	return out
}
