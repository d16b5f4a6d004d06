package functions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// intervalFunctions treat the rows of a query as the stretches of time that they take.
// All go through the intervals in the order of their starts and remember the latest end,
// so they are right however intervals overlap each other.
var intervalFunctions = []Def{{
	Name:   "interval_merge",
	Kind:   Table,
	Family: "what happened between",
	Doc: "The stretches of time that at least one of a query's intervals covers, for each value of `per`: their start, length and end, and how many intervals they are made of. " +
		"Intervals that touch are one. Rows without a start or an end are left out.",
	Example: "dur FROM interval_merge((FROM (VALUES (@+1s, @+3s), (@+2s, @+2.5s), (@+3s, @+4s)) v(ts, end_ts)))",
	Result:  "3.000000000",
	Macro:   &TableMacro{Params: intervalParams("query"), SQL: mergeSQL},
}, {
	Name:   "interval_gaps",
	Kind:   Table,
	Family: "what happened between",
	Doc: "The stretches of time between the first and the last of a query's intervals that none of them covers, for each value of `per`: their start, length and end. " +
		"Rows without a start or an end are left out.",
	Example: "dur FROM interval_gaps((FROM (VALUES (@+1s, @+3s), (@+2s, @+2.5s), (@+4s, @+5s)) v(ts, end_ts)))",
	Result:  "1.000000000",
	Macro:   &TableMacro{Params: intervalParams("query"), SQL: intervalGapsSQL},
}, {
	Name:   "interval_intersect",
	Kind:   Table,
	Family: "what happened between",
	Doc: "The stretches of time that both an interval of the first query and one of the second cover, for each value of `per`: their start, length and end. " +
		"To see which intervals meet, join them by OVERLAPS.",
	Example: "dur FROM interval_intersect((FROM (VALUES (@+1s, @+4s), (@+2s, @+3s)) v(ts, end_ts)), (FROM (VALUES (@+3s, @+9s)) v(ts, end_ts)))",
	Result:  "1.000000000",
	Macro:   &TableMacro{Params: intervalParams("a", "b"), SQL: intersectSQL},
}}

// intervalParams are some queries, the columns that tell whose intervals belong together
// and those in which an interval starts and ends.
func intervalParams(queries ...string) []Param {
	var params []Param
	for _, q := range queries {
		params = append(params, Param{Name: q, Kind: QueryParam})
	}
	measures := []arrow.DataType{Timestamp, Duration, BigInt, Integer, Double}
	return append(params,
		Param{Name: "per", Kind: ColumnsParam},
		Param{Name: "ts", Kind: ColumnParam, Default: "ts", Types: measures},
		Param{Name: "end_ts", Kind: ColumnParam, Default: "end_ts", Types: measures},
	)
}

// intervals are the keys of a query's rows and the text that yields its intervals, their
// ends in order, with those keys.
func intervals(a *TableArgs, query string) (keys []string, text string) {
	var columns []string
	for _, k := range a.Keys(query, "per") {
		keys = append(keys, quoteIdent(k))
		columns = append(columns, query+"."+quoteIdent(k))
	}
	from, to := a.Column(query, "ts"), a.Column(query, "end_ts")
	return keys, fmt.Sprintf(`(SELECT %[1]sleast(%[2]s, %[3]s) AS "(start)", greatest(%[2]s, %[3]s) AS "(end)"
		FROM %[4]s WHERE %[2]s IS NOT NULL AND %[3]s IS NOT NULL)`, list(columns), from, to, query)
}

// list writes expressions that others follow in a SELECT list.
func list(exprs []string) string {
	var b strings.Builder
	for _, e := range exprs {
		b.WriteString(e + ", ")
	}
	return b.String()
}

// partitionBy is PARTITION BY keys; nothing without keys.
func partitionBy(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return "PARTITION BY " + strings.Join(keys, ", ")
}

// reached is the latest end of the intervals before the current one.
func reached(keys []string) string {
	return `max("(end)") OVER (` + partitionBy(keys) + ` ORDER BY "(start)", "(end)" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`
}

// merged yields the stretches that intervals cover. Each begins with an interval that
// starts when all before it are over; the number of such ones so far is the stretch's.
func merged(keys []string, intervals string) string {
	return fmt.Sprintf(`(SELECT %[1]smin("(start)") AS ts, max("(end)") - min("(start)") AS dur, max("(end)") AS end_ts, count(*) AS merged
		FROM (SELECT *, sum("(new)") OVER (%[2]s ORDER BY "(start)", "(end)" ROWS UNBOUNDED PRECEDING) AS "(number)"
			FROM (SELECT *, CASE WHEN "(start)" <= %[3]s THEN 0 ELSE 1 END AS "(new)" FROM %[4]s))
		GROUP BY %[1]s"(number)")`, list(keys), partitionBy(keys), reached(keys), intervals)
}

func mergeSQL(a *TableArgs) string {
	keys, text := intervals(a, "query")
	return "SELECT * FROM " + merged(keys, text) + " ORDER BY ts, end_ts"
}

func intervalGapsSQL(a *TableArgs) string {
	keys, text := intervals(a, "query")
	return fmt.Sprintf(`
		SELECT %[1]s"(reached)" AS ts, "(start)" - "(reached)" AS dur, "(start)" AS end_ts
		FROM (SELECT *, %[2]s AS "(reached)" FROM %[3]s)
		WHERE "(start)" > "(reached)"
		ORDER BY ts, end_ts`, list(keys), reached(keys), text)
}

// intersectSQL lets the merged stretches of both queries meet: of these no two of one
// query overlap, so there are no more meetings than there are stretches.
func intersectSQL(a *TableArgs) string {
	keys, left := intervals(a, "a")
	rightKeys, right := intervals(a, "b")
	on, shown := "", ""
	for _, k := range keys {
		shown += "l." + k + ", "
		if slices.Contains(rightKeys, k) {
			on += "l." + k + " IS NOT DISTINCT FROM r." + k + " AND "
		}
	}
	return fmt.Sprintf(`
		SELECT %[1]sgreatest(l.ts, r.ts) AS ts, least(l.end_ts, r.end_ts) - greatest(l.ts, r.ts) AS dur, least(l.end_ts, r.end_ts) AS end_ts
		FROM %[2]s l JOIN %[3]s r ON %[4]s(l.ts, l.end_ts) OVERLAPS (r.ts, r.end_ts)
		ORDER BY ts, end_ts`, shown, merged(keys, left), merged(rightKeys, right), on)
}
