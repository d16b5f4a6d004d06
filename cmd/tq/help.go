package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"

	"tq/cmd/tq/render"
)

const version = "0.1.0"

const usageHead = `tq: SQL over system-call captures

Usage:
  tq [flags] [NAME=]FILE ...
  tq cache list|clear

  FILE is a capture of sysdig or Falco, plain or gzip; - is standard input. Several
  files are one set of tables; NAME.events is the table of one of them alone.
  With neither -e nor -f, tq is a shell on a terminal, and elsewhere reads statements
  from standard input.

Examples:
  tq capture.scap
        ask questions in the shell; .help there says more
  tq capture.scap -e "SELECT proc, count(*) FROM events GROUP BY ALL ORDER BY 2 DESC LIMIT 5"
        who makes the most events
  tq capture.scap -e "SELECT * FROM events WHERE proc = 'nginx' AND type = 'accept4'" -o jsonl
        what sysdig -r capture.scap "proc.name=nginx and evt.type=accept4" selects, as JSON
  tq capture.scap -e "SELECT num, ts, args FROM events WHERE {proc.name=nginx and evt.type=accept4}"
        the same with sysdig's filter in braces
  tq capture.scap -f :gaps -p proc=keepalived -p type=sendmsg -p min_gap=1s
        when keepalived fell silent, for how long, after which event
  tq capture.scap -f :culprits -p proc=keepalived -p type=sendmsg
        who was on the CPUs meanwhile
  tq good=monday.scap bad=tuesday.scap -e "SELECT capture, name, count(*) FROM syscalls GROUP BY ALL"
        two captures side by side
`

const environment = `Environment:
  TQ_OUTPUT, TQ_TZ, TQ_MAX_ROWS, TQ_COLOR ... give the flags of these names a value for
  all runs. NO_COLOR forbids colours; TQ_PAGER or PAGER shows results in the shell that
  are longer than the screen.
  In the configuration directory of tq (XDG_CONFIG_HOME, ~/.config/tq), init.tq is run
  when the shell begins, and the files queries/NAME.tq are saved queries :NAME.

`

const exitCodes = `Exit codes:
  0   done
  1   a statement failed, or an ASSERT did
  2   wrong usage
  3   a file could not be opened or is no capture
  4   done, but a capture was damaged: the answer covers what could be read
  130 interrupted
`

// helpWidth is how many columns the help takes.
const helpWidth = 80

// writeHelp prints what --help does. The flags and formats come from their definitions.
func writeHelp(w io.Writer) error {
	var b strings.Builder
	b.WriteString(usageHead)
	for _, g := range new(options).flagGroups() {
		fmt.Fprintf(&b, "\n%s:\n", g.title)
		g.VisitAll(func(f *pflag.Flag) { b.WriteString(flagHelp(f)) })
	}
	b.WriteString("\nOther uses:\n")
	for _, c := range subcommands() {
		fmt.Fprintf(&b, "  %s\n%s\n", c.usage(), render.Wrap("        "+c.doc, helpWidth, 8))
	}
	b.WriteString("\nFormats:\n")
	for _, f := range render.Formats {
		b.WriteString(render.Wrap(fmt.Sprintf("  %-9s %s", f.Name, f.Doc), helpWidth, 12) + "\n")
	}
	b.WriteString("\n" + environment + exitCodes)
	_, err := io.WriteString(w, b.String())
	return err
}

// flagHelp is a line about a flag. The word that its usage has in backquotes stands for
// its value.
func flagHelp(f *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(f)
	short := "    "
	if f.Shorthand != "" {
		short = "-" + f.Shorthand + ", "
	}
	lead := fmt.Sprintf("  %s%-22s ", short, strings.TrimSpace("--"+f.Name+" "+value))
	return render.Wrap(lead+usage, helpWidth, len(lead)) + "\n"
}

// writeVersion prints what --version does.
func writeVersion(w io.Writer) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = ", " + s.Value[:min(len(s.Value), 12)]
			}
		}
	}
	_, err := fmt.Fprintf(w, "tq %s (%s, %s/%s%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, revision)
	return err
}
