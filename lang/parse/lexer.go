package parse

import (
	"io"
	"maps"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/source"
)

// maxNesting is how deep brackets and CASE may nest. The parser calls itself at each
// level, so this bounds its stack.
const maxNesting = 2000

// definition is the lexer as participle wants it. Tokens keep their text as it was
// written, so that a token's span is its offset and its length.
type definition struct{}

var (
	_ lexer.Definition       = definition{}
	_ lexer.StringDefinition = definition{}
)

// Symbols names the tokens for the grammar: keywords by their word. Participle asks
// once for each token that a tag names.
func (definition) Symbols() map[string]lexer.TokenType { return symbols }

var symbols = func() map[string]lexer.TokenType {
	names := map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Name": tokName, "Quoted": tokQuoted, "Number": tokNumber, "Duration": tokDuration,
		"Time": tokTime, "String": tokString, "Blob": tokBlob, "Param": tokParam, "Filter": tokFilter, "Op": tokOp,
		"ArgComma": tokArgComma, "Position": tokPosition,
	}
	maps.Copy(names, keywordKinds)
	return names
}()

func (d definition) Lex(filename string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return d.LexString(filename, string(text))
}

func (definition) LexString(_, text string) (lexer.Lexer, error) {
	return &tokens{scanner: scanner{text: text}}, nil
}

// tokens feeds the parser. On the way it matches brackets, so that a missing one is
// reported where it was opened, and bounds their nesting.
type tokens struct {
	scanner
	open []bracket
}

// bracket is an open ( or [ or CASE.
type bracket struct {
	at   source.Span
	text string
}

const openCase = "CASE"

func (t *tokens) Next() (lexer.Token, error) {
	for {
		kind, start, ok := t.next()
		if t.err != nil {
			return lexer.Token{}, t.err
		}
		if kind == tokComment {
			continue
		}
		tok := lexer.Token{Type: kind, Pos: lexer.Position{Offset: start}}
		if ok {
			tok.Value = t.text[start:t.at]
		}
		if kind == tokOp || kind == kwCase || kind == kwEnd || kind == lexer.EOF {
			if err := t.track(tok); err != nil {
				return lexer.Token{}, err
			}
		}
		return tok, nil
	}
}

// track follows the nesting of the text.
func (t *tokens) track(tok lexer.Token) error {
	switch tok.Type {
	case kwCase:
		return t.push(tok, openCase)
	case kwEnd:
		if n := len(t.open); n > 0 && t.open[n-1].text == openCase {
			t.open = t.open[:n-1]
		}
		return nil
	case lexer.EOF:
		return t.close()
	}
	switch tok.Value {
	case "(", "[":
		return t.push(tok, tok.Value)
	case ")", "]":
		return t.pop(tok)
	case ";":
		return t.close()
	}
	return nil
}

func (t *tokens) push(tok lexer.Token, text string) error {
	if len(t.open) == maxNesting {
		return source.Errorf(spanOf(tok), "this nests more than %d levels deep", maxNesting)
	}
	t.open = append(t.open, bracket{spanOf(tok), text})
	return nil
}

// pop closes a bracket. A CASE in it that has no END is left to the grammar.
func (t *tokens) pop(tok lexer.Token) error {
	n := len(t.open)
	for n > 0 && t.open[n-1].text == openCase {
		n--
	}
	if n == 0 {
		return source.Errorf(spanOf(tok), "this %s closes nothing", tok.Value)
	}
	if opener := t.open[n-1]; closerOf(opener.text) != tok.Value {
		return source.Errorf(opener.at, "this %s is never closed", opener.text)
	}
	t.open = t.open[:n-1]
	return nil
}

// close checks at the end of a statement that no bracket is open.
func (t *tokens) close() error {
	for i := len(t.open) - 1; i >= 0; i-- {
		if opener := t.open[i]; opener.text != openCase {
			return source.Errorf(opener.at, "this %s is never closed", opener.text)
		}
	}
	t.open = t.open[:0]
	return nil
}

func closerOf(opener string) string {
	if opener == "[" {
		return "]"
	}
	return ")"
}

// spanOf returns where a token stands.
func spanOf(tok lexer.Token) source.Span {
	return source.Span{Start: tok.Pos.Offset, End: tok.Pos.Offset + len(tok.Value)}
}
