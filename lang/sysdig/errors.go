package sysdig

import (
	"fmt"
	"slices"
	"strings"

	"tq/lang/source"
)

// expected is the error that something else comes next.
func (p *parser) expected(format string, args ...any) *source.Error {
	found, at := p.found()
	return source.Errorf(at, "expected %s, found %s", fmt.Sprintf(format, args...), found)
}

// noField explains what stands where a field should.
func (p *parser) noField() *source.Error {
	err := p.expected("a field such as proc.name")
	word := p.peekWord()
	switch {
	case p.accept("!"):
		err.Hint = "write not"
	case word != "" && strings.EqualFold(word, "not"):
		err.Hint = "sysdig's words are written in small letters: not"
	case word == "and" || word == "or":
	case transformNames[strings.ToLower(word)] || word == "val":
		err.Hint = word + " takes a field in parentheses"
	case word != "":
		err.Hint = "fields have a dot in their name; there are no macros"
	}
	return err
}

// noOperator explains what stands where an operator should.
func (p *parser) noOperator(f Field) *source.Error {
	found, _ := p.found()
	err := p.expected("an operator after %s", f.Name)
	if to, ok := foreignOperators[strings.ToLower(found)]; ok {
		return err.WithHint("write %s", to)
	}
	if lower := strings.ToLower(found); lower != found && wordOperators[lower] != 0 {
		return err.WithHint("sysdig's words are written in small letters: %s", lower)
	}
	if found == "and" || found == "or" || found == ")" || p.atEnd() {
		return err.WithHint("to ask whether an event has it, write %s exists", f.Name)
	}
	if err.Hint = source.DidYouMean(found, OperatorWords()); err.Hint == "" {
		err.Hint = "operators are = != < <= > >= " + strings.Join(OperatorWords(), " ")
	}
	return err
}

// unexpectedEnd explains what follows a filter that could be at its end.
func (p *parser) unexpectedEnd() *source.Error {
	found, at := p.found()
	err := source.Errorf(at, `expected "and" or "or", found %s`, found)
	switch lower := strings.ToLower(found); {
	case found == ")":
		return source.Errorf(at, "this ) closes nothing")
	case lower == "and" || lower == "or":
		err.Hint = "sysdig's words are written in small letters: " + lower
	case found == "&&":
		err.Hint = "write and"
	case found == "||":
		err.Hint = "write or"
	case found == "not":
		err.Hint = "not stands before a check; write and not"
	case found == ",":
		err.Hint = "several values stand in a list: in (a, b)"
	default:
		if near := source.Suggest(found, []string{"and", "or"}); near != "" {
			err.Hint = "did you mean " + near + "?"
		} else if !slices.Contains([]string{"(", "["}, found) {
			err.Hint = "a value with blanks stands in quotes"
		}
	}
	return err
}
