package ast

import (
	"strconv"
	"strings"
)

// expr writes an expression, in parentheses when it binds looser than floor.
func (p *printer) expr(e Expr, floor Level) {
	if LevelOf(e) < floor {
		p.write("(")
		p.bare(e)
		p.write(")")
		return
	}
	p.bare(e)
}

func (p *printer) exprs(list []Expr) {
	p.list(len(list), func(i int) { p.expr(list[i], LevelNone) })
}

// bare writes an expression without parentheses around it.
func (p *printer) bare(e Expr) {
	switch e := e.(type) {
	case *Name:
		p.path(e.Parts)
	case *Star:
		p.star(e)
	case *Columns:
		p.columnsExpr(e)
	case *Literal:
		p.literal(e)
	case *Interval:
		p.write("INTERVAL (")
		p.expr(e.X, LevelNone)
		p.write(") ", e.Unit)
	case *Param:
		p.write("$", e.Name)
	case *Unary:
		p.unary(e)
	case *Binary:
		p.binary(e)
	case *Between:
		p.expr(e.X, LevelTest+1)
		p.not(e.Not)
		p.write(" BETWEEN ")
		p.expr(e.Lo, LevelOther)
		p.write(" AND ")
		p.expr(e.Hi, LevelOther)
	case *In:
		p.expr(e.X, LevelTest+1)
		p.not(e.Not)
		p.write(" IN (")
		p.exprsOrQuery(e.List, e.Query)
		p.write(")")
	case *Is:
		p.is(e)
	case *Like:
		p.expr(e.X, LevelTest+1)
		p.likePattern(e)
	case *Case:
		p.caseExpr(e)
	case *Cast:
		p.cast(e)
	case *Call:
		p.call(e)
	case *Row:
		p.write("(")
		p.exprs(e.Elems)
		p.write(")")
	case *ListLit:
		p.write("[")
		p.exprs(e.Elems)
		p.write("]")
	case *Lambda:
		p.lambda(e)
	case *Index:
		p.index(e)
	case *Subquery:
		p.write("(")
		p.query(e.Query)
		p.write(")")
	case *Position:
		p.write("#", strconv.Itoa(e.N))
	case *ArrayQuery:
		p.write("ARRAY(")
		p.query(e.Query)
		p.write(")")
	case *Exists:
		p.write("EXISTS (")
		p.query(e.Query)
		p.write(")")
	case *Quantified:
		p.expr(e.X, BinaryLevel(e.Op)+1)
		p.write(" ", e.Op, " ")
		if e.All {
			p.write("ALL (")
		} else {
			p.write("ANY (")
		}
		if e.Query != nil {
			p.query(e.Query)
		} else {
			p.expr(e.List, LevelNone)
		}
		p.write(")")
	case *SysdigFilter:
		p.write("{", e.Text, "}")
	}
}

func (p *printer) lambda(e *Lambda) {
	if e.Arrow {
		p.write("(")
		p.idents(e.Params)
		p.write(") -> ")
	} else {
		p.write("lambda ")
		p.idents(e.Params)
		p.write(": ")
	}
	p.expr(e.Body, LevelNone)
}

func (p *printer) exprsOrQuery(list []Expr, q *Query) {
	if q != nil {
		p.query(q)
	} else {
		p.exprs(list)
	}
}

func (p *printer) not(yes bool) {
	if yes {
		p.write(" NOT")
	}
}

func (p *printer) columnsExpr(c *Columns) {
	if c.Unpack {
		p.write("*")
	}
	p.write("COLUMNS(")
	switch {
	case c.Star != nil:
		p.star(c.Star)
	case c.Lambda != nil:
		p.expr(c.Lambda, LevelNone)
	case c.Names != nil:
		p.write("[")
		p.list(len(c.Names), func(i int) { p.write(quote(c.Names[i].Name, '\'')) })
		p.write("]")
	default:
		p.write(quote(c.Pattern, '\''))
	}
	p.write(")")
}

func (p *printer) star(s *Star) {
	for _, id := range s.Table {
		p.ident(id)
		p.write(".")
	}
	p.write("*")
	if len(s.Exclude) > 0 {
		p.write(" EXCLUDE (")
		p.idents(s.Exclude)
		p.write(")")
	}
	if len(s.Replace) > 0 {
		p.write(" REPLACE (")
		p.items(s.Replace)
		p.write(")")
	}
	if len(s.Rename) > 0 {
		p.write(" RENAME (")
		p.list(len(s.Rename), func(i int) {
			p.ident(s.Rename[i].From)
			p.write(" AS ")
			p.ident(s.Rename[i].To)
		})
		p.write(")")
	}
	if s.Match != nil {
		p.likePattern(s.Match)
	}
}

// likePattern writes what stands behind the left side of LIKE.
func (p *printer) likePattern(e *Like) {
	p.not(e.Not)
	p.write(" ", e.Op, " ")
	p.expr(e.Pattern, LevelTest+1)
	if e.Escape != nil {
		p.write(" ESCAPE ")
		p.expr(e.Escape, LevelOther)
	}
}

func (p *printer) literal(l *Literal) {
	switch l.Kind {
	case Null:
		p.write("NULL")
	case True:
		p.write("TRUE")
	case False:
		p.write("FALSE")
	case Number, Duration:
		p.write(l.Text)
	case String:
		p.write(quote(l.Text, '\''))
	case Blob:
		p.write("x", quote(l.Text, '\''))
	case TimePoint:
		p.write("@", l.Text)
	case Typed:
		p.typeName(l.Type)
		p.write(" ", quote(l.Text, '\''))
	}
}

func (p *printer) unary(u *Unary) {
	p.write(u.Op)
	floor := LevelOf(u)
	if u.Op == "~" {
		floor++
	}
	inner, nested := u.X.(*Unary)
	if u.Op == "NOT" || nested && inner.Op == u.Op {
		p.write(" ") // -- begins a comment
	}
	p.expr(u.X, floor)
}

// binary writes a chain of operators from left to right. Chains may be long: the
// left sides are collected first instead of calling itself for each.
func (p *printer) binary(b *Binary) {
	var chain []*Binary
	for {
		chain = append(chain, b)
		level := BinaryLevel(b.Op)
		left, ok := b.L.(*Binary)
		if !ok || BinaryLevel(left.Op) < level || BinaryLevel(left.Op) == level && !level.chains() {
			break
		}
		b = left
	}
	p.leftOf(b)
	for i := len(chain) - 1; i >= 0; i-- {
		b := chain[i]
		p.write(" ", b.Op, " ")
		p.expr(b.R, BinaryLevel(b.Op)+1)
	}
}

func (p *printer) leftOf(b *Binary) {
	level := BinaryLevel(b.Op)
	if !level.chains() {
		level++
	}
	p.expr(b.L, level)
}

func (p *printer) is(e *Is) {
	p.expr(e.X, LevelIs)
	p.write(" IS ")
	if e.Not {
		p.write("NOT ")
	}
	p.write([...]string{
		IsNull: "NULL", IsTrue: "TRUE", IsFalse: "FALSE", IsUnknown: "UNKNOWN", IsDistinctFrom: "DISTINCT FROM ",
	}[e.Kind])
	if e.Kind == IsDistinctFrom {
		p.expr(e.Y, LevelIs+1)
	}
}

func (p *printer) caseExpr(c *Case) {
	p.write("CASE")
	p.clause(" ", c.Operand)
	for _, w := range c.Whens {
		p.clause(" WHEN ", w.Cond)
		p.clause(" THEN ", w.Then)
	}
	p.clause(" ELSE ", c.Else)
	p.write(" END")
}

func (p *printer) cast(c *Cast) {
	if !c.Try {
		p.expr(c.X, LevelPostfix)
		p.write("::")
		p.typeName(c.To)
		return
	}
	p.write("TRY_CAST(")
	p.expr(c.X, LevelNone)
	p.write(" AS ")
	p.typeName(c.To)
	p.write(")")
}

func (p *printer) index(x *Index) {
	floor := LevelPostfix
	if _, cast := x.X.(*Cast); cast {
		floor = LevelAtom // x::INT[1] would be a type
	}
	p.expr(x.X, floor)
	p.write("[")
	start := p.Len()
	if x.Lo != nil {
		p.expr(x.Lo, LevelNone)
	}
	if x.Slice {
		if strings.Contains(p.String()[start:], "@") {
			p.write(" ") // a time of day would take the colon for its own
		}
		p.write(":")
	}
	if x.Hi != nil {
		p.expr(x.Hi, LevelNone)
	}
	p.write("]")
}

// grammatical are the names that have a grammar of their own before a parenthesis;
// a function of such a name is called in quotes.
var grammatical = map[string]bool{
	"cast": true, "try_cast": true, "exists": true, "columns": true, "interval": true, "extract": true,
	"values": true, "rollup": true, "cube": true,
}

// mixed are those that have one besides that of an ordinary call.
var mixed = map[string]bool{"substring": true, "position": true, "trim": true}

func (p *printer) call(c *Call) {
	name := strings.ToLower(c.Name.Name)
	if c.Schema != "" {
		if p.syntax(c) {
			return
		}
		p.write(c.Schema, ".")
	}
	if c.Name.Quoted || grammatical[name] || mixed[name] && !c.plain() {
		p.write(quote(c.Name.Name, '"'))
	} else {
		p.ident(c.Name)
	}
	p.write("(")
	switch {
	case c.Star:
		p.write("*")
	case c.Distinct:
		p.write("DISTINCT ")
	}
	floor := LevelNone
	if name == "position" {
		floor = LevelOther // position(a IN b) has another meaning
	}
	p.list(len(c.Args), func(i int) {
		arg := c.Args[i]
		if arg.Name.Name != "" {
			p.ident(arg.Name)
			p.write(" => ")
		}
		if arg.Query != nil {
			p.query(arg.Query)
		} else {
			p.expr(arg.Expr, floor)
		}
	})
	if len(c.OrderBy) > 0 {
		if len(c.Args) > 0 {
			p.write(" ")
		}
		p.orderBy(c.OrderBy)
	}
	p.write(")")
	if c.IgnoreNulls {
		p.write(" IGNORE NULLS")
	}
	if c.Filter != nil {
		p.clause(" FILTER (WHERE ", c.Filter)
		p.write(")")
	}
	if c.Over != nil {
		p.write(" OVER ")
		p.window(c.Over)
	}
}

// syntax writes a call that stands for syntax of its own: {'a': 1}, MAP {1: 2} or (x).field.
// It reports whether the call can be written so.
func (p *printer) syntax(c *Call) bool {
	if !c.argsOnly() {
		return false
	}
	switch strings.ToLower(c.Name.Name) {
	case "struct_pack":
		return p.structLiteral(c.Args)
	case "map":
		return p.mapLiteral(c.Args)
	}
	x, field, ok := c.FieldAccess()
	if ok {
		p.expr(x, LevelAtom+1)
		p.write(".", QuoteIdent(field))
	}
	return ok
}

// argsOnly reports whether a call has nothing but arguments.
func (c *Call) argsOnly() bool {
	return !c.Star && !c.Distinct && !c.IgnoreNulls && c.OrderBy == nil && c.Filter == nil && c.Over == nil
}

// FieldAccess takes (x).field apart, which is main.struct_extract(x, 'field').
func (c *Call) FieldAccess() (x Expr, field string, ok bool) {
	if c.Schema == "" || !strings.EqualFold(c.Name.Name, "struct_extract") || len(c.Args) != 2 {
		return nil, "", false
	}
	lit, ok := c.Args[1].Expr.(*Literal)
	if !ok || lit.Kind != String || c.Args[0].Expr == nil || c.Args[0].Name.Name != "" || c.Args[1].Name.Name != "" {
		return nil, "", false
	}
	return c.Args[0].Expr, lit.Text, true
}

func (p *printer) structLiteral(args []Arg) bool {
	for _, a := range args {
		if a.Name.Name == "" || a.Expr == nil {
			return false
		}
	}
	if len(args) == 0 {
		return false
	}
	p.write("{")
	p.list(len(args), func(i int) {
		p.write(quote(args[i].Name.Name, '\''), ": ")
		p.expr(args[i].Expr, LevelNone)
	})
	p.write("}")
	return true
}

func (p *printer) mapLiteral(args []Arg) bool {
	var keys, values *ListLit
	if len(args) == 2 {
		keys, _ = args[0].Expr.(*ListLit)
		values, _ = args[1].Expr.(*ListLit)
	}
	if keys == nil || values == nil || len(keys.Elems) != len(values.Elems) || args[0].Name.Name != "" || args[1].Name.Name != "" {
		return false
	}
	p.write("MAP {")
	p.list(len(keys.Elems), func(i int) {
		p.expr(keys.Elems[i], LevelNone)
		p.write(": ")
		p.expr(values.Elems[i], LevelNone)
	})
	p.write("}")
	return true
}

// plain reports whether a call is a name and its arguments.
func (c *Call) plain() bool {
	for _, arg := range c.Args {
		if arg.Name.Name != "" || arg.Query != nil {
			return false
		}
	}
	return len(c.Args) > 0 && c.argsOnly()
}
