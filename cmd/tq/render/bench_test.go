package render

import (
	"fmt"
	"io"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

// BenchmarkFormat writes a million rows of the columns that events have.
func BenchmarkFormat(b *testing.B) {
	const rows, batches = 50_000, 20
	nums, times, durs, procs, args := make([]any, rows), make([]any, rows), make([]any, rows), make([]any, rows), make([]any, rows)
	cpus, tids, dirs, types := make([]any, rows), make([]any, rows), make([]any, rows), make([]any, rows)
	for i := range rows {
		nums[i], times[i], durs[i] = i*3, 1408726886375374738+i*1733, i*977
		cpus[i], tids[i], dirs[i], types[i] = i%4, 1000+i%40, "<>"[i&1:i&1+1], "read"
		procs[i], args[i] = fmt.Sprint("proc", i%40), fmt.Sprintf("fd=%d(<4t>10.0.0.1:%d) size=%d", i%9, i, i*7)
	}
	data := batch{
		build(arrow.PrimitiveTypes.Int64, nums...), build(timestamp, times...), build(duration, durs...),
		build(dictText, procs...), build(arrow.BinaryTypes.String, args...),
		build(arrow.PrimitiveTypes.Int32, cpus...), build(arrow.PrimitiveTypes.Int64, tids...),
		build(dictText, dirs...), build(dictText, types...),
	}
	schema := fieldsOf("num,ts,dur,proc,args,cpu,tid,dir,type", data)
	for _, f := range Formats {
		b.Run(f.Name+"/rows=1M", func(b *testing.B) {
			for b.Loop() {
				out := &counter{}
				w := f.New(out, schema, Options{})
				for range batches {
					if err := w.Write(data); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(out.n)
			}
		})
	}
	for i, name := range []string{"BIGINT", "TIMESTAMP", "DURATION", "dictionary", "VARCHAR"} {
		b.Run("csv/"+name+"/rows=50K", func(b *testing.B) {
			one := batch{data[i]}
			for b.Loop() {
				w := newCSV(io.Discard, fieldsOf("x", one), Options{})
				if err := w.Write(one); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
