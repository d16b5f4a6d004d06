package shell

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tq/cmd/tq/render"
	"tq/functions"
	"tq/lang"
	"tq/lang/ast"
	"tq/lang/parse"
)

// beforeTables are the keywords behind which a table is named.
var beforeTables = []string{"FROM", "JOIN", "SUMMARIZE", "DESCRIBE", "PIVOT", "UNPIVOT"}

// Knowledge is what the completer asks an [Engine] about.
type Knowledge interface {
	// Tables describes the tables there are.
	Tables() []Table
	// Settings lists the names of the settings.
	Settings() []string
	// Queries lists the saved queries.
	Queries() []Query
	// Values lists texts that a column of a table holds, the most frequent first; none when
	// that can't be found out in the blink of an eye.
	Values(table, column string) []string
}

// completer completes what stands before the cursor.
type completer struct {
	Knowledge
	before string // lines of the statement above the one that is being typed
}

// Do returns the possible endings of the word before the cursor and the length of its
// beginning in runes, as readline wants them.
func (c *completer) Do(line []rune, pos int) ([][]rune, int) {
	text := string(line[:pos])
	var word string
	var candidates []string
	if rest, ok := strings.CutPrefix(text, "."); ok && c.before == "" {
		word, candidates = c.command(rest)
	} else {
		word, candidates = c.statement(c.before + text)
	}
	return endings(word, candidates), len([]rune(word))
}

// command completes the name of a dot-command, or its argument.
func (c *completer) command(text string) (word string, candidates []string) {
	name, arg, inArg := strings.Cut(text, " ")
	if !inArg {
		for _, cmd := range commands() {
			candidates = append(candidates, cmd.name+" ")
		}
		return name, candidates
	}
	word = arg[strings.LastIndexByte(arg, ' ')+1:]
	for _, cmd := range commands() {
		if cmd.name == name && cmd.complete != nil {
			return word, cmd.complete(c, word)
		}
	}
	return word, nil
}

// statement completes the last word of the beginning of a statement.
func (c *completer) statement(text string) (word string, candidates []string) {
	tokens := lang.Classify(text)
	if n := len(tokens); n > 0 && tokens[n-1].Class == parse.Broken && text[tokens[n-1].Span.Start] == '\'' {
		return c.quoted(text, tokens[:n-1], text[tokens[n-1].Span.Start+1:])
	}
	if n := len(tokens); n > 0 && tokens[n-1].Class == parse.Broken && text[tokens[n-1].Span.Start] == '{' {
		return c.filter(text[tokens[n-1].Span.Start+1:])
	}
	word = lastWord(text)
	tokens = lang.Classify(text[:len(text)-len(word)])
	switch previous := lastKeyword(text, tokens); {
	case slices.Contains(beforeTables, previous):
		for _, t := range c.Tables() {
			candidates = append(candidates, t.Name)
		}
		return word, candidates
	case previous == "SET" || previous == "RESET":
		return word, c.Settings()
	case word == "":
		return word, nil
	}
	if alias, _, ok := strings.Cut(word, "."); ok {
		for _, t := range c.inScope(text, tokens) {
			if strings.EqualFold(t.alias, alias) {
				for _, col := range t.Columns {
					candidates = append(candidates, alias+"."+col.Name)
				}
			}
		}
	}
	for _, t := range c.inScope(text, tokens) {
		for _, col := range t.Columns {
			candidates = append(candidates, col.Name)
		}
	}
	candidates = append(candidates, ast.Keywords()...)
	for _, name := range functions.Names() {
		candidates = append(candidates, name+"(")
	}
	for _, t := range c.Tables() {
		candidates = append(candidates, t.Name)
	}
	return word, candidates
}

// quoted completes a string that has no end yet: a value of the column that it is
// compared with, or the name of a file.
func (c *completer) quoted(text string, tokens []parse.Token, word string) (string, []string) {
	if k := lastKeyword(text, tokens); k == "FROM" || k == "JOIN" || k == "TO" {
		return word, files(word)
	}
	column := comparedColumn(text, tokens)
	if column == "" {
		return word, nil
	}
	var candidates []string
	for _, t := range c.inScope(text, tokens) {
		if slices.ContainsFunc(t.Columns, func(col Column) bool { return strings.EqualFold(col.Name, column) }) {
			for _, v := range c.Values(t.Name, column) {
				candidates = append(candidates, strings.ReplaceAll(v, "'", "''")+"'")
			}
			break
		}
	}
	return word, candidates
}

// comparedColumn is the column that a string behind the tokens would be compared with:
// that before an operator, LIKE or IN ( with any strings in it.
func comparedColumn(text string, tokens []parse.Token) string {
	at := func(i int) string { return text[tokens[i].Span.Start:tokens[i].Span.End] }
	i := len(tokens) - 1
	for i >= 0 && (tokens[i].Class == parse.String || at(i) == "," || at(i) == "(") {
		i--
	}
	for i >= 0 && tokens[i].Class == parse.Keyword && slices.Contains([]string{"IN", "LIKE", "ILIKE", "NOT"}, strings.ToUpper(at(i))) {
		i--
	}
	if i >= 0 && tokens[i].Class == parse.Operator {
		i--
	}
	if i < 0 || tokens[i].Class != parse.Word && tokens[i].Class != parse.Keyword {
		return ""
	}
	return at(i)
}

// namedTable is a table of a query under the name that it has there.
type namedTable struct {
	Table
	alias string
}

// inScope returns the tables that a statement names; all, when it names none.
func (c *completer) inScope(text string, tokens []parse.Token) []namedTable {
	at := func(i int) string { return text[tokens[i].Span.Start:tokens[i].Span.End] }
	var named []namedTable
	tables := c.Tables()
	for i := range tokens[:max(len(tokens)-1, 0)] {
		if k := strings.ToUpper(at(i)); tokens[i].Class != parse.Keyword || k != "FROM" && k != "JOIN" {
			continue
		}
		for _, t := range tables {
			if !strings.EqualFold(t.Name, at(i+1)) {
				continue
			}
			alias, next := t.Name, i+2
			if next < len(tokens) && strings.EqualFold(at(next), "AS") {
				next++
			}
			if next < len(tokens) && tokens[next].Class == parse.Word {
				alias = at(next)
			}
			named = append(named, namedTable{t, alias})
		}
	}
	if named != nil {
		return named
	}
	for _, t := range tables {
		named = append(named, namedTable{t, t.Name})
	}
	return named
}

// lastKeyword is the keyword in capitals that the tokens end with, or "".
func lastKeyword(text string, tokens []parse.Token) string {
	if len(tokens) == 0 || tokens[len(tokens)-1].Class != parse.Keyword {
		return ""
	}
	span := tokens[len(tokens)-1].Span
	return strings.ToUpper(text[span.Start:span.End])
}

// lastWord is the name, perhaps dotted, that a text ends with.
func lastWord(text string) string {
	start := strings.LastIndexFunc(text, func(r rune) bool { return !isWord(r) })
	return strings.TrimLeftFunc(text[max(start, 0):], func(r rune) bool { return !isWord(r) })
}

func isWord(r rune) bool {
	return r == '_' || r == '.' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// endings lists what is missing of the candidates that begin with word, each once, in
// the order given. A word in capitals is ended in capitals. Names from a capture or a folder
// may hold anything: what could control the terminal is not offered.
func endings(word string, candidates []string) [][]rune {
	upper := word == strings.ToUpper(word) && word != strings.ToLower(word)
	var out [][]rune
	seen := map[string]bool{}
	for _, c := range candidates {
		if len(c) <= len(word) || !strings.EqualFold(c[:len(word)], word) || !isPrintable(c) {
			continue
		}
		end := c[len(word):]
		if word != "" && (upper && c == strings.ToLower(c) || c == strings.ToUpper(c) && !upper) {
			end = swapCase(end, upper)
		}
		if !seen[end] {
			seen[end] = true
			out = append(out, []rune(end))
		}
	}
	return out
}

// isPrintable tells whether a text may be shown as it is.
func isPrintable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func swapCase(s string, upper bool) string {
	if upper {
		return strings.ToUpper(s)
	}
	return strings.ToLower(s)
}

// What arguments of dot-commands may be.

func (c *completer) tableNames(string) (names []string) {
	for _, t := range c.Tables() {
		names = append(names, t.Name)
	}
	return names
}

func (c *completer) queryNames(string) (names []string) {
	for _, q := range c.Queries() {
		names = append(names, q.Name)
	}
	return names
}

func (c *completer) formats(string) (names []string) {
	for _, f := range render.Formats {
		names = append(names, f.Name)
	}
	return names
}

func (c *completer) files(word string) []string { return files(word) }

func (c *completer) functionNames(string) []string { return functions.Names() }

func (c *completer) commandNames(string) (names []string) {
	for _, cmd := range commands() {
		names = append(names, cmd.name)
	}
	return append(names, functions.Names()...)
}
