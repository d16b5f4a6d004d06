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
				return s.show(ctx, fmt.Sprintf("%s\n    %s\n", strings.TrimRight("."+c.name+" "+c.args, " "), c.help))
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
	var b strings.Builder
	for _, section := range sections() {
		b.WriteString(section.title + "\n")
		for _, c := range section.commands {
			s.entry(&b, 28, strings.TrimRight("  ."+c.name+" "+c.args, " "), c.help)
		}
	}
	b.WriteString("Anything else is SQL, ended by a semicolon. Tab completes, Ctrl-R searches\nwhat was typed, Ctrl-C stops a statement.\n")
	return s.show(ctx, b.String())
}

func (s *Shell) tables(ctx context.Context, _ string) error {
	var b strings.Builder
	for _, t := range s.Engine.Tables() {
		s.entry(&b, 17, "  "+t.Name, t.Row)
	}
	return s.show(ctx, b.String())
}

func (s *Shell) schema(ctx context.Context, name string) error {
	if name == "" {
		return s.tables(ctx, "")
	}
	var names []string
	for _, t := range s.Engine.Tables() {
		if strings.EqualFold(t.Name, name) {
			return s.show(ctx, s.describe(t))
		}
		names = append(names, t.Name)
	}
	return s.refuse("there is no table %q; %s", name, source.DidYouMean(name, names))
}

// describe tells what is known of a table.
func (s *Shell) describe(t Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: one row is %s\n", t.Name, t.Row)
	hidden := false
	for _, c := range t.Columns {
		mark := " "
		if c.Hidden {
			mark, hidden = "*", true
		}
		s.entry(&b, 28, fmt.Sprintf(" %s%-14s %s", mark, c.Name, c.Type), c.Doc)
	}
	if hidden {
		b.WriteString("Columns marked * are left out by SELECT *; name them to select them.\n")
	}
	return b.String()
}

func (s *Shell) functions(ctx context.Context, name string) error {
	var b strings.Builder
	if name == "" {
		for _, d := range functions.All() {
			s.entry(&b, 23, "  "+d.Name, d.Doc)
		}
		return s.show(ctx, b.String())
	}
	d, ok := functions.Lookup(strings.ToLower(name))
	if !ok {
		return s.refuse("there is no function %q; %s", name, source.DidYouMean(name, functions.Names()))
	}
	b.WriteString(strings.Join(d.Signatures(), "\n") + "\n")
	s.entry(&b, 4, "   ", d.Doc)
	if d.Example != "" {
		s.entry(&b, 4, "   ", d.Example+" is "+d.Result)
	}
	return s.show(ctx, b.String())
}

func (s *Shell) params(ctx context.Context, _ string) error {
	var b strings.Builder
	for _, p := range s.Engine.Params() {
		fmt.Fprintf(&b, "  $%s = %s\n", p.Name, p.Value)
	}
	return s.show(ctx, b.String())
}

func (s *Shell) leave(context.Context, string) error {
	s.quit = true
	return nil
}
