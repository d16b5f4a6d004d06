package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tq/lang/ast"
	"tq/lang/source"
)

// command is a dot-command: short for a statement, or something that run does.
type command struct {
	name      string
	args      string // as help shows them
	help      string
	complete  func(c *completer, word string) []string // of the word that is being typed
	statement func(args string) string
	run       func(s *Shell, ctx context.Context, args string) error
}

// section is the dot-commands of one purpose.
type section struct {
	title    string
	commands []command
}

// sections lists the dot-commands in the order of .help.
func sections() []section {
	return []section{
		{"What there is", []command{
			{name: "tables", help: "list the tables, with what a row of each is", run: (*Shell).tables},
			{name: "schema", args: "[table]", help: "list the columns of a table, with what they mean", complete: (*completer).tableNames, run: (*Shell).schema},
			{name: "functions", args: "[name]", help: "list the functions, or tell more of one", complete: (*completer).functionNames, run: (*Shell).functions},
			{name: "queries", args: "[name]", help: "list the saved queries, or show the text of one", complete: (*completer).queryNames, run: (*Shell).queries},
			{name: "captures", help: "what is known of the loaded captures", statement: fixed("FROM captures")},
			{name: "warnings", help: "what was wrong with the captures", statement: fixed("FROM warnings")},
			{name: "open", args: "[name=]file", help: "load a further capture or table file", complete: (*completer).files, run: (*Shell).open},
		}},
		{"Questions", []command{
			{name: "run", args: "name [param=value]", help: "run a saved query", complete: (*completer).queryNames, run: (*Shell).runSaved},
			{name: "event", args: "num", help: "show one event with all that is known of it", run: (*Shell).event},
			{name: "around", args: "num [rows]", help: "show an event with its neighbours", run: (*Shell).around},
			{name: "read", args: "file", help: "run the statements of a file", complete: (*completer).files, run: (*Shell).read},
			{name: "edit", help: "edit the last statement with $EDITOR, then run it", run: (*Shell).edit},
			{name: "explain", args: "[statement]", help: "show the plan of a statement, or of the last one", run: (*Shell).explain},
			{name: "translate", args: "filter", help: "show the SQL for a filter of sysdig", complete: (*completer).filterArgument, run: (*Shell).translate},
			{name: "params", help: "list the parameters that were declared", run: (*Shell).params},
			{name: "history", args: "[n]", help: "show what was typed last", run: (*Shell).showHistory},
		}},
		{"Results", []command{
			{name: "last", help: "show the last result, the table _, again, all of it", run: (*Shell).last},
			{name: "plot", help: "draw the last result as a chart", run: (*Shell).plot},
			{name: "once", args: "file", help: "write the next result to a file", complete: (*completer).files, run: (*Shell).once},
			{name: "output", args: "[file]", help: "write results to a file, or show them again", complete: (*completer).files, run: (*Shell).output},
			{name: "mode", args: "format", help: "show results as table, csv, jsonl, line …", complete: (*completer).formats, statement: set("output")},
		}},
		{"Settings", []command{
			{name: "pager", args: "auto|on|off", help: "page results that are longer than the screen", complete: words("auto", "on", "off"), statement: set("pager")},
			{name: "maxrows", args: "n|auto", help: "show so many rows of a table; 0 shows all", statement: set("max_rows")},
			{name: "width", args: "n", help: "draw tables so many columns wide; 0: as the terminal", statement: set("width")},
			{name: "timer", args: "on|off", help: "tell how long statements take", complete: words("on", "off"), statement: set("timer")},
			{name: "tz", args: "zone", help: "show times in a zone, such as Europe/Berlin", statement: set("timezone")},
			{name: "settings", help: "list the settings", statement: fixed("SHOW SETTINGS")},
		}},
		{"The shell", []command{
			{name: "help", args: "[name]", help: "list the commands, or tell more of a name", complete: (*completer).commandNames, run: (*Shell).helpFor},
			{name: "quit", help: "leave, as .exit and Ctrl-D do", run: (*Shell).leave},
			{name: "exit", help: "leave", run: (*Shell).leave},
		}},
	}
}

// commands lists the dot-commands.
func commands() (all []command) {
	for _, section := range sections() {
		all = append(all, section.commands...)
	}
	return all
}

// errCommand says that a dot-command could not be done; why has been shown.
var errCommand = errors.New("the command failed")

// refuse says why a dot-command can't be done.
func (s *Shell) refuse(format string, args ...any) error {
	fmt.Fprintln(s.Err, strings.TrimSpace(fmt.Sprintf(format, args...)))
	return errCommand
}

// command runs a line that begins with a dot.
func (s *Shell) command(ctx context.Context, line string) error {
	name, args, _ := strings.Cut(strings.TrimPrefix(line, "."), " ")
	args = strings.TrimSuffix(strings.TrimSpace(args), ";")
	c, ok := s.find(strings.TrimSuffix(name, ";"))
	if !ok {
		return errCommand
	}
	if c.run != nil {
		return c.run(s, ctx, args)
	}
	return s.Engine.Run(ctx, &source.File{Text: c.statement(args)})
}

// find looks a command up by its name or an unmistakable beginning of it.
func (s *Shell) find(name string) (*command, bool) {
	var names []string
	var found []*command
	all := commands()
	for i := range all {
		if all[i].name == name {
			return &all[i], true
		}
		if name != "" && strings.HasPrefix(all[i].name, name) {
			found = append(found, &all[i])
		}
		names = append(names, all[i].name)
	}
	if len(found) == 1 {
		return found[0], true
	}
	hint := ".help lists the commands"
	if near := source.Suggest(name, names); near != "" {
		hint = "did you mean ." + near + "?"
	}
	_ = s.refuse("there is no command .%s; %s", name, hint)
	return nil, false
}

// fixed is a command that is always the same statement.
func fixed(statement string) func(string) string {
	return func(string) string { return statement }
}

// words completes an argument that is one of some words.
func words(choices ...string) func(*completer, string) []string {
	return func(*completer, string) []string { return choices }
}

// set is a command that changes a setting; without an argument it shows the settings.
func set(name string) func(string) string {
	return func(args string) string {
		if args == "" {
			return "SHOW SETTINGS"
		}
		return "SET " + name + " = " + ast.QuoteText(args)
	}
}
