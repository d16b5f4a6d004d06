package shell

import (
	"os"
	"path/filepath"
	"strings"
)

// files lists the files whose paths begin with a text; folders end with a slash.
func files(begin string) []string {
	dir, base := filepath.Split(begin)
	look := dir
	if look == "" {
		look = "."
	}
	entries, err := os.ReadDir(look)
	if err != nil {
		return nil
	}
	var paths []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && base == "" {
			continue
		}
		if e.IsDir() {
			name += "/"
		}
		paths = append(paths, dir+name)
	}
	return paths
}
