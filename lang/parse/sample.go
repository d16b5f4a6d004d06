package parse

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// usingSample is the production of USING SAMPLE ….
type usingSample struct{ *ast.Sample }

func (s *usingSample) Parse(lx *lexer.PeekingLexer) (err error) {
	p := parser{lx}
	if !p.is(kwUsing) || !strings.EqualFold(p.second().Value, "SAMPLE") {
		return participle.NextMatch
	}
	p.Next()
	p.Next()
	s.Sample, err = p.sample()
	return err
}

// sampled reads TABLESAMPLE … behind a table.
func (p parser) sampled(t ast.TableExpr, start source.Span) (ast.TableExpr, error) {
	if !p.accept(kwTablesample) {
		return t, nil
	}
	sample, err := p.sample()
	return &ast.Sampled{Pos: p.since(start), Table: t, Sample: sample}, err
}

var sampleMethods = []string{"RESERVOIR", "BERNOULLI", "SYSTEM"}

// sample reads 10 ROWS, 10%, method(10%) or 10% (method). A share is one of the
// probability, if it isn't that of a reservoir.
func (p parser) sample() (*ast.Sample, error) {
	start := p.here()
	s := &ast.Sample{}
	method := p.sampleMethod()
	var err error
	if method != "" {
		if err = p.expectOp("("); err == nil {
			err = p.sampleCount(s)
		}
		if err == nil {
			err = p.expectOp(")")
		}
	} else if err = p.sampleCount(s); err == nil && p.acceptOp("(") {
		if method = p.sampleMethod(); method == "" {
			return nil, p.expected("reservoir, bernoulli or system")
		}
		err = p.expectOp(")")
	}
	if err != nil {
		return nil, err
	}
	if p.isWord("REPEATABLE") {
		return nil, source.Errorf(p.here(), "a sample cannot be told to be the same again").
			WithHint("order by something that is arbitrary but fixed, such as md5(x), and take the first rows")
	}
	s.Each = s.Percent && method != "RESERVOIR"
	s.Pos = p.since(start)
	if method != "" && method != "RESERVOIR" && !s.Percent {
		return nil, source.Errorf(s.At, "%s takes a share of the rows, not a number", strings.ToLower(method)).WithHint("write 10 PERCENT")
	}
	return s, nil
}

// sampleMethod reads the name of a method, in upper case; "" if there is none.
func (p parser) sampleMethod() string {
	if word := strings.ToUpper(p.Peek().Value); slices.Contains(sampleMethods, word) {
		p.Next()
		return word
	}
	return ""
}

// sampleCount reads 10, 10 ROWS, 10% or 10 PERCENT.
func (p parser) sampleCount(s *ast.Sample) (err error) {
	if !p.is(tokNumber) {
		return p.expected("a number of rows or a share of them")
	}
	if s.Count, err = literal(*p.Next()); err != nil {
		return err
	}
	s.Percent = p.acceptOp("%") || p.accept(kwPercent)
	if !s.Percent {
		p.acceptRows()
	}
	return nil
}
