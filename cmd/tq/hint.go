package main

import (
	"context"
	"fmt"
	"strings"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/plan"
)

// noteEmpty explains an answer that is empty because the query asks for events of one
// direction, which the recorder of a capture did not write: newer recorders write only
// the ends of calls, others were told to.
func (s *session) noteEmpty(ctx context.Context, p *plan.Plan, rows int64) {
	if rows > 1 {
		return // one row may be the count of nothing
	}
	for _, scan := range p.Scans() {
		dir, typ := equalText(scan, "dir"), equalText(scan, "type")
		if scan.Table != "events" || typ == "" || dir != ">" && dir != "<" {
			continue
		}
		what, other := "start", "<"
		if dir == "<" {
			what, other = "end", ">"
		}
		for _, capture := range s.withoutDirection(ctx, scan.Qualifier, typ, dir) {
			fmt.Fprintf(s.errs, "note: %s holds no events of the %s of %s calls (dir = '%s'): ask for dir = '%s', or ask the table syscalls, which has a row for each call\n",
				capture, what, typ, dir, other)
		}
	}
}

// withoutDirection returns the captures that hold events of a type, but none of a
// direction. The question is put to the capture's own tables; if it fails there is
// nothing to note.
func (s *session) withoutDirection(ctx context.Context, qualifier, typ, dir string) []string {
	from := "event_types"
	if qualifier != "" {
		from = ast.QuoteIdent(qualifier) + "." + from
	}
	found, _ := s.ask(ctx, fmt.Sprintf(
		`SELECT capture FROM %s WHERE name = %s GROUP BY capture HAVING NOT bool_or(dir = '%s')`, from, quoteText(typ), dir))
	return found
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

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
