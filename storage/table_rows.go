package storage

import "strings"

// Tables of captures hold about so many rows for every million events. It is the same for
// all captures, read or not, so that the same query is planned the same way.
const perMillionEvents = 1_000_000

var shareOfEvents = map[string]int64{
	"events":   perMillionEvents,
	"syscalls": perMillionEvents * 4 / 10,
	"sched":    perMillionEvents * 3 / 10,
	"waits":    perMillionEvents * 3 / 10,
}

// fewRows is about how many rows the tables of captures have that don't grow with the
// events: threads, file descriptors, users …
const fewRows = 1000

// TableRows estimates how many rows a table has; it is negative where nothing is known.
func (c *Catalog) TableRows(qualifier, table string) int64 {
	t, ok := c.Table(table)
	if !ok {
		return -1
	}
	switch t := t.(type) {
	case interface{ NumRows() int64 }:
		return t.NumRows()
	case captureTable:
		if rows, ok := shareOfEvents[strings.ToLower(t.decl.tableName())]; ok {
			return rows
		}
		return fewRows
	}
	return -1
}
