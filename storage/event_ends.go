package storage

import (
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
	"tq/storage/state"
)

// The fields below are about the ends of sockets beyond what columns tell.

func localEnd(e *state.Ends) state.End  { return e.Local }
func remoteEnd(e *state.Ends) state.End { return e.Remote }

func addresses(end func(*state.Ends) state.End) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array { return addressColumn(r, end) }
}

func ports(end func(*state.Ends) state.End) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array { return portColumn(r, end) }
}

// protocols builds the column of the port of an end as text.
func protocols(end func(*state.Ends) state.End) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		refs := r.fdRefs()
		return fieldSymbols(r, key).column(len(refs),
			func(i int) (int64, bool) {
				ends, _ := r.Ends(state.FDID(refs[i]))
				port, ok := knownPort(end(&ends))
				return int64(port), ok
			},
			func(port int64) string { return strconv.FormatInt(port, 10) })
	}
}

// knownPort returns the port of an end; false when neither it nor the address is known.
func knownPort(e state.End) (uint16, bool) { return e.Port, e.Addr.IsValid() || e.Port != 0 }

// bothEnds calls f for what is known of the client and of the server of each row's
// socket, and returns where what f has added for each row ends.
func bothEnds(r eventRows, f func(state.End) (added int32)) (ends []int32, valid kernel.Validity) {
	refs := r.fdRefs()
	ends = make([]int32, 1, len(refs)+1)
	sockets := kernel.NewBitmap(len(refs))
	n := int32(0)
	for i, ref := range refs {
		if both, ok := r.Ends(state.FDID(ref)); ok {
			sockets.Set(i)
			n += f(both.Client) + f(both.Server)
		}
		ends = append(ends, n)
	}
	return ends, kernel.NewValidity(sockets, len(refs))
}

func bothAddresses(r eventRows) arrow.Array {
	b := kernel.NewStringBuilder(r.len())
	ends, valid := bothEnds(r, func(e state.End) int32 {
		if !e.Addr.IsValid() {
			return 0
		}
		b.SetBuffer(scap.AppendAddr(b.Buffer(), e.Addr))
		return 1
	})
	return kernel.FromLists(varchars, ends, finish(b, varchar), valid)
}

func bothPorts(r eventRows) arrow.Array {
	var values []int64
	ends, valid := bothEnds(r, func(e state.End) int32 {
		port, ok := knownPort(e)
		if !ok {
			return 0
		}
		values = append(values, int64(port))
		return 1
	})
	return kernel.FromLists(bigints, ends, kernel.FromValues(bigint, values, kernel.Validity{}), valid)
}

func bothProtocols(r eventRows) arrow.Array {
	b := kernel.NewStringBuilder(r.len())
	ends, valid := bothEnds(r, func(e state.End) int32 {
		port, ok := knownPort(e)
		if !ok {
			return 0
		}
		b.SetBuffer(strconv.AppendUint(b.Buffer(), uint64(port), 10))
		return 1
	})
	return kernel.FromLists(varchars, ends, finish(b, varchar), valid)
}
