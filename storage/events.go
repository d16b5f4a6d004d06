package storage

import "context"

// eventsTable holds the events in the order of the file, numbered as sysdig does.
var eventsTable = table[eventRows]{
	name:   "events",
	row:    "one event that `sysdig -r` prints, in the order of the file",
	order:  "ts",
	sorted: map[string]func(*reading) bool{"num": always, "ts": eventTimesAscend},
	open:   openEvents,
	needs:  eventNeed,
	field:  eventField,
	count:  (*reading).printed,
	texts:  eventTexts,
	columns: []column[eventRows]{
		{"capture", symbol, shown, "Name of the capture the row comes from.", eventCapture},
		{"num", bigint, shown, "Number of the event in the file, counted from 1, also over events that are not shown.", eventNum},
		{"ts", timestamp, shown, "When the event happened.", eventTime},
		{"cpu", integer, shown, "CPU it happened on: to be exact, the recorder's ring buffer.", eventCPU},
		{"proc", symbol, shown, "Name of the thread (comm); empty where the capture does not know it, as for kernel threads.", eventProc},
		{"pid", bigint, shown, "Id of the thread's process.", eventPid},
		{"tid", bigint, shown, "Id of the thread.", eventTid},
		{"dir", symbol, shown, "'>' for the start of a call and for events that just happen, '<' for the return of a call.", eventDir},
		{"type", symbol, shown, "Name of the system call or of the event, such as read, clone or switch.", eventType},
		{"fd", bigint, shown, "Number of the file descriptor the event is about.", eventFD},
		{"fd_name", symbol, shown, "What the file descriptor stands for: a path, the two ends of a connection …", eventFDName},
		{"res", symbol, shown, "Result of a call that returns: SUCCESS or the name of the error.", eventRes},
		{"args", varchar, shown, "All arguments as sysdig prints them.", eventArgs},
		{"category", symbol, hidden, "Kind of work the event stands for: file, net, process, memory, scheduler …", eventCategory},
		{"ppid", bigint, hidden, "Id of the parent process.", eventPpid},
		{"exe", symbol, hidden, "First argument of the command line, which should be the program.", eventExe},
		{"cmdline", symbol, hidden, "Name and arguments of the process.", eventCmdline},
		{"cwd", symbol, hidden, "Working directory of the process.", eventCwd},
		{"uid", bigint, hidden, "Id of the user the thread acts as.", eventUID},
		{"user", symbol, hidden, "Name of the user the thread acts as.", eventUser},
		{"gid", bigint, hidden, "Id of the group the thread acts as.", eventGID},
		{"group", symbol, hidden, "Name of the group the thread acts as.", eventGroup},
		{"container", symbol, hidden, "Id of the container the thread runs in; NULL on the host.", eventContainer},
		{"fd_type", symbol, hidden, "Type of the file descriptor: file, directory, ipv4, ipv6, unix, pipe …", eventFDType},
		{"l4proto", symbol, hidden, "Transport protocol of the socket: tcp, udp, icmp or raw.", eventL4Proto},
		{"client_ip", symbol, hidden, "Address of the socket's client end.", eventClientIP},
		{"client_port", bigint, hidden, "Port of the socket's client end.", eventClientPort},
		{"server_ip", symbol, hidden, "Address of the socket's server end.", eventServerIP},
		{"server_port", bigint, hidden, "Port of the socket's server end.", eventServerPort},
		{"errno", symbol, hidden, "Name of the error a call failed with; NULL where it did not fail.", eventErrno},
		{"failed", boolean, hidden, "Whether a call that returns failed.", eventFailed},
		{"latency", duration, hidden, "Of a call that returns, how long it took; NULL where the capture does not hold its start.", eventLatency},
		{"bytes", bigint, hidden, "Bytes that a call read or wrote.", eventBytes},
		{"io_dir", symbol, hidden, "'read' or 'write' for events that move data.", eventIODir},
		{"data", blob, hidden, "Data that was read or written, as far as it was recorded.", eventData},
		{"next_tid", bigint, hidden, "Of a switch, the id of the thread that the CPU goes over to.", eventNextTid},
		{"next_proc", symbol, hidden, "Of a switch, the name of the thread that the CPU goes over to.", eventNextProc},
		{"vm_size", bigint, hidden, "Of events that tell it, the size of the process's memory in kB; 0 for kernel threads.", eventVMSize},
		{"vm_rss", bigint, hidden, "Of events that tell it, how much of the process's memory is resident, in kB.", eventVMRSS},
		{"utid", bigint, hidden, "Number of the thread, unique where ids are used again.", eventUtid},
		{"upid", bigint, hidden, "Number of the process, unique where ids are used again.", eventUpid},
	},
}

// openEvents reads the batches of a capture as they become complete.
func openEvents(r *reading, preds []Pred) runs[eventRows] {
	filter := newPrefilter(preds)
	next := 0
	return func(ctx context.Context) (eventRows, error) {
		b, err := r.batch(ctx, next)
		if err != nil {
			return eventRows{}, err
		}
		next++
		if !filter.meets(b) {
			return eventRows{pruned: true}, nil
		}
		run := eventRows{reading: r, known: b.known, batch: b}
		if rows, some := filter.rows(b); some {
			if len(rows) == 0 {
				return eventRows{}, nil
			}
			run.rows = rows
		}
		return run, nil
	}
}
