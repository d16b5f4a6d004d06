package main

import (
	"io"
	"strings"
)

// subcommand is what tq does when its first argument is a certain word, besides asking
// questions of files. (A file of that name is written ./NAME.)
type subcommand struct {
	name string
	args string // as help shows them
	doc  string
	run  func(args []string, out io.Writer) error
}

// subcommands lists them in the order of --help. A function, since help is one of what
// they print.
func subcommands() []subcommand {
	return []subcommand{
		{"completion", "bash|zsh|fish", "print a script that completes tq's command line: source <(tq completion bash)", printCompletion},
		{"translate", "FILTER", "print the SQL for a filter of sysdig: tq translate 'proc.name=cat and evt.type=open'", printTranslation},
		{"man", "", "print the manual page: tq man | man -l -", printManual},
	}
}

// findSubcommand returns the one that a command line begins with.
func findSubcommand(args []string) (subcommand, bool) {
	if len(args) > 0 {
		for _, c := range subcommands() {
			if c.name == args[0] {
				return c, true
			}
		}
	}
	return subcommand{}, false
}

// usage is a subcommand as it is typed.
func (c subcommand) usage() string { return strings.TrimSpace("tq " + c.name + " " + c.args) }
