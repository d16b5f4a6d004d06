package storage

import (
	"tq/storage/scap"
	"tq/storage/state"
)

// fdsTable holds every file descriptor that a process was seen to have.
var fdsTable = table[records[fdRecord]]{
	name: "fds",
	row:  "one file descriptor of a process, from its opening to its closing, as it was in the end",
	open: recordsOf((*reading).fdRecords),
	columns: []column[records[fdRecord]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[fdRecord]},
		{"fd", bigint, shown, "Number of the file descriptor.", ints(func(r *fdRecord) (int64, bool) { return some(r.Num) })},
		{"name", varchar, shown, "What it stands for: a path, the two ends of a connection …", texts(func(r *fdRecord) (string, bool) { return nonEmpty(r.name) })},
		{"type", varchar, shown, "Its type: file, directory, ipv4, ipv6, unix, pipe …", texts(func(r *fdRecord) (string, bool) { return nonEmpty(r.Type.String()) })},
		{"proc", varchar, shown, "Name of the thread that used it last; empty where the capture does not know it.", texts(func(r *fdRecord) (string, bool) { return some(r.proc) })},
		{"pid", bigint, shown, "Id of the process.", ints(func(r *fdRecord) (int64, bool) { return nonNegative(r.pid) })},
		{"opened_ts", timestamp, shown, "When the process opened it; NULL where it had it before, or inherited it.", times(func(r *fdRecord) (int64, bool) { return r.openedTS, r.opened })},
		{"opened_by", bigint, shown, "Id of the thread that opened it.", ints(func(r *fdRecord) (int64, bool) { return r.openedBy, r.opened })},
		{"closed_ts", timestamp, shown, "When the process closed it; NULL where the capture does not hold that.", times(func(r *fdRecord) (int64, bool) { return r.use.last, r.use.closed })},
		{"closed_by", bigint, shown, "Id of the thread that closed it.", ints(func(r *fdRecord) (int64, bool) { return r.use.closedTid, r.use.closed })},
		{"l4proto", varchar, shown, "Transport protocol of a socket: tcp, udp, icmp or raw.", texts(func(r *fdRecord) (string, bool) { return nonEmpty(r.l4) })},
		{"client_ip", varchar, shown, "Address of a socket's client end.", texts(func(r *fdRecord) (string, bool) { return addressText(r.ends.Client.Addr) })},
		{"client_port", bigint, shown, "Port of a socket's client end.", ints(func(r *fdRecord) (int64, bool) { return portOf(r.ends.Client) })},
		{"server_ip", varchar, shown, "Address of a socket's server end.", texts(func(r *fdRecord) (string, bool) { return addressText(r.ends.Server.Addr) })},
		{"server_port", bigint, shown, "Port of a socket's server end.", ints(func(r *fdRecord) (int64, bool) { return portOf(r.ends.Server) })},
		{"bytes_read", bigint, shown, "Bytes that the process read from it.", ints(func(r *fdRecord) (int64, bool) { return some(r.use.bytesRead) })},
		{"bytes_written", bigint, shown, "Bytes that the process wrote to it.", ints(func(r *fdRecord) (int64, bool) { return some(r.use.bytesWritten) })},
		{"reads", bigint, shown, "How many calls read from it.", ints(func(r *fdRecord) (int64, bool) { return some(r.use.reads) })},
		{"writes", bigint, shown, "How many calls wrote to it.", ints(func(r *fdRecord) (int64, bool) { return some(r.use.writes) })},
		{"first_ts", timestamp, hidden, "Time of the first event about it.", times(func(r *fdRecord) (int64, bool) { return r.use.first, r.use.events > 0 })},
		{"last_ts", timestamp, hidden, "Time of the last event about it.", times(func(r *fdRecord) (int64, bool) { return r.use.last, r.use.events > 0 })},
		{"events", bigint, hidden, "How many events are about it.", ints(func(r *fdRecord) (int64, bool) { return some(r.use.events) })},
		{"inode", bigint, hidden, "Number of the file's inode.", ints(func(r *fdRecord) (int64, bool) { return nonZero(int64(r.Ino)) })},
		{"device", bigint, hidden, "Number of the file's device.", ints(func(r *fdRecord) (int64, bool) { return nonZero(int64(r.Dev)) })},
		{"upid", bigint, hidden, "Number of the process, unique where ids are used again.", ints(func(r *fdRecord) (int64, bool) { return nonNegative(int64(r.use.process)) })},
		{"listed", boolean, hidden, "Whether it is in the list of file descriptors that the capture begins with.", bools(func(r *fdRecord) bool { return r.listed })},
		{"listed_name", varchar, hidden, "What it stood for in that list.", texts(func(r *fdRecord) (string, bool) { return r.listedName, r.listed })},
	},
}

// fdRecord is a file descriptor of a process: its last version, and the use of all.
type fdRecord struct {
	state.FD
	use      fdUse
	name, l4 string
	ends     state.Ends
	proc     string
	pid      int64
	opened   bool
	openedTS int64
	openedBy int64

	listed     bool
	listedName string
}

// portOf is the port of an end, NULL where it is not known.
func portOf(e state.End) (int64, bool) { return int64(e.Port), e.Addr.IsValid() || e.Port != 0 }

// fdRecords returns the file descriptors of all processes: those that were used, then
// those that were only listed when recording began.
func (r *reading) fdRecords() []fdRecord {
	k := r.last
	var out []fdRecord
	at := make(map[fdKey]int)
	for _, u := range r.fdUses() {
		key := fdKey{u.process, k.FDs[u.ref].First}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, fdRecord{use: u})
			continue
		}
		out[i].use.add(&u)
	}
	members := k.threadOfProcess()
	for i := range k.FDs {
		fd := &k.FDs[i]
		if fd.Origin != state.FDFromList {
			continue
		}
		if _, used := at[fdKey{fd.Process, fd.First}]; !used && fd.First == state.FDID(i) {
			u := fdUse{process: fd.Process, ref: fd.First, thread: noThread}
			if t, ok := members[fd.Process]; ok {
				u.thread = t
			}
			out = append(out, fdRecord{use: u})
		}
	}
	for i := range out {
		k.describe(&out[i])
	}
	return out
}

// threadOfProcess returns a thread of each process, the main one where it is known.
func (k *known) threadOfProcess() map[state.ProcessID]int32 {
	out := make(map[state.ProcessID]int32)
	for i := range k.Threads {
		t := &k.Threads[i]
		if _, ok := out[t.Process]; !ok || t.IsMain() {
			out[t.Process] = int32(i)
		}
	}
	return out
}

// describe fills in what the versions of a file descriptor and of its thread tell.
func (k *known) describe(r *fdRecord) {
	ref := r.use.ref
	r.FD = k.FDs[ref]
	r.name, r.l4 = k.Names[r.Name], k.L4(ref)
	r.ends, _ = k.Ends(ref)
	r.pid = -1
	if r.use.thread >= 0 {
		t := &k.Threads[r.use.thread]
		r.proc, r.pid = commOf(t), t.Pid
	}
	first := &k.FDs[r.First]
	if first.Origin == state.FDFromList && first.Process == r.use.process {
		r.listed, r.listedName = true, k.Names[first.Name]
	}
	if first.Origin != state.FDFromCall || first.Process != r.use.process {
		return
	}
	if row, ok := k.find(first.Since); ok {
		r.opened, r.openedTS = true, k.timeOf(row)
		if t := k.batches[row.batch()].thread[row.row()]; t >= 0 {
			r.openedBy = k.Threads[t].Tid
		}
	}
}

// isConnection reports whether a descriptor is a socket with a peer.
func (r *fdRecord) isConnection() bool {
	switch r.Type {
	case scap.FDIPv4, scap.FDIPv6:
		return r.Role != state.NoRole
	case scap.FDUnix:
		return r.name != ""
	}
	return false
}
