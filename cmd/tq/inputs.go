package main

import (
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
	if err := catalog.AddCapture(in.name, in.path); err != nil {
		return inputError(err)
	}
	return nil
}

// isPipe reports whether a path is a pipe, as the shell's <(command) is. What is read of one
// to see what it is would be lost, so it can only be a capture.
func isPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeCharDevice) != 0
}
