package storage

import (
	"encoding/binary"
	"testing"

	"tq/storage/scap"
)

// note attaches a comment to the last block, as editors of captures do.
func (m *maker) note(text string) {
	n := int(binary.LittleEndian.Uint32(m.data[len(m.data)-4:]))
	at := len(m.data) - n
	typ := binary.LittleEndian.Uint32(m.data[at:])
	body := append([]byte(nil), m.data[at+8:len(m.data)-4]...)
	body = binary.LittleEndian.AppendUint16(append(body, 1, 0), uint16(len(text)))
	body = append(body, text...)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	m.data = m.data[:at]
	m.block(typ, append(body, 0, 0, 0, 0))
}

func TestComments(t *testing.T) {
	m := newMaker()
	m.note("of the file")
	m.event(100, 9, 0, scap.SyscallCloseX, make([]byte, 8))
	m.note("look here")
	m.event(101, 9, 0, scap.SyscallCloseX, make([]byte, 8))
	catalog := m.catalog(t)
	r := scanAll(t, catalog, "events", ScanOptions{Columns: []string{"evt.comment"}})
	if got := r.text("evt.comment", 0); r.n != 2 || got != "look here" || r.text("evt.comment", 1) != none {
		t.Errorf("%d events, the first with the comment %q", r.n, got)
	}
	if got := catalog.Captures()[0].Facts().Comments; got != "of the file" {
		t.Errorf("the file has the comment %q", got)
	}
}
