package storage

import (
	"net/netip"

	"tq/storage/state"
)

// usersTable holds the users of the machines and containers.
var usersTable = table[records[state.User]]{
	name:  "users",
	row:   "one user of the recorded machine or of a container on it",
	open:  recordsOf(func(r *reading) []state.User { return r.found.Users }),
	needs: needNothing,
	columns: []column[records[state.User]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[state.User]},
		{"uid", bigint, shown, "Id of the user.", ints(func(u *state.User) (int64, bool) { return some(int64(u.UID)) })},
		{"gid", bigint, shown, "Id of the user's main group.", ints(func(u *state.User) (int64, bool) { return some(int64(u.GID)) })},
		{"name", varchar, shown, "Name of the user.", texts(func(u *state.User) (string, bool) { return some(u.Name) })},
		{"home", varchar, shown, "Home directory.", texts(func(u *state.User) (string, bool) { return nonEmpty(u.Home) })},
		{"shell", varchar, shown, "Shell.", texts(func(u *state.User) (string, bool) { return nonEmpty(u.Shell) })},
		{"container", varchar, shown, "Id of the container the user belongs to; NULL on the host.", texts(func(u *state.User) (string, bool) { return nonEmpty(u.Container) })},
	},
}

// groupsTable holds the groups of the machines and containers.
var groupsTable = table[records[state.Group]]{
	name:  "groups",
	row:   "one group of the recorded machine or of a container on it",
	open:  recordsOf(func(r *reading) []state.Group { return r.found.Groups }),
	needs: needNothing,
	columns: []column[records[state.Group]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[state.Group]},
		{"gid", bigint, shown, "Id of the group.", ints(func(g *state.Group) (int64, bool) { return some(int64(g.GID)) })},
		{"name", varchar, shown, "Name of the group.", texts(func(g *state.Group) (string, bool) { return some(g.Name) })},
		{"container", varchar, shown, "Id of the container the group belongs to; NULL on the host.", texts(func(g *state.Group) (string, bool) { return nonEmpty(g.Container) })},
	},
}

// interfacesTable holds the network interfaces of the machines.
var interfacesTable = table[records[interfaceRecord]]{
	name:  "interfaces",
	row:   "one address of a network interface of the recorded machine",
	open:  recordsOf(func(r *reading) []interfaceRecord { return r.found.interfaces }),
	needs: needNothing,
	columns: []column[records[interfaceRecord]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[interfaceRecord]},
		{"name", varchar, shown, "Name of the interface.", texts(func(i *interfaceRecord) (string, bool) { return some(i.Name) })},
		{"family", varchar, shown, "ipv4 or ipv6.", texts(func(i *interfaceRecord) (string, bool) {
			if i.Addr.Is4() {
				return "ipv4", true
			}
			return "ipv6", i.Addr.IsValid()
		})},
		{"address", varchar, shown, "The address.", texts(func(i *interfaceRecord) (string, bool) { return addressText(i.Addr) })},
		{"netmask", varchar, shown, "Mask of its network.", texts(func(i *interfaceRecord) (string, bool) { return addressText(i.Mask) })},
		{"broadcast", varchar, shown, "Address that reaches the whole network.", texts(func(i *interfaceRecord) (string, bool) { return addressText(i.Broadcast) })},
		{"link_speed", bigint, shown, "Speed as recorded; NULL where it was not.", ints(func(i *interfaceRecord) (int64, bool) { return nonZero(int64(i.LinkSpeed)) })},
		{"section", bigint, hidden, "Section of the file, counted from 1: recordings that were joined are one each.", ints(func(i *interfaceRecord) (int64, bool) { return some(int64(i.section)) })},
	},
}

func addressText(a netip.Addr) (string, bool) { return a.String(), a.IsValid() }

// machineTable holds the machines themselves.
var machineTable = table[records[machineRecord]]{
	name:  "machine",
	row:   "one recorded machine",
	open:  recordsOf(func(r *reading) []machineRecord { return r.found.machines }),
	needs: needNothing,
	columns: []column[records[machineRecord]]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", recordCapture[machineRecord]},
		{"hostname", varchar, shown, "Name of the machine.", texts(func(m *machineRecord) (string, bool) { return nonEmpty(m.Hostname) })},
		{"cpus", bigint, shown, "How many CPUs it has.", ints(func(m *machineRecord) (int64, bool) { return some(int64(m.CPUs)) })},
		{"memory", bigint, shown, "Size of its memory in bytes.", ints(func(m *machineRecord) (int64, bool) { return some(int64(m.Memory)) })},
		{"boot_time", timestamp, shown, "When it was started; NULL where that was not recorded.", times(func(m *machineRecord) (int64, bool) { return nonZero(m.BootTime) })},
		{"section", bigint, hidden, "Section of the file, counted from 1: recordings that were joined are one each.", ints(func(m *machineRecord) (int64, bool) { return some(int64(m.section)) })},
	},
}
