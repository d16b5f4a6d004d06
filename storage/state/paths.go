package state

// maxPath is the longest path that is kept; longer ones have the name below.
const (
	maxPath     = 1024
	pathTooLong = "/PATH_TOO_LONG"
)

// join returns the path that name denotes from directory base: name alone when it is
// absolute, normalised by its text alone. What is relative without a base stays so.
func join(base, name string) string {
	if name != "" && name[0] == '/' {
		base = ""
	}
	if len(base)+len(name) == 0 {
		return ""
	}
	var room [maxPath + 1]byte
	b := room[:0]
	rooted := base != "" && base[0] == '/' || name != "" && name[0] == '/'
	if rooted {
		b = append(b, '/')
	}
	floor := len(b) // below which .. cannot go
	for _, part := range [2]string{base, name} {
		for part != "" {
			var elem string
			elem, part = cutElem(part)
			switch elem {
			case "", ".":
				continue
			case "..":
				if len(b) > floor {
					b = parent(b, floor)
					continue
				}
				if rooted {
					continue
				}
			}
			if len(b) > 0 && b[len(b)-1] != '/' {
				b = append(b, '/')
			}
			b = append(b, elem...)
			if elem == ".." {
				floor = len(b)
			}
			if len(b) > maxPath {
				return pathTooLong
			}
		}
	}
	if len(b) == 0 {
		return "."
	}
	return string(b)
}

// cutElem cuts the first element off a path.
func cutElem(path string) (elem, rest string) {
	for i := range len(path) {
		if path[i] == '/' {
			return path[:i], path[i+1:]
		}
	}
	return path, ""
}

// parent cuts the last element off b, which is longer than floor.
func parent(b []byte, floor int) []byte {
	n := len(b)
	for n > floor && b[n-1] != '/' {
		n--
	}
	if n > floor {
		n-- // the separator
	}
	return b[:n]
}

// directory returns a path as working directories are kept: with a slash at its end.
func directory(path string) string {
	if path == "" || path[len(path)-1] != '/' {
		return path + "/"
	}
	return path
}
