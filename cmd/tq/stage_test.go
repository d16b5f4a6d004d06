package main

import (
	"encoding/binary"

	"tq/storage/scap"
)

// stage makes captures of one thread that reads every 10 ms on CPU 0, with what else a test
// wants. Times are in microseconds.
type stage struct {
	data     []byte
	switches bool // are recorded
	starts   bool // of calls are recorded too, not only their ends
}

const (
	actor = 100 // the thread at hand
	other = 200
)

func newStage(switches, starts bool) *stage {
	s := &stage{switches: switches, starts: starts}
	s.block(0x0A0D0D0A, binary.LittleEndian.AppendUint64([]byte{0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 2, 0}, 1<<64-1))
	return s
}

func (s *stage) block(typ uint32, body []byte) {
	body = append(body, make([]byte, -len(body)&3)...)
	size := u32(int64(len(body) + 12))
	s.data = append(append(append(append(s.data, u32(int64(typ))...), size...), body...), size...)
}

// event adds an event of version 2.
func (s *stage) event(at, tid int64, cpu, typ uint16, params ...[]byte) {
	var lens, values []byte
	for _, p := range params {
		lens, values = binary.LittleEndian.AppendUint16(lens, uint16(len(p))), append(values, p...)
	}
	b := binary.LittleEndian.AppendUint16(nil, cpu)
	b = append(append(b, u64(at*1000)...), u64(tid)...)
	b = append(b, u32(int64(26+len(lens)+len(values)))...)
	b = binary.LittleEndian.AppendUint16(b, typ)
	b = append(b, u32(int64(len(params)))...)
	s.block(0x216, append(append(b, lens...), values...))
}

// switchTo adds a switch, after which the one who leaves has waited for so many pages.
func (s *stage) switchTo(at, tid int64, cpu uint16, next, faults int64) {
	if s.switches {
		s.event(at, tid, cpu, scap.SwitchE, u64(next), u64(faults), u64(0), u32(4096), u32(0), u32(0))
	}
}

// change adds a switch on the CPU of the actor.
func (s *stage) change(at, from, to int64) { s.switchTo(at, from, 0, to, 0) }

func (s *stage) enter(at int64) {
	if s.starts {
		s.event(at, actor, 0, scap.SyscallReadE, u64(3), u32(8))
	}
}

func (s *stage) exit(at int64) { s.event(at, actor, 0, scap.SyscallReadX, u64(8), []byte("x")) }

func (s *stage) read(at int64) {
	s.enter(at)
	s.exit(at + 1)
}

func u64(v int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(v)) }
func u32(v int64) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(v)) }
