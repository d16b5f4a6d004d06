package sysdig_test

import (
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/ast"
	"tq/lang/sysdig"
)

// fields are some of the fields of events.
type fields struct{}

var types = map[string]arrow.DataType{
	"evt.num": arrow.PrimitiveTypes.Int64, "evt.type": arrow.BinaryTypes.String, "evt.dir": arrow.BinaryTypes.String,
	"evt.rawtime": arrow.PrimitiveTypes.Int64, "evt.time": &arrow.TimestampType{Unit: arrow.Nanosecond},
	"evt.latency": arrow.FixedWidthTypes.Duration_ns, "evt.failed": arrow.FixedWidthTypes.Boolean,
	"evt.buffer": arrow.BinaryTypes.Binary, "evt.arg.fd": arrow.BinaryTypes.String, "evt.arg[0]": arrow.BinaryTypes.String,
	"evt.type.is.open": arrow.PrimitiveTypes.Int64, "evt.type.is.close": arrow.PrimitiveTypes.Int64,
	"proc.name": arrow.BinaryTypes.String, "proc.pname": arrow.BinaryTypes.String, "proc.env[HOME]": arrow.BinaryTypes.String,
	"proc.aname": arrow.ListOf(arrow.BinaryTypes.String), "proc.aname[2]": arrow.BinaryTypes.String,
	"proc.apid": arrow.ListOf(arrow.PrimitiveTypes.Int64), "proc.pid.ts": &arrow.TimestampType{Unit: arrow.Nanosecond},
	"fd.name": arrow.BinaryTypes.String, "fd.l4proto": arrow.BinaryTypes.String, "fd.is_server": arrow.FixedWidthTypes.Boolean,
	"fd.ip": arrow.ListOf(arrow.BinaryTypes.String), "fd.sip": arrow.BinaryTypes.String, "fd.net": arrow.ListOf(arrow.BinaryTypes.String),
	"fd.snet": arrow.BinaryTypes.String, "fd.port": arrow.ListOf(arrow.PrimitiveTypes.Int64), "fd.sport": arrow.PrimitiveTypes.Int64,
	"fd.proto": arrow.ListOf(arrow.BinaryTypes.String), "thread.cgroup.cpu": arrow.BinaryTypes.String,
	"thread.cpu": arrow.PrimitiveTypes.Float64, "group.name": arrow.BinaryTypes.String,
}

func (fields) Type(name string) (arrow.DataType, bool) { t, ok := types[name]; return t, ok }

func (fields) Names() []string { return []string{"proc.name", "evt.type", "proc.env[NAME]"} }

// translations are filters and the conditions they become.
var translations = [][2]string{
	// Texts.
	{`proc.name=cat`, `proc.name = 'cat'`},
	{`proc.name == "it's"`, `proc.name = 'it''s'`},
	{`proc.name!=cat`, `proc.name <> 'cat'`},
	{`proc.name < cat`, `proc.name < 'cat'`},
	{`proc.name contains a`, `contains(proc.name, 'a')`},
	{`proc.name icontains A`, `icontains(proc.name, 'A')`},
	{`proc.name startswith a`, `starts_with(proc.name, 'a')`},
	{`proc.name endswith a`, `ends_with(proc.name, 'a')`},
	{`proc.name glob a*`, `proc.name GLOB 'a*'`},
	{`proc.name glob [^a]*[`, `proc.name GLOB '[!a]*\['`},
	{`proc.name iglob A*`, `iglob(proc.name, 'A*')`},
	{`proc.name regex a.*`, `regexp_full_match(proc.name, 'a.*')`},
	{`proc.name in (a, 'b c')`, `proc.name IN ('a', 'b c')`},
	{`proc.name intersects (a, b)`, `proc.name IN ('a', 'b')`},
	{`proc.name in ()`, `FALSE`},
	{`fd.name pmatch (/etc, /usr/lib)`, `path_under(fd.name, '/etc', '/usr/lib')`},
	{`proc.name exists`, `proc.name IS NOT NULL`},
	{`group.name=a`, `group.name = 'a'`},
	{`evt.dir=>`, `evt.dir = '>'`},
	{`evt.type=open`, `evt.type = 'open'`},
	{`fd.name="a\x41\\\t"`, "fd.name = 'aA\\\t'"},
	// Numbers, truth values, times, data.
	{`evt.num=007`, `evt.num = 7`},
	{`evt.num>=-1`, `evt.num >= -1`},
	{`evt.num < 0x10`, `evt.num < 16`},
	{`evt.num in (1,2)`, `evt.num IN (1, 2)`},
	{`thread.cpu>1.5`, `thread.cpu > 1.5`},
	{`evt.failed=true`, `evt.failed = TRUE`},
	{`evt.latency>1000000`, `evt.latency > 1000000ns`},
	{`proc.pid.ts>5`, `epoch_ns(proc.pid.ts) > 5`},
	{`evt.time contains 17:35`, `contains(strftime(evt.time, '%H:%M:%S.%n'), '17:35')`},
	{`evt.buffer contains GET`, `contains(evt.buffer, x'474554')`},
	{`evt.buffer bstartswith cafe`, `starts_with(evt.buffer, x'cafe')`},
	{`evt.around[1000000]=2`, `evt.rawtime BETWEEN 1000000 - 2 * 1000000 AND 1000000 + 2 * 1000000`},
	// Addresses and ports.
	{`fd.sip=::0001`, `fd.sip = '::1'`},
	{`fd.ip=10.0.0.1`, `list_contains(fd.ip, '10.0.0.1')`},
	{`fd.ip!=10.0.0.1`, `NOT list_contains(fd.ip, '10.0.0.1')`},
	{`fd.ip in (10.0.0.1, ::1)`, `list_has_any(fd.ip, ['10.0.0.1', '::1'])`},
	{`fd.snet=10.0.0.0/8`, `in_subnet(fd.snet, '10.0.0.0/8')`},
	{`fd.net!=10.0.0.0/8`, `NOT in_subnet(fd.net, '10.0.0.0/8')`},
	{`fd.net in (10.0.0.0/8, fe80::/10)`, `in_subnet(fd.net, '10.0.0.0/8', 'fe80::/10')`},
	{`fd.sport=https`, `fd.sport = 443`},
	{`fd.proto!=53`, `NOT list_contains(fd.port, 53)`},
	{`fd.port>=1024`, `list_any(fd.port, '>=', 1024)`},
	// Ancestors: one of them.
	{`proc.aname=sshd`, `list_contains(proc.aname, 'sshd')`},
	{`proc.aname!=sshd`, `list_any(proc.aname, '<>', 'sshd')`},
	{`proc.aname startswith ss`, `list_any(proc.aname, 'starts_with', 'ss')`},
	{`proc.aname pmatch (/a, /b)`, `list_any(proc.aname, 'path_under', '/a') OR list_any(proc.aname, 'path_under', '/b')`},
	{`proc.apid in (1, 2)`, `list_has_any(proc.apid, [1, 2])`},
	// Arguments and functions.
	{`evt.arg.fd contains x`, `contains(evt.arg.fd, 'x')`},
	{`evt.arg[0]=x`, `evt.arg[0] = 'x'`},
	{`proc.aname[2]=x`, `proc.aname[2] = 'x'`},
	{`proc.env[HOME]=/root`, `proc.env['HOME'] = '/root'`},
	{`thread.cgroup[cpu]=/`, `thread.cgroup.cpu = '/'`},
	{`tolower(proc.name)=cat`, `lower(proc.name) = 'cat'`},
	{`len(tolower( proc.name ))>3`, `strlen(lower(proc.name)) > 3`},
	{`proc.name=val(proc.pname)`, `proc.name = proc.pname`},
	{`proc.name != tolower(proc.pname)`, `proc.name <> lower(proc.pname)`},
	// Logic.
	{`proc.name=a or proc.name=b and evt.num=1`, `proc.name = 'a' OR proc.name = 'b' AND evt.num = 1`},
	{`(proc.name=a or proc.name=b)and evt.num=1`, `(proc.name = 'a' OR proc.name = 'b') AND evt.num = 1`},
	{`not not proc.name=a`, `proc.name = 'a'`},
	{`not proc.name=a`, `proc.name IS DISTINCT FROM 'a'`},
	{`not proc.name!=a`, `proc.name <> 'a' IS NOT TRUE`},
	{`not proc.name exists`, `proc.name IS NULL`},
	{`not evt.type=open`, `evt.type <> 'open'`},
	{`not evt.num<5`, `evt.num >= 5`},
	{`not evt.type in (open, close)`, `evt.type NOT IN ('open', 'close')`},
	{`not proc.name in (a, b)`, `proc.name IN ('a', 'b') IS NOT TRUE`},
	{`not proc.name in ()`, `TRUE`},
	{`not (proc.name=a and not evt.num=1)`, `proc.name IS DISTINCT FROM 'a' OR evt.num = 1`},
	{`not(fd.ip!=1.1.1.1)`, `(NOT list_contains(fd.ip, '1.1.1.1')) IS NOT TRUE`},
	// What sysdig calls <NA> itself.
	{`fd.l4proto=tcp`, `fd.l4proto = 'tcp'`},
	{`fd.l4proto!=tcp`, `CASE WHEN fd.is_server IS NOT NULL THEN coalesce(fd.l4proto, '<NA>') END <> 'tcp'`},
}

func TestTranslate(t *testing.T) {
	for _, c := range translations {
		f, err := sysdig.Parse(c[0], 0)
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		x, err := sysdig.Translate(f, fields{})
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		if got := ast.Print(x); got != c[1] {
			t.Errorf("%s\nis translated to %s\ninstead of       %s", c[0], got, c[1])
		}
	}
}

// FuzzParse checks that no text makes the parser or the translation panic, and that
// errors and what filters become stand inside the text.
func FuzzParse(f *testing.F) {
	for _, c := range translations {
		f.Add(c[0])
	}
	for _, bad := range []string{"", "(", "proc.name", "proc.name in (a", "evt.arg[", "not", "proc.name='\\", "tolower(", "a.b=val("} {
		f.Add(bad)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const base = 7
		filter, err := sysdig.Parse(text, base)
		if err == nil {
			var x ast.Expr
			if x, err = sysdig.Translate(filter, fields{}); err == nil {
				ast.Inspect(x, func(n ast.Node) bool {
					if at := n.Span(); at.Start < base || at.End < at.Start || at.End > base+len(text) {
						t.Fatalf("%q: %s stands at %v", text, ast.Print(n), at)
					}
					return true
				})
				return
			}
		}
		if at := err.Span; err.Msg == "" || at.Start < base || at.End < at.Start || at.End > base+len(text) {
			t.Fatalf("%q: %q stands at %v", text, err.Msg, at)
		}
	})
}
