package main

import (
	"errors"
	"io/fs"
	"os"

	"tq/storage"
	"tq/storage/files"
)

// openInputs opens the files of the command line. Captures are only begun to be read.
func openInputs(o *options) (*storage.Catalog, error) {
	catalog := storage.NewCatalog()
	if !o.noCache {
		catalog.UseCache(o.cache())
	}
	for _, in := range o.inputs {
		if err := openInput(catalog, in); err != nil {
			catalog.Close()
			return nil, err
		}
	}
	return catalog, nil
}

// openInput opens a table file, or else a capture.
func openInput(catalog *storage.Catalog, in input) error {
	if in.path != "-" && !isPipe(in.path) {
		table, err := files.Open(in.path, files.Options{})
		if err != nil {
			return inputError(err)
		}
		if table != nil {
			catalog.AddTable(in.name, table)
			return nil
		}
	}
	err := catalog.AddCapture(in.name, in.path)
	var stream *storage.StreamError
	if errors.As(err, &stream) {
		table, tableErr := files.OpenContent(inputName(in.path), stream.Content, files.Options{})
		if table != nil {
			catalog.AddTable(in.name, table)
			return nil
		}
		if tableErr != nil {
			err = tableErr
		}
	}
	if err != nil {
		return inputError(err)
	}
	return nil
}

// inputName is what a file is called in messages.
func inputName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// isPipe reports whether a path is a pipe, as the shell's <(command) is. What is read of one
// to see what it is would be lost; it is taken for a capture until it proves to be none.
func isPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeCharDevice) != 0
}
