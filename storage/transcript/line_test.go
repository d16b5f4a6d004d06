package transcript

import (
	"fmt"
	"testing"
	"time"
)

// show writes what was read from a line, with a dot for each column that it lacks.
func show(l line) string {
	num, cpu, name, clock := ".", ".", ".", "15:04:05.000000000"
	if l.num >= 0 {
		num = fmt.Sprint(l.num)
	}
	if l.cpu >= 0 {
		cpu = fmt.Sprint(l.cpu)
	}
	if len(l.name) > 0 {
		name = string(l.name)
	}
	if l.time.dated {
		clock = "2006-01-02T15:04:05.000000000"
	}
	dir := "<"
	if l.enter {
		dir = ">"
	}
	return fmt.Sprintf("%s|%s|%s|%s|%d|%s|%s|%s", num,
		time.Unix(0, l.time.ns).UTC().Format(clock), cpu, name, l.tid, dir, l.typ, l.args)
}

func TestParseLine(t *testing.T) {
	const (
		text = "368250 17:01:21.339942868 0 keepalived (10400) > sendmsg fd=13(<4r>a->b) size=40"
		want = "368250|17:01:21.339942868|0|keepalived|10400|>|sendmsg|fd=13(<4r>a->b) size=40"
	)
	for _, test := range []struct{ name, text, want string }{
		{"as printed", text, want},

		{"leading blanks", "    " + text, want},
		{"tab", "\t" + text, want},
		{"carriage return", text + "\r", want},
		{"quoted mail", "> > " + text, want},
		{"quoted mail without a blank", ">" + text, want},
		{"list item", "* " + text, want},
		{"table cell", "| " + text, want},
		{"file from grep", "trace-1.txt:" + text, want},
		{"context from grep", "trace-1.txt-" + text, want},
		{"line number from grep", "12:" + text, want},
		{"line number of context from grep", "12-" + text, want},
		{"file and line number from grep", "logs/trace 2.txt:12:" + text, want},
		{"numbered by cat", "    12\t" + text, want},
		{"byte order mark", "\ufeff" + text, want},
		{"words before", "it says " + text, want},
		{"time before", "12:00:01 INFO " + text, want},
		{"blanks of web pages", "368250\u00a017:01:21.339942868\u00a00 keepalived (10400) > sendmsg fd=13(<4r>a->b) size=40", want},
		{"span behind the time", "368250 17:01:21.339942868 12000 0 keepalived (10400) > sendmsg fd=13(<4r>a->b) size=40", want},
		{"span in parentheses", "368250 17:01:21.339942868 (0.000012) 0 keepalived (10400) > sendmsg fd=13(<4r>a->b) size=40", want},
		{
			"nanoseconds since the epoch", "368250 1408726886375374738 0 keepalived (10400) > sendmsg size=40",
			"368250|2014-08-22T17:01:26.375374738|0|keepalived|10400|>|sendmsg|size=40",
		},
		{
			"number in groups", "368,250 17:01:21.339942868 0 keepalived (10400) > sendmsg size=40",
			".|17:01:21.339942868|0|keepalived|10400|>|sendmsg|size=40",
		},
		{"entities", "368250 17:01:21.339942868 0 keepalived (10400) &gt; sendmsg fd=13(&lt;4r&gt;a-&gt;b) size=40", want},
		{
			"colours of grep", "\x1b[35m\x1b[Ktrace.txt\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[K" +
				"368250 17:01:21.339942868 0 \x1b[01;31m\x1b[Kkeepalived\x1b[m\x1b[K (10400) > sendmsg fd=13(<4r>a->b) size=40", want,
		},

		{
			"no number", "17:01:21.339942868 0 keepalived (10400) > sendmsg size=40",
			".|17:01:21.339942868|0|keepalived|10400|>|sendmsg|size=40",
		},
		{
			"no number, line number from grep", "12:17:01:21.339942868 0 keepalived (10400) > sendmsg size=40",
			".|17:01:21.339942868|0|keepalived|10400|>|sendmsg|size=40",
		},
		{
			"no CPU", "368250 17:01:21.339942868 keepalived (10400) < sendmsg res=40",
			"368250|17:01:21.339942868|.|keepalived|10400|<|sendmsg|res=40",
		},
		{
			"no name", "369052 17:01:23.621077045 3  (7) > switch next=0",
			"369052|17:01:23.621077045|3|.|7|>|switch|next=0",
		},
		{
			"no name, blanks collapsed", "369052 17:01:23.621077045 3 (7) > switch next=0",
			"369052|17:01:23.621077045|3|.|7|>|switch|next=0",
		},
		{
			"no name, no CPU", "369052 17:01:23.621077045  (7) > switch next=0",
			"369052|17:01:23.621077045|.|.|7|>|switch|next=0",
		},
		{
			"name not known", "74 07:44:38.205987627 1 <NA> (0) > switch next=1309",
			"74|07:44:38.205987627|1|.|0|>|switch|next=1309",
		},
		{
			"name with blanks and parentheses", "74 07:44:38.205987627 1 Web (x) y (12) > close fd=3",
			"74|07:44:38.205987627|1|Web (x) y|12|>|close|fd=3",
		},
		{
			"no arguments", "74 07:44:38.205987627 1 curl (12) > getpid",
			"74|07:44:38.205987627|1|curl|12|>|getpid|",
		},
		{
			"arguments that look like a line", "7 07:44:38.2 1 sh (12) < read res=9 data=8 07:44:38.3 1 a (1) > b c",
			"7|07:44:38.200000000|1|sh|12|<|read|res=9 data=8 07:44:38.3 1 a (1) > b c",
		},
		{
			"no thread", "74 07:44:38.205987627 0 <NA> (-1) > container json=x",
			"74|07:44:38.205987627|0|.|-1|>|container|json=x",
		},
		{
			"container's columns", "74 07:44:38.205987627 1 web-1 (9afc8b8b8b8b) nginx (12:3) > close fd=3",
			"74|07:44:38.205987627|1|nginx|12|>|close|fd=3",
		},
		{
			"container's columns, name not known", "74 07:44:38.205987627 1 host (host) <NA> (12:3) > close fd=3",
			"74|07:44:38.205987627|1|.|12|>|close|fd=3",
		},
		{
			"type not known", "74 07:44:38.205987627 1 sh (12) > <unknown> ",
			"74|07:44:38.205987627|1|sh|12|>|<unknown>|",
		},

		{
			"date", "368250 2014-08-22 17:01:26.375374738 1 sh (1) > close fd=3",
			"368250|2014-08-22T17:01:26.375374738|1|sh|1|>|close|fd=3",
		},
		{
			"date and zone", "368250 2014-08-22T17:01:26.375374738+0200 1 sh (1) > close fd=3",
			"368250|2014-08-22T15:01:26.375374738|1|sh|1|>|close|fd=3",
		},
		{
			"date, no number, file from grep", "a.txt-12-2014-08-22T17:01:26Z 1 sh (1) > close fd=3",
			".|2014-08-22T17:01:26.000000000|1|sh|1|>|close|fd=3",
		},
		{
			"seconds since the epoch", "368250 1408726886.375374738 1 sh (1) > close fd=3",
			"368250|2014-08-22T17:01:26.375374738|1|sh|1|>|close|fd=3",
		},
		{
			"seconds since the start", "368250 0.375374738 1 sh (1) > close fd=3",
			"368250|1970-01-01T00:00:00.375374738|1|sh|1|>|close|fd=3",
		},
		{
			"seconds without decimals", "368250 17:01:26 1 sh (1) > close fd=3",
			"368250|17:01:26.000000000|1|sh|1|>|close|fd=3",
		},

		{"prompt", "$ sysdig -r trace.scap proc.name=keepalived", "no event"},
		{"separator", "--", "no event"},
		{"prose", "At 17:01:26 the silence (5 seconds) > the limit was over", "no event"},
		{"no direction", "74 07:44:38.205987627 1 sh (12) close fd=3", "no event"},
		{"no type", "74 07:44:38.205987627 1 sh (12) > ", "no event"},
		{"no thread id", "74 07:44:38.205987627 1 sh > close fd=3", "no event"},
		{"no such time", "74 27:44:38.205987627 1 sh (12) > close fd=3", "no event"},
		{"empty", "", "no event"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := "no event"
			if l, ok := parseLine([]byte(test.text)); ok {
				got = show(l)
			}
			if got != test.want {
				t.Errorf("%q\n got %s\nwant %s", test.text, got, test.want)
			}
		})
	}
}
