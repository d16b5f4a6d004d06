package storage

import "tq/storage/state"

// connectionsTable holds the connections of processes.
var connectionsTable = table[records[connectionRecord]]{
	name: "connections",
	row:  "one connection of a process over TCP, UDP or a Unix socket",
	open: recordsOf((*reading).connectionRecords),
	columns: []column[records[connectionRecord]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[connectionRecord]},
		{"proc", varchar, shown, "Name of the thread that used it last; empty where the capture does not know it.", texts(func(r *connectionRecord) (string, bool) { return some(r.proc) })},
		{"pid", bigint, shown, "Id of the process.", ints(func(r *connectionRecord) (int64, bool) { return nonNegative(r.pid) })},
		{"fd", bigint, shown, "Number of the file descriptor.", ints(func(r *connectionRecord) (int64, bool) { return some(r.Num) })},
		{"type", varchar, shown, "ipv4, ipv6 or unix.", texts(func(r *connectionRecord) (string, bool) { return some(r.Type.String()) })},
		{"l4proto", varchar, shown, "Transport protocol: tcp, udp, icmp or raw.", texts(func(r *connectionRecord) (string, bool) { return nonEmpty(r.l4) })},
		{"role", varchar, shown, "What the process is: client or server.", texts((*connectionRecord).role)},
		{"client_ip", varchar, shown, "Address of the client.", texts(func(r *connectionRecord) (string, bool) { return addressText(r.ends.Client.Addr) })},
		{"client_port", bigint, shown, "Port of the client.", ints(func(r *connectionRecord) (int64, bool) { return portOf(r.ends.Client) })},
		{"server_ip", varchar, shown, "Address of the server.", texts(func(r *connectionRecord) (string, bool) { return addressText(r.ends.Server.Addr) })},
		{"server_port", bigint, shown, "Port of the server.", ints(func(r *connectionRecord) (int64, bool) { return portOf(r.ends.Server) })},
		{"name", varchar, shown, "Both ends as one text; of a Unix socket, its path.", texts(func(r *connectionRecord) (string, bool) { return some(r.name) })},
		{"first_ts", timestamp, shown, "Time of the first event about it.", times(func(r *connectionRecord) (int64, bool) { return some(r.use.first) })},
		{"last_ts", timestamp, shown, "Time of the last event about it.", times(func(r *connectionRecord) (int64, bool) { return some(r.use.last) })},
		{"bytes_received", bigint, shown, "Bytes that the process read.", ints(func(r *connectionRecord) (int64, bool) { return some(r.use.bytesRead) })},
		{"bytes_sent", bigint, shown, "Bytes that the process wrote.", ints(func(r *connectionRecord) (int64, bool) { return some(r.use.bytesWritten) })},
		{"events", bigint, hidden, "How many events are about it.", ints(func(r *connectionRecord) (int64, bool) { return some(r.use.events) })},
		{"upid", bigint, hidden, "Number of the process, unique where ids are used again.", ints(func(r *connectionRecord) (int64, bool) { return nonNegative(int64(r.use.process)) })},
	},
}

// connectionRecord is a file descriptor while it stood for one connection: a socket
// without connections of its own, as of UDP, has had several.
type connectionRecord struct{ fdRecord }

func (r *connectionRecord) role() (string, bool) {
	switch r.Role {
	case state.Client:
		return "client", true
	case state.Server:
		return "server", true
	}
	return "", false
}

// connectionRecords returns the connections that were used.
func (r *reading) connectionRecords() []connectionRecord {
	type key struct {
		fdKey
		name state.NameID
	}
	k := r.last
	var out []connectionRecord
	at := make(map[key]int)
	for _, u := range r.fdUses() {
		fd := &k.FDs[u.ref]
		id := key{fdKey{u.process, fd.First}, fd.Name}
		if i, ok := at[id]; ok {
			out[i].use.add(&u)
			k.describe(&out[i].fdRecord)
			continue
		}
		n := connectionRecord{fdRecord{use: u}}
		if k.describe(&n.fdRecord); n.isConnection() {
			at[id] = len(out)
			out = append(out, n)
		}
	}
	return out
}
