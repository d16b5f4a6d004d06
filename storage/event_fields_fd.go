package storage

import (
	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
	"tq/storage/state"
)

// fdFields are sysdig's fields of the file descriptor that an event is about.
var fdFields = []field{
	{"fd.num", bigint, fromFDs, "Number of the file descriptor.", eventFD},
	{"fd.type", symbol, fromFDs, "Type of the file descriptor.", eventFDType},
	{"fd.typechar", symbol, fromFDs, "Type of the file descriptor as one character.", typeChars},
	{"fd.name", symbol, fromFDs, "What the file descriptor stands for.", eventFDName},
	{"fd.nameraw", symbol, fromAll, "Of files, the path as the call gave it that opened the file.", givenNames},
	{"fd.directory", symbol, fromFDs, "Of files, the folder.", fdTexts(directory)},
	{"fd.filename", symbol, fromFDs, "Of files, the name without the folder.", fdTexts(fileName)},
	{"fd.containername", symbol, fromFDs, "Id of the thread's container, a colon and fd.name.", inContainer(fdNameText)},
	{"fd.containerdirectory", symbol, fromFDs, "Id of the thread's container, a colon and fd.directory.", inContainer(directory)},
	{"fd.uid", symbol, fromFDs, "Ids of the thread and of the file descriptor as one text.", fdUIDs},
	{"fd.ino", bigint, fromFDs, "Inode of the file.", fdNumbers(func(fd *state.FD) int64 { return int64(fd.Ino) })},
	{"fd.dev", bigint, fromFDs, "Number of the device that holds the file.", fdNumbers(func(fd *state.FD) int64 { return int64(fd.Dev) })},
	{"fd.dev.major", bigint, fromFDs, "Major number of that device.", fdNumbers(func(fd *state.FD) int64 { return int64(fd.Dev & 0xfff00 >> 8) })},
	{"fd.dev.minor", bigint, fromFDs, "Minor number of that device.", fdNumbers(func(fd *state.FD) int64 { return int64(fd.Dev&0xff | fd.Dev>>12&0xfff00) })},
	{"fd.sockfamily", symbol, fromFDs, "'ip' or 'unix' for sockets.", fdTexts(socketFamily)},
	{"fd.l4proto", symbol, fromFDs, "Transport protocol.", eventL4Proto},
	{"fd.is_server", boolean, fromFDs, "Whether this machine is the connection's server.", fdFlags(isServer)},
	{"fd.connected", boolean, fromFDs, "Whether the socket has a peer.", fdFlags(isConnected)},
	{"fd.name_changed", boolean, fromFDs, "Whether the event gave the file descriptor another name.", fdFlags(isRenamed)},
	{"fd.ip", varchars, fromFDs, "Addresses of the client and of the server.", bothAddresses},
	{"fd.cip", symbol, fromFDs, "Address of the client.", eventClientIP},
	{"fd.sip", symbol, fromFDs, "Address of the server.", eventServerIP},
	{"fd.lip", symbol, fromFDs, "Address of this end.", addresses(localEnd)},
	{"fd.rip", symbol, fromFDs, "Address of the other end.", addresses(remoteEnd)},
	{"fd.net", varchars, fromFDs, "Addresses of the client and of the server, for comparison with networks.", bothAddresses},
	{"fd.cnet", symbol, fromFDs, "Address of the client, for comparison with networks.", eventClientIP},
	{"fd.snet", symbol, fromFDs, "Address of the server, likewise.", eventServerIP},
	{"fd.lnet", symbol, fromFDs, "Address of this end, likewise.", addresses(localEnd)},
	{"fd.rnet", symbol, fromFDs, "Address of the other end, likewise.", addresses(remoteEnd)},
	{"fd.port", bigints, fromFDs, "Ports of the client and of the server.", bothPorts},
	{"fd.cport", bigint, fromFDs, "Port of the client.", eventClientPort},
	{"fd.sport", bigint, fromFDs, "Port of the server.", eventServerPort},
	{"fd.lport", bigint, fromFDs, "Port of this end.", ports(localEnd)},
	{"fd.rport", bigint, fromFDs, "Port of the other end.", ports(remoteEnd)},
	{"fd.proto", varchars, fromFDs, "Ports of the client and of the server as texts; the names of services are not looked up.", bothProtocols},
	{"fd.cproto", symbol, fromFDs, "Port of the client as text.", protocols(clientEnd)},
	{"fd.sproto", symbol, fromFDs, "Port of the server as text.", protocols(serverEnd)},
	{"fd.lproto", symbol, fromFDs, "Port of this end as text.", protocols(localEnd)},
	{"fd.rproto", symbol, fromFDs, "Port of the other end as text.", protocols(remoteEnd)},
	{"fd.cip.name", varchar, fromRow, "Name of the client, which is not looked up: always NULL.", nothing(varchar)},
	{"fd.sip.name", varchar, fromRow, "Name of the server, which is not looked up: always NULL.", nothing(varchar)},
	{"fd.lip.name", varchar, fromRow, "Name of this end, which is not looked up: always NULL.", nothing(varchar)},
	{"fd.rip.name", varchar, fromRow, "Name of the other end, which is not looked up: always NULL.", nothing(varchar)},
}

// fdListFields are sysdig's fields of the file descriptors that poll is given.
var fdListFields = []field{
	{"fdlist.nums", varchar, fromFDs, "Of poll, the numbers of its file descriptors, separated by commas.", polled(appendPolledNum)},
	{"fdlist.names", varchar, fromFDs, "Of poll, what its file descriptors stand for.", polled(appendPolledName)},
	{"fdlist.cips", varchar, fromFDs, "Of poll, the addresses of its sockets' clients.", polled(polledAddress(source))},
	{"fdlist.sips", varchar, fromFDs, "Of poll, the addresses of its sockets' servers.", polled(polledAddress(destination))},
	{"fdlist.cports", varchar, fromFDs, "Of poll, the ports of its sockets' clients.", polled(polledPort(source))},
	{"fdlist.sports", varchar, fromFDs, "Of poll, the ports of its sockets' servers.", polled(polledPort(destination))},
}

// typeChars is the types of descriptors as characters.
func typeChars(r eventRows) arrow.Array {
	kinds, refs := r.kindIDs(), r.fdRefs()
	nums := native(r, func(b *eventBatch) []int32 { return b.fd })
	char := func(i int) byte {
		row := state.Row{FD: int64(nums[i]), FDRef: state.FDID(refs[i])}
		if nums[i] == noFD {
			row.FD = state.NoFD
		}
		return r.TypeChar(row, r.kinds[kinds[i]].Code)
	}
	return fieldSymbols(r, typeCharKey).column(r.len(),
		func(i int) (int64, bool) { c := char(i); return int64(c), c != 0 },
		func(c int64) string { return string(rune(c)) })
}

var typeCharKey = newFieldKey()

// socketFamily is the family of a socket.
func socketFamily(_ []string, fd *state.FD) (string, bool) {
	switch {
	case !describes(fd):
		return "", false
	case fd.Type == scap.FDUnix:
		return "unix", true
	}
	return "ip", isInternet(fd.Type)
}

func isServer(r eventRows, _ int, ref state.FDID) bool {
	ends, _ := r.Ends(ref)
	return ends.IsServer
}

// isConnected reports whether a socket has a peer: one that is merely bound has none.
func isConnected(r eventRows, _ int, ref state.FDID) bool {
	fd := &r.FDs[ref]
	return fd.IsInternet() && !fd.IsBound() && fd.Role != state.NoRole
}

// isRenamed reports whether the event gave the descriptor the name it has. One that the
// event made had none before, but as a copy of another.
func isRenamed(r eventRows, i int, ref state.FDID) bool {
	b, row := r.at(i)
	fd, thread := &r.FDs[ref], state.ThreadID(b.thread[row])
	if fd.Since != b.num[row] || r.FDAt(thread, fd.Num, fd.Since) != ref {
		return false
	}
	if fd.First == ref {
		return fd.Name != 0 && !copiesFD(b.kinds[b.kind[row]].Code)
	}
	before := r.FDAt(thread, fd.Num, fd.Since-1)
	return before >= 0 && fd.Name != r.FDs[before].Name
}

// copiesFD reports whether events of a type give the descriptor that they make the name of
// another.
func copiesFD(code uint16) bool {
	switch code {
	case scap.SyscallDupX, scap.SyscallDupV1X, scap.SyscallDup2X, scap.SyscallDup3X,
		scap.SyscallFcntlX, scap.SyscallPidfdGetfdX:
		return true
	}
	return false
}
