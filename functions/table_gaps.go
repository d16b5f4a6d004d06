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

// gapsSQL pairs each row with the one before it.
func gapsSQL(a *TableArgs) string {
	keys, ts := a.Keys("query", "per"), a.Column("query", "ts")
	from, partition, over := "query", "", ""
	if !a.Has("query", "num") {
		from = "(SELECT *, row_number() OVER () AS num FROM query) query"
	}
	if len(keys) > 0 {
		partition = "PARTITION BY " + strings.Join(keys, ", ")
	}
	if a.Given["over"] {
		over = "AND " + ts + " - lag(" + ts + ") OVER pair > $over"
	}
	return fmt.Sprintf(`
		SELECT lag(query.num) OVER pair AS from_num,
		       query.num AS to_num,
		       %[1]s
		       lag(%[2]s) OVER pair AS start,
		       %[2]s AS "end",
		       %[2]s - lag(%[2]s) OVER pair AS length
		FROM %[3]s
		WHERE %[2]s IS NOT NULL
		WINDOW pair AS (%[4]s ORDER BY %[2]s, query.num)
		QUALIFY lag(%[2]s) OVER pair IS NOT NULL %[5]s
		ORDER BY %[2]s, query.num`,
		list(keys), ts, from, partition, over)
}

// list writes expressions that others follow in a SELECT list.
func list(exprs []string) string {
	var b strings.Builder
	for _, e := range exprs {
		b.WriteString(e + ", ")
	}
	return b.String()
}
