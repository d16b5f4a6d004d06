package storage

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
)

// syslogFields are sysdig's fields of what is written to the system log.
var syslogFields = []field{
	{"syslog.facility", bigint, fromFDs, "Of a message to the system log, the number of the part of the system it is about.", syslogNumbers(func(m logMessage) int64 { return int64(m.priority >> 3) })},
	{"syslog.facility.str", varchar, fromFDs, "The name of that part.", syslogTexts(func(m logMessage) string { return nameOf(facilities[:], m.priority>>3) })},
	{"syslog.severity", bigint, fromFDs, "How bad it is, 0 being worst.", syslogNumbers(func(m logMessage) int64 { return int64(m.priority & 7) })},
	{"syslog.severity.str", varchar, fromFDs, "How bad it is as a word.", syslogTexts(func(m logMessage) string { return nameOf(severities[:], m.priority&7) })},
	{"syslog.message", varchar, fromFDs, "The message itself.", syslogTexts(func(m logMessage) string { return m.text })},
}

// logMessage is a message to the system log.
type logMessage struct {
	priority uint64
	text     string
}

// logSocket is part of the name of the socket that takes them.
const logSocket = "/dev/log"

var severities = [...]string{"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"}

var facilities = [...]string{
	"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "clock",
	"authpriv", "ftp", "ntp", "logaudit", "logalert", "cron", "local0", "local1", "local2",
	"local3", "local4", "local5", "local6", "local7",
}

func nameOf(names []string, i uint64) string {
	if i < uint64(len(names)) {
		return names[i]
	}
	return strconv.FormatUint(i, 10)
}

// parseLog takes a message apart: its priority in angle brackets and the text.
func parseLog(data []byte) (logMessage, bool) {
	rest, ok := bytes.CutPrefix(data, []byte("<"))
	if !ok {
		return logMessage{}, false
	}
	priority, text, ok := bytes.Cut(rest, []byte(">"))
	if !ok {
		return logMessage{}, false
	}
	n, err := strconv.ParseUint(string(priority), 10, 32)
	return logMessage{n, string(text)}, err == nil
}

// writes reports whether the kind's events write to a descriptor.
func (k *eventKind) writes() bool { return k.is(scap.FlagWritesToFD) }

// logs reports whether a descriptor takes messages to the system log.
func (k *known) logs(ref int32) bool {
	fd := k.openFD(ref)
	return fd != nil && strings.Contains(k.Names[fd.Name], logSocket)
}

// logMessage returns the message that an event writes to a descriptor.
func (k *known) logMessage(ref int32, e *scap.Event) (logMessage, bool) {
	if !k.logs(ref) {
		return logMessage{}, false
	}
	data, ok := e.Bytes(e.Param("data"))
	if !ok {
		return logMessage{}, false
	}
	return parseLog(data)
}

func eventIsSyslog(r eventRows) arrow.Array {
	refs, kinds := r.fdRefs(), r.kindIDs()
	writes := r.kindsThat((*eventKind).writes)
	out := make([]bool, r.len())
	for i, k := range kinds {
		out[i] = writes[k] && r.logs(refs[i])
	}
	return boolColumn(out)
}

func syslogNumbers(number func(logMessage) int64) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		refs := r.fdRefs()
		out := newNullable[int64](r.len())
		r.each((*eventKind).writes, func(i int, e *scap.Event) {
			if m, ok := r.logMessage(refs[i], e); ok {
				out.set(i, number(m))
			}
		})
		return out.array(bigint)
	}
}

func syslogTexts(text func(logMessage) string) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		refs := r.fdRefs()
		return payloadTexts(r, (*eventKind).writes, func(dst []byte, i int, e *scap.Event) ([]byte, bool) {
			m, ok := r.logMessage(refs[i], e)
			return append(dst, text(m)...), ok
		})
	}
}
