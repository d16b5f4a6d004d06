package state

// maxPath is the longest path that is kept; longer ones have the name below.
const (
	maxPath     = 1024
	pathTooLong = "/PATH_TOO_LONG"
)

// text is what paths are given as.
type text interface{ ~string | ~[]byte }

// appendPath appends the path that name denotes from directory base: name alone when it
// is absolute, normalised by its text alone. What is relative without a base stays so.
func appendPath[T text](b []byte, base string, name T) []byte {
	if isAbs(name) {
		base = ""
		if isClean(name) {
			return append(b, name...)
		}
	}
	if len(base)+len(name) == 0 {
		return b
	}
	start := len(b)
	rooted := isAbs(base) || isAbs(name)
	if rooted {
		b = append(b, '/')
	}
	floor := len(b) // below which .. cannot go
	b, floor = appendElems(b, start, floor, rooted, base)
	b, _ = appendElems(b, start, floor, rooted, name)
	switch {
	case len(b)-start > maxPath:
		return append(b[:start], pathTooLong...)
	case len(b) == start:
		return append(b, '.')
	}
	return b
}

// appendElems appends the elements of a path to the one that begins at start. It leaves
// off once that is too long.
func appendElems[T text](b []byte, start, floor int, rooted bool, path T) ([]byte, int) {
	for len(path) > 0 && len(b)-start <= maxPath {
		var elem T
		elem, path = cutElem(path)
		switch {
		case len(elem) == 0 || len(elem) == 1 && elem[0] == '.':
			continue
		case len(elem) == 2 && elem[0] == '.' && elem[1] == '.':
			if len(b) > floor {
				b = parent(b, floor)
				continue
			}
			if rooted {
				continue
			}
		}
		if len(b) > start && b[len(b)-1] != '/' {
			b = append(b, '/')
		}
		up := len(elem) == 2 && elem[0] == '.' && elem[1] == '.'
		b = append(b, elem...)
		if up {
			floor = len(b)
		}
	}
	return b, floor
}

// join is appendPath for texts.
func join(base, name string) string {
	var room [256]byte
	return string(appendPath(room[:0], base, name))
}

func isAbs[T text](path T) bool { return len(path) > 0 && path[0] == '/' }

// isClean reports whether an absolute path needs no change; it may say no of one that
// does not.
func isClean[T text](path T) bool {
	if len(path) > maxPath || len(path) < 2 || path[len(path)-1] == '/' {
		return false
	}
	for i := 1; i < len(path); i++ {
		if path[i-1] == '/' && (path[i] == '/' || path[i] == '.') {
			return false
		}
	}
	return true
}

// cutElem cuts the first element off a path.
func cutElem[T text](path T) (elem, rest T) {
	for i := range len(path) {
		if path[i] == '/' {
			return path[:i], path[i+1:]
		}
	}
	return path, path[len(path):]
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
