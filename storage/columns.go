package storage

import (
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
	"tq/storage/state"
)

// columns are the dictionaries of a capture's columns. Those that are a text of each
// kind, thread or file descriptor are filled in as far as columns are asked for.
type columns struct {
	kindName, kindDir, ioDir           *labels[eventKind]
	comm, exe, cmdline, cwd, container *labels[state.Thread]
	fdType                             *labels[state.FD]
	fdName                             names
	schedNames                         schedNames

	// Of fields that the names above do not serve, by the field.
	fields sync.Map

	// What fields are computed from.
	started   lazy[int64]
	measured  lazy[*measured]
	execution lazy[*execution]
	book      lazy[*containerBook]

	argsWidth atomic.Int64 // bytes that the arguments of an event took in the last column of them

	results, errnos, categories symbols
	addresses, protocols        symbols
	users, groups               symbols
}

func (c *columns) init() {
	c.kindName = newLabels(func(k *eventKind) (string, bool) { return k.name, true })
	c.kindDir = newLabels(func(k *eventKind) (string, bool) { return k.dir(), true })
	c.ioDir = newLabels(ioDir)
	c.comm = newLabels(func(t *state.Thread) (string, bool) { return commOf(t), true })
	c.exe = newLabels(func(t *state.Thread) (string, bool) { return t.Exe, hasProgram(t) })
	c.cmdline = newLabels(func(t *state.Thread) (string, bool) { return t.CmdLine(), hasProgram(t) })
	c.cwd = newLabels(func(t *state.Thread) (string, bool) { return t.Cwd, true })
	c.container = newLabels(func(t *state.Thread) (string, bool) { return nonEmpty(t.Container) })
	c.fdType = newLabels(func(f *state.FD) (string, bool) {
		return f.Type.String(), f.Type.String() != "" && f.Origin != state.FDAttempt
	})

	// Where the capture does not know the text, the label is 0.
	c.comm.dict.code("")
	c.cwd.dict.code("")
}

// hasProgram reports whether it is known what a thread runs. A transcript tells no more
// of most threads than their names.
func hasProgram(t *state.Thread) bool {
	return t.Image != nil && t.Exe != unknownComm && (t.Exe != "" || t.Pid >= 0)
}

// ioDir says whether events of a kind read or write.
func ioDir(k *eventKind) (string, bool) {
	switch {
	case k.is(scap.FlagWritesToFD):
		return "write", true // also where the call reads from another one
	case k.is(scap.FlagReadsFromFD):
		return "read", true
	}
	return "", false
}

// names is the dictionary of the names that state has numbered.
type names struct {
	mu   sync.Mutex
	b    *kernel.StringBuilder
	view arrow.Array
}

// array returns the names as far as a list of them goes.
func (n *names) array(list []string) arrow.Array {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.b == nil {
		n.b = kernel.NewStringBuilder(len(list))
	}
	if n.view == nil || n.b.Len() < len(list) {
		for _, s := range list[n.b.Len():] {
			n.b.Append(s)
		}
		n.view = finish(n.b, varchar)
	}
	return n.view
}
