package parse

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
	"tq/lang/sysdig"
)

// syntaxError is a token that doesn't fit. It is put into words when it is known to
// be the one to report.
type syntaxError struct {
	found     lexer.Token
	expected  []string // what would have fitted; empty when the text should have ended
	asName    bool     // a name would have fitted too
	statement bool     // a statement would have fitted
}

func (e *syntaxError) Error() string { return "unexpected " + e.found.Value }

// inWords puts an error of the parser into words.
func inWords(file *source.File, err error) *source.Error {
	var own *source.Error
	var syntax *syntaxError
	var unexpected *participle.UnexpectedTokenError
	var other participle.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &syntax):
	case errors.As(err, &unexpected):
		syntax = &syntaxError{found: unexpected.Unexpected, expected: expectations(unexpected.Message())}
		syntax.asName = slices.Contains(syntax.expected, productionWords["name"])
	case errors.As(err, &other):
		return source.Errorf(source.Point(other.Position().Offset), "%s", other.Message())
	default:
		return source.Errorf(source.Span{}, "%s", err)
	}
	described := newContext(file.Text, syntax.found).describe(syntax)
	if syntax.statement && described.Hint == "" {
		described.Hint = filterHint(file.Text[syntax.found.Pos.Offset:])
	}
	return described
}

// filterHint says what to do with a filter of sysdig that stands where a statement
// should; it is empty when a text begins with none.
func filterHint(text string) string {
	filter, _, _ := strings.Cut(text, ";")
	filter = strings.TrimSpace(filter)
	if _, err := sysdig.Parse(filter, 0); err != nil {
		return ""
	}
	const most = 80
	if len(filter) > most || strings.Contains(filter, "\n") {
		filter = "…"
	}
	return "a sysdig filter stands in braces: SELECT * FROM events WHERE {" + filter + "}"
}

// context is what stands around a token that doesn't fit.
type context struct {
	before []lexer.Token // of the same statement
	found  lexer.Token
	after  lexer.Token
}

func newContext(text string, found lexer.Token) *context {
	c := &context{found: found}
	for s := (scanner{text: text}); ; {
		kind, start, ok := s.next()
		tok := lexer.Token{Type: kind, Value: text[start:s.at], Pos: lexer.Position{Offset: start}}
		switch {
		case !ok:
			tok.Value = ""
			fallthrough
		case start > found.Pos.Offset:
			if kind != tokComment {
				c.after = tok
				return c
			}
		case kind == tokComment || start == found.Pos.Offset:
		case kind == tokOp && tok.Value == ";":
			c.before = c.before[:0]
		default:
			c.before = append(c.before, tok)
		}
	}
}

// back returns the token n places before the one that doesn't fit.
func (c *context) back(n int) lexer.Token {
	if n > len(c.before) {
		return lexer.Token{Type: lexer.EOF}
	}
	return c.before[len(c.before)-n]
}

func (c *context) describe(e *syntaxError) *source.Error {
	if e.statement {
		return c.noStatement()
	}
	if err := c.misspeltBefore(e); err != nil {
		return err
	}
	if prev := c.back(1); c.back(2).Type == kwAs && classOf(prev.Type) == ast.Reserved {
		return source.Errorf(spanOf(prev), "expected a name, found %s", tokenWords(prev)).
			WithHint("a name is missing after AS")
	}
	at := spanOf(c.found)
	if c.found.Value == "" || c.found.Value == ";" {
		at = source.Point(spanOf(c.back(1)).End)
	}
	if err := c.clauseOrder(at); err != nil && !c.reservedName(e) {
		return err
	}
	var msg string
	switch {
	case len(e.expected) > 0:
		msg = fmt.Sprintf("expected %s, found %s", alternatives(e.expected), tokenWords(c.found))
	case c.back(1).Type == lexer.EOF:
		msg = "unexpected " + tokenWords(c.found)
	default:
		msg = fmt.Sprintf("unexpected %s after %s", tokenWords(c.found), tokenWords(c.back(1)))
	}
	err := source.Errorf(at, "%s", msg)
	err.Hint = c.hint(e)
	return err
}

// hint says what to do about the token that doesn't fit, where that is known.
func (c *context) hint(e *syntaxError) string {
	t := c.found
	if word := keywordText(t.Type); word != "" {
		switch {
		case c.reservedName(e):
			return fmt.Sprintf("%s is a reserved word; to use it as a name, write %s", word, quoted(t.Value))
		case t.Type == kwCollate:
			return "strings are compared byte by byte; there are no collations"
		case t.Type == kwSelect && c.back(1).Value == "(" && (c.back(3).Type == kwWith || c.back(3).Value == ","):
			return "write " + c.back(2).Value + " AS (SELECT …)"
		}
	}
	if t.Type == tokOp {
		switch t.Value {
		case "<=>":
			return "write IS NOT DISTINCT FROM"
		case ",":
			if c.back(1).Type == tokNumber && c.back(2).Type == kwLimit {
				return "write LIMIT count OFFSET skip"
			}
		case "=":
			if c.back(1).Type == tokOp && c.back(1).Value == "=" {
				return "write = or ==, without a space between"
			}
		case "(":
			if c.back(3).Type == kwCreate && c.back(2).Type == kwTable {
				return "a table is made of a query: CREATE TABLE … AS SELECT …"
			}
		}
		return ""
	}
	switch {
	case t.Type == tokNumber && strings.EqualFold(c.back(1).Value, "top"):
		return "write LIMIT n at the end of the query"
	case t.Type == tokString && c.back(1).Type == tokName:
		return "an operator such as = may be missing before the string"
	case t.Type == tokName:
		if near := nearKeyword(t.Value, c.candidates(e)); near != "" {
			return "did you mean " + near + "?"
		}
	}
	return ""
}

// candidates are the keywords that may have been meant by the word that doesn't fit.
func (c *context) candidates(e *syntaxError) []string {
	switch {
	case len(e.expected) == 0:
		return clauseWords
	case slices.Contains(e.expected, productionWords["query"]):
		return starters
	}
	return keywordsIn(e.expected)
}

func quoted(name string) string { return `"` + name + `"` }

// reservedName reports whether the token that doesn't fit is a reserved word that
// was meant as a name.
func (c *context) reservedName(e *syntaxError) bool {
	word := keywordText(c.found.Type)
	return e.asName && word != "" && ast.IsReserved(word) && c.usedAsName()
}

// usedAsName reports whether the token that doesn't fit stands where a name would be
// followed by what follows it.
func (c *context) usedAsName() bool {
	switch t := c.after; t.Type {
	case tokOp:
		return t.Value != "(" && t.Value != "*"
	case lexer.EOF, kwFrom, kwAs, kwAnd, kwOr, kwIs, kwIn, kwLike, kwIlike, kwBetween, kwAsc, kwDesc:
		return true
	}
	return false
}

// clauseWords begin what may follow a table or an expression; they are looked for
// among misspelt words.
var clauseWords = strings.Fields(`FROM WHERE GROUP HAVING WINDOW QUALIFY ORDER LIMIT OFFSET UNION INTERSECT EXCEPT JOIN
	LEFT RIGHT INNER CROSS NATURAL FULL OUTER ASOF USING AROUND TOLERANCE LIKE BETWEEN AND OR IN IS WHEN THEN ELSE END
	AS ON BY DESC ASC OVER FILTER EXCLUDE REPLACE RENAME`)

// misspeltBefore finds a keyword that was misspelt and so taken for an alias, which
// makes what follows it unexpected: SELECT a FORM t.
func (c *context) misspeltBefore(e *syntaxError) *source.Error {
	prev := c.back(1)
	if prev.Type != tokName || c.back(2).Type == kwAs || c.back(2).Value == "." {
		return nil
	}
	candidates := clauseWords
	if len(c.before) == 1 {
		candidates = starters
	}
	near := nearKeyword(prev.Value, append(keywordsIn(e.expected), candidates...))
	if near == "" {
		return nil
	}
	return source.Errorf(spanOf(prev), "unexpected %s", tokenWords(prev)).WithHint("did you mean %s?", near)
}

// nearKeyword is like [source.Suggest], but strict: a keyword is short, and a name
// that only begins like one isn't a misspelt keyword.
func nearKeyword(word string, candidates []string) string {
	near := source.Suggest(word, candidates)
	if len(word) < 2 || len(near)-len(word) > 1 || len(word)-len(near) > 1 {
		return ""
	}
	return near
}

func keywordsIn(expected []string) []string {
	var found []string
	for _, e := range expected {
		if e == strings.ToUpper(e) {
			found = append(found, strings.Fields(e)...)
		}
	}
	return found
}

// clauseOrder is the order in which the clauses of a query are written.
var clauseOrder = []string{"SELECT", "FROM", "WHERE", "AROUND", "GROUP BY", "HAVING", "WINDOW", "QUALIFY", "ORDER BY", "LIMIT"}

// clauseOrder explains a clause that comes too late or twice.
func (c *context) clauseOrder(at source.Span) *source.Error {
	this := clauseIndex(c.found.Type)
	if this < 1 {
		return nil
	}
	latest, depth := -1, 0
	for i := len(c.before) - 1; i >= 0 && depth >= 0; i-- {
		t := c.before[i]
		switch {
		case t.Value == ")" || t.Value == "]":
			depth++
		case t.Value == "(" || t.Value == "[":
			depth--
		case depth > 0:
		case t.Type == kwUnion || t.Type == kwExcept || t.Type == kwIntersect:
			depth = -1
		default:
			latest = max(latest, clauseIndex(t.Type))
		}
	}
	switch {
	case latest == this:
		return source.Errorf(at, "this query has its %s already", clauseOrder[this])
	case latest > this:
		return source.Errorf(at, "%s must stand before %s", clauseOrder[this], clauseOrder[latest])
	}
	return nil
}

func clauseIndex(kind lexer.TokenType) int {
	word := keywordText(kind)
	if word == "" {
		return -1
	}
	return slices.IndexFunc(clauseOrder, func(clause string) bool {
		return clause == word || strings.TrimSuffix(clause, " BY") == word
	})
}

// starters begin statements.
var starters = strings.Fields(`SELECT FROM WITH VALUES EXPLAIN DESCRIBE SUMMARIZE SHOW SET RESET PARAM ASSERT CREATE DROP COPY PIVOT UNPIVOT`)

// foreign begin statements of other systems.
var foreign = strings.Fields(`ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMIT DEALLOCATE DECLARE DELETE DETACH EXECUTE
	EXPORT GRANT IMPORT INSERT INSTALL LOAD MERGE PRAGMA PREPARE REVOKE ROLLBACK START TRUNCATE UPDATE USE
	VACUUM`)

// noStatement explains a text that begins no statement.
func (c *context) noStatement() *source.Error {
	t := c.found
	word := strings.ToUpper(t.Value)
	switch {
	case slices.Contains(foreign, word):
		return source.Errorf(spanOf(t), "there is no %s statement", word).
			WithHint("statements begin with %s", alternatives(starters))
	case t.Value == ".":
		return source.Errorf(spanOf(t), "expected a statement, found a dot").
			WithHint("commands that begin with a dot work at the shell's prompt")
	}
	err := source.Errorf(spanOf(t), "expected a statement, found %s", tokenWords(t))
	if near := nearKeyword(t.Value, starters); near != "" && t.Type != tokQuoted {
		err.Hint = "did you mean " + near + "?"
	}
	return err
}

// tokenWords names a token for people.
func tokenWords(t lexer.Token) string {
	if word := keywordText(t.Type); word != "" {
		return word
	}
	text := strings.ToValidUTF8(t.Value, "\uFFFD")
	const most = 24
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most-1]) + "…"
	}
	switch {
	case t.Type == lexer.EOF || t.Value == ";":
		return "the end of the statement"
	case t.Type == tokName:
		return quoted(text)
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text)
}

// alternatives joins words with commas and or.
func alternatives(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
