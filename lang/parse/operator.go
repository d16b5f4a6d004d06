package parse

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// form is how an infix or postfix operator is written.
type form uint8

const (
	formBinary  form = iota // x op y
	formCompare             // x op y, or x op ANY (query)
	formBetween
	formIn
	formLike
	formIs
	formNull // ISNULL, NOTNULL
	formCast // x::type
	formIndex
	formDot // (x).field, x.f()
	formZone
)

// infixOp is an operator found behind an operand.
type infixOp struct {
	text  string // as the tree names it
	level ast.Level
	form  form
	not   bool // NOT stands before it
}

// symbolOps are the operators written in symbols. Those that aren't here have no
// meaning between operands.
var symbolOps = map[string]infixOp{
	"=":    {"=", ast.LevelCompare, formCompare, false},
	"==":   {"=", ast.LevelCompare, formCompare, false},
	"<>":   {"<>", ast.LevelCompare, formCompare, false},
	"!=":   {"<>", ast.LevelCompare, formCompare, false},
	"<":    {"<", ast.LevelCompare, formCompare, false},
	"<=":   {"<=", ast.LevelCompare, formCompare, false},
	">":    {">", ast.LevelCompare, formCompare, false},
	">=":   {">=", ast.LevelCompare, formCompare, false},
	"||":   {"||", ast.LevelOther, formBinary, false},
	"&":    {"&", ast.LevelOther, formBinary, false},
	"|":    {"|", ast.LevelOther, formBinary, false},
	"<<":   {"<<", ast.LevelOther, formBinary, false},
	">>":   {">>", ast.LevelOther, formBinary, false},
	"^@":   {"^@", ast.LevelOther, formBinary, false},
	"&&":   {"&&", ast.LevelOther, formBinary, false},
	"@>":   {"@>", ast.LevelOther, formBinary, false},
	"<@":   {"<@", ast.LevelOther, formBinary, false},
	"->":   {"->", ast.LevelArrow, formBinary, false},
	"->>":  {"->>", ast.LevelOther, formBinary, false},
	"~":    {"~", ast.LevelOther, formBinary, false},
	"!~":   {"!~", ast.LevelOther, formBinary, false},
	"~~":   {"LIKE", ast.LevelOther, formLike, false},
	"!~~":  {"LIKE", ast.LevelOther, formLike, true},
	"~~*":  {"ILIKE", ast.LevelOther, formLike, false},
	"!~~*": {"ILIKE", ast.LevelOther, formLike, true},
	"+":    {"+", ast.LevelAdd, formBinary, false},
	"-":    {"-", ast.LevelAdd, formBinary, false},
	"*":    {"*", ast.LevelMul, formBinary, false},
	"/":    {"/", ast.LevelMul, formBinary, false},
	"//":   {"//", ast.LevelMul, formBinary, false},
	"%":    {"%", ast.LevelMul, formBinary, false},
	"^":    {"^", ast.LevelPower, formBinary, false},
	"**":   {"**", ast.LevelPower, formBinary, false},
	"::":   {"::", ast.LevelPostfix, formCast, false},
	"[":    {"[", ast.LevelPostfix, formIndex, false},
	".":    {".", ast.LevelPostfix, formDot, false},
}

// wordOps are the operators written in words.
var wordOps = map[lexer.TokenType]infixOp{
	kwOr:       {"OR", ast.LevelOr, formBinary, false},
	kwAnd:      {"AND", ast.LevelAnd, formBinary, false},
	kwIs:       {"IS", ast.LevelIs, formIs, false},
	kwIsNull:   {"ISNULL", ast.LevelIs, formNull, false},
	kwNotNull:  {"NOTNULL", ast.LevelIs, formNull, true},
	kwBetween:  {"BETWEEN", ast.LevelTest, formBetween, false},
	kwIn:       {"IN", ast.LevelTest, formIn, false},
	kwLike:     {"LIKE", ast.LevelTest, formLike, false},
	kwIlike:    {"ILIKE", ast.LevelTest, formLike, false},
	kwGlob:     {"GLOB", ast.LevelTest, formLike, false},
	kwSimilar:  {"SIMILAR TO", ast.LevelTest, formLike, false},
	kwOverlaps: {"OVERLAPS", ast.LevelTest, formBinary, false},
	kwAt:       {"AT TIME ZONE", ast.LevelZone, formZone, false},
}

// prefixFloors are how tightly an operator must bind to belong to the operand of a
// prefix operator.
var prefixFloors = map[string]ast.Level{
	"NOT": ast.LevelNot,
	"-":   ast.LevelSign,
	"+":   ast.LevelSign,
	"~":   ast.LevelOther + 1,
}

// prefixOf returns the prefix operator that a token is, or "".
func prefixOf(t *lexer.Token) string {
	switch {
	case t.Type == kwNot:
		return "NOT"
	case t.Type == tokOp && (t.Value == "-" || t.Value == "+" || t.Value == "~"):
		return t.Value
	}
	return ""
}

// infixOp looks at the next token for an operator; it reads nothing.
func (p parser) infixOp() (infixOp, bool) {
	t := p.Peek()
	switch {
	case t.Type == tokOp:
		op, ok := symbolOps[t.Value]
		return op, ok
	case t.Type == kwNot:
		return p.negatedOp()
	case t.Type == kwAt && !strings.EqualFold(p.second().Value, "TIME"):
		return infixOp{}, false
	case t.Type >= firstKeyword:
		op, ok := wordOps[t.Type]
		return op, ok
	}
	return infixOp{}, false
}

// negatedOp looks for an operator behind NOT, where an operator is wanted.
func (p parser) negatedOp() (infixOp, bool) {
	second := p.second().Type
	if second == kwNull {
		return infixOp{"NOT NULL", ast.LevelIs, formNull, true}, true
	}
	op, ok := wordOps[second]
	op.not = true
	return op, ok && (op.form == formBetween || op.form == formIn || op.form == formLike)
}

// infix reads an operator and what belongs to it on its right.
func (p parser) infix(left ast.Expr, start source.Span, op infixOp) (ast.Expr, error) {
	if op.not && p.is(kwNot) {
		p.Next()
	}
	at := posOf(*p.Next())
	switch op.form {
	case formCompare:
		if quantified, err := p.quantified(left, start, op); quantified != nil || err != nil {
			return quantified, err
		}
	case formBetween:
		return p.between(left, start, op.not)
	case formIn:
		return p.in(left, start, op.not)
	case formLike:
		return p.like(left, start, op)
	case formIs:
		return p.isTest(left, start)
	case formNull:
		return &ast.Is{Pos: p.since(start), Not: op.not, Kind: ast.IsNull, X: left}, nil
	case formCast:
		to, err := p.typeName()
		if err != nil {
			return nil, err
		}
		return &ast.Cast{Pos: p.since(start), X: left, To: to}, nil
	case formIndex:
		return p.index(left, start)
	case formDot:
		return p.member(left, start)
	case formZone:
		return p.timeZone(left, start)
	}
	right, err := p.operand(op)
	if err != nil {
		return nil, err
	}
	return &ast.Binary{Pos: p.since(start), Op: op.text, OpAt: at, L: left, R: right}, nil
}

// operand reads what stands to the right of an operator. That of -> may be a whole condition,
// the body of a lambda, but it ends before ->>: x -> a ->> b is (x -> a) ->> b.
func (p parser) operand(op infixOp) (ast.Expr, error) {
	if op.level != ast.LevelArrow {
		return p.expr(op.level + 1)
	}
	start := p.here()
	x, err := p.expr(ast.LevelOther + 1)
	if err != nil || p.isOp("->>") {
		return x, err
	}
	return p.climb(x, start, op.level+1)
}

func (p parser) between(x ast.Expr, start source.Span, not bool) (ast.Expr, error) {
	lo, err := p.expr(ast.LevelOther)
	if err != nil {
		return nil, err
	}
	if err := p.expect(kwAnd); err != nil {
		return nil, err
	}
	hi, err := p.expr(ast.LevelOther)
	if err != nil {
		return nil, err
	}
	return &ast.Between{Pos: p.since(start), Not: not, X: x, Lo: lo, Hi: hi}, nil
}

// in reads what stands behind IN: a list or a query in parentheses, or something that
// contains values.
func (p parser) in(x ast.Expr, start source.Span, not bool) (ast.Expr, error) {
	if !p.isOp("(") {
		return p.contains(x, start, not)
	}
	p.Next()
	in := &ast.In{Not: not, X: x}
	var err error
	if p.startsQuery() {
		in.Query, err = p.query()
	} else {
		in.List, err = p.exprsUntil(")")
		if sub, ok := oneSubquery(in.List); ok && err == nil {
			in.List = nil
			in.Query, err = p.continueQuery(sub)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := p.expectOp(")"); err != nil {
		return nil, err
	}
	in.Pos = p.since(start)
	return in, nil
}

// contains reads the rest of x IN list, which is contains(list, x).
func (p parser) contains(x ast.Expr, start source.Span, not bool) (ast.Expr, error) {
	if !p.isOp("[") && !p.isName() {
		return nil, p.expected("a list in parentheses")
	}
	name := ast.Ident{Pos: ast.Pos{At: p.here()}, Name: "contains"}
	set, err := p.expr(ast.LevelPostfix)
	if err != nil {
		return nil, err
	}
	call := &ast.Call{Pos: p.since(start), Name: name, Args: []ast.Arg{{Expr: set}, {Expr: x}}}
	if not {
		return &ast.Unary{Pos: call.Pos, Op: "NOT", X: call}, nil
	}
	return call, nil
}

func oneSubquery(list []ast.Expr) (*ast.Subquery, bool) {
	if len(list) != 1 {
		return nil, false
	}
	sub, ok := list[0].(*ast.Subquery)
	return sub, ok
}

func (p parser) like(x ast.Expr, start source.Span, op infixOp) (ast.Expr, error) {
	if op.text == "SIMILAR TO" {
		if err := p.expect(kwTo); err != nil {
			return nil, err
		}
	}
	pattern, err := p.expr(op.level + 1)
	if err != nil {
		return nil, err
	}
	like := &ast.Like{Not: op.not, Op: op.text, X: x, Pattern: pattern}
	if op.level == ast.LevelTest && p.accept(kwEscape) {
		if like.Escape, err = p.expr(ast.LevelOther); err != nil {
			return nil, err
		}
	}
	like.Pos = p.since(start)
	return like, nil
}

func (p parser) isTest(x ast.Expr, start source.Span) (ast.Expr, error) {
	is := &ast.Is{X: x, Not: p.accept(kwNot)}
	switch t := p.Peek(); t.Type {
	case kwNull:
		is.Kind = ast.IsNull
	case kwTrue:
		is.Kind = ast.IsTrue
	case kwFalse:
		is.Kind = ast.IsFalse
	case kwUnknown:
		is.Kind = ast.IsUnknown
	case kwDistinct:
		is.Kind = ast.IsDistinctFrom
	default:
		return nil, &syntaxError{found: *t, expected: []string{"NULL", "TRUE", "FALSE", "UNKNOWN", "DISTINCT FROM"}}
	}
	p.Next()
	if is.Kind == ast.IsDistinctFrom {
		if err := p.expect(kwFrom); err != nil {
			return nil, err
		}
		var err error
		if is.Y, err = p.expr(ast.LevelIs + 1); err != nil {
			return nil, err
		}
	}
	is.Pos = p.since(start)
	return is, nil
}

// quantified reads ANY (…) or ALL (…) behind a comparison; it returns nil when
// something else stands there.
func (p parser) quantified(x ast.Expr, start source.Span, op infixOp) (ast.Expr, error) {
	t := p.Peek()
	if t.Type != kwAny && t.Type != kwSome && t.Type != kwAll || !p.secondIsOp("(") {
		return nil, nil
	}
	all := t.Type == kwAll
	p.Next()
	set, err := p.paren()
	if err != nil {
		return nil, err
	}
	if sub, ok := set.(*ast.Subquery); ok {
		return &ast.Quantified{Pos: p.since(start), X: x, Op: op.text, All: all, Query: sub.Query}, nil
	}
	return &ast.Quantified{Pos: p.since(start), X: x, Op: op.text, All: all, List: set}, nil
}

// index reads the rest of x[i] or x[lo:hi].
func (p parser) index(x ast.Expr, start source.Span) (ast.Expr, error) {
	ix := &ast.Index{X: x}
	var err error
	if !p.isOp(":") {
		if ix.Lo, err = p.expr(ast.LevelNone); err != nil {
			return nil, err
		}
	}
	if p.acceptOp(":") {
		ix.Slice = true
		if !p.isOp("]") {
			if ix.Hi, err = p.expr(ast.LevelNone); err != nil {
				return nil, err
			}
		}
	}
	if err := p.expectOp("]"); err != nil {
		return nil, err
	}
	ix.Pos = p.since(start)
	return ix, nil
}

// member reads the rest of x.f(…), which is f(x, …), or of x.field.
func (p parser) member(x ast.Expr, start source.Span) (ast.Expr, error) {
	if !p.isAnyName() {
		return nil, p.expected("a name")
	}
	field := p.ident()
	if p.isOp("(") {
		return p.call(field, start, ast.Arg{Expr: x})
	}
	return &ast.Call{
		Pos:    p.since(start),
		Schema: mainSchema,
		Name:   ast.Ident{Pos: field.Pos, Name: "struct_extract"},
		Args:   []ast.Arg{{Expr: x}, {Expr: &ast.Literal{Pos: field.Pos, Kind: ast.String, Text: field.Name}}},
	}, nil
}

// timeZone reads the rest of x AT TIME ZONE z, which is timezone(z, x).
func (p parser) timeZone(x ast.Expr, start source.Span) (ast.Expr, error) {
	at := p.here()
	for _, word := range []string{"TIME", "ZONE"} {
		if !p.acceptWord(word) {
			return nil, p.expected(word)
		}
	}
	zone, err := p.expr(ast.LevelSign)
	if err != nil {
		return nil, err
	}
	return &ast.Call{
		Pos:    p.since(start),
		Schema: mainSchema,
		Name:   ast.Ident{Pos: ast.Pos{At: at}, Name: "timezone"},
		Args:   []ast.Arg{{Expr: zone}, {Expr: x}},
	}, nil
}
