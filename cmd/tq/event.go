package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tq/cmd/tq/render"
	"tq/functions"
	"tq/functions/kernel"
	"tq/lang"
	"tq/lang/source"
	"tq/storage"
)

// Event implements [shell.Engine]: it shows one event with its arguments and every field
// that has a value for it.
func (e engine) Event(ctx context.Context, num int64) error {
	names, err := e.eventFields(ctx, num)
	if err == nil && names == nil {
		err = fmt.Errorf("there is no event %d", num)
	}
	if err == nil {
		err = e.page(ctx, func(ctx context.Context, out io.Writer) error { return e.showFields(ctx, out, num, names) })
	}
	if err != nil {
		fmt.Fprintln(e.errs, "error:", err)
		return errFailed
	}
	return nil
}

// eventFields lists what may be known of an event: its arguments, then all fields.
func (e engine) eventFields(ctx context.Context, num int64) ([]string, error) {
	found, err := e.ask(ctx, fmt.Sprintf("SELECT type FROM events WHERE num = %d LIMIT 1", num))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var names []string
	for _, arg := range storage.ArgumentNames(found[0]) {
		names = append(names, "evt.arg."+arg)
	}
	for _, f := range storage.EventFields() {
		if !strings.ContainsAny(f.Name, "[]") && f.Name == strings.ToLower(f.Name) && !repeats(f.Name) {
			names = append(names, f.Name)
		}
	}
	return names, nil
}

// repeats tells whether a field only says again what another one says.
func repeats(field string) bool {
	return field == "evt.args" || strings.HasPrefix(field, "evt.count") ||
		strings.HasSuffix(field, ".s") || strings.HasSuffix(field, ".ns") || strings.HasSuffix(field, ".human")
}

// showFields prints those of the named fields that have a value and do not only say no,
// for each event with a number: there is one in every capture.
func (e engine) showFields(ctx context.Context, out io.Writer, num int64, names []string) error {
	width := 0
	for _, name := range names {
		width = max(width, len(name))
	}
	script, err := lang.Parse(&source.File{Text: fmt.Sprintf(
		"SELECT %s FROM events WHERE num = %d", strings.Join(names, ", "), num)})
	if err != nil {
		return err
	}
	found, err := e.collect(ctx, script.Stmts[0])
	if err != nil {
		return err
	}
	for _, b := range found.Batches {
		for row := range b.NumRows() {
			for i, name := range names {
				column, err := b.Column(i)
				if err != nil {
					return err
				}
				if column.IsNull(row) {
					continue
				}
				text, err := constText(kernel.Slice(column, row, row+1), e.settings.zone)
				if err != nil {
					return err
				}
				if text == "" || text == "[]" || text == "false" {
					continue
				}
				if !functions.Same(column.DataType(), functions.Blob) { // whose text is escaped
					text = render.Visible(text)
				}
				fmt.Fprintf(out, "%*s  %s\n", width, name, text)
			}
		}
	}
	return nil
}
