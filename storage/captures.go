package storage

import "time"

// capturesTable describes the captures themselves.
var capturesTable = table[records[Facts]]{
	name: "captures",
	row:  "one loaded capture",
	open: recordsOf(func(r *reading) []Facts { return []Facts{r.allFacts()} }),
	columns: []column[records[Facts]]{
		{"capture", symbol, shown, "Name of the capture.", recordCapture[Facts]},
		{"path", varchar, shown, "File it was read from.", texts(func(f *Facts) (string, bool) { return some(f.Path) })},
		{"format", varchar, shown, "scap, or text for what sysdig printed; with .gz for a compressed file.", texts(func(f *Facts) (string, bool) {
			format := "scap"
			if f.Transcript {
				format = "text"
			}
			if f.Compressed {
				format += ".gz"
			}
			return format, true
		})},
		{"version", varchar, shown, "Version of the format.", texts(func(f *Facts) (string, bool) { return nonEmpty(f.Version) })},
		{"host", varchar, shown, "Name of the machine that was recorded.", texts(func(f *Facts) (string, bool) { return nonEmpty(f.Host) })},
		{"cpus", bigint, shown, "How many CPUs it has.", ints(func(f *Facts) (int64, bool) { return nonZero(f.CPUs) })},
		{"first_ts", timestamp, shown, "Time of the first event.", times(func(f *Facts) (int64, bool) { return f.First, f.HasTime })},
		{"last_ts", timestamp, shown, "Time of the last event.", times(func(f *Facts) (int64, bool) { return f.Last, f.HasTime })},
		{"events", bigint, shown, "How many events the file holds, also such as are not shown.", ints(func(f *Facts) (int64, bool) { return some(f.Events) })},
		{"drops", bigint, shown, "How many events say that the recorder lost others.", ints(func(f *Facts) (int64, bool) { return some(f.Drops) })},
		{"has_enter", boolean, shown, "Whether the start of calls is recorded, and not only their return.", bools(func(f *Facts) bool { return f.HasEnter })},
		{"has_switch", boolean, shown, "Whether switches between threads are recorded.", bools(func(f *Facts) bool { return f.HasSwitch })},
		{"snaplen", bigint, shown, "How many bytes of read or written data are recorded at most; NULL where none were cut.", ints(func(f *Facts) (int64, bool) { return nonZero(f.SnapLen) })},
		{"truncated_at", bigint, shown, "Offset at which the capture breaks off; NULL when it is whole.", ints(func(f *Facts) (int64, bool) { return nonNegative(f.TruncatedAt) })},
		{"load_time", duration, shown, "How long reading it took.", durations(func(f *Facts) (time.Duration, bool) { return some(f.LoadTime) })},
		{"comments", varchar, hidden, "What somebody noted about the file in an editor of captures, such as Wireshark.", texts(func(f *Facts) (string, bool) { return nonEmpty(f.Comments) })},
		{"application", varchar, hidden, "The program that has edited the file.", texts(func(f *Facts) (string, bool) { return nonEmpty(f.Application) })},
		{"printed", bigint, hidden, "How many events are shown.", ints(func(f *Facts) (int64, bool) { return some(f.Printed) })},
		{"bytes", bigint, hidden, "Length of the uncompressed file.", ints(func(f *Facts) (int64, bool) { return some(f.Bytes) })},
		{"cpu_chains", boolean, shown, "Whether each CPU's switches fit each other, so that sched can tell durations; not so where the recorder kept the events of several CPUs in one buffer.", bools(func(f *Facts) bool { return f.CPUChains })},
	},
}

// warningsTable tells what is wrong with captures.
var warningsTable = table[records[Warning]]{
	name: "warnings",
	row:  "one kind of thing that is wrong with a capture",
	open: recordsOf(func(r *reading) []Warning { return r.allFacts().Warnings }),
	columns: []column[records[Warning]]{
		{"capture", symbol, shown, "Name of the capture the row is about.", recordCapture[Warning]},
		{"offset", bigint, shown, "Where in the uncompressed file it first occurs; NULL where that makes no sense.", ints(func(w *Warning) (int64, bool) { return nonNegative(w.Offset) })},
		{"kind", varchar, shown, "What kind of thing it is.", texts(func(w *Warning) (string, bool) { return some(w.Kind) })},
		{"message", varchar, shown, "What is wrong, at its first occurrence.", texts(func(w *Warning) (string, bool) { return some(w.Message) })},
		{"count", bigint, shown, "How often it occurs.", ints(func(w *Warning) (int64, bool) { return some(w.Count) })},
	},
}
