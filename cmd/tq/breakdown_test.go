package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"tq/lang/source"
	"tq/storage"
)

// TestBreakdowns takes apart every gap between consecutive calls of each thread and kind:
// the parts of each sum to its length, and none is negative.
func TestBreakdowns(t *testing.T) {
	for _, name := range []string{"tour-old", "tour-new", "fifo-old", "fifo-new"} {
		if testing.Short() && strings.HasPrefix(name, "fifo") {
			continue
		}
		catalog := storage.NewCatalog()
		if err := catalog.AddCapture("", captures+"/"+name+".scap"); err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		s := newSession(catalog, settings{zone: time.UTC, format: "tsv"}, &out, &errs)
		err := s.Run(context.Background(), &source.File{Text: `
			WITH gap AS (
			  SELECT tid, to_num, name, length, sum(time) AS total, min(time) AS least
			  FROM gap_breakdown(syscalls, per => name) GROUP BY ALL)
			SELECT count(*) > 1000 AS many, bool_and(total = length) AS whole, min(least) > 0s AS positive,
			       count(*) = (SELECT count(*) FROM gaps(syscalls, per => (utid, name)) WHERE length > 0s) AS every
			FROM gap`})
		if want := "true\ttrue\ttrue\ttrue\n"; err != nil || out.String() != want {
			t.Errorf("%s: %s%s", name, out.String(), errs.String())
		}
		catalog.Close()
	}
}
