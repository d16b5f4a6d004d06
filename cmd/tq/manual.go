package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"tq/cmd/tq/queries"
	"tq/cmd/tq/render"
)

// printManual prints the manual page in the language of man.
func printManual(args []string, out io.Writer) error {
	if len(args) > 0 {
		return usagef("tq man takes no arguments")
	}
	var b strings.Builder
	fmt.Fprintf(&b, ".TH TQ 1 \"\" \"tq %s\"\n.SH NAME\ntq \\- SQL over system-call captures\n", version)
	head, _, _ := strings.Cut(usageHead, "\nExamples:")
	_, usage, _ := strings.Cut(head, "Usage:\n")
	usage, about, _ := strings.Cut(usage, "\n\n")
	b.WriteString(".SH SYNOPSIS\n")
	synopsis := strings.Split(unindent(usage), "\n")
	for _, c := range subcommands() {
		synopsis = append(synopsis, c.usage())
	}
	for _, line := range synopsis {
		fmt.Fprintf(&b, ".B %s\n.br\n", roff(line))
	}
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s\n", roff(unindent(about)))
	for _, g := range new(options).flagGroups() {
		fmt.Fprintf(&b, ".SH %s\n", strings.ToUpper(g.title))
		g.VisitAll(func(f *pflag.Flag) { b.WriteString(flagManual(f)) })
	}
	b.WriteString(".SH FORMATS\n")
	for _, f := range render.Formats {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", f.Name, roff(f.Doc))
	}
	b.WriteString(".SH SAVED QUERIES\nRun as\n.BR \"tq -f :\" NAME ;\n.B tq -f :NAME --help\ntells more of one.\n")
	for _, q := range queries.All() {
		fmt.Fprintf(&b, ".TP\n.B :%s\n%s\n", q.Name, roff(queries.Title(q.Text)))
	}
	_, examples, _ := strings.Cut(usageHead, "\nExamples:\n")
	for _, part := range []struct{ title, text string }{
		{"EXAMPLES", examples}, {"ENVIRONMENT", after(environment)}, {"EXIT STATUS", after(exitCodes)},
	} {
		fmt.Fprintf(&b, ".SH %s\n.nf\n%s\n.fi\n", part.title, roff(strings.TrimRight(part.text, "\n")))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// flagManual is the paragraph about a flag.
func flagManual(f *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(f)
	name := "\\fB\\-\\-" + roff(f.Name) + "\\fR"
	if f.Shorthand != "" {
		name = "\\fB\\-" + f.Shorthand + "\\fR, " + name
	}
	if value != "" {
		name += " \\fI" + roff(value) + "\\fR"
	}
	return ".TP\n" + name + "\n" + roff(usage) + "\n"
}

// after is a section of help without its first line, which is the title.
func after(section string) string {
	_, text, _ := strings.Cut(section, "\n")
	return strings.TrimSpace(text)
}

// unindent takes the blanks from the beginning of every line.
func unindent(text string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// roff writes text so that man shows it as it is.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
