package storage

import (
	"path"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
)

// The fields below are about what calls open and the paths they are given.

// Flags of opened files, as captures have them.
const (
	openedToRead  = 1 << 0
	openedToWrite = 1 << 1
	openCreates   = 1 << 2
	openUnnamed   = 1 << 13
	openCreated   = 1 << 14
)

// mayExecute are the bits of a file's mode that allow someone to execute it.
const mayExecute = 0o111

// opening is what a call that opens a file was asked for, and what it returned.
type opening struct {
	kind        *eventKind
	flags, mode int64
	result      int64
	hasMode     bool
}

// openingOf returns what the exit event of a call that opens a file tells. The first
// openat left its arguments to the enter event.
func openingOf(b *eventBatch, row int, e *scap.Event, payload []byte) opening {
	o := opening{kind: &b.kinds[b.kind[row]], result: -1}
	if res, ok := e.Int(0); ok {
		o.result = res
	}
	flags := 2
	switch e.Type {
	case scap.SyscallOpenatV2X, scap.SyscallOpenat2X:
		flags = 3
	case scap.SyscallOpenatX:
		at, ok := b.enterOf(row)
		if !ok {
			return o
		}
		enter, ok := scap.ReadEvent(payload, at, b.swapped)
		if !ok {
			return o
		}
		e = &enter
	case scap.SyscallCreatX:
		o.mode, o.hasMode = e.Int(2)
		return o
	}
	o.flags, _ = e.Int(flags)
	if e.Type != scap.SyscallOpenByHandleAtX {
		o.mode, o.hasMode = e.Int(flags + 1)
	}
	return o
}

// openFlags builds the column of what holds for calls that open files; it holds for no
// other events.
func openFlags(holds func(opening) bool) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		out := make([]bool, r.len())
		r.each(opens, func(i int, e *scap.Event) {
			b, row := r.at(i)
			out[i] = holds(openingOf(b, row, e, r.payload))
		})
		return boolColumn(out)
	}
}

func opensToRead(o opening) bool  { return o.flags&openedToRead != 0 }
func opensToWrite(o opening) bool { return o.flags&openedToWrite != 0 }

func opensToExecute(o opening) bool {
	makes := o.kind.Code == scap.SyscallCreatX || o.flags&(openCreates|openUnnamed) != 0
	return makes && o.hasMode && o.mode&mayExecute != 0
}

func opensNew(o opening) bool {
	return o.flags&openCreated != 0 || o.flags&openUnnamed != 0 && o.result >= 0
}

// pathArgs are the parameters that tell a path: the descriptor of the directory that it
// starts from, and what follows.
type pathArgs struct{ dirfd, name string }

// pathsOf are the paths of calls that take directories' descriptors: where they start
// from, and, of those with two paths, where they lead to.
var pathsOf = map[uint16][2]pathArgs{
	scap.SyscallRenameatX:   {{"olddirfd", "oldpath"}, {"newdirfd", "newpath"}},
	scap.SyscallRenameat2X:  {{"olddirfd", "oldpath"}, {"newdirfd", "newpath"}},
	scap.SyscallLinkatV2X:   {{"olddir", "oldpath"}, {"newdir", "newpath"}},
	scap.SyscallSymlinkatX:  {{"linkdirfd", "linkpath"}, {"linkdirfd", "linkpath"}},
	scap.SyscallOpenatV2X:   {{"dirfd", "name"}, {"dirfd", "name"}},
	scap.SyscallOpenat2X:    {{"dirfd", "name"}, {"dirfd", "name"}},
	scap.SyscallUnlinkatV2X: {{"dirfd", "name"}, {"dirfd", "name"}},
	scap.SyscallMkdiratX:    {{"dirfd", "path"}, {"dirfd", "path"}},
	scap.SyscallFchmodatX:   {{"dirfd", "filename"}, {"dirfd", "filename"}},
	scap.SyscallFchownatX:   {{"dirfd", "pathname"}, {"dirfd", "pathname"}},
	// It tells the path itself, once the file is open.
	scap.SyscallOpenByHandleAtX: {{"", "path"}, {"", "path"}},
}

// absolutePaths builds the column of one of the two paths of calls.
func absolutePaths(which int) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		res := &resolver{eventRows: r}
		has := func(k *eventKind) bool { _, ok := pathsOf[k.Code]; return ok }
		return payloadTexts(r, has, func(dst []byte, i int, e *scap.Event) ([]byte, bool) {
			res.turnTo(r.at(i))
			abs, ok := res.absolutePath(e, pathsOf[e.Type][which])
			return append(dst, abs...), ok
		})
	}
}

// atWorkingDir stands for the working directory where a directory's descriptor is
// expected.
const atWorkingDir = -100

// unknownDir is what a path starts from whose directory the capture does not know.
const unknownDir = "<UNKNOWN>"

// absolutePath returns a path that the event tells of.
func (s *resolver) absolutePath(e *scap.Event, args pathArgs) (string, bool) {
	if s.thread < 0 {
		return "", false
	}
	name, ok := e.Str(e.Param(args.name))
	if !ok {
		return "", false
	}
	if args.dirfd == "" {
		fd, ok := e.Int(0)
		return path.Clean(name), ok && fd > 0
	}
	dirfd, ok := e.Int(e.Param(args.dirfd))
	switch {
	case !ok:
		return "", false
	case path.IsAbs(name):
		return path.Clean(name), true
	case dirfd == atWorkingDir:
		return path.Join(s.Cwd(), name), true
	}
	dir, ok := s.FD(dirfd)
	if !ok {
		dir.Name = unknownDir
	}
	return path.Join(dir.Name, name), true
}
