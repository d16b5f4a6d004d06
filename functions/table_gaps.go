package functions

import (
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// gapFunctions tell what lies between the rows of a query.
var gapFunctions = []Def{{
	Name:   "gaps",
	Kind:   Table,
	Family: "what happened between",
	Doc: "What lies between one row of a query and the next in time: the numbers of both rows, the keys, start, end and length. " +
		"`over` leaves only what is longer, `per` gives the columns whose values must agree, `ts` the time if it is another column. " +
		"Rows of different captures are never a pair. Rows without `num` are numbered as they come.",
	Example: "length FROM gaps((FROM events WHERE proc = 'keepalived' AND type = 'sendmsg' AND dir = '>'), over => 2s)",
	Result:  "6.075354998",
	Macro: &TableMacro{
		Params: []Param{
			{Name: "query", Kind: QueryParam},
			{Name: "over", Kind: ValueParam, Type: Duration},
			{Name: "per", Kind: ColumnsParam},
			{Name: "ts", Kind: ColumnParam, Default: "ts", Types: []arrow.DataType{Timestamp}},
		},
		SQL: gapsSQL,
	},
}}

// gapsSQL shows the pairs with their keys.
func gapsSQL(a *TableArgs) string {
	keys := a.Keys("query", "per")
	pairs, shown := pairsSQL(a, keys, nil), make([]string, len(keys))
	for i, k := range keys {
		shown[i] = fmt.Sprintf("key_%d AS %s,", i, quoteIdent(k))
	}
	return fmt.Sprintf(`
SELECT from_num, to_num, %s start, "end", length
FROM (%s)`, strings.Join(shown, " "), pairs)
}

// pairsSQL pairs each row with the one before it that agrees in the keys. It shows from_num,
// to_num, start, end, length, the keys as key_0 and so on, and more of the later row.
func pairsSQL(a *TableArgs, keys, more []string) string {
	ts, from, over := a.Column("query", "ts"), "query", ""
	if !a.Has("query", "num") {
		from = "(SELECT *, row_number() OVER () AS num FROM query) query"
	}
	if a.Given["over"] {
		over = "AND " + ts + " - lag(" + ts + ") OVER pair > $over"
	}
	partition, shown := "", ""
	for i, k := range keys {
		shown += fmt.Sprintf(", query.%s AS key_%d", quoteIdent(k), i)
		if i == 0 {
			partition = "PARTITION BY "
		} else {
			partition += ", "
		}
		partition += "query." + quoteIdent(k)
	}
	for _, m := range more {
		shown += ", " + m
	}
	return fmt.Sprintf(`
SELECT lag(query.num) OVER pair AS from_num,
       query.num AS to_num,
       lag(%[1]s) OVER pair AS start,
       %[1]s AS "end",
       %[1]s - lag(%[1]s) OVER pair AS length%[2]s
FROM %[3]s
WHERE %[1]s IS NOT NULL
WINDOW pair AS (%[4]s ORDER BY %[1]s, query.num)
QUALIFY lag(%[1]s) OVER pair IS NOT NULL %[5]s
ORDER BY %[1]s, query.num`, ts, shown, from, partition, over)
}
