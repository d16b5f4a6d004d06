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

const benchRows = 2 << 20

// trace makes a table as captures give them: ts nearly ascends, proc, type and dir are
// dictionaries, tid and cpu have few values, r is random.
func trace(rows int) (*exectest.Table, *exectest.Data) {
	data := &exectest.Data{
		Names: []string{"ts", "dur", "proc", "type", "dir", "tid", "cpu", "r"},
		Types: []arrow.DataType{
			functions.Timestamp, functions.Duration, functions.Varchar, functions.Varchar, functions.Varchar,
			functions.BigInt, functions.Integer, functions.BigInt,
		},
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	procs, types, dirs := dictionary("proc", 200), dictionary("type", 60), dictionary("dir", 2)
	var chunks [][]arrow.Array
	at := int64(1_400_000_000_000_000_000)
	for start := 0; start < rows; start += exec.DefaultBatchRows {
		n := min(exec.DefaultBatchRows, rows-start)
		ts, dur, tid, r := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
		proc, typ, dir, cpu := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
		for i := range n {
			at += int64(rnd.IntN(1000))
			p := int32(rnd.ExpFloat64() * 12)
			ts[i], dur[i], tid[i] = at, int64(rnd.IntN(2000)), int64(1000+3*p)
			proc[i], typ[i], dir[i] = min(p, 199), min(int32(rnd.ExpFloat64()*6), 59), int32(i&1)
			cpu[i], r[i] = int32(rnd.IntN(4)), rnd.Int64()
		}
		var all kernel.Validity
		chunks = append(chunks, []arrow.Array{
			kernel.FromValues(data.Types[0], ts, all), kernel.FromValues(data.Types[1], dur, all),
			kernel.FromCodes(proc, all, procs), kernel.FromCodes(typ, all, types), kernel.FromCodes(dir, all, dirs),
			kernel.FromValues(data.Types[5], tid, all), kernel.FromValues(data.Types[6], cpu, all),
			kernel.FromValues(data.Types[7], r, all),
		})
	}
	return exectest.NewTable(data.Names, chunks...), data
}

func dictionary(prefix string, n int) arrow.Array {
	d := kernel.NewDictBuilder()
	for i := range n {
		d.Code(fmt.Sprint(prefix, i))
	}
	return d.Values()
}

// bench runs a plan over trace(benchRows) and reads all columns of the result.
func bench(b *testing.B, name string, make func(in *plan.Scan) plan.Node) {
	b.Run(fmt.Sprintf("%s/rows=%dM", name, benchRows>>20), func(b *testing.B) {
		table, data := trace(benchRows)
		node := make(exectest.Scan("t", data))
		env := exectest.Env(exectest.Catalog{"t": table})
		b.ResetTimer()
		for range b.N {
			if _, err := exec.Collect(context.Background(), node, env); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func keep(in plan.Node, names ...string) *plan.Project {
	p := &plan.Project{Input: in}
	for _, name := range names {
		p.Exprs = append(p.Exprs, exectest.Named(name, exectest.Col(in, name)))
	}
	return p
}

func equals(in plan.Node, col, value string) sem.Expr {
	return exectest.Fn("=", exectest.Col(in, col), exectest.Str(value))
}

func BenchmarkFilter(b *testing.B) {
	bench(b, "dictionaries=3/pass=1%", func(in *plan.Scan) plan.Node {
		cond := exectest.And(equals(in, "proc", "proc3"), equals(in, "type", "type1"), equals(in, "dir", "dir0"))
		return keep(&plan.Filter{Input: in, Cond: cond}, "ts", "tid")
	})
	bench(b, "integer/pass=25%", func(in *plan.Scan) plan.Node {
		cond := exectest.Fn("=", exectest.Col(in, "cpu"), exectest.Lit(functions.Integer, int64(2)))
		return keep(&plan.Filter{Input: in, Cond: cond}, "ts")
	})
	bench(b, "computed/pass=50%", func(in *plan.Scan) plan.Node {
		cond := exectest.Fn(">", exectest.Fn("+", exectest.Col(in, "ts"), exectest.Col(in, "dur")), exectest.Col(in, "ts"))
		return keep(&plan.Filter{Input: in, Cond: cond}, "ts")
	})
}

func BenchmarkLag(b *testing.B) {
	lag := func(in plan.Node, partition ...sem.Expr) plan.Node {
		w := &plan.Window{Input: in, PartitionBy: partition, OrderBy: []sem.SortKey{exectest.Key(exectest.Col(in, "ts"))},
			Calls: []sem.WindowCall{over(exectest.Agg("lag", exectest.Col(in, "ts")), defaultFrame)}}
		return keep(w, "ts", "lag")
	}
	bench(b, "ordered", func(in *plan.Scan) plan.Node { return lag(in) })
	bench(b, "partitions=300", func(in *plan.Scan) plan.Node { return lag(in, exectest.Col(in, "tid")) })
	bench(b, "filtered", func(in *plan.Scan) plan.Node { return lag(&plan.Filter{Input: in, Cond: equals(in, "proc", "proc3")}) })
}

func BenchmarkHashAggregate(b *testing.B) {
	group := func(aggs []sem.AggCall, in plan.Node, names ...string) plan.Node {
		n := &plan.Aggregate{Input: in, Aggs: aggs}
		for _, name := range names {
			n.Groups = append(n.Groups, exectest.Named(name, exectest.Col(in, name)))
		}
		return n
	}
	count := []sem.AggCall{exectest.Agg("count")}
	bench(b, "keys=0", func(in *plan.Scan) plan.Node {
		return group([]sem.AggCall{exectest.Agg("count"), exectest.Agg("sum", exectest.Col(in, "dur"))}, in)
	})
	bench(b, "keys=dictionary", func(in *plan.Scan) plan.Node { return group(count, in, "proc") })
	bench(b, "keys=dictionary,dictionary", func(in *plan.Scan) plan.Node { return group(count, in, "proc", "type") })
	bench(b, "keys=dictionary,dictionary,integer", func(in *plan.Scan) plan.Node {
		return group([]sem.AggCall{exectest.Agg("count"), exectest.Agg("sum", exectest.Col(in, "dur"))}, in, "proc", "type", "cpu")
	})
	bench(b, "keys=integer", func(in *plan.Scan) plan.Node { return group(count, in, "tid") })
	bench(b, "keys=integer/groups=2M", func(in *plan.Scan) plan.Node { return group(count, in, "r") })
}

func BenchmarkSort(b *testing.B) {
	order := func(in plan.Node, keys ...string) plan.Node {
		kept := keep(in, "ts", "proc", "type", "tid", "r")
		n := &plan.Sort{Input: kept}
		for _, key := range keys {
			n.Keys = append(n.Keys, exectest.Key(exectest.Col(kept, key)))
		}
		return n
	}
	bench(b, "keys=ordered", func(in *plan.Scan) plan.Node { return order(in, "ts") })
	bench(b, "keys=random", func(in *plan.Scan) plan.Node { return order(in, "r") })
	bench(b, "keys=dictionary,integer,timestamp", func(in *plan.Scan) plan.Node { return order(in, "type", "tid", "ts") })
}

func BenchmarkTopN(b *testing.B) {
	for _, key := range []string{"ts", "r"} {
		bench(b, "key="+key+"/limit=10", func(in *plan.Scan) plan.Node {
			return &plan.TopN{Input: in, Keys: []sem.SortKey{exectest.Key(exectest.Col(in, key), "desc")}, Limit: 10}
		})
	}
}

// gaps is n intervals, evenly over the trace.
func gaps(n int) *plan.Values {
	v := &plan.Values{Out: []sem.Column{exectest.Out("since", functions.Timestamp), exectest.Out("until", functions.Timestamp)}}
	for i := range n {
		since := int64(1_400_000_000_000_000_000) + int64(i)*(benchRows*500/int64(n))
		v.Rows = append(v.Rows, []sem.Expr{exectest.Lit(functions.Timestamp, since), exectest.Lit(functions.Timestamp, since+500_000)})
	}
	return v
}

func BenchmarkOverlapJoin(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		bench(b, fmt.Sprintf("gaps=%d", n), func(in *plan.Scan) plan.Node {
			left := gaps(n)
			end := exectest.Fn("+", exectest.Col(in, "ts"), exectest.Col(in, "dur"))
			join := &plan.OverlapJoin{Kind: plan.Inner, Left: left, Right: in,
				LeftStart: exectest.Col(left, "since"), LeftEnd: exectest.Col(left, "until"),
				RightStart: exectest.Col(in, "ts"), RightEnd: end}
			return keep(join, "since", "proc", "tid")
		})
	}
}

// BenchmarkAsofJoin looks for the last stay of CPU 2 before every event.
func BenchmarkAsofJoin(b *testing.B) {
	asof := func(in *plan.Scan, keys ...string) plan.Node {
		from := *in
		from.Out = nil
		for _, c := range in.Out {
			from.Out = append(from.Out, exectest.Out(c.Name, c.Type))
		}
		right := &plan.Filter{Input: &from, Cond: exectest.Fn("=", exectest.Col(&from, "cpu"), exectest.Lit(functions.Integer, int64(2)))}
		n := &plan.AsofJoin{Kind: plan.Inner, Left: in, Right: right, Op: ">=",
			LeftValue: exectest.Col(in, "ts"), RightValue: exectest.Col(right, "ts")}
		for _, key := range keys {
			n.Keys = append(n.Keys, plan.JoinKey{Left: exectest.Col(in, key), Right: exectest.Col(right, key)})
		}
		p := keep(in, "ts", "tid")
		p.Input = n
		p.Exprs = append(p.Exprs, exectest.Named("since", exectest.Col(right, "ts")), exectest.Named("by", exectest.Col(right, "proc")))
		return p
	}
	bench(b, "keys=0", func(in *plan.Scan) plan.Node { return asof(in) })
	bench(b, "keys=1", func(in *plan.Scan) plan.Node { return asof(in, "tid") })
}

// BenchmarkCulprits is the question tq is made for: who ran in the gaps.
func BenchmarkCulprits(b *testing.B) {
	bench(b, "gaps=1000", func(in *plan.Scan) plan.Node {
		left := gaps(1000)
		end := exectest.Fn("+", exectest.Col(in, "ts"), exectest.Col(in, "dur"))
		join := &plan.OverlapJoin{Kind: plan.Inner, Left: left, Right: in,
			LeftStart: exectest.Col(left, "since"), LeftEnd: exectest.Col(left, "until"),
			RightStart: exectest.Col(in, "ts"), RightEnd: end}
		n := &plan.Aggregate{Input: join, Aggs: []sem.AggCall{exectest.Agg("count"), exectest.Agg("sum", exectest.Col(in, "dur"))}}
		for _, name := range []string{"since", "until", "cpu", "proc", "tid"} {
			n.Groups = append(n.Groups, exectest.Named(name, exectest.Col(join, name)))
		}
		return n
	})
}

func BenchmarkHashJoin(b *testing.B) {
	bench(b, "right=300", func(in *plan.Scan) plan.Node {
		threads := &plan.Aggregate{Input: in, Groups: []sem.NamedExpr{exectest.Named("key", exectest.Col(in, "tid"))}, Aggs: []sem.AggCall{exectest.Agg("max", exectest.Col(in, "ts"))}}
		keys := []plan.JoinKey{{Left: exectest.Col(in, "tid"), Right: exectest.Col(threads, "key")}}
		return keep(&plan.HashJoin{Kind: plan.Inner, Left: in, Right: threads, Keys: keys}, "ts", "max")
	})
}
