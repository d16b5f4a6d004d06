package functions

import (
	"strings"

	"tq/functions/kernel"
)

func pathUnderAny(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	path := textsOf(args[0])
	folders := make([]texts, len(args)-1)
	for i, a := range args[1:] {
		folders[i] = textsOf(a)
	}
	return boolRows(c, args, n, func(i int) (bool, error) {
		for _, f := range folders {
			if pathUnder(path.at(i), f.at(i)) {
				return true, nil
			}
		}
		return false, nil
	})
}

// pathUnder reports whether a path is a folder or lies below it, component by component.
// Components of the folder are patterns.
func pathUnder(path, folder string) bool {
	for {
		path, folder = strings.TrimLeft(path, "/"), strings.TrimLeft(folder, "/")
		if folder == "" {
			return true
		}
		var name, pattern string
		name, path, _ = strings.Cut(path, "/")
		pattern, folder, _ = strings.Cut(folder, "/")
		if name != pattern && !matchesComponent(name, pattern) {
			return false
		}
	}
}

func matchesComponent(name, pattern string) bool {
	if name == "" || !strings.ContainsAny(pattern, "*?[") {
		return false
	}
	m, err := globMatcher(pattern)
	return err == nil && m(name)
}
