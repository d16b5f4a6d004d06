package storage

import (
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/state"
)

// The fields below are about threads that an event's thread descends from. Who adopted
// whom is settled only when the capture has been read to its end.

// A relative finds a thread that stands in some relation to a thread at an event.
type relative func(v *state.View, thread state.ThreadID, num uint32) state.ThreadID

// ancestorFamilies are the fields of single ancestors.
var ancestorFamilies = []fieldFamily{
	{"proc.apid[", "]", "N", fromEnd, "Id of ancestor N: 0 is the process itself, 1 its parent.", bigint, func(n string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
		who, ok := ancestorNumbered(n)
		return bigint, relativeNumbers(bigint, who, func(t *state.Thread) (int64, bool) { return nonNegative(t.Pid) }), ok
	}},
	{"proc.aname[", "]", "N", fromEnd, "Name of ancestor N.", symbol, oneAncestor(commText)},
	{"proc.aexe[", "]", "N", fromEnd, "First argument of the command line of ancestor N.", symbol, oneAncestor(exeText)},
	{"proc.aexepath[", "]", "N", fromEnd, "Path of the program of ancestor N.", symbol, oneAncestor(exePathText)},
	{"proc.acmdline[", "]", "N", fromEnd, "Name and arguments of ancestor N.", symbol, oneAncestor(cmdlineText)},
}

// A threadText is a text that each version of a thread has.
type threadText struct {
	text         func(*state.Thread) (string, bool)
	key, leaders fieldKey
}

func newThreadText(text func(*state.Thread) string) threadText {
	return threadText{
		text: func(t *state.Thread) (string, bool) { return text(t), true },
		key:  newFieldKey(), leaders: newFieldKey(),
	}
}

var (
	commText    = newThreadText(func(t *state.Thread) string { return t.Comm })
	exeText     = newThreadText(func(t *state.Thread) string { return t.Exe })
	exePathText = newThreadText(func(t *state.Thread) string { return t.ExePath })
	cmdlineText = newThreadText((*state.Thread).CmdLine)
)

// relatives finds the relatives of rows' threads, -1 where there is none.
func relatives(r eventRows, who relative) []int32 {
	v := &r.complete().View
	ids, nums := r.threads(), r.nums()
	out := make([]int32, len(ids))
	for i, id := range ids {
		out[i] = int32(state.NoThread)
		if id >= 0 {
			out[i] = int32(who(v, state.ThreadID(id), nums[i]))
		}
	}
	return out
}

// relativeTexts builds the column of a text of relatives.
func relativeTexts(who relative, text threadText) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		ids := relatives(r, who)
		return labelColumn(fieldLabels(r, text.key, text.text), r.complete().Threads, ids)
	}
}

// leaderTexts builds the column of a text of leaders, which is empty where there is none.
func leaderTexts(who relative, text threadText) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		ids, threads := relatives(r, who), r.threads()
		all := r.complete().Threads
		return fieldSymbols(r, text.leaders).column(len(ids),
			func(i int) (int64, bool) { return int64(ids[i]), threads[i] >= 0 },
			func(id int64) string {
				if id < 0 {
					return ""
				}
				s, _ := text.text(&all[id])
				return s
			})
	}
}

// relativeNumbers builds the column of a number of relatives.
func relativeNumbers(typ arrow.DataType, who relative, number func(*state.Thread) (int64, bool)) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		c := valuesOf(r.complete().Threads, relatives(r, who), number)
		return c.array(typ)
	}
}

// sinceParentMade is the time since the parents were made.
func sinceParentMade(r eventRows) arrow.Array {
	return since(r, valuesOf(r.complete().Threads, relatives(r, parent), madeAt))
}

// ancestor is the n-th ancestor of a thread's process.
func ancestor(n int) relative {
	return func(v *state.View, thread state.ThreadID, num uint32) state.ThreadID {
		id := v.Main(thread, num)
		for range n {
			if id = v.Parent(id, num); id == state.NoThread {
				break
			}
		}
		return id
	}
}

var parent = ancestor(1)

// maxGenerations limits how far up ancestors are looked for.
const maxGenerations = 256

func ancestorNumbered(text string) (relative, bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return ancestor(int(min(n, maxGenerations))), err == nil
}

func oneAncestor(text threadText) func(string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	return func(n string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
		who, ok := ancestorNumbered(n)
		return symbol, relativeTexts(who, text), ok
	}
}

// loginShell is the eldest of a process and its ancestors that is a shell by its name.
func loginShell(v *state.View, thread state.ThreadID, num uint32) state.ThreadID {
	shell := state.NoThread
	id := v.Main(thread, num)
	for range maxGenerations {
		if id == state.NoThread {
			break
		}
		if strings.HasSuffix(v.Threads[id].Comm, "sh") {
			shell = id
		}
		id = v.Parent(id, num)
	}
	return shell
}

// leader is the leader of a group of processes: the thread whose id is the group's or,
// where that is gone or the id means something else outside its namespace, the eldest
// ancestor of the same group.
func leader(group func(*state.Thread) int64, virtual bool) relative {
	return func(v *state.View, thread state.ThreadID, num uint32) state.ThreadID {
		id := group(&v.Threads[thread])
		if id == -1 {
			return state.NoThread
		}
		if !virtual || !v.Threads[thread].InPIDNamespace() {
			if leader := v.ThreadAt(id, num); leader != state.NoThread {
				return leader
			}
		}
		eldest := state.NoThread
		up := v.Main(thread, num)
		for range maxGenerations {
			if up = v.Parent(up, num); up == state.NoThread || group(&v.Threads[up]) != id {
				break
			}
			eldest = up
		}
		return eldest
	}
}

var (
	sessionLeader        = leader(func(t *state.Thread) int64 { return t.Sid }, true)
	groupLeader          = leader(func(t *state.Thread) int64 { return t.Pgid }, false)
	namespaceGroupLeader = leader(func(t *state.Thread) int64 { return t.Vpgid }, true)
)

// Types of lists.
var (
	varchars arrow.DataType = arrow.ListOf(arrow.BinaryTypes.String)
	bigints  arrow.DataType = arrow.ListOf(arrow.PrimitiveTypes.Int64)
)

// ancestorsOf returns the ancestors of rows' processes, from the parent up, and where
// those of each row end.
func ancestorsOf(r eventRows) (ids, ends []int32, valid kernel.Bitmap) {
	v := &r.complete().View
	threads, nums := r.threads(), r.nums()
	ends = make([]int32, 1, len(threads)+1)
	valid = kernel.NewBitmap(len(threads))
	for i, id := range threads {
		if id >= 0 {
			valid.Set(i)
			up := v.Main(state.ThreadID(id), nums[i])
			for range maxGenerations {
				if up = v.Parent(up, nums[i]); up == state.NoThread {
					break
				}
				ids = append(ids, int32(up))
			}
		}
		ends = append(ends, int32(len(ids)))
	}
	return ids, ends, valid
}

// ancestorTexts builds the column of a text of each ancestor.
func ancestorTexts(text threadText) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		ids, ends, valid := ancestorsOf(r)
		threads := r.complete().Threads
		b := kernel.NewStringBuilder(len(ids))
		for _, id := range ids {
			s, _ := text.text(&threads[id])
			b.Append(s)
		}
		return kernel.FromLists(varchars, ends, finish(b, varchar), kernel.NewValidity(valid, len(ends)-1))
	}
}

// ancestorIDs is the ids of each ancestor.
func ancestorIDs(r eventRows) arrow.Array {
	ids, ends, valid := ancestorsOf(r)
	pids := valuesOf(r.complete().Threads, ids, func(t *state.Thread) (int64, bool) { return nonNegative(t.Pid) })
	return kernel.FromLists(bigints, ends, pids.array(bigint), kernel.NewValidity(valid, len(ends)-1))
}
