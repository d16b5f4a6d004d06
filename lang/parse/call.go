package parse

import (
	"strings"

	"tq/lang/ast"
	"tq/lang/source"
)

// call reads the arguments of a function and what may follow them. Arguments that
// stand before the name, as in x.f(y), are given as first.
func (p parser) call(name ast.Ident, start source.Span, first ...ast.Arg) (*ast.Call, error) {
	c := &ast.Call{Name: name, Args: first}
	p.Next()
	if len(first) == 0 && p.isOp("*") && p.secondIsOp(")") {
		p.Next()
		c.Star = true
	} else if err := p.arguments(c); err != nil {
		return nil, err
	}
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	if err := p.afterCall(c); err != nil {
		return nil, err
	}
	c.Pos = p.since(start)
	if c.IgnoreNulls && c.Over == nil {
		return nil, source.Errorf(c.Span(), "IGNORE NULLS belongs to window functions: it needs OVER (…)")
	}
	return c, nil
}

// arguments reads what stands between the parentheses of a call.
func (p parser) arguments(c *ast.Call) error {
	if !p.accept(kwAll) {
		c.Distinct = p.accept(kwDistinct)
	}
	if c.Distinct && p.isOp(")") {
		return p.expected("an expression")
	}
	for !p.isOp(")") && !p.is(kwOrder) {
		arg, err := p.argument()
		if err == nil && len(c.Args) > 0 && lambdaCalls[strings.ToLower(c.Name.Name)] {
			arg.Expr, err = arrowLambda(arg.Expr)
		}
		if err != nil {
			return err
		}
		c.Args = append(c.Args, arg)
		if arg.Query != nil && p.isOp(",") {
			return source.Errorf(p.here(), "a query before other arguments stands in parentheses")
		}
		if !p.accept(tokArgComma) && !p.acceptOp(",") {
			break
		}
		if p.isOp(")") {
			return p.expected("an argument")
		}
	}
	if p.is(kwOrder) {
		items, err := p.orderItems()
		if err != nil {
			return err
		}
		c.OrderBy = items
	}
	p.nullTreatment(c)
	return nil
}

func (p parser) argument() (ast.Arg, error) {
	var arg ast.Arg
	if p.isAnyName() && (p.secondIsOp("=>") || p.secondIsOp(":=")) {
		arg.Name = p.ident()
		p.Next()
	}
	var err error
	if p.startsQuery() {
		arg.Query, err = p.query()
	} else {
		arg.Expr, err = p.element()
	}
	return arg, err
}

// nullTreatment reads IGNORE NULLS or RESPECT NULLS.
func (p parser) nullTreatment(c *ast.Call) {
	if (p.is(kwIgnore) || p.is(kwRespect)) && p.second().Type == kwNulls {
		c.IgnoreNulls = p.Next().Type == kwIgnore
		p.Next()
	}
}

// nullTreatmentAfter reads IGNORE NULLS or RESPECT NULLS behind a call. At the end of
// the arguments of another call it is left to that one, as in lag(abs(x) IGNORE NULLS).
func (p parser) nullTreatmentAfter(c *ast.Call) {
	before, was := p.MakeCheckpoint(), c.IgnoreNulls
	if p.nullTreatment(c); p.isOp(")") {
		p.LoadCheckpoint(before)
		c.IgnoreNulls = was
	}
}

// afterCall reads WITHIN GROUP, IGNORE NULLS, FILTER and OVER.
func (p parser) afterCall(c *ast.Call) error {
	if p.is(kwWithin) && p.second().Type == kwGroup {
		if err := p.withinGroup(c); err != nil {
			return err
		}
	}
	p.nullTreatmentAfter(c)
	if p.is(kwFilter) && p.secondIsOp("(") {
		p.Next()
		p.Next()
		p.accept(kwWhere)
		var err error
		if c.Filter, err = p.expr(ast.LevelNone); err != nil {
			return err
		}
		if err := p.expectOp(")"); err != nil {
			return err
		}
	}
	p.nullTreatmentAfter(c)
	if p.is(kwOver) {
		return p.over(c)
	}
	return nil
}

func (p parser) over(c *ast.Call) error {
	p.Next()
	if p.isOp("(") || p.isName() {
		o, err := run(p, &grammar.over)
		if err != nil {
			return err
		}
		c.Over = o.toAST()
		return nil
	}
	return p.expected("a window in parentheses or its name")
}

// orderItems reads ORDER BY and its keys, where ALL is none.
func (p parser) orderItems() ([]ast.OrderItem, error) {
	start := p.here()
	o, err := run(p, &grammar.orderBy)
	if err != nil {
		return nil, err
	}
	if o.All != nil {
		return nil, source.Errorf(p.since(start).At, "ORDER BY ALL has no meaning inside a call")
	}
	return o.items(), nil
}

// orderedSets are the functions that are called WITHIN GROUP (ORDER BY x), with the
// name of the same function that takes the order as others do.
var orderedSets = map[string]string{"percentile_cont": "quantile_cont", "percentile_disc": "quantile_disc"}

// withinGroup reads WITHIN GROUP (ORDER BY x): f(a) WITHIN GROUP (ORDER BY x) is
// f(a ORDER BY x).
func (p parser) withinGroup(c *ast.Call) error {
	start := p.here()
	p.Next()
	p.Next()
	if err := p.expectOp("("); err != nil {
		return err
	}
	if !p.is(kwOrder) {
		return p.expected("ORDER BY")
	}
	items, err := p.orderItems()
	if err != nil {
		return err
	}
	if err := p.expectOp(")"); err != nil {
		return err
	}
	if len(c.OrderBy) > 0 {
		return source.Errorf(p.since(start).At, "the call has an ORDER BY already")
	}
	if plain, ok := orderedSets[strings.ToLower(c.Name.Name)]; ok {
		c.Name.Name = plain
	}
	c.OrderBy = items
	return nil
}
