package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/cmd/tq/render"
	"tq/exec"
	"tq/lang/ast"
	"tq/lang/source"
)

// extensions are the formats that files are written in by their names.
var extensions = map[string]string{
	".csv": "csv", ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
	".md": "markdown", ".txt": "table", ".parquet": "parquet", ".arrow": "arrow",
}

// copyTo writes the rows of a query to a file, in the format that its name or an option
// says.
func (s *session) copyTo(ctx context.Context, st *ast.Copy) error {
	if s.safe {
		return source.Errorf(st.Span(), "--safe forbids writing files")
	}
	format, o, err := s.copyOptions(st)
	if err != nil {
		return err
	}
	env := s.env()
	p, err := s.compile(st, env)
	if err != nil {
		return err
	}
	file, err := createOutput(st.File)
	if err != nil {
		return source.Errorf(st.Span(), "%v", err)
	}
	return file.fill(func(out io.Writer) error {
		result := &resultSink{columns: p.Columns, whole: true, begin: func(schema *arrow.Schema) render.Writer { return format.New(out, schema, o) }}
		if err := exec.Run(ctx, p.Root, s.execEnv(env), result); err != nil {
			return err
		}
		return result.writer.Close()
	})
}

// copyOptions reads what stands in brackets behind a COPY.
func (s *session) copyOptions(st *ast.Copy) (render.Format, render.Options, error) {
	name := extensions[strings.ToLower(filepath.Ext(st.File))]
	o := render.Options{Zone: s.settings.zone}
	for _, option := range st.Options {
		text := "true"
		if option.Value != nil {
			var err error
			if text, err = s.settingText(option.Value); err != nil {
				return render.Format{}, o, err
			}
		}
		var err error
		switch strings.ToLower(option.Name.Name) {
		case "format":
			name = strings.ToLower(text)
		case "null", "nullstr":
			o.Null = &text
		case "header":
			var header bool
			header, err = parseSwitch(text)
			o.NoHeader = !header
		default:
			err = errors.New("there is no such option; there are FORMAT, HEADER and NULL")
		}
		if err != nil {
			return render.Format{}, o, source.Errorf(option.Name.Span(), "%s: %v", option.Name.Name, err)
		}
	}
	if name == "" {
		name = "csv"
	}
	if err := checkFormat(name); err != nil {
		return render.Format{}, o, source.Errorf(st.Span(), "%s: %v", name, err)
	}
	format, _ := render.Lookup(name)
	return format, o, nil
}
