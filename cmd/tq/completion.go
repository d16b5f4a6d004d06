package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"tq/cmd/tq/queries"
)

// printCompletion prints what a shell needs to complete tq's command line.
func printCompletion(args []string, out io.Writer) error {
	scripts := map[string]func([]*pflag.Flag) string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	if len(args) == 1 {
		if script, ok := scripts[args[0]]; ok {
			_, err := io.WriteString(out, script(allFlags()))
			return err
		}
	}
	return usagef("tq completion wants the name of a shell: bash, zsh or fish")
}

// allFlags lists the flags in the order of --help.
func allFlags() []*pflag.Flag {
	var flags []*pflag.Flag
	for _, g := range new(options).flagGroups() {
		g.VisitAll(func(f *pflag.Flag) { flags = append(flags, f) })
	}
	return flags
}

// takesValue tells whether a flag is followed by a value.
func takesValue(f *pflag.Flag) bool { return f.NoOptDefVal == "" }

// flagValues are the values that a flag may have, where they can be listed.
func flagValues(name string) []string {
	switch name {
	case "output":
		return formatNames()
	case "color":
		return []string{"auto", "always", "never"}
	case "file":
		var names []string
		for _, q := range queries.All() {
			names = append(names, ":"+q.Name)
		}
		return names
	}
	return nil
}

// takesFile tells whether the value of a flag is the name of a file.
func takesFile(name string) bool {
	return slices.Contains([]string{"file", "output-file", "cache-dir"}, name)
}

func bashCompletion(flags []*pflag.Flag) string {
	var names []string
	var cases strings.Builder
	for _, f := range flags {
		names = append(names, "--"+f.Name)
		if !takesValue(f) {
			continue
		}
		pattern := "--" + f.Name
		if f.Shorthand != "" {
			pattern = "-" + f.Shorthand + "|" + pattern
		}
		fill := "COMPREPLY=()"
		if values := flagValues(f.Name); values != nil {
			fill = fmt.Sprintf("COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", strings.Join(values, " "))
		}
		if takesFile(f.Name) {
			fill += "; COMPREPLY+=($(compgen -f -- \"$cur\"))"
		}
		fmt.Fprintf(&cases, "        %s) %s; return ;;\n", pattern, fill)
	}
	var words []string
	for _, c := range subcommands() {
		words = append(words, c.name)
	}
	return fmt.Sprintf(`# bash completion of tq
_tq() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    case $prev in
%s    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W '%s' -- "$cur"))
    else
        COMPREPLY=($(compgen -f -- "$cur"))
        [[ $COMP_CWORD -eq 1 ]] && COMPREPLY+=($(compgen -W '%s' -- "$cur"))
    fi
}
# A name such as :gaps is one word.
COMP_WORDBREAKS=${COMP_WORDBREAKS//:}
complete -o filenames -F _tq tq
`, cases.String(), strings.Join(names, " "), strings.Join(words, " "))
}

func zshCompletion(flags []*pflag.Flag) string {
	var b strings.Builder
	b.WriteString("#compdef tq\n_arguments -s \\\n")
	quote := strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`)
	for _, f := range flags {
		value, usage := pflag.UnquoteUsage(f)
		spec := "[" + quote.Replace(usage) + "]"
		if takesValue(f) {
			action := " "
			switch values := flagValues(f.Name); {
			case values != nil && !takesFile(f.Name):
				action = "(" + strings.Join(values, " ") + ")"
			case takesFile(f.Name):
				action = "_files"
			}
			spec += ":" + quote.Replace(value) + ":" + action
		}
		if f.Shorthand != "" {
			fmt.Fprintf(&b, "    '*-%s%s' \\\n", f.Shorthand, spec)
		}
		fmt.Fprintf(&b, "    '*--%s%s' \\\n", f.Name, spec)
	}
	b.WriteString("    '*:file:_files'\n")
	return b.String()
}

func fishCompletion(flags []*pflag.Flag) string {
	var b strings.Builder
	b.WriteString("# fish completion of tq\n")
	quote := strings.NewReplacer(`\`, `\\`, "'", `\'`)
	for _, f := range flags {
		_, usage := pflag.UnquoteUsage(f)
		fmt.Fprintf(&b, "complete -c tq -l %s", f.Name)
		if f.Shorthand != "" {
			fmt.Fprintf(&b, " -s %s", f.Shorthand)
		}
		if takesValue(f) {
			b.WriteString(" -r")
			if !takesFile(f.Name) {
				b.WriteString(" -f")
			}
			if values := flagValues(f.Name); values != nil {
				fmt.Fprintf(&b, " -a '%s'", strings.Join(values, " "))
			}
		}
		fmt.Fprintf(&b, " -d '%s'\n", quote.Replace(usage))
	}
	for _, c := range subcommands() {
		fmt.Fprintf(&b, "complete -c tq -n __fish_use_subcommand -a %s -d '%s'\n", c.name, quote.Replace(c.doc))
	}
	return b.String()
}
