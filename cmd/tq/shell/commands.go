package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tq/functions"
	"tq/lang/source"
)

// command is a dot-command: short for a statement, or something that run does.
type command struct {
	name      string
	args      string // as help shows them
	help      string
	statement func(args string) string
	run       func(s *Shell, ctx context.Context, args string) error
}

// commands lists the dot-commands in the order of .help.
func commands() []command {
	return []command{
		{name: "help", args: "[command]", help: "list the commands, or tell more of one", run: (*Shell).helpFor},
		{name: "tables", help: "list the tables with what a row of each is", run: (*Shell).tables},
		{name: "schema", args: "[table]", help: "list the columns of a table with what they mean", run: (*Shell).schema},
		{name: "functions", args: "[name]", help: "list the functions, or tell more of one", run: (*Shell).functions},
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

// errCommand says that a dot-command could not be done; why has been shown.
var errCommand = errors.New("the command failed")

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
	fmt.Fprintf(s.Err, "there is no command .%s; %s\n", name, hint)
	return nil, false
}

func (s *Shell) helpFor(_ context.Context, args string) error {
	if args != "" {
		c, ok := s.find(strings.TrimPrefix(args, "."))
		if !ok {
			return errCommand
		}
		fmt.Fprintf(s.Out, ".%s %s\n    %s\n", c.name, c.args, c.help)
		return nil
	}
	for _, c := range commands() {
		fmt.Fprintf(s.Out, "  %-28s %s\n", "."+c.name+" "+c.args, c.help)
	}
	fmt.Fprintln(s.Out, "Anything else is SQL, ended by a semicolon. GRAMMAR.md is the reference of the language.")
	return nil
}

func (s *Shell) tables(context.Context, string) error {
	for _, t := range s.Engine.Tables() {
		fmt.Fprintf(s.Out, "  %-14s %s\n", t.Name, t.Row)
	}
	return nil
}

func (s *Shell) schema(ctx context.Context, name string) error {
	if name == "" {
		return s.tables(ctx, "")
	}
	var names []string
	for _, t := range s.Engine.Tables() {
		if strings.EqualFold(t.Name, name) {
			s.describe(t)
			return nil
		}
		names = append(names, t.Name)
	}
	fmt.Fprintln(s.Err, strings.TrimSpace(fmt.Sprintf("there is no table %q; %s", name, source.DidYouMean(name, names))))
	return errCommand
}

// describe shows what is known of a table.
func (s *Shell) describe(t Table) {
	fmt.Fprintf(s.Out, "%s: one row is %s\n", t.Name, t.Row)
	hidden := false
	for _, c := range t.Columns {
		mark := " "
		if c.Hidden {
			mark, hidden = "*", true
		}
		fmt.Fprintf(s.Out, " %s%-14s %-10s %s\n", mark, c.Name, c.Type, c.Doc)
	}
	if hidden {
		fmt.Fprintln(s.Out, "Columns marked * are left out by SELECT *; name them to select them.")
	}
}

func (s *Shell) functions(_ context.Context, name string) error {
	if name == "" {
		for _, d := range functions.All() {
			fmt.Fprintf(s.Out, "  %-20s %s\n", d.Name, d.Doc)
		}
		return nil
	}
	d, ok := functions.Lookup(name)
	if !ok {
		fmt.Fprintln(s.Err, strings.TrimSpace(fmt.Sprintf("there is no function %q; %s", name, source.DidYouMean(name, functions.Names()))))
		return errCommand
	}
	fmt.Fprintln(s.Out, strings.Join(d.Signatures(), "\n"))
	fmt.Fprintf(s.Out, "    %s\n    %s is %s\n", d.Doc, d.Example, d.Result)
	return nil
}

func (s *Shell) read(ctx context.Context, path string) error {
	if path == "" {
		fmt.Fprintln(s.Err, ".read wants the name of a file")
		return errCommand
	}
	return s.Engine.Read(ctx, path)
}

func (s *Shell) leave(context.Context, string) error {
	s.quit = true
	return nil
}

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

// quote writes a string as a literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
