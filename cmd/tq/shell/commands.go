package shell

import (
	"context"
	"fmt"
	"strings"

	"tq/lang/source"
)

// command is a dot-command. Statement, if set, is what it is short for; else Run does it.
type command struct {
	name      string
	args      string // as help shows them
	help      string
	statement func(args string) string
	run       func(s *Shell, ctx context.Context, args string)
}

// commands lists the dot-commands in the order of .help.
func commands() []command {
	return []command{
		{name: "help", args: "[command]", help: "list the commands, or tell more of one", run: (*Shell).helpFor},
		{name: "tables", help: "list the tables", statement: fixed("SHOW TABLES")},
		{name: "schema", args: "[table]", help: "list the columns of a table with what they mean", statement: describe},
		{name: "functions", help: "list the functions with their documentation", statement: fixed("SHOW FUNCTIONS")},
		{name: "captures", help: "what is known of the loaded captures", statement: fixed("FROM captures")},
		{name: "warnings", help: "what was wrong with the captures", statement: fixed("FROM warnings")},
		{name: "mode", args: "format", help: "show results as table, csv, jsonl, line …", statement: set("output")},
		{name: "timer", args: "on|off", help: "tell how long statements take", statement: set("timer")},
		{name: "maxrows", args: "n", help: "show so many rows of a table; 0 shows all", statement: set("max_rows")},
		{name: "tz", args: "zone", help: "show times in a zone, such as Europe/Berlin", statement: set("timezone")},
		{name: "settings", help: "list the settings", statement: fixed("SHOW SETTINGS")},
		{name: "read", args: "file", help: "run the statements of a file", run: (*Shell).read},
		{name: "quit", help: "leave", run: (*Shell).leave},
	}
}

// command runs a line that begins with a dot.
func (s *Shell) command(ctx context.Context, line string) {
	name, args, _ := strings.Cut(strings.TrimPrefix(line, "."), " ")
	args = strings.TrimSuffix(strings.TrimSpace(args), ";")
	c, ok := s.find(strings.TrimSuffix(name, ";"))
	if !ok {
		return
	}
	if c.run != nil {
		c.run(s, ctx, args)
		return
	}
	s.Engine.Run(ctx, c.statement(args))
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
	fmt.Fprintf(s.Err, "there is no command .%s; %s\n", name, hint)
	return nil, false
}

func (s *Shell) helpFor(_ context.Context, args string) {
	if args != "" {
		if c, ok := s.find(strings.TrimPrefix(args, ".")); ok {
			fmt.Fprintf(s.Out, ".%s %s\n    %s\n", c.name, c.args, c.help)
		}
		return
	}
	for _, c := range commands() {
		fmt.Fprintf(s.Out, "  %-28s %s\n", "."+c.name+" "+c.args, c.help)
	}
	fmt.Fprintln(s.Out, "Anything else is SQL, ended by a semicolon. GRAMMAR.md is the reference of the language.")
}

func (s *Shell) read(ctx context.Context, path string) {
	if path == "" {
		fmt.Fprintln(s.Err, ".read wants the name of a file")
		return
	}
	s.Engine.Read(ctx, path)
}

func (s *Shell) leave(context.Context, string) { s.quit = true }

// fixed is a command that is always the same statement.
func fixed(statement string) func(string) string {
	return func(string) string { return statement }
}

// set is a command that changes a setting; without an argument it shows the settings.
func set(name string) func(string) string {
	return func(args string) string {
		if args == "" {
			return "SHOW SETTINGS"
		}
		return "SET " + name + " = " + quote(args)
	}
}

func describe(table string) string {
	if table == "" {
		return "SHOW TABLES"
	}
	return "DESCRIBE " + table
}

// quote writes a string as a literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
