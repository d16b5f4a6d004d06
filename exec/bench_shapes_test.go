package exec_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/exec/exectest"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// shape is what the cost of an operator may depend on.
type shape struct {
	rows, groups int
	nulls        float64 // the share of values that are NULL
}

func (s shape) String() string {
	return fmt.Sprintf("rows=%d/groups=%d/nulls=%v", s.rows, s.groups, s.nulls)
}

// shapes are few groups, many, and as many as half of the rows; without NULLs and with.
func shapes() []shape {
	var all []shape
	for _, rows := range []int{1 << 16, 1 << 20} {
		for _, groups := range []int{10, 10_000, rows / 2} {
			for _, nulls := range []float64{0, 0.3} {
				all = append(all, shape{rows, groups, nulls})
			}
		}
	}
	return all
}

// shaped makes a table: key has the groups, in random order, name the same as text of a
// dictionary, value is random below 1000.
func shaped(s shape) (*exectest.Table, *exectest.Data) {
	data := &exectest.Data{
		Names: []string{"key", "name", "value"},
		Types: []arrow.DataType{functions.BigInt, functions.Varchar, functions.BigInt},
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	names := dictionary("name", s.groups)
	var chunks [][]arrow.Array
	for start := 0; start < s.rows; start += exec.DefaultBatchRows {
		n := min(exec.DefaultBatchRows, s.rows-start)
		keys, codes, values := make([]int64, n), make([]int32, n), make([]int64, n)
		valid := kernel.NewBitmap(n)
		for i := range n {
			group := rnd.IntN(s.groups)
			keys[i], codes[i], values[i] = int64(group), int32(group), int64(rnd.IntN(1000))
			if rnd.Float64() >= s.nulls {
				valid.Set(i)
			}
		}
		validity := kernel.NewValidity(valid, n)
		chunks = append(chunks, []arrow.Array{
			kernel.FromValues(functions.BigInt, keys, validity), kernel.FromCodes(codes, validity, names),
			kernel.FromValues(functions.BigInt, values, validity),
		})
	}
	return exectest.NewTable(data.Names, chunks...), data
}

// benchShapes runs a plan over tables of all shapes; ns/op over rows is what to compare.
func benchShapes(b *testing.B, of func(in *plan.Scan) plan.Node) {
	for _, s := range shapes() {
		b.Run(s.String(), func(b *testing.B) {
			table, data := shaped(s)
			node := of(exectest.Scan("t", data))
			env := exectest.Env(exectest.Catalog{"t": table})
			b.SetBytes(int64(s.rows))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := exec.Collect(context.Background(), node, env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func grouped(in *plan.Scan, key string, aggs ...sem.AggCall) plan.Node {
	return &plan.Aggregate{Input: in, Groups: []sem.NamedExpr{exectest.Named(key, exectest.Col(in, key))}, Aggs: aggs}
}

func BenchmarkGroupNumbers(b *testing.B) {
	benchShapes(b, func(in *plan.Scan) plan.Node {
		return grouped(in, "key", exectest.Agg("count"), exectest.Agg("sum", exectest.Col(in, "value")))
	})
}

func BenchmarkGroupNames(b *testing.B) {
	benchShapes(b, func(in *plan.Scan) plan.Node {
		return grouped(in, "name", exectest.Agg("count"), exectest.Agg("max", exectest.Col(in, "value")))
	})
}

func BenchmarkQuantiles(b *testing.B) {
	benchShapes(b, func(in *plan.Scan) plan.Node {
		return grouped(in, "key", exectest.Agg("quantile_disc", exectest.Col(in, "value"), exectest.Lit(functions.Double, 0.99)))
	})
}

func BenchmarkDistinct(b *testing.B) {
	benchShapes(b, func(in *plan.Scan) plan.Node {
		return &plan.Distinct{Input: keep(in, "key", "name")}
	})
}

func BenchmarkIntersect(b *testing.B) {
	benchShapes(b, func(in *plan.Scan) plan.Node {
		left := keep(in, "key")
		few := &plan.Filter{Input: in, Cond: exectest.Fn("<", exectest.Col(in, "value"), exectest.Lit(functions.BigInt, int64(100)))}
		return &plan.SetOp{Kind: plan.IntersectDistinct, Left: left, Right: keep(few, "key"), Out: left.Columns()}
	})
}

func BenchmarkSortKeys(b *testing.B) {
	benchShapes(b, func(in *plan.Scan) plan.Node {
		return &plan.Sort{Input: in, Keys: []sem.SortKey{exectest.Key(exectest.Col(in, "name")), exectest.Key(exectest.Col(in, "value"))}}
	})
}

func BenchmarkFirstRows(b *testing.B) {
	benchShapes(b, func(in *plan.Scan) plan.Node {
		keys := []sem.SortKey{exectest.Key(exectest.Col(in, "value"), "desc"), exectest.Key(exectest.Col(in, "key"))}
		return &plan.TopN{Input: in, Keys: keys, Limit: 10}
	})
}

// BenchmarkSelectivity passes a share of the rows, by a number and by a name.
func BenchmarkSelectivity(b *testing.B) {
	for _, percent := range []int64{1, 50, 99} {
		b.Run(fmt.Sprintf("pass=%d%%", percent), func(b *testing.B) {
			benchShapes(b, func(in *plan.Scan) plan.Node {
				few := exectest.Fn("<", exectest.Col(in, "value"), exectest.Lit(functions.BigInt, percent*10))
				named := exectest.Fn(">", exectest.Col(in, "name"), exectest.Str("name0"))
				return keep(&plan.Filter{Input: in, Cond: exectest.And(few, named)}, "key", "value")
			})
		})
	}
}
