package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
	"tq/storage/state"
)

// The columns below are about the ends of sockets.

func eventClientIP(r eventRows) arrow.Array   { return addressColumn(r, clientEnd) }
func eventServerIP(r eventRows) arrow.Array   { return addressColumn(r, serverEnd) }
func eventClientPort(r eventRows) arrow.Array { return portColumn(r, clientEnd) }
func eventServerPort(r eventRows) arrow.Array { return portColumn(r, serverEnd) }

func clientEnd(e *state.Ends) state.End { return e.Client }
func serverEnd(e *state.Ends) state.End { return e.Server }

func addressColumn(r eventRows, end func(*state.Ends) state.End) arrow.Array {
	refs := r.fdRefs()
	at := func(ref int32) state.End {
		ends, _ := r.Ends(state.FDID(ref))
		return end(&ends)
	}
	return r.reading.addresses.column(len(refs),
		func(i int) (int64, bool) { return int64(refs[i]), at(refs[i]).Addr.IsValid() },
		func(ref int64) string { return string(scap.AppendAddr(nil, at(int32(ref)).Addr)) })
}

func portColumn(r eventRows, end func(*state.Ends) state.End) arrow.Array {
	refs := r.fdRefs()
	out := newNullable[int64](len(refs))
	for i, ref := range refs {
		if ends, ok := r.Ends(state.FDID(ref)); ok {
			if e := end(&ends); e.Addr.IsValid() || e.Port != 0 {
				out.set(i, int64(e.Port))
			}
		}
	}
	return out.array(bigint)
}

// eventL4Proto is the transport protocol, where the role of the socket is known or does
// not matter.
func eventL4Proto(r eventRows) arrow.Array {
	refs := r.fdRefs()
	return r.reading.protocols.column(len(refs),
		func(i int) (int64, bool) { return int64(refs[i]), r.L4(state.FDID(refs[i])) != "" },
		func(ref int64) string { return r.L4(state.FDID(ref)) })
}
