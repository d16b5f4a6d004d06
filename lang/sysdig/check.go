package sysdig

import (
	"fmt"
	"slices"
	"strings"

	"tq/lang/ast"
	"tq/lang/source"
)

// comparison is the translation of one check.
type comparison struct {
	builder
	*Check
	operand
	other  operand // what Check.Other refers to
	fields Fields
}

// sqlComparisons are the operators that SQL has, too, by its names.
var sqlComparisons = [...]string{Eq: "=", Ne: "<>", Lt: "<", Le: "<=", Gt: ">", Ge: ">="}

// opposites are the comparisons that hold just where others fail, unless there is NULL.
var opposites = [...]Operator{Eq: Ne, Ne: Eq, Lt: Ge, Le: Gt, Gt: Le, Ge: Lt}

// translate returns the condition, which is NULL or false where the check fails.
func (c *comparison) translate() (ast.Expr, *source.Error) {
	if c.orNA != nil && !c.excludesNA() {
		c.x = c.orNA
	}
	if c.Op == Exists {
		return c.isNull(c.x, true), nil
	}
	if c.name == "evt.around" {
		return c.around()
	}
	if c.Other != nil {
		return c.withField()
	}
	values, err := c.values()
	switch {
	case err != nil:
		return nil, err
	case len(values) == 0:
		return c.truth(false), nil
	case c.kind == network:
		return c.networks(values), nil
	case c.many:
		return c.any(values), nil
	}
	return c.one(values), nil
}

// excludesNA reports whether the check fails for the text <NA>.
func (c *comparison) excludesNA() bool {
	return (c.Op == Eq || c.Op == In) && c.Other == nil &&
		!slices.ContainsFunc(c.Values, func(v Value) bool { return v.Text == notAvailable })
}

// opposite returns the condition that holds where the check fails.
func (c *comparison) opposite() (ast.Expr, *source.Error) {
	x, err := c.translate()
	if err != nil {
		return nil, err
	}
	simple := !c.many && c.Other == nil && c.kind != network && c.name != "evt.around"
	switch {
	case c.Op == Exists:
		return c.isNull(c.x, false), nil
	case simple && c.Op.isComparison() && neverNull[c.name]:
		b := x.(*ast.Binary)
		return c.binary(b.L, sqlComparisons[opposites[c.Op]], b.R), nil
	case simple && c.Op == In && neverNull[c.name] && len(c.Values) > 0:
		x.(*ast.In).Not = true
		return x, nil
	case simple && c.Op == Eq:
		b := x.(*ast.Binary)
		return c.distinct(b.L, b.R, false), nil
	case len(c.Values) == 0 && c.Other == nil:
		return c.truth(true), nil
	}
	return c.notTrue(x), nil
}

// one compares a field that has one value. Values are expressions of the field's type.
func (c *comparison) one(values []ast.Expr) ast.Expr {
	x := c.x
	switch c.kind {
	case clock:
		x = c.call("strftime", x, c.text(clockFormats[c.name]))
	case instant:
		x = c.call("epoch_ns", x)
	}
	switch c.Op {
	case In, Intersects:
		return c.in(x, values)
	case PMatch:
		return c.call("path_under", append([]ast.Expr{x}, values...)...)
	case Contains, BContains:
		return c.call("contains", x, values[0])
	case IContains:
		return c.call("icontains", x, values[0])
	case StartsWith, BStartsWith:
		return c.call("starts_with", x, values[0])
	case EndsWith:
		return c.call("ends_with", x, values[0])
	case Glob:
		return c.glob(x, values[0])
	case IGlob:
		return c.call("iglob", x, values[0])
	case Regex:
		return c.call("regexp_full_match", x, values[0])
	}
	return c.binary(x, sqlComparisons[c.Op], values[0])
}

// any compares a field that has several values: those of both ends of a connection, or
// of all ancestors. Of both ends != must hold, of ancestors of one, as it is with sysdig.
func (c *comparison) any(values []ast.Expr) ast.Expr {
	ends := c.kind == address || c.kind == port
	switch c.Op {
	case Eq:
		return c.call("list_contains", c.x, values[0])
	case Ne:
		if ends {
			return c.not(c.call("list_contains", c.x, values[0]))
		}
		return c.anyOf("<>", values[0])
	case In, Intersects:
		return c.call("list_has_any", c.x, c.list(values))
	case PMatch:
		tests := make([]ast.Expr, len(values))
		for i, v := range values {
			tests[i] = c.anyOf("path_under", v)
		}
		return chain("OR", tests)
	}
	return c.anyOf(listTests[c.Op], values[0])
}

// listTests are the functions of two arguments that operators stand for.
var listTests = [...]string{
	Lt: "<", Le: "<=", Gt: ">", Ge: ">=", Contains: "contains", IContains: "icontains", StartsWith: "starts_with",
	EndsWith: "ends_with", Glob: "glob", IGlob: "iglob", Regex: "regexp_full_match",
}

func (c *comparison) anyOf(test string, value ast.Expr) ast.Expr {
	return c.call("list_any", c.x, c.text(test), value)
}

// networks compares addresses with networks.
func (c *comparison) networks(values []ast.Expr) ast.Expr {
	x := c.call("in_subnet", append([]ast.Expr{c.x}, values...)...)
	if c.Op == Ne {
		return c.not(x)
	}
	return x
}

// around takes the events within some milliseconds of a time.
func (c *comparison) around() (ast.Expr, *source.Error) {
	if c.Op != Eq {
		return nil, source.Errorf(c.OpAt, "evt.around takes =, not %s", c.Op)
	}
	millis, err := c.wholeNumber(c.Values[0])
	if err != nil {
		return nil, err
	}
	when := c.number(c.Field.Arg.Text)
	delta := c.binary(c.number(millis), "*", c.number("1000000"))
	return &ast.Between{Pos: c.Pos, X: c.x, Lo: c.binary(when, "-", delta), Hi: c.binary(when, "+", delta)}, nil
}

// withField compares the field with another one.
func (c *comparison) withField() (ast.Expr, *source.Error) {
	switch {
	case c.many || c.other.many:
		return nil, source.Errorf(c.at, "fields with several values cannot be compared with each other")
	case c.kind != c.other.kind:
		return nil, source.Errorf(c.at, "%s is %s, but %s is %s", c.name, kindNames[c.kind], c.other.name, kindNames[c.other.kind])
	}
	if err := c.allowed(); err != nil {
		return nil, err
	}
	return c.one([]ast.Expr{c.other.x}), nil
}

// allowed refuses operators that the field's kind does not have.
func (c *comparison) allowed() *source.Error {
	ok := true
	switch c.kind {
	case text, clock:
		ok = c.Op != BContains && c.Op != BStartsWith
	case buffer:
		switch c.Op {
		case Eq, Ne, Contains, BContains, StartsWith, BStartsWith, EndsWith, In, Intersects:
		default:
			ok = false
		}
	case address, network:
		ok = c.Op == Eq || c.Op == Ne || c.Op == In || c.Op == Intersects
	default:
		ok = c.Op.isComparison() || c.Op == In || c.Op == Intersects
	}
	if ok {
		return nil
	}
	err := source.Errorf(c.OpAt, "%s is %s, which %s cannot be applied to", c.name, kindNames[c.kind], c.Op)
	switch {
	case strings.HasPrefix(c.Op.String(), "b"):
		err.Hint = fmt.Sprintf("%s is for data, such as evt.buffer", c.Op)
	case c.kind == address:
		err.Hint = "addresses are compared by = != in; networks by fd.net = 10.0.0.0/8"
	case c.kind == network:
		err.Hint = "networks are compared by = != in"
	}
	return err
}
