package main

import (
	"context"

	"tq/exec"
	"tq/functions/kernel"
	"tq/lang"
	"tq/lang/source"
)

// ask runs a query of tq's own and returns the strings of its first column.
func (s *session) ask(ctx context.Context, sql string) ([]string, error) {
	script, err := lang.Parse(&source.File{Text: sql})
	if err != nil {
		return nil, err
	}
	found, err := s.collect(ctx, script.Stmts[0])
	if err != nil {
		return nil, err
	}
	return texts(found), nil
}

// texts returns the strings of the first column of a result.
func texts(r *exec.Result) []string {
	var out []string
	for _, b := range r.Batches {
		column, err := b.Column(0)
		if err != nil {
			return out
		}
		values := kernel.StringsOf(column)
		for i := range column.Len() {
			out = append(out, values.At(i))
		}
	}
	return out
}
