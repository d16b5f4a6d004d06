package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
	"tq/storage/state"
)

// The fields below are about results of some calls.

// bufferLengths builds the column of what calls returned that move data, for kinds of
// events and of descriptors.
func bufferLengths(moves func(*eventKind) bool, about func(scap.FDType) bool) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		refs := r.fdRefs()
		out := newNullable[int64](r.len())
		ends := func(k *eventKind) bool { return k.call() && !k.Enter && moves(k) }
		r.each(ends, func(i int, e *scap.Event) {
			fd := r.openFD(refs[i])
			if fd == nil || !about(fd.Type) {
				return
			}
			if raw, ok := scap.RawRes(e); ok && raw >= 0 {
				out.set(i, raw)
			}
		})
		return out.array(bigint)
	}
}

func anyIO(k *eventKind) bool {
	return k.Category == scap.CategoryIORead || k.Category == scap.CategoryIOWrite ||
		k.Category == scap.CategoryIOOther
}

func onlyInput(k *eventKind) bool  { return k.Category == scap.CategoryIORead }
func onlyOutput(k *eventKind) bool { return k.Category == scap.CategoryIOWrite }

func anyFD(scap.FDType) bool { return true }

func isFile(t scap.FDType) bool { return t == scap.FDFile || t == scap.FDFileV2 }

func isInternet(t scap.FDType) bool {
	return t == scap.FDIPv4 || t == scap.FDIPv6 || t == scap.FDIPv4Server || t == scap.FDIPv6Server
}

// A failure says whether what fails in an event belongs to some part of the system. The
// descriptor is nil where there is none.
type failure func(k *eventKind, fd *state.FD) bool

// errorCounts builds the column of 1 for calls that failed, as far as they belong to a
// part of the system.
func errorCounts(belongs failure) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		raw, kinds, refs := results(r), r.kindIDs(), r.fdRefs()
		out := newNullable[int64](r.len())
		for i, v := range raw.values {
			if raw.valid.Get(i) && v < 0 && belongs(&r.kinds[kinds[i]], r.openFD(refs[i])) {
				out.set(i, 1)
			}
		}
		return out.array(bigint)
	}
}

func anyFailure(*eventKind, *state.FD) bool { return true }

func fileFailure(k *eventKind, fd *state.FD) bool {
	if fd != nil {
		return isFile(fd.Type) || fd.Type == scap.FDDirectory
	}
	return opens(k)
}

func netFailure(k *eventKind, fd *state.FD) bool {
	if fd != nil {
		return isInternet(fd.Type) || fd.Type == scap.FDUnix
	}
	return connects(k)
}

func memoryFailure(k *eventKind, _ *state.FD) bool { return k.Category == scap.CategoryMemory }

func otherFailure(k *eventKind, fd *state.FD) bool {
	if fileFailure(k, fd) || netFailure(k, fd) {
		return false
	}
	return fd != nil || !memoryFailure(k, nil)
}

// opens reports whether the kind's events open files.
func opens(k *eventKind) bool {
	switch k.Code {
	case scap.SyscallOpenX, scap.SyscallCreatX, scap.SyscallOpenatX, scap.SyscallOpenatV2X,
		scap.SyscallOpenat2X, scap.SyscallOpenByHandleAtX:
		return true
	}
	return false
}

// connects reports whether the kind's events make connections.
func connects(k *eventKind) bool {
	switch k.Code {
	case scap.SocketConnectX, scap.SocketAcceptX, scap.SocketAcceptV5X, scap.SocketAccept4X,
		scap.SocketAccept4V5X, scap.SocketAccept4V6X:
		return true
	}
	return false
}
