package exec_test

import (
	"fmt"
	"testing"

	"tq/exec/exectest"
	"tq/functions"
	"tq/lang/plan"
	"tq/lang/sem"
)

func TestAround(t *testing.T) {
	for _, keys := range [][]string{nil, {"k"}, {"s", "b"}} {
		for _, extent := range []int64{0, 1, 3, 20, 1 << 62} {
			for _, byTime := range []bool{false, true} {
				t.Run(fmt.Sprintf("%v/%d/byTime=%v", keys, extent, byTime), func(t *testing.T) {
					eachShape(t, func(t *testing.T, tables map[string]*exectest.Data) {
						in := exectest.Scan("l", tables["l"])
						since := exectest.Out("rel_ts", functions.Duration)
						n := &plan.Around{
							Input: in, Cond: exectest.Fn("=", exectest.Col(in, "i"), exectest.Lit(functions.Integer, int64(2))),
							Extent: extent, ByTime: byTime, Time: exectest.Col(in, "ts"), RelTS: &since,
							IsMatch: exectest.Out("is_match", functions.Boolean), MatchID: exectest.Out("match_id", functions.BigInt),
						}
						for _, key := range keys {
							n.Per = append(n.Per, exectest.Col(in, key))
						}
						exectest.Check(t, n, tables, exectest.Ordered)
					})
				})
			}
		}
	}
}

// TestAroundWithoutMatches has nothing to show, whatever its columns.
func TestAroundWithoutMatches(t *testing.T) {
	tables := randomTables(t, 1, 9, 0.2)
	in := exectest.Scan("l", tables["l"])
	for _, cond := range []sem.Expr{exectest.Lit(functions.Boolean, false), exectest.Lit(functions.Boolean, nil)} {
		n := &plan.Around{
			Input: in, Cond: cond, Extent: 3,
			IsMatch: exectest.Out("is_match", functions.Boolean), MatchID: exectest.Out("match_id", functions.BigInt),
		}
		exectest.CheckRows(t, n, tables, exectest.Ordered, nil)
	}
}
