// Package json reads and writes JSON text and finds what a path names in it. It knows
// nothing of columns.
//
// [Parse] takes RFC 8259 and, as DuckDB, NaN, Infinity and a comma behind the last; objects keep their members in
// order, repeated ones too. [Value.Append] writes the shortest form: no blanks, numbers in
// the fewest digits, whole numbers of any length digit by digit. A [Path] is what DuckDB
// takes for one: $.a[0], /a/0, or a single key.
package json
