package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/source"
)

// Class is what a token is to somebody who reads the text.
type Class uint8

// The classes of tokens.
const (
	Word    Class = iota // a name
	Keyword              // a word of the language, whether it is used as one or not
	Quoted               // a name in double quotes
	Number               // numbers, durations and time points
	String               // strings and blobs
	Param                // $name
	Filter               // a sysdig filter in braces
	Operator
	Comment
	Broken // what can't be a token, or has no end yet
)

// Token is a piece of a text.
type Token struct {
	Class Class
	Span  source.Span
}

// Classify splits a text that may still be being typed into tokens, comments included;
// what stands between them is blank.
func Classify(text string) []Token {
	var tokens []Token
	for s := (scanner{text: text}); ; s.err = nil {
		kind, start, ok := s.next()
		if !ok && s.err == nil {
			return tokens
		}
		class := Broken
		if ok {
			class = textClass(kind)
		}
		tokens = append(tokens, Token{class, source.Span{Start: start, End: s.at}})
	}
}

func textClass(kind lexer.TokenType) Class {
	switch kind {
	case tokName:
		return Word
	case tokQuoted:
		return Quoted
	case tokNumber, tokDuration, tokTime, tokPosition:
		return Number
	case tokString, tokBlob:
		return String
	case tokParam:
		return Param
	case tokFilter:
		return Filter
	case tokComment:
		return Comment
	case tokOp, tokArgComma:
		return Operator
	}
	return Keyword
}
