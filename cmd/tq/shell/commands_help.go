package shell

import (
	"context"
	"fmt"
	"strings"

	"tq/functions"
	"tq/lang/source"
)

// The commands that tell what there is.

func (s *Shell) helpFor(ctx context.Context, args string) error {
	if args != "" {
		name := strings.TrimPrefix(args, ".")
		for _, c := range commands() {
			if c.name == name {
				fmt.Fprintf(s.Out, ".%s %s\n    %s\n", c.name, c.args, c.help)
				return nil
			}
		}
		if _, ok := functions.Lookup(strings.ToLower(name)); ok {
			return s.functions(ctx, name)
		}
		if c, ok := s.find(name); ok {
			return s.helpFor(ctx, c.name)
		}
		return errCommand
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
	return s.refuse("there is no table %q; %s", name, source.DidYouMean(name, names))
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
	d, ok := functions.Lookup(strings.ToLower(name))
	if !ok {
		return s.refuse("there is no function %q; %s", name, source.DidYouMean(name, functions.Names()))
	}
	fmt.Fprintln(s.Out, strings.Join(d.Signatures(), "\n"))
	fmt.Fprintf(s.Out, "    %s\n", d.Doc)
	if d.Example != "" {
		fmt.Fprintf(s.Out, "    %s is %s\n", d.Example, d.Result)
	}
	return nil
}

func (s *Shell) params(context.Context, string) error {
	for _, p := range s.Engine.Params() {
		fmt.Fprintf(s.Out, "  $%s = %s\n", p.Name, p.Value)
	}
	return nil
}

func (s *Shell) leave(context.Context, string) error {
	s.quit = true
	return nil
}
