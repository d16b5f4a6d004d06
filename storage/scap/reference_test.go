package scap

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// captures is where the captures with references are. SCAP_CAPTURES names another
// directory, whose references may have more fields and more captures.
func captures() string {
	if dir := os.Getenv("SCAP_CAPTURES"); dir != "" {
		return dir
	}
	return "../../testdata/captures"
}

func openCapture(t testing.TB, name string) *Source {
	t.Helper()
	path := filepath.Join(captures(), name)
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// What is in the captures, block by block.
func TestCaptureCounts(t *testing.T) {
	for _, test := range []struct {
		name                     string
		minor                    uint16
		threads, lists, fds      int
		interfaces, users, group int
		events                   int
		compressed               bool
		bytes                    int // of the payload, where it is known
		machine                  Machine
	}{
		{"fifo-old.scap", 2, 8, 8, 69, 5, 25, 48, 327841, true, 25375080,
			Machine{CPUs: 2, Memory: 25276510208, Hostname: "vm", BootTime: 1795415630000000000}},
		{"fifo-new.scap", 2, 9, 9, 74, 5, 25, 48, 226318, true, 20759148,
			Machine{CPUs: 2, Memory: 25276510208, Hostname: "vm", BootTime: 1795415630000000000}},
		{"tour-old.scap", 2, 1, 1, 5, 5, 25, 48, 13793, true, 0,
			Machine{CPUs: 2, Memory: 25276510208, Hostname: "vm", BootTime: 1795415630000000000}},
		{"tour-new.scap", 2, 1, 1, 5, 5, 25, 48, 7701, true, 0,
			Machine{CPUs: 2, Memory: 25276510208, Hostname: "vm", BootTime: 1795415630000000000}},
		{"502Error.scap", 0, 4, 4, 23, 45, 46, 77, 22381, false, 1385388,
			Machine{CPUs: 4, Memory: 16709009408, Hostname: "deleted"}},
		{"curl_google.scap", 0, 54, 54, 316, 5, 31, 55, 1536, true, 146220,
			Machine{CPUs: 1, Memory: 1038864384, Hostname: "ip-10-0-0-79"}},
		{"curl_google_comments.scap", 0, 54, 54, 316, 5, 31, 55, 1536, true, 146424,
			Machine{CPUs: 1, Memory: 1038864384, Hostname: "ip-10-0-0-79"}},
		{"single_ipv6_conn.scap", 2, 154, 154, 564, 13, 42, 72, 1728, true, 251008,
			Machine{CPUs: 2, Memory: 6250692608, Hostname: "ubuntu"}},
		{"test_ipv6_client.scap", 0, 58, 58, 333, 5, 31, 55, 326, true, 81380,
			Machine{CPUs: 1, Memory: 1038864384, Hostname: "ip-10-0-0-79"}},
		{"sample.scap", 2, 94, 94, 515, 6, 34, 61, 572, false, 139584,
			Machine{CPUs: 4, Memory: 8323059712, Hostname: "ubuntu2204.localdomain", BootTime: 1690556576768000000}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openCapture(t, test.name)
			r := NewReader(s)
			var threads, lists, fds, events int
			for {
				kind, err := r.Next()
				if err == io.EOF {
					break
				}
				switch kind {
				case KindThreads:
					threads += len(r.Threads)
				case KindFDs:
					lists++
					fds += len(r.FDs.FDs)
				case KindEvent:
					events++
					checkWidths(t, &r.Event)
				}
			}
			f := func(what string, got, want any) {
				t.Helper()
				if got != want {
					t.Errorf("%s = %v, want %v", what, got, want)
				}
			}
			f("minor version", r.Section.Minor, test.minor)
			f("threads", threads, test.threads)
			f("fd lists", lists, test.lists)
			f("fds", fds, test.fds)
			f("interfaces", len(r.Interfaces), test.interfaces)
			f("users", len(r.Users), test.users)
			f("groups", len(r.Groups), test.group)
			f("events", events, test.events)
			f("machine", r.Machine, test.machine)
			f("compressed", s.Compressed(), test.compressed)
			if test.bytes > 0 {
				f("bytes", len(s.Bytes()), test.bytes)
			}
			if len(r.Warnings()) != 0 || r.TruncatedAt() != -1 {
				t.Errorf("truncated at %d, warnings %+v", r.TruncatedAt(), r.Warnings())
			}
		})
	}
}

// checkWidths checks that every integer has the width of its type.
func checkWidths(t *testing.T, e *Event) {
	for i := range e.NParams {
		def, v := e.param(i)
		if def == nil || len(v) == 0 || intWidth[def.Type] == 0 {
			continue
		}
		if _, ok := e.Int(i); !ok {
			t.Errorf("offset %d: %s.%s has %d bytes", e.Offset, e.Info().Name, def.Name, len(v))
		}
	}
}

// differing are the event types of which older readers print a parameter otherwise
// than the newest, which is who we follow.
var differing = map[string][]string{
	"tour-new": nil,
	"fifo-new": nil,
	// libs 0.15.1 calls execve's vpgid pgid, prints an absent address as NULL, has no
	// names for futex operations and no result for getuid and its like.
	"tour-old": {"execve", "execveat", "bind", "futex", "getuid", "geteuid", "getgid", "getegid"},
	"fifo-old": {"execve", "futex", "getuid", "geteuid", "getgid", "getegid"},
	// sysdig 0.29.3 prints the result of mmap in hexadecimal, no buffer as an empty one,
	// and stops at the first name of a value.
	"curl_google":      {"mmap", "read", "socket"},
	"test_ipv6_client": {"mmap", "execve", "sendto"},
}

// The text of every event is that of the reference, except for what only the state of
// threads and file descriptors can tell.
func TestTextReference(t *testing.T) {
	for name, except := range differing {
		t.Run(name, func(t *testing.T) {
			s := openCapture(t, name+".scap")
			rows := references(t, name)
			printer := Printer{MaxBuffer: LineBuffer}
			if strings.HasSuffix(name, "-new") {
				printer.MaxBuffer = 0 // its reader was no command, which sets the limit
			}
			compared, failed := 0, 0
			r := NewReader(s)
			for num := 1; ; {
				kind, err := r.Next()
				if err == io.EOF {
					break
				}
				if kind != KindEvent {
					continue
				}
				row, ok := rows[num]
				num++
				if !ok || slices.Contains(except, row.typ) {
					continue
				}
				compared++
				e := &r.Event
				text, raw, ok := Res(e)
				res, rawRes := "<NA>", "<NA>"
				if ok {
					res, rawRes = text, strconv.FormatInt(raw, 10)
				}
				fault := compareArgs(printer, e, row.args)
				if fault == "" && (res != row.res || rawRes != row.rawRes) {
					fault = "result " + res + " " + rawRes
				}
				if fault == "" {
					continue
				}
				if failed++; failed <= 10 {
					t.Errorf("%d %s: %s in\n%s\nreference\n%s %s %s", num-1, row.typ, fault,
						printer.AppendArgs(nil, e, nil), row.args, row.res, row.rawRes)
				}
			}
			if compared == 0 || failed > 0 {
				t.Errorf("%d of %d events differ", failed, compared)
			}
		})
	}
}

type reference struct{ typ, args, res, rawRes string }

// references reads the rows of a reference by event number.
func references(t *testing.T, name string) map[int]reference {
	t.Helper()
	f, err := os.Open(filepath.Join(captures(), name+".fields.gz"))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	head, data, _ := bytes.Cut(data, []byte("\x1e\n"))
	names := strings.Split(string(head), "\x1f")
	at := func(field string) int {
		i := slices.Index(names, field)
		if i < 0 {
			t.Skipf("the reference has no %s", field)
		}
		return i
	}
	num, typ, args, res, raw := at("evt.num"), at("evt.type"), at("evt.args"), at("evt.res"), at("evt.rawres")
	rows := make(map[int]reference)
	for record := range strings.SplitSeq(string(data), "\x1e\n") {
		fields := strings.Split(record, "\x1f")
		if len(fields) != len(names) {
			continue
		}
		n, err := strconv.Atoi(fields[num])
		if err != nil {
			t.Fatal(err)
		}
		rows[n] = reference{fields[typ], fields[args], fields[res], fields[raw]}
	}
	return rows
}

// compareArgs compares the parameters of e with their text, stepping over what stands in
// parentheses behind a file descriptor, a thread, a user or a path, and over the type of
// a polled file descriptor. Older readers end the text with a blank.
func compareArgs(p Printer, e *Event, text string) (fault string) {
	if e.Type <= GenericX {
		if text != "" {
			return "parameters of a generic event"
		}
		return ""
	}
	params := e.Info().Params
	for i := range e.NParams {
		def := &params[i]
		x := p.value(e, def, e.Raw(i))
		plain := def.Name + "=" + string(x.appendPlain(nil, nil))
		if len(text) < len(plain) {
			return "text too short for " + def.Name
		}
		for j := range plain {
			if plain[j] != text[j] && !(plain[j] == '?' && x.typ == ParamFDList) {
				return fmt.Sprintf("%s=%s", def.Name, plain)
			}
		}
		text = text[len(plain):]
		if stands := string(x.appendResolved(nil, nil)); stands != "" {
			rest, ok := strings.CutPrefix(text, "("+stands+")")
			if !ok {
				return def.Name + " stands for " + stands
			}
			text = rest
		} else if strings.HasPrefix(text, "(") && needsState(x.typ) {
			end := ")"
			if i+1 < e.NParams {
				end = ") " + params[i+1].Name + "="
			}
			k := strings.Index(text, end)
			if i+1 == e.NParams {
				k = strings.LastIndex(text, end)
			}
			if k < 0 {
				return "no end of what " + def.Name + " stands for"
			}
			text = text[k+1:]
		}
		if i+1 < e.NParams {
			rest, ok := strings.CutPrefix(text, " ")
			if !ok {
				return "no blank after " + def.Name
			}
			text = rest
		}
	}
	if strings.TrimSuffix(text, " ") != "" {
		return "text left over"
	}
	return ""
}

func needsState(typ ParamType) bool {
	switch typ {
	case ParamFD, ParamPID, ParamUID, ParamGID, ParamFSPath, ParamFSRelPath:
		return true
	}
	return false
}
