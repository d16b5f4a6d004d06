// Package files reads table files (Parquet, CSV, JSON, Arrow) as tables of the storage.
//
//	file ─▶ formats (registry.go: by content, else by name) ─▶ one reader a format ─▶ storage.Table
//
// A reader finds the columns when the file is opened and decodes values when they are
// scanned. Whatever types a file has become those that the functions of tq know; a type
// or a value that cannot be represented is an error that names its column, never another
// value. Files are not trusted: what panics while one is read becomes an error.
//
// To add a format, write a file with an open function and add a line to the registry.
package files
