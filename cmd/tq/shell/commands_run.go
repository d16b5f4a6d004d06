package shell

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"tq/lang/source"
)

// The commands that run something.

func (s *Shell) open(ctx context.Context, file string) error {
	if file == "" {
		return s.refuse(".open wants the name of a file")
	}
	if err := s.Engine.Open(ctx, file); err != nil {
		return s.refuse("error: %v", err)
	}
	return nil
}

func (s *Shell) read(ctx context.Context, path string) error {
	if path == "" {
		return s.refuse(".read wants the name of a file")
	}
	return s.Engine.Read(ctx, path)
}

func (s *Shell) queries(ctx context.Context, args string) error {
	name := strings.TrimPrefix(strings.TrimSpace(strings.TrimPrefix(args, "show ")), ":")
	var b strings.Builder
	var names []string
	for _, q := range s.Engine.Queries() {
		if q.Name == name {
			return s.show(ctx, q.Text)
		}
		s.entry(&b, 23, "  "+q.Name, q.Title)
		names = append(names, q.Name)
	}
	if name != "" {
		return s.refuse("there is no saved query %q; %s", name, source.DidYouMean(name, names))
	}
	b.WriteString(".run name runs one, .queries name shows its text and its parameters.\n")
	return s.show(ctx, b.String())
}

func (s *Shell) runSaved(ctx context.Context, args string) error {
	words := strings.Fields(args)
	if len(words) == 0 {
		return s.refuse(".run wants the name of a saved query; .queries lists them")
	}
	given := map[string]string{}
	for _, word := range words[1:] {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return s.refuse("%q is no parameter: they are given as name=value", word)
		}
		given[strings.ToLower(name)] = value
	}
	return s.Engine.RunSaved(ctx, strings.TrimPrefix(words[0], ":"), given)
}

func (s *Shell) translate(ctx context.Context, filter string) error {
	if filter == "" {
		return s.refuse(".translate wants a filter, such as proc.name=cat and evt.type=open")
	}
	sql, err := s.Engine.Translate(filter)
	if err != nil {
		return err
	}
	return s.show(ctx, sql+"\n")
}

func (s *Shell) around(ctx context.Context, args string) error {
	words := strings.Fields(args)
	if len(words) == 0 || len(words) > 2 {
		return s.refuse(".around wants the number of an event, and perhaps how many rows before and after it")
	}
	given := map[string]string{"num": words[0]}
	if len(words) == 2 {
		given["rows"] = words[1]
	}
	return s.Engine.RunSaved(ctx, "around", given)
}

func (s *Shell) event(ctx context.Context, args string) error {
	num, err := strconv.ParseInt(args, 10, 64)
	if err != nil {
		return s.refuse(".event wants the number of an event")
	}
	return s.Engine.Event(ctx, num)
}

func (s *Shell) explain(ctx context.Context, statement string) error {
	if statement == "" {
		statement = s.recent
	}
	if statement == "" {
		return s.refuse("there is no statement to explain yet")
	}
	return s.Engine.Run(ctx, &source.File{Text: "EXPLAIN " + statement})
}

// edit lets the user's editor change the last statement, and runs what comes out.
func (s *Shell) edit(ctx context.Context, _ string) error {
	file, err := os.CreateTemp("", "tq-*.sql")
	if err != nil {
		return s.refuse("error: %v", err)
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(s.recent)
	if e := file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return s.refuse("error: %v", err)
	}
	editor := "vi"
	for _, name := range []string{"EDITOR", "VISUAL"} {
		if v := os.Getenv(name); v != "" {
			editor = v
		}
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", editor+` "$1"`, editor, file.Name())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return s.refuse("%s: %v", editor, err)
	}
	text, err := os.ReadFile(file.Name())
	if err != nil {
		return s.refuse("error: %v", err)
	}
	if strings.TrimSpace(string(text)) == "" {
		return nil
	}
	fmt.Fprintln(s.Out, strings.TrimRight(string(text), "\n"))
	s.remember(string(text))
	return s.run(ctx, string(text))
}
