package storage

import (
	"slices"
	"strings"

	"tq/storage/scap"
)

// need is what a scan needs of a reading beyond what every reading finds out: that is the
// state of threads, how often which events occur, and what blocks without events hold.
type need struct {
	rows    []*prefilter // of events that pass one of them
	threads bool         // rows tell of threads, or of what these do
	fds     bool         // file descriptors are followed
	lives   bool         // also what shows in the lives of threads alone
	kept    bool         // rows are needed after they were seen, or when all of them were
}

// needAll is what serves every scan.
var needAll = need{rows: []*prefilter{newPrefilter(nil)}, threads: true, fds: true, lives: true, kept: true}

// needNothing is the need of scans of what every reading finds out.
func needNothing([]string, []Pred) need { return need{} }

// expectedScan is a scan that there will be.
type expectedScan struct {
	table declaration
	preds []Pred
	need  need
}

// is reports whether a scan is the expected one.
func (s *expectedScan) is(table declaration, preds []Pred) bool {
	return s.table == table && slices.Equal(s.preds, preds)
}

// union is what serves several scans. A single one that looks at rows once may let them
// go.
func union(scans []*expectedScan) need {
	all := need{kept: len(scans) > 1}
	for _, s := range scans {
		all.rows = append(all.rows, s.need.rows...)
		all.threads = all.threads || s.need.threads
		all.fds = all.fds || s.need.fds
		all.lives = all.lives || s.need.lives
		all.kept = all.kept || s.need.kept
	}
	if len(all.rows) > maxFilters {
		all.rows = needAll.rows
	}
	return all
}

// maxFilters is how many filters a pass can tell apart.
const maxFilters = 64

// serves reports whether a reading has what a scan needs, and is the scan's from then on
// where it is not kept for others.
func (r *reading) serves(table declaration, preds []Pred, n need) bool {
	switch {
	case r.scans == nil:
		return true
	case n.threads && !r.keeps.threads, n.fds && !r.keeps.fds, n.lives && !r.keeps.lives, n.kept && !r.keeps.kept:
		return false
	case len(n.rows) == 0:
		// One that nobody lets go of rows of might never end.
		return r.complete() || !r.stopped.Load() && (r.keeps.kept || len(r.keeps.rows) == 0)
	case r.claimed || !slices.ContainsFunc(r.scans, func(s *expectedScan) bool { return s.is(table, preds) }):
		return false
	}
	r.claimed = !r.keeps.kept
	return true
}

// eventNeed is the need of a scan of events.
func eventNeed(columns []string, preds []Pred) need {
	f := newPrefilter(preds)
	n := need{rows: []*prefilter{f}, threads: len(f.threads) > 0}
	for _, c := range columns {
		from := fieldNeedOf(c)
		n.threads = n.threads || !slices.Contains(headerColumns, c)
		n.fds = n.fds || f.mayKeep(followedFor(c)) || from == fromAll
		n.kept = n.kept || c == settledColumn || from == fromEnd || from == fromAll
		n.lives = n.lives || c == lifeColumn || from == fromEnd || from == fromAll
		if from == fromAll {
			n.rows = needAll.rows
		}
	}
	return n
}

// headerColumns are the columns of events that stand in their headers, or follow from
// their type.
var headerColumns = []string{"capture", "num", "ts", "cpu", "dir", "type", "io_dir",
	"evt.num", "evt.rawtime", "evt.cpu", "evt.dir", "evt.type"}

// settledColumn is the column of events that is not known before the capture was read to
// its end.
const settledColumn = "ppid"

// lifeColumn is the column of events with the number of a thread's life. Lives are numbered
// in the order of their first events.
const lifeColumn = "utid"

// fdColumns are the columns of events that tell of file descriptors, or of the working
// directory, which may have been that of one.
var fdColumns = []string{"fd", "fd_name", "fd_type", "category", "cwd",
	"l4proto", "client_ip", "client_port", "server_ip", "server_port"}

// argColumns are the columns that hold all arguments of an event.
var argColumns = []string{"args", "evt.args", "evt.info"}

// followedFor returns the kinds of events for which a column tells of file descriptors.
func followedFor(column string) func(*eventKind) bool {
	param, single := strings.CutPrefix(column, argPrefix)
	switch {
	case single:
		return func(k *eventKind) bool { return k.tellsOfFDs(func(p *scap.ParamDef) bool { return p.Name == param }) }
	case slices.Contains(argColumns, column):
		return func(k *eventKind) bool { return k.tellsOfFDs(func(*scap.ParamDef) bool { return true }) }
	case slices.Contains(fdColumns, column), fieldNeedOf(column) == fromFDs:
		return func(*eventKind) bool { return true }
	}
	return func(*eventKind) bool { return false }
}

// tellsOfFDs reports whether one of the given parameters is printed with what a file
// descriptor stands for.
func (k *eventKind) tellsOfFDs(of func(*scap.ParamDef) bool) bool {
	return slices.ContainsFunc(k.Params, func(p scap.ParamDef) bool {
		switch p.Type {
		case scap.ParamFD, scap.ParamFD32, scap.ParamFDList, scap.ParamFSPath, scap.ParamFSRelPath, scap.ParamDyn:
			return of(&p)
		}
		return false
	})
}

// callNeed is the need of a scan of system calls. Predicates do not narrow it, as the
// events of a call may differ in what they are about.
func callNeed(columns []string, _ []Pred) need {
	f := newKindFilter((*eventKind).call)
	n := need{rows: []*prefilter{f}, threads: true, lives: true, kept: true}
	for _, c := range columns {
		n.fds = n.fds || f.mayKeep(followedFor(c))
	}
	return n
}

// stayNeed is the need of a scan of stays on CPUs.
func stayNeed(columns []string, _ []Pred) need {
	f := newKindFilter(func(k *eventKind) bool { return k.isSwitch() || k.isExit() })
	return need{rows: []*prefilter{f}, threads: true, lives: slices.ContainsFunc(columns, tellsOfLives), kept: true}
}

// tellsOfLives reports whether a column of stays shows what only all events of a thread
// tell: its number, and whether it ever does what the kernel's threads do not.
func tellsOfLives(column string) bool {
	return column == "kernel" || column == "utid" || column == "upid"
}

// waitNeed is the need of a scan of waits: that of stays and of calls.
func waitNeed(columns []string, preds []Pred) need {
	return union([]*expectedScan{
		{need: stayNeed(columns, preds)},
		{need: callNeed(columns, preds)},
	})
}
