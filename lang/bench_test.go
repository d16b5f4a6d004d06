package lang_test

import (
	"testing"

	"tq/lang"
	"tq/lang/sem/semtest"
	"tq/lang/source"
)

// BenchmarkCompile measures the way from text to plan.
func BenchmarkCompile(b *testing.B) {
	f := func(name, text string) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				script, err := lang.Parse(&source.File{Text: text})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := lang.Compile(script.Stmts[0], semtest.Env()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	f("filter", "select num, ts from events where proc = 'keepalived' and type = 'sendmsg' and dir = '>'")
	f("gap", `with gap as (
		select num, lag(ts) over (order by ts) as since, ts as until, until - since as length
		from events where proc = 'keepalived' and type = 'sendmsg' and dir = '>' qualify length > 1s)
		select gap.num, gap.length, cpu, proc, tid, count(*) as stays, sum(end_ts - ts) as on_cpu
		from gap join sched on (ts, end_ts) overlaps (since, until)
		where not idle and proc not in ('keepalived', 'haproxy') group by all order by gap.num, on_cpu desc`)
}
