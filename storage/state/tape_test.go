package state

import (
	"encoding/binary"
	"testing"

	"tq/storage/scap"
)

// tape is a capture made for a test.
type tape struct {
	b  []byte
	ts int64
}

// Block types that the tapes are made of.
const (
	tapeSection = 0x0A0D0D0A
	tapeThreads = 0x215
	tapeFDs     = 0x218
	tapeEvent   = 0x216
	tapeUsers   = 0x220
	tapeMachine = 0x201
)

func newTape() *tape {
	c := &tape{ts: 1e18}
	c.section()
	return c
}

func (c *tape) section() {
	body := le.AppendUint32(nil, 0x1A2B3C4D)
	body = le.AppendUint16(le.AppendUint16(body, 1), 2)
	c.block(tapeSection, le.AppendUint64(body, 1<<64-1))
}

var le = binary.LittleEndian

func (c *tape) block(typ uint32, body []byte) {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	n := uint32(len(body) + 12)
	c.b = le.AppendUint32(le.AppendUint32(c.b, typ), n)
	c.b = le.AppendUint32(append(c.b, body...), n)
}

// lists appends records that their lengths precede.
func (c *tape) lists(typ uint32, head []byte, recs ...[]byte) {
	for _, r := range recs {
		head = append(le.AppendUint32(head, uint32(len(r)+4)), r...)
	}
	c.block(typ, head)
}

func lstr(b []byte, s string) []byte {
	return append(le.AppendUint16(b, uint16(len(s))), s...)
}

// listed is a record of the list of threads.
func listed(tid, pid, ptid int64, comm, exe, cwd string) []byte {
	var b []byte
	for _, v := range []int64{tid, pid, ptid, -1, -1} {
		b = le.AppendUint64(b, uint64(v))
	}
	b = lstr(lstr(lstr(lstr(lstr(b, comm), exe), exe), ""), cwd)
	b = le.AppendUint64(b, 1024)
	b = append(b, make([]byte, 12+12+16)...) // flags, uid, gid; memory; page faults
	b = lstr(b, "")
	b = le.AppendUint64(le.AppendUint64(b, uint64(tid)), uint64(pid))
	return lstr(lstr(b, ""), "/")
}

// listedFile is a record of the list of file descriptors.
func listedFile(fd int64, name string) []byte {
	b := le.AppendUint64(le.AppendUint64(nil, uint64(fd)), 7)
	return lstr(le.AppendUint32(append(b, byte(scap.FDFileV2)), 0), name)
}

// event appends an event a millisecond after the last. Integers are encoded as the event
// table says, texts with their NUL; nil is an absent parameter.
func (c *tape) event(tid int64, code uint16, params ...any) {
	c.on(0, tid, code, params...)
}

func (c *tape) on(cpu uint16, tid int64, code uint16, params ...any) {
	c.ts += 1e6
	var lens, values []byte
	for i, p := range params {
		var v []byte
		switch p := p.(type) {
		case nil:
		case int:
			v = le.AppendUint64(nil, uint64(p))[:width(scap.Types[code].Params[i].Type)]
		case string:
			v = append([]byte(p), 0)
		case []byte:
			v = p
		}
		lens = le.AppendUint16(lens, uint16(len(v)))
		values = append(values, v...)
	}
	b := le.AppendUint16(nil, cpu)
	b = le.AppendUint64(le.AppendUint64(b, uint64(c.ts)), uint64(tid))
	b = le.AppendUint32(b, uint32(26+len(lens)+len(values)))
	b = le.AppendUint16(b, code)
	b = le.AppendUint32(b, uint32(len(params)))
	c.block(tapeEvent, append(append(b, lens...), values...))
}

func width(t scap.ParamType) int {
	switch t {
	case scap.ParamInt8, scap.ParamUint8, scap.ParamFlags8, scap.ParamEnumflags8, scap.ParamSigType:
		return 1
	case scap.ParamInt16, scap.ParamUint16, scap.ParamFlags16, scap.ParamEnumflags16, scap.ParamSyscallID, scap.ParamPort:
		return 2
	case scap.ParamInt32, scap.ParamUint32, scap.ParamFlags32, scap.ParamEnumflags32, scap.ParamUID,
		scap.ParamGID, scap.ParamMode, scap.ParamBool, scap.ParamPID32, scap.ParamFD32:
		return 4
	}
	return 8
}

// clone appends one side of a clone.
func (c *tape) clone(tid int64, res, pid, ptid, flags int, comm string) {
	c.event(tid, scap.SyscallCloneV20X, res, comm, []byte{}, int(tid), pid, ptid, "", 1024,
		0, 0, 0, 0, 0, comm, []byte{}, flags, 0, 0, int(tid), pid)
}

// exec appends a successful exec.
func (c *tape) exec(tid int64, pid, ptid int, comm string) {
	c.event(tid, scap.SyscallExecveV19X, 0, "/bin/"+comm, []byte("-a\x00b\x00"), int(tid), pid, ptid, "",
		1024, 0, 0, 0, 0, 0, comm)
}

// play feeds the tape to a tracker and returns the rows of its events.
func (c *tape) play(t testing.TB) (*Tracker, []Row) {
	t.Helper()
	src, err := scap.NewSource("tape", c.b)
	if err != nil {
		t.Fatal(err)
	}
	r, tr := scap.NewReader(src), New()
	var rows []Row
	for {
		kind, err := r.Next()
		if err != nil {
			break
		}
		if kind != scap.KindEvent {
			tr.Block(kind, r)
			continue
		}
		rows = append(rows, tr.Event(&r.Event, uint32(len(rows)+1)))
	}
	if w := r.Warnings(); len(w) > 0 {
		t.Fatalf("the tape is damaged: %+v", w)
	}
	return tr, rows
}

// comm returns the name of a row's thread.
func comm(t *Tracker, r Row) string {
	if r.Thread == NoThread {
		return none
	}
	return t.Threads()[r.Thread].Comm
}

// fdName returns the name of a row's descriptor.
func fdName(t *Tracker, r Row) string {
	if r.FDRef == NoFDRef {
		return none
	}
	return t.Names()[t.FDs()[r.FDRef].Name]
}
