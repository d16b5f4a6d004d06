package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tq/cmd/tq/render"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/plan"
	"tq/lang/source"
)

// noteEmpty explains an answer that is empty, where a capture or a word in the query is
// the reason. The questions that this takes are put to tq itself; if one fails there is
// nothing to note.
func (s *session) noteEmpty(ctx context.Context, p *plan.Plan, rows int64) {
	if rows > 1 {
		return // one row may be the count of nothing
	}
	for _, scan := range p.Scans() {
		s.noteDirection(ctx, scan)
		s.noteLacking(ctx, scan)
		if s.keep || s.terminal.is {
			s.noteMisspelt(ctx, scan)
		}
	}
}

// note says something about an answer, once for all statements of a text.
func (s *session) note(format string, args ...any) {
	line := "note: " + fmt.Sprintf(format, args...)
	if !slices.Contains(s.noted, line) {
		s.noted = append(s.noted, line)
		s.tell("%s", line)
	}
}

// noteDirection says that a query asks for events of one direction, which the recorder of a
// capture did not write: newer recorders write only the ends of calls, others were told to.
func (s *session) noteDirection(ctx context.Context, scan *plan.Scan) {
	dir, typ := equalText(scan, "dir"), equalText(scan, "type")
	if scan.Table != "events" || typ == "" || dir != ">" && dir != "<" {
		return
	}
	what, other := "start", "<"
	if dir == "<" {
		what, other = "end", ">"
	}
	captures, _ := s.ask(ctx, fmt.Sprintf(
		`SELECT capture FROM %s WHERE name = %s GROUP BY capture HAVING NOT bool_or(dir = '%s')`,
		beside(scan, "event_types"), ast.QuoteText(typ), dir))
	for _, capture := range captures {
		s.note("%s holds no events of the %s of %s calls (dir = '%s'): ask for dir = '%s', or ask the table syscalls, which has a row for each call",
			capture, what, typ, dir, other)
	}
}

// lacks lists what some captures do not hold, and what can't be told without it.
var lacks = []struct {
	fact    string // column of captures
	what    string
	tables  []string // that have no rows without it
	columns []string // of events and syscalls that are NULL without it
}{
	{"has_switch", "switches between threads", []string{"sched", "waits"}, nil},
	{"has_enter", "starts of calls", nil, []string{"latency", "dur", "evt.latency"}},
}

// noteLacking says that a capture does not hold what a scan needs.
func (s *session) noteLacking(ctx context.Context, scan *plan.Scan) {
	for _, l := range lacks {
		told := scan.Table + " has no rows"
		if !slices.Contains(l.tables, scan.Table) {
			i := slices.IndexFunc(l.columns, func(name string) bool { return scans(scan, name) })
			if i < 0 {
				continue
			}
			told = l.columns[i] + " is NULL"
		}
		captures, _ := s.ask(ctx, fmt.Sprintf("SELECT capture FROM %s WHERE NOT %s", beside(scan, "captures"), l.fact))
		for _, capture := range captures {
			s.note("%s holds no %s: %s", capture, l.what, told)
		}
	}
}

// scans tells whether a scan of events or calls reads a column.
func scans(scan *plan.Scan, column string) bool {
	if scan.Table != "events" && scan.Table != "syscalls" {
		return false
	}
	for _, c := range scan.Out {
		if strings.EqualFold(c.Name, column) {
			return true
		}
	}
	return false
}

// noteMisspelt says that a text which a column is to be equal to never occurs in it, and
// what else does; or that two texts occur, but never together.
func (s *session) noteMisspelt(ctx context.Context, scan *plan.Scan) {
	before := "" // a condition that some rows meet
	for _, p := range scan.Preds {
		value := equalText(scan, p.Column)
		if value == "" || p.Op != plan.PredEq {
			continue
		}
		condition := fmt.Sprintf("%s = %s", p.Column, ast.QuoteText(value))
		values, counts := s.valuesIn(ctx, scan, p.Column, "true")
		if _, occurs := counts[value]; !occurs && values != nil {
			note := fmt.Sprintf("no row of %s has %s %s", scan.Table, p.Column, ast.QuoteText(value))
			if near := source.Suggest(value, values); near != "" {
				note += fmt.Sprintf("; did you mean %s (%s rows)?", ast.QuoteText(near), render.Grouped(counts[near]))
			}
			s.note("%s", note)
			return
		}
		if before != "" {
			s.noteApart(ctx, scan, before, condition, p.Column, value)
			return
		}
		before = condition
	}
}

// otherValues is how many values are named that would have given rows.
const otherValues = 5

// noteApart says that no row meets two conditions, and which values of the second one's
// column meet the first.
func (s *session) noteApart(ctx context.Context, scan *plan.Scan, first, second, column, value string) {
	values, counts := s.valuesIn(ctx, scan, column, first)
	if _, occurs := counts[value]; occurs || values == nil {
		return
	}
	var others []string
	for _, v := range values[:min(len(values), otherValues)] {
		others = append(others, ast.QuoteText(v))
	}
	s.note("no row of %s has both %s and %s; where %s, %s is mostly %s", scan.Table, first, second, first, column, strings.Join(others, ", "))
}

// valuesIn lists the texts that a column has where a condition holds, the most frequent
// first, and how many rows have each; nil where that can't be found out.
func (s *session) valuesIn(ctx context.Context, scan *plan.Scan, column, where string) (values []string, counts map[string]int) {
	found, err := s.ask(ctx, fmt.Sprintf(
		"SELECT count(*) || ' ' || v FROM (SELECT %s AS v FROM %s WHERE %s) WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v",
		column, beside(scan, scan.Table), where))
	if err != nil {
		return nil, nil
	}
	counts = map[string]int{}
	for _, f := range found {
		digits, v, _ := strings.Cut(f, " ")
		values = append(values, v)
		counts[v], _ = strconv.Atoi(digits)
	}
	return values, counts
}

// beside is a table of the capture that a scan is limited to, or of all.
func beside(scan *plan.Scan, table string) string {
	if scan.Qualifier != "" {
		return ast.QuoteIdent(scan.Qualifier) + "." + ast.QuoteIdent(table)
	}
	return ast.QuoteIdent(table)
}

// equalText is the string that a column of a scan must be equal to, or "".
func equalText(scan *plan.Scan, column string) string {
	for _, p := range scan.Preds {
		if strings.EqualFold(p.Column, column) && p.Op == plan.PredEq && functions.Same(p.Value.DataType(), functions.Varchar) {
			return kernel.StringsOf(p.Value).At(0)
		}
	}
	return ""
}
