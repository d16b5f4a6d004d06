package sysdig

import (
	"strings"

	"tq/lang/source"
)

// maxNesting is how deep parentheses may nest, as in sysdig.
const maxNesting = 100

// Parse parses a filter that stands at a place of a statement's text.
//
//	filter = term { "or" term }
//	term   = factor { "and" factor }
//	factor = { "not" } ( "(" filter ")" | check )
//	check  = field ( operator ( value | field ) | operator "(" [ value { "," value } ] ")" | "exists" )
//	field  = name [ "[" argument "]" ] | transform "(" field ")"
func Parse(text string, base int) (Filter, *source.Error) {
	p := &parser{scanner: scanner{text: text, base: base}}
	p.skipBlanks()
	if p.atEnd() {
		return nil, source.Errorf(p.span(0, len(text)), "this filter is empty").WithHint("such as {proc.name=cat and evt.type=open}")
	}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.atEnd() {
		return nil, p.unexpectedEnd()
	}
	return f, nil
}

type parser struct {
	scanner
	depth int
}

func (p *parser) or() (Filter, *source.Error) {
	return p.chain("or", p.and)
}

func (p *parser) and() (Filter, *source.Error) {
	return p.chain("and", p.not)
}

// chain reads terms joined by a word.
func (p *parser) chain(word string, term func() (Filter, *source.Error)) (Filter, *source.Error) {
	p.skipBlanks()
	start := p.at
	var terms []Filter
	for {
		t, err := term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
		end := p.at
		p.skipBlanks()
		if !p.acceptWord(word) {
			if len(terms) == 1 {
				return t, nil
			}
			return &Logic{node{p.span(start, end)}, word == "or", terms}, nil
		}
	}
}

func (p *parser) not() (Filter, *source.Error) {
	p.skipBlanks()
	start, negated := p.at, false
	for p.acceptWord("not") {
		negated = !negated
		p.skipBlanks()
	}
	f, err := p.factor()
	if err != nil || !negated {
		return f, err
	}
	return &Not{p.since(start), f}, nil
}

func (p *parser) factor() (Filter, *source.Error) {
	open := p.at
	if !p.accept("(") {
		return p.check()
	}
	if p.depth++; p.depth > maxNesting {
		return nil, source.Errorf(p.span(open, open+1), "this nests more than %d levels deep", maxNesting)
	}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	p.depth--
	if p.atEnd() {
		return nil, source.Errorf(p.span(open, open+1), "this ( is never closed")
	}
	if !p.accept(")") {
		return nil, p.unexpectedEnd()
	}
	return f, nil
}

func (p *parser) check() (Filter, *source.Error) {
	start := p.at
	field, err := p.field()
	if err != nil {
		return nil, err
	}
	c := &Check{Field: field}
	p.skipBlanks()
	opStart := p.at
	var ok bool
	if c.Op, ok = p.operator(); !ok {
		return nil, p.noOperator(field)
	}
	c.OpAt = p.span(opStart, p.at)
	switch {
	case c.Op == Exists:
	case c.Op.takesList():
		c.Values, err = p.list(c.Op)
	default:
		err = p.operand(c)
	}
	c.at = p.span(start, p.at)
	return c, err
}

// operator reads an operator.
func (p *parser) operator() (Operator, bool) {
	if strings.HasPrefix(p.rest(), "<>") {
		return 0, false // SQL's, not < with the value >
	}
	for _, s := range symbols {
		if p.accept(s.text) {
			return s.op, true
		}
	}
	op, ok := wordOperators[p.peekWord()]
	if ok {
		p.at += len(op.String())
	}
	return op, ok
}

// field reads the name of a field, or a function applied to one.
func (p *parser) field() (Field, *source.Error) {
	start := p.at
	var transforms []Value
	for transformNames[p.peekWord()] && strings.HasPrefix(p.rest()[len(p.peekWord()):], "(") {
		word := p.at
		p.at += len(p.peekWord())
		transforms = append(transforms, Value{p.since(word), p.text[word:p.at]})
		p.at++
		p.skipBlanks()
	}
	f, err := p.name()
	if err != nil {
		return Field{}, err
	}
	for range transforms {
		p.skipBlanks()
		if !p.accept(")") {
			return Field{}, p.expected(") after the field")
		}
	}
	f.Transforms = transforms
	if len(transforms) > 0 {
		f.at = p.span(start, p.at)
	}
	return f, nil
}

// name reads a field's name with its argument.
func (p *parser) name() (Field, *source.Error) {
	start := p.at
	if p.atEnd() || !isLetter(p.text[p.at]) {
		return Field{}, p.noField()
	}
	for !p.atEnd() && (isWordPart(p.text[p.at]) || p.text[p.at] == '.') {
		p.at++
	}
	f := Field{node: p.since(start), Name: p.text[start:p.at]}
	if !strings.Contains(f.Name, ".") {
		p.at = start
		return Field{}, p.noField()
	}
	if !p.accept("[") {
		return f, nil
	}
	arg, err := p.argument()
	if err != nil {
		return Field{}, err
	}
	if !p.accept("]") {
		return Field{}, p.expected("] after the field's argument")
	}
	f.Arg, f.at = &arg, p.span(start, p.at)
	return f, nil
}

// argument reads what stands in the brackets of a field.
func (p *parser) argument() (Value, *source.Error) {
	start := p.at
	if !p.atEnd() && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		return p.quoted()
	}
	for !p.atEnd() && !isBlank(p.text[p.at]) && strings.IndexByte(`[]"'`, p.text[p.at]) < 0 {
		p.at++
	}
	if p.at == start {
		return Value{}, p.expected("an argument of the field")
	}
	return Value{p.since(start), p.text[start:p.at]}, nil
}

// operand reads what a check compares its field with.
func (p *parser) operand(c *Check) *source.Error {
	p.skipBlanks()
	start := p.at
	if p.accept("val(") {
		p.skipBlanks()
		other, err := p.name()
		if err != nil {
			return err
		}
		p.skipBlanks()
		if !p.accept(")") {
			return p.expected(") after the field")
		}
		other.at, c.Other = p.span(start, p.at), &other
		return nil
	}
	if word := p.peekWord(); transformNames[word] && strings.HasPrefix(p.rest()[len(word):], "(") {
		other, err := p.field()
		c.Other = &other
		return err
	}
	v, err := p.value(false)
	c.Values = []Value{v}
	return err
}

// value reads a value with or without quotes.
func (p *parser) value(inList bool) (Value, *source.Error) {
	if !p.atEnd() && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		return p.quoted()
	}
	v := p.bare(inList)
	if v.Text == "" {
		return v, p.expected("a value").WithHint("the empty text is written ''")
	}
	return v, nil
}

// list reads values in parentheses.
func (p *parser) list(op Operator) ([]Value, *source.Error) {
	p.skipBlanks()
	open := p.at
	if !p.accept("(") {
		return nil, p.expected("a list after %s", op).WithHint("a list stands in parentheses: %s (a, b)", op)
	}
	p.skipBlanks()
	if p.accept(")") {
		return nil, nil
	}
	var values []Value
	for {
		p.skipBlanks()
		v, err := p.value(true)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		p.skipBlanks()
		switch {
		case p.accept(")"):
			return values, nil
		case p.accept(","):
		case p.atEnd():
			return nil, source.Errorf(p.span(open, open+1), "this ( is never closed")
		default:
			return nil, p.expected(", or ) after a value of the list")
		}
	}
}
