package functions

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const benchRows = 32 << 10

// benchColumn makes a column of a type of which a share is NULL; strings are
// dictionary-encoded.
func benchColumn(b *testing.B, dt arrow.DataType, nulls float64) arrow.Array {
	b.Helper()
	r := rand.New(rand.NewSource(1))
	few := dictionary(someColumn(b, r, dt, 200, 0))
	rows := make([]int32, benchRows)
	for i := range rows {
		rows[i] = int32(r.Intn(200))
		if r.Float64() < nulls {
			rows[i] = -1
		}
	}
	return kernel.TakeNullable(few, rows)
}

func BenchmarkScalar(b *testing.B) {
	f := func(name string, args ...kernel.Vec) {
		b.Run(name, func(b *testing.B) {
			def, _ := Lookup(name)
			ov, call, args, err := coerced(def, args, testEnv, benchRows)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ov.Eval(call, args, benchRows); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	text := func(s string) kernel.Vec { return kernel.Const(kernel.OfString(s)) }
	names, plain := kernel.Col(benchColumn(b, Varchar, 0.1)), kernel.Vec{}
	p, err := kernel.Plain(names.Array)
	if err != nil {
		b.Fatal(err)
	}
	plain = kernel.Col(p)
	ts, number := kernel.Col(benchColumn(b, Timestamp, 0.1)), kernel.Col(benchColumn(b, Double, 0))
	f("upper", names)
	f("lower", plain)
	f("like", names, text("%al%ve_"))
	f("ilike", plain, text("keep%"))
	f("regexp_extract", names, text("([0-9]+)"))
	f("concat", names, text("-"), names)
	f("coalesce", names, text("none"))
	f("coalesce", ts, kernel.Const(kernel.OfTimestamp(0)))
	f("time_bucket", kernel.Const(kernel.OfDuration(1e9)), ts)
	f("date_trunc", text("hour"), ts)
	f("date_part", text("hour"), ts)
	f("strftime", ts, text("%H:%M:%S.%n"))
	f("overlap", ts, ts, ts, kernel.Const(kernel.OfTimestamp(1408726886375374738)))
	f("round", number, kernel.Const(kernel.OfInt64(1)))
	f("greatest", number, kernel.Const(kernel.OfFloat64(1)))
}

func BenchmarkAggregate(b *testing.B) {
	for _, c := range []struct {
		name string
		dt   arrow.DataType
	}{
		{"count", BigInt}, {"sum", BigInt}, {"sum", Double}, {"sum", Duration}, {"avg", BigInt}, {"min", BigInt}, {"max", Varchar},
		{"first", Varchar}, {"arg_max", BigInt}, {"stddev", Double}, {"median", Double}, {"count_if", Boolean}, {"string_agg", Varchar},
	} {
		for _, groups := range []int{1, 1000} {
			for _, nulls := range []float64{0, 0.1} {
				b.Run(fmt.Sprintf("%s/%s/rows=32K/groups=%d/nulls=%v", c.name, TypeName(c.dt), groups, nulls), func(b *testing.B) {
					benchAggregate(b, c.name, benchColumn(b, c.dt, nulls), groups)
				})
			}
		}
	}
}

func benchAggregate(b *testing.B, name string, column arrow.Array, groups int) {
	b.Helper()
	r := rand.New(rand.NewSource(2))
	var ids []uint32
	if groups > 1 {
		ids = make([]uint32, benchRows)
		for i := range ids {
			ids[i] = uint32(r.Intn(groups))
		}
	}
	args := []kernel.Vec{kernel.Col(column)}
	if name == "arg_max" {
		args = append(args, args[0])
	}
	def, _ := Lookup(name)
	ov, call, args, err := coerced(def, args, testEnv, benchRows)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		acc := ov.Accumulate(call)
		acc.Grow(groups)
		if err := acc.Update(ids, args, benchRows); err != nil {
			b.Fatal(err)
		}
		if _, err := acc.Finish(groups); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFrames(b *testing.B) {
	running, sliding := wholePartition(benchRows), wholePartition(benchRows)
	for i := range benchRows {
		sliding.Start[i] = int32(max(0, i-1000))
	}
	for _, name := range []string{"count", "sum", "avg", "min", "last_value", "lag", "rank"} {
		for kind, p := range map[string]*Partition{"running": running, "sliding": sliding} {
			for _, dt := range []arrow.DataType{BigInt, Double} {
				b.Run(fmt.Sprintf("%s/%s/%s", name, kind, TypeName(dt)), func(b *testing.B) {
					args := []kernel.Vec{kernel.Col(benchColumn(b, dt, 0.1))}
					if name == "rank" {
						args = nil
					}
					def, _ := Lookup(name)
					ov, call, args, err := coerced(def, args, testEnv, benchRows)
					if err != nil {
						b.Fatal(err)
					}
					for b.Loop() {
						if _, err := ov.Window(call, p, args); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
