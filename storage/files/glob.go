package files

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// expand returns the files that a name or a pattern stands for, of which there must be one.
func expand(path string) ([]string, error) {
	if !isPattern(path) {
		return []string{path}, nil
	}
	found, err := matching(path)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("no file matches %s", path)
	}
	return found, err
}

func isPattern(path string) bool { return strings.ContainsAny(path, "*?[") }

// matching returns the files that a pattern matches, by name: * and ? and [a-z] within the
// name of a folder or a file, and ** for any number of folders. As in DuckDB, a pattern
// that begins with one of these finds names that begin with "./".
func matching(pattern string) ([]string, error) {
	if first, _, _ := strings.Cut(pattern, "/"); isPattern(first) {
		pattern = "./" + pattern
	}
	if strings.HasSuffix(pattern, "/**") {
		pattern += "/*"
	}
	found, err := globFolders(strings.ReplaceAll(pattern, "[!", "[^"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	found = slices.DeleteFunc(found, func(name string) bool {
		info, err := os.Stat(name)
		return err != nil || info.IsDir()
	})
	if strings.HasPrefix(pattern, "./") { // which filepath leaves out
		for i, name := range found {
			found[i] = "./" + strings.TrimPrefix(name, "./")
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// globFolders is [filepath.Glob] with ** for folders. Links to folders are not followed, as
// they may lead in a circle.
func globFolders(pattern string) ([]string, error) {
	before, after, deep := strings.Cut(pattern, "/**/")
	if !deep {
		return filepath.Glob(pattern)
	}
	tops, err := filepath.Glob(before)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, top := range tops {
		err := filepath.WalkDir(top, func(folder string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.IsDir() {
				return nil // what may not be read has no files for us
			}
			within, err := globFolders(literal(folder) + "/" + after)
			found = append(found, within...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// literal is the pattern that matches just a name.
func literal(name string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(name)
}

// openNames is the table of the names of files that patterns match.
func openNames(patterns []string) (storage.Table, error) {
	b := kernel.NewStringBuilder(0)
	for _, pattern := range patterns {
		found, err := matching(pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			b.Append(name)
		}
	}
	names, err := b.Finish(functions.Varchar)
	if err != nil {
		return nil, err
	}
	schema := arrow.NewSchema([]arrow.Field{{Name: "file", Type: functions.Varchar, Nullable: true}}, nil)
	var parts [][]arrow.Array
	if names.Len() > 0 {
		parts = [][]arrow.Array{{names}}
	}
	return storage.NewMemTable(schema, parts, storage.TableDoc{Row: "a file"})
}
