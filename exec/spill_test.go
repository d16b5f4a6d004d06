package exec_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/exec"
	"tq/exec/exectest"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// spillTable has keys of few rows each (k), one key of many rows (skew), NULLs
// in both, texts (s) and numbers that fall and rise (v).
func spillTable(t *testing.T, rows, keys int) (*exectest.Table, *exectest.Data) {
	t.Helper()
	data := &exectest.Data{Names: []string{"k", "skew", "s", "v"}}
	data.Types = append(data.Types, functions.BigInt, functions.BigInt, functions.Varchar, functions.BigInt)
	const batch = 512
	var chunks [][]arrow.Array
	for start := 0; start < rows; start += batch {
		columns := make([][]any, len(data.Names))
		for i := start; i < min(start+batch, rows); i++ {
			k, skew := any(int64(i*7%keys*1000)), any(int64(i%keys*1000))
			if i%50 == 25 {
				skew = int64(1)
			}
			if i%50 == 0 {
				k = nil
			}
			if i%70 == 0 {
				skew = nil
			}
			for c, v := range []any{k, skew, fmt.Sprintf("text %d", i%keys), int64(i * 131 % 1009)} {
				columns[c] = append(columns[c], v)
			}
		}
		chunk := make([]arrow.Array, len(columns))
		for c, values := range columns {
			var err error
			if chunk[c], err = kernel.FromAny(data.Types[c], values...); err != nil {
				t.Fatal(err)
			}
		}
		chunks = append(chunks, chunk)
	}
	return exectest.NewTable(data.Names, chunks...), data
}

// checkSpilled runs a plan with room for all and with little room.
func checkSpilled(t *testing.T, node plan.Node, table *exectest.Table, limit int64) {
	t.Helper()
	env := exectest.Env(exectest.Catalog{"t": table})
	want, err := exec.Collect(context.Background(), node, env)
	if err != nil {
		t.Fatal(err)
	}
	env.Config.MemoryLimit, env.Profile = limit, exec.NewProfile()
	got, err := exec.Collect(context.Background(), node, env)
	if err != nil {
		t.Fatal(err)
	}
	if stats, _ := env.Profile.Node(node); stats.Spilled == 0 {
		t.Error("nothing was written to disk")
	}
	if diff := exectest.Diff(resultRows(t, got), resultRows(t, want), exectest.Ordered); diff != "" {
		t.Error(diff)
	}
}

func TestSpillWindow(t *testing.T) {
	table, data := spillTable(t, 6000, 400)
	in := exectest.Scan("t", data)
	col := func(name string) sem.Expr { return exectest.Col(in, name) }
	calls := []sem.WindowCall{
		over(exectest.Agg("row_number"), defaultFrame), over(exectest.Agg("sum", col("v")), defaultFrame),
		over(exectest.Agg("lag", col("s")), defaultFrame), over(exectest.Agg("max", col("k")), sem.DefaultFrame(false)),
	}
	for _, by := range [][]sem.SortKey{{exectest.Key(col("v"), "desc")}, nil} {
		for _, partition := range [][]sem.Expr{{col("k")}, {col("s"), col("k")}} {
			checkSpilled(t, &plan.Window{Input: in, PartitionBy: partition, OrderBy: by, Calls: calls}, table, 150_000)
		}
	}
}

func TestSpillHashJoin(t *testing.T) {
	table, data := spillTable(t, 5000, 3000)
	l, r := exectest.Scan("t", data), exectest.Scan("t", data)
	left, right := func(name string) sem.Expr { return exectest.Col(l, name) }, func(name string) sem.Expr { return exectest.Col(r, name) }
	narrow := exectest.Fn("<", exectest.Fn("+", left("v"), exectest.Int(900)), right("v"))
	keys := map[string][]plan.JoinKey{
		"k":       {{Left: left("k"), Right: right("k")}},
		"skew":    {{Left: left("skew"), Right: right("skew")}},
		"s and k": {{Left: left("s"), Right: right("s")}, {Left: left("k"), Right: right("k"), NullSafe: true}},
	}
	for name, keys := range keys {
		for _, kind := range []plan.JoinKind{plan.Inner, plan.Left, plan.Right, plan.Full, plan.Semi, plan.Anti} {
			for _, residual := range []sem.Expr{nil, narrow} {
				if name == "skew" && residual == nil && kind != plan.Semi && kind != plan.Anti {
					continue // too many rows
				}
				t.Run(fmt.Sprint(name, " ", kind, " ", residual != nil), func(t *testing.T) {
					limit := int64(150_000)
					if residual == nil && (kind == plan.Semi || kind == plan.Anti) {
						limit = 90_000 // a row for each key is kept
					}
					if len(keys) > 1 {
						limit = 420_000
					}
					checkSpilled(t, &plan.HashJoin{Kind: kind, Left: l, Right: r, Keys: keys, Residual: residual}, table, limit)
				})
			}
		}
	}
}
