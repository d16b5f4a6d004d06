package functions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// breakdownFunctions tell what threads did in the gaps between the rows of a query.
var breakdownFunctions = []Def{{
	Name:   "gap_breakdown",
	Kind:   Table,
	Family: "what happened between",
	Doc: "What a thread did in each gap between its rows of a query, and who ran instead: the parts of a gap sum exactly to its length. " +
		"Gaps are those of `gaps` with the same arguments, per thread. `kind` is on_cpu, blocked (off the CPUs, in `syscall` if that is known), " +
		"ran_instead and idle (off the CPUs for another reason, while `by_tid` had the CPU that it last ran on, or nobody), " +
		"call (in a call, on a CPU or not) or unknown.",
	Example: "sum(time) FROM gap_breakdown((FROM events WHERE proc = 'keepalived' AND type = 'sendmsg' AND dir = '>'), over => 2s) WHERE by_tid = 29326",
	Result:  "4.756121429",
	Macro: &TableMacro{
		Params: []Param{
			{Name: "query", Kind: QueryParam},
			{Name: "over", Kind: ValueParam, Type: Duration},
			{Name: "per", Kind: ColumnsParam},
			{Name: "ts", Kind: ColumnParam, Default: "ts", Types: []arrow.DataType{Timestamp}},
			{Name: "tid", Kind: ColumnParam, Default: "tid", Types: []arrow.DataType{BigInt, Integer}},
		},
		SQL: breakdownSQL,
	},
}}

// account is what time in a gap is booked to: columns of the result, as SQL.
type account struct{ kind, syscall, fd, fdName, byProc, byTid, cpu string }

// The accounts. All the length of a gap is unknown at first; whatever is found out about
// it moves from one account to another, so that no time is lost or counted twice.
var (
	notTold   = account{kind: "'unknown'"}
	onCPU     = account{kind: "'on_cpu'", cpu: "cpu"}
	onCPUCall = account{kind: "'on_cpu'", syscall: "syscall", fd: "fd", fdName: "fd_name", cpu: "cpu"}
	off       = account{kind: "'blocked'", syscall: "syscall", fd: "fd", fdName: "fd_name", cpu: "cpu"}
	offBy     = account{kind: "'blocked'", syscall: "syscall", fd: "fd", fdName: "fd_name", byProc: "by_proc", byTid: "by_tid", cpu: "cpu"}
	instead   = account{kind: "CASE WHEN idle THEN 'idle' ELSE 'ran_instead' END", byProc: "by_proc", byTid: "by_tid", cpu: "cpu"}
	inCall    = account{kind: "'call'", syscall: "syscall", fd: "fd", fdName: "fd_name"}
)

// move books the time of rows from one account to another.
func move(from, to account, time, rows string) []string {
	return []string{from.entry("-("+time+")", rows), to.entry(time, rows)}
}

const ranTime = "overlap(ts, end_ts, turn_ts, turn_end)"

func (a account) entry(time, rows string) string {
	cols := []string{"id"}
	for i, c := range []string{a.kind, a.syscall, a.fd, a.fdName, a.byProc, a.byTid, a.cpu} {
		if c == "" {
			c = "NULL"
		}
		cols = append(cols, c+" AS "+accountColumns[i])
	}
	return "SELECT " + strings.Join(cols, ", ") + ", " + time + " AS time FROM " + rows
}

var accountColumns = []string{"kind", "syscall", "fd", "fd_name", "by_proc", "by_tid", "cpu"}

// entries are all the bookings, over the tables that breakdownSQL makes:
//
//	turn     a stay of the thread on or off the CPUs, as far as it lies in the gap
//	ran      who had the CPU that the thread last ran on, during a turn off it
//	call     a call of the thread, as far as it lies in the gap
//	during   a call of the thread, as far as it lies in a turn
//
// Turns come before calls: what is known of a turn is not booked to a call as well.
var entries = slices.Concat(
	[]string{notTold.entry("length", "gap")},
	move(notTold, onCPU, "end_ts - ts", "turn WHERE is_on"),
	move(notTold, off, "end_ts - ts", "turn WHERE is_blocked"),
	move(off, offBy, ranTime, "ran WHERE is_blocked"),
	move(notTold, instead, ranTime, "ran WHERE NOT is_blocked"),
	move(notTold, inCall, "end_ts - ts", "call"),
	move(inCall, notTold, "time", "during"),
	move(onCPU, onCPUCall, "time", "during WHERE is_on"),
)

// breakdownSQL finds what lies in each gap, and sums up the bookings.
func breakdownSQL(a *TableArgs) string {
	id, tid := "tid", a.Named["tid"][0]
	if a.Has("query", "utid") {
		id, tid = "utid", "utid"
	}
	capture := "(SELECT CASE WHEN count(*) = 1 THEN min(capture) END FROM captures)"
	if a.Has("query", captureColumn) {
		capture = "query." + captureColumn
	}
	proc := "NULL::VARCHAR"
	if a.Has("query", "proc") {
		proc = "query.proc"
	}
	keys := append(a.Keys("query", "per"), tid)
	var shown []string
	for i, k := range keys[:len(keys)-1] {
		if !slices.Contains([]string{captureColumn, "tid", "proc"}, strings.ToLower(k)) {
			shown = append(shown, fmt.Sprintf("gap.key_%d AS %s,", i, quoteIdent(k)))
		}
	}
	return fmt.Sprintf(`
WITH pair AS (%[1]s),
gap AS (SELECT *, row_number() OVER () AS id FROM pair),
turn AS (
  SELECT gap.id, gap.capture, greatest(sched.ts, gap.start) AS ts, least(sched.end_ts, gap."end") AS end_ts,
         true AS is_on, false AS is_blocked, NULL AS syscall, NULL AS fd, NULL AS fd_name, sched.cpu
  FROM gap JOIN sched ON sched.capture = gap.capture AND sched.%[2]s = gap.thread AND (sched.ts, sched.end_ts) OVERLAPS (gap.start, gap."end")
  WHERE sched.dur IS NOT NULL
  UNION ALL
  SELECT gap.id, gap.capture, greatest(waits.ts, gap.start), least(waits.end_ts, gap."end"),
         false, waits.reason = 'blocked', waits.syscall, waits.fd, waits.fd_name, waits.cpu_from
  FROM gap JOIN waits ON waits.capture = gap.capture AND waits.%[2]s = gap.thread AND (waits.ts, waits.end_ts) OVERLAPS (gap.start, gap."end")
  WHERE waits.dur IS NOT NULL),
ran AS (
  SELECT turn.id, turn.is_blocked, turn.syscall, turn.fd, turn.fd_name, sched.proc AS by_proc, sched.tid AS by_tid, sched.idle, turn.cpu,
         sched.ts, sched.end_ts, turn.ts AS turn_ts, turn.end_ts AS turn_end
  FROM turn JOIN sched ON sched.capture = turn.capture AND sched.cpu = turn.cpu AND (sched.ts, sched.end_ts) OVERLAPS (turn.ts, turn.end_ts)
  WHERE NOT turn.is_on AND sched.dur IS NOT NULL),
call AS (
  SELECT gap.id, greatest(syscalls.ts, gap.start) AS ts, least(syscalls.end_ts, gap."end") AS end_ts,
         syscalls.name AS syscall, syscalls.fd, syscalls.fd_name
  FROM gap JOIN syscalls ON syscalls.capture = gap.capture AND syscalls.%[2]s = gap.thread AND (syscalls.ts, syscalls.end_ts) OVERLAPS (gap.start, gap."end")
  WHERE syscalls.dur IS NOT NULL),
during AS (
  SELECT call.id, turn.is_on, turn.cpu, call.syscall, call.fd, call.fd_name, overlap(turn.ts, turn.end_ts, call.ts, call.end_ts) AS time
  FROM turn JOIN call ON turn.id = call.id AND (turn.ts, turn.end_ts) OVERLAPS (call.ts, call.end_ts)),
part AS (
  SELECT id, %[3]s, sum(time) AS time
  FROM (%[4]s)
  GROUP BY ALL
  HAVING sum(time) <> 0s)
SELECT gap.from_num, gap.to_num, gap.capture, %[5]s gap.start, gap."end", gap.length, gap.tid, gap.proc,
       %[6]s, part.time, epoch_ns(part.time) / epoch_ns(gap.length) AS share
FROM gap JOIN part ON part.id = gap.id
ORDER BY gap.id, part.time DESC`,
		pairsSQL(a, keys, []string{
			capture + " AS capture", a.Column("query", "tid") + " AS tid", proc + " AS proc", "query." + quoteIdent(tid) + " AS thread",
		}),
		id, strings.Join(accountColumns, ", "), strings.Join(entries, "\n  UNION ALL "),
		strings.Join(shown, " "), "part."+strings.Join(accountColumns, ", part."))
}
