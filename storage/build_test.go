package storage

import (
	"context"
	"encoding/binary"
	"testing"

	"tq/storage/scap"
)

// maker makes captures: a section header, then events of version 2.
type maker struct{ data []byte }

func newMaker() *maker {
	m := &maker{}
	m.section()
	return m
}

// section begins another recording.
func (m *maker) section() {
	m.block(0x0A0D0D0A, binary.LittleEndian.AppendUint64(
		[]byte{0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 2, 0}, 1<<64-1))
}

func (m *maker) block(typ uint32, body []byte) {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	n := uint32(len(body) + 12)
	m.data = binary.LittleEndian.AppendUint32(m.data, typ)
	m.data = binary.LittleEndian.AppendUint32(m.data, n)
	m.data = append(m.data, body...)
	m.data = binary.LittleEndian.AppendUint32(m.data, n)
}

// event adds an event; its number is the count of calls so far.
func (m *maker) event(ts, tid int64, cpu, typ uint16, params ...[]byte) {
	n := 26
	for _, p := range params {
		n += 2 + len(p)
	}
	b := binary.LittleEndian.AppendUint16(nil, cpu)
	b = binary.LittleEndian.AppendUint64(b, uint64(ts))
	b = binary.LittleEndian.AppendUint64(b, uint64(tid))
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	b = binary.LittleEndian.AppendUint16(b, typ)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(params)))
	for _, p := range params {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(p)))
	}
	for _, p := range params {
		b = append(b, p...)
	}
	m.block(0x216, b)
}

// change adds a switch from one thread to another.
func (m *maker) change(ts, tid int64, cpu uint16, next, vmSize int64) {
	m.event(ts, tid, cpu, scap.SwitchE, u64(next), u64(0), u64(0), u32(vmSize), u32(0), u32(0))
}

func u64(v int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(v)) }
func u32(v int64) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(v)) }

// catalog returns a catalog with the capture.
func (m *maker) catalog(t *testing.T) *Catalog {
	t.Helper()
	source, err := scap.NewSource("made", m.data)
	if err != nil {
		t.Fatal(err)
	}
	catalog := NewCatalog()
	c := newCapture("made", "made.scap", source)
	if err := catalog.addCapture(c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { catalog.Close() })
	if err := c.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	return catalog
}

// lines returns rows with their cells separated by blanks; NULL is a dash.
func (r *rowsOf) lines(columns []string) []string {
	out := make([]string, r.n)
	for i := range out {
		for j, c := range columns {
			if j > 0 {
				out[i] += " "
			}
			switch s := r.text(c, i); {
			case r.columns[c].IsNull(i):
				out[i] += "-"
			case s == "":
				out[i] += "''"
			default:
				out[i] += s
			}
		}
	}
	return out
}
