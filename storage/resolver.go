package storage

import (
	"tq/storage/scap"
	"tq/storage/state"
)

// resolver tells what the numbers in the arguments of a row's event stood for when it
// happened.
type resolver struct {
	eventRows
	thread state.ThreadID
	num    uint32
	fd     state.FDID // that the row is about
}

// read decodes the event of row i again into e and turns to it.
func (s *resolver) read(i int, e *scap.Event) bool {
	b, row := s.at(i)
	s.turnTo(b, row)
	return b.read(row, s.payload, e)
}

// turnTo turns to the event of a row.
func (s *resolver) turnTo(b *eventBatch, row int) {
	s.num, s.fd = b.num[row], state.FDID(b.fdRef[row])
	s.thread = max(state.ThreadID(b.thread[row]), state.NoThread)
}

func (s *resolver) Comm(tid int64) (string, bool) {
	id := s.ThreadAt(tid, s.num)
	if id == state.NoThread {
		return "", false
	}
	return s.Threads[id].Comm, true
}

func (s *resolver) FD(num int64) (scap.FDText, bool) {
	// Most likely it is the one that the row is about. A version that the event has made may
	// be for that row alone.
	ref := s.fd
	if ref <= state.UnknownFD || s.FDs[ref].Num != num || s.FDs[ref].Since == s.num {
		ref = s.FDAt(s.thread, num, s.num)
	}
	if ref == state.NoFDRef || ref == state.UnknownFD {
		return scap.FDText{}, false
	}
	fd := &s.FDs[ref]
	text := scap.FDText{Type: fd.Type, Name: s.Names[fd.Name]}
	if s.L4(ref) != "" {
		text.L4 = s.Sockets[fd.Socket].L4
	}
	return text, true
}

func (s *resolver) Cwd() string {
	if s.thread == state.NoThread {
		return ""
	}
	return s.Threads[s.Main(s.thread, s.num)].Cwd
}

func (s *resolver) User(uid uint32) (string, bool) {
	return s.UserName(s.container(), uid, s.num)
}

func (s *resolver) Group(gid uint32) (string, bool) {
	return s.GroupName(s.container(), gid, s.num)
}

func (s *resolver) container() string {
	if s.thread == state.NoThread {
		return ""
	}
	return s.Threads[s.thread].Container
}
