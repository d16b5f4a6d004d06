package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang"
	"tq/lang/source"
	"tq/storage"
)

// printTranslation prints the SQL for a filter of sysdig, or for statements that hold
// filters. The arguments are one text, as sysdig takes them.
func printTranslation(args []string, out io.Writer) error {
	if len(args) == 0 {
		return usagef("translate wants a filter: tq translate 'proc.name=cat and evt.type=open'")
	}
	file := &source.File{Text: strings.Join(args, " ")}
	sql, err := lang.Translate(file, eventFields{})
	if err != nil {
		return fmt.Errorf("%s", file.Render(err))
	}
	_, err = fmt.Fprintln(out, sql)
	return err
}

// Translate implements [shell.Engine].
func (e engine) Translate(text string) (string, error) {
	file := &source.File{Text: text}
	sql, err := lang.Translate(file, eventFields{})
	if err != nil {
		return "", e.fail(file, err)
	}
	return sql, nil
}

// eventFields are the fields of events, which there are also without a capture.
type eventFields struct{}

// Type implements [lang.Fields].
func (eventFields) Type(name string) (arrow.DataType, bool) {
	f, ok := storage.EventField(name)
	return f.Type, ok && f.Name == name
}

// Names implements [lang.Fields].
func (eventFields) Names() []string { return storage.FieldNames() }
