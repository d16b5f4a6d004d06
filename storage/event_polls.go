package storage

import (
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
	"tq/storage/state"
)

// A polledText appends what a column says of a polled descriptor, or nothing.
type polledText func(dst []byte, k *known, num int64, ref state.FDID) []byte

// polled builds the column of a text of each descriptor that poll is given, separated by
// commas.
func polled(text polledText) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		polls := func(k *eventKind) bool { return pollParam(k.EventType) >= 0 }
		var list []scap.PollFD
		return payloadTexts(r, polls, func(dst []byte, i int, e *scap.Event) ([]byte, bool) {
			b, row := r.at(i)
			if b.thread[row] < 0 {
				return dst, false
			}
			list, _ = e.PollFDs(list[:0], pollParam(e.Info()))
			began := len(dst)
			for _, p := range list {
				mark := len(dst)
				ref := r.FDAt(state.ThreadID(b.thread[row]), p.FD, b.num[row])
				if dst = text(dst, r.known, p.FD, ref); len(dst) > mark {
					dst = append(dst, ',')
				}
			}
			if len(dst) == began {
				return dst, false
			}
			return dst[:len(dst)-1], true
		})
	}
}

// pollParam returns which parameter is a list of polled descriptors, -1 for none.
func pollParam(t *scap.EventType) int {
	for i := range t.Params {
		if t.Params[i].Type == scap.ParamFDList {
			return i
		}
	}
	return -1
}

func appendPolledNum(dst []byte, _ *known, num int64, _ state.FDID) []byte {
	return strconv.AppendInt(dst, num, 10)
}

func appendPolledName(dst []byte, k *known, _ int64, ref state.FDID) []byte {
	if fd := k.openFD(int32(ref)); fd != nil && fd.Name != 0 {
		return append(dst, k.Names[fd.Name]...)
	}
	return append(dst, unknownComm...)
}

// source and destination choose an end of a socket. It is that of the client or of the
// server also where the role is not known, as sysdig lists them here.
func source(src, _ state.End) state.End      { return src }
func destination(_, dst state.End) state.End { return dst }

func polledAddress(choose func(src, dst state.End) state.End) polledText {
	return func(dst []byte, k *known, _ int64, ref state.FDID) []byte {
		if end := choose(k.Sides(ref)); end.Addr.IsValid() {
			return scap.AppendAddr(dst, end.Addr)
		}
		return dst
	}
}

// polledPort leaves out sockets that are merely bound, as sysdig does.
func polledPort(choose func(src, dst state.End) state.End) polledText {
	return func(dst []byte, k *known, _ int64, ref state.FDID) []byte {
		end := choose(k.Sides(ref))
		if !end.Addr.IsValid() || k.FDs[ref].IsBound() {
			return dst
		}
		return strconv.AppendInt(dst, int64(end.Port), 10)
	}
}
