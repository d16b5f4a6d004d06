package storage

import (
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
	"tq/storage/state"
)

// The fields below are about what descriptors are called.

// A fdText is a text that each version of a descriptor has.
type fdText = func(names []string, fd *state.FD) (string, bool)

// fdTexts builds the column of a text that each version of a descriptor has.
func fdTexts(text fdText) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		refs := r.fdRefs()
		return fieldSymbols(r, key).column(len(refs),
			func(i int) (int64, bool) {
				if refs[i] < 0 {
					return 0, false
				}
				_, ok := text(r.Names, &r.FDs[refs[i]])
				return int64(refs[i]), ok
			},
			func(ref int64) string {
				s, _ := text(r.Names, &r.FDs[ref])
				return s
			})
	}
}

// fdNameText is the name of a descriptor.
func fdNameText(names []string, fd *state.FD) (string, bool) { return names[fd.Name], true }

// directory is the folder of a file. As sysdig has it, what has no folder is in the root,
// and so is what a call is about whose descriptor is not known.
func directory(names []string, fd *state.FD) (string, bool) {
	name := names[fd.Name]
	switch {
	case !describes(fd), isFile(fd.Type):
	case fd.Type == scap.FDDirectory:
		return name, true
	default:
		return "", false
	}
	switch slash := strings.LastIndexByte(name, '/'); {
	case slash <= 0:
		return "/", true
	case slash == len(name)-1:
		return name, true
	default:
		return name[:slash], true
	}
}

// fileName is the name of a file without its folder.
func fileName(names []string, fd *state.FD) (string, bool) {
	if !describes(fd) || !isFile(fd.Type) {
		return "", false
	}
	name := names[fd.Name]
	switch slash := strings.LastIndexByte(name, '/'); {
	case slash < 0:
		return "/", true
	case slash == len(name)-1:
		return name, true
	default:
		return name[slash+1:], true
	}
}

// inContainer builds the column of a descriptor's text behind the id of the thread's
// container, which is empty on the host.
func inContainer(text fdText) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		threads, refs := r.threads(), r.fdRefs()
		return fieldSymbols(r, key).column(len(refs),
			func(i int) (int64, bool) {
				if refs[i] < 0 || threads[i] < 0 {
					return 0, false
				}
				_, ok := text(r.Names, &r.FDs[refs[i]])
				return int64(threads[i])<<32 | int64(refs[i]), ok
			},
			func(both int64) string {
				s, _ := text(r.Names, &r.FDs[uint32(both)])
				return r.Threads[both>>32].Container + ":" + s
			})
	}
}

// fdUIDs is the ids of threads and descriptors.
func fdUIDs(r eventRows) arrow.Array {
	threads := r.threads()
	nums := native(r, func(b *eventBatch) []int32 { return b.fd })
	return fieldSymbols(r, fdUIDKey).column(len(nums),
		func(i int) (int64, bool) {
			return int64(threads[i])<<32 | int64(uint32(nums[i])), threads[i] >= 0 && nums[i] != noFD
		},
		func(both int64) string {
			tid := strconv.FormatInt(r.Threads[both>>32].Tid, 10)
			return tid + strconv.FormatInt(int64(int32(both)), 10)
		})
}

var fdUIDKey = newFieldKey()

// givenNames is the paths that files were opened by.
func givenNames(r eventRows) arrow.Array {
	refs := r.fdRefs()
	return fieldSymbols(r, givenNameKey).column(len(refs),
		func(i int) (int64, bool) {
			fd := r.openFD(refs[i])
			return int64(refs[i]), fd != nil && (isFile(fd.Type) || fd.Type == scap.FDDirectory)
		},
		func(ref int64) string { return r.givenName(&r.FDs[ref]) })
}

var givenNameKey = newFieldKey()

// givenName returns the path that a file was opened by, as far as its row is there that
// tells.
func (k *known) givenName(fd *state.FD) string {
	if at, ok := k.find(k.FDs[fd.First].Since); ok {
		b := k.batches[at.batch()]
		var e scap.Event
		if b.read(at.row(), k.payload, &e) && opens(&k.kinds[b.kind[at.row()]]) {
			for _, param := range [...]string{"name", "path"} {
				if name, ok := e.Str(e.Param(param)); ok {
					return name
				}
			}
		}
	}
	return k.Names[fd.Name]
}

// standardNames builds the column of what a standard descriptor of processes stands for.
func standardNames(num int64) func(eventRows) arrow.Array {
	return standard(num, func(v *known, fd *state.FD) (string, bool) { return v.Names[fd.Name], true })
}

// standardTypes builds the column of the type of a standard descriptor.
func standardTypes(num int64) func(eventRows) arrow.Array {
	return standard(num, func(_ *known, fd *state.FD) (string, bool) { return nonEmpty(fd.Type.String()) })
}

func standard(num int64, text func(*known, *state.FD) (string, bool)) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		threads, nums := r.threads(), r.nums()
		return fieldSymbols(r, key).column(len(threads),
			func(i int) (int64, bool) {
				if threads[i] < 0 {
					return 0, false
				}
				ref := r.FDAt(state.ThreadID(threads[i]), num, nums[i])
				if r.openFD(int32(ref)) == nil {
					return 0, false
				}
				_, ok := text(r.known, &r.FDs[ref])
				return int64(ref), ok
			},
			func(ref int64) string {
				s, _ := text(r.known, &r.FDs[ref])
				return s
			})
	}
}
