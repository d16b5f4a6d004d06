package ast

import (
	"strconv"
	"strings"
)

// Print writes a tree as text that parses to the same tree: on one line, keywords in
// upper case, with the parentheses that are needed and no more. Statements of a
// script stand on lines of their own.
func Print(n Node) string {
	var p printer
	switch n := n.(type) {
	case *Script:
		for _, s := range n.Stmts {
			p.stmt(s)
			p.write(";\n")
		}
	case Stmt:
		p.stmt(n)
	case *Query:
		p.query(n)
	case QueryBody:
		p.body(n)
	case TableExpr:
		p.table(n)
	case Expr:
		p.expr(n, LevelNone)
	case *TypeName:
		p.typeName(n)
	case *Window:
		p.window(n)
	case *Frame:
		p.frame(n)
	case *GroupBy:
		p.groupBy(n)
	case *Around:
		p.around(n)
	case Ident:
		p.ident(n)
	}
	return p.String()
}

// printer collects the text.
type printer struct{ strings.Builder }

func (p *printer) write(parts ...string) {
	for _, s := range parts {
		p.WriteString(s)
	}
}

// list writes n elements with commas between them.
func (p *printer) list(n int, element func(i int)) {
	for i := range n {
		if i > 0 {
			p.write(", ")
		}
		element(i)
	}
}

// ident writes a name. A keyword that was quoted stays quoted: it may stand where it
// would mean something else.
func (p *printer) ident(id Ident) {
	if id.Quoted && (ClassOf(id.Name) != NotKeyword || bareCalls[strings.ToLower(id.Name)]) {
		p.write(quote(id.Name, '"'))
		return
	}
	p.write(QuoteIdent(id.Name))
}

func (p *printer) idents(ids []Ident) {
	p.list(len(ids), func(i int) { p.ident(ids[i]) })
}

// columns writes a list of names in parentheses if there are any.
func (p *printer) columns(ids []Ident) {
	if len(ids) > 0 {
		p.write(" (")
		p.idents(ids)
		p.write(")")
	}
}

// heads are words that aren't reserved and yet begin something of their own where a
// column or a table may be named.
var heads = map[string]bool{
	"ARRAY": true, "CURRENT": true, "TABLE": true, "UNBOUNDED": true, "VALUES": true,
}

// path writes a name with its qualifiers.
func (p *printer) path(parts []Ident) {
	for i, id := range parts {
		if i > 0 {
			p.write(".")
		}
		if i == 0 && heads[strings.ToUpper(id.Name)] {
			p.write(quote(id.Name, '"'))
			continue
		}
		p.ident(id)
	}
}

func (p *printer) typeName(t *TypeName) {
	if name, zoned := strings.CutSuffix(t.Name, " WITH TIME ZONE"); zoned && IsPlainName(name) {
		p.write(name)
		p.typeArgs(t)
		p.write(" WITH TIME ZONE")
	} else {
		p.write(QuoteIdent(t.Name))
		p.typeArgs(t)
	}
	p.write(strings.Repeat("[]", t.List))
}

func (p *printer) typeArgs(t *TypeName) {
	if len(t.Parts) > 0 {
		p.write("(")
		p.list(len(t.Parts), func(i int) {
			if name := t.Parts[i].Name; name.Name != "" {
				p.write(QuoteIdent(name.Name) + " ")
			}
			p.typeName(t.Parts[i].Type)
		})
		p.write(")")
	}
	if len(t.Args) > 0 {
		p.write("(")
		p.list(len(t.Args), func(i int) { p.write(strconv.Itoa(t.Args[i])) })
		p.write(")")
	}
}

func (p *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case *QueryStmt:
		p.query(s.Query)
	case *Explain:
		p.write("EXPLAIN ")
		if s.Analyze {
			p.write("ANALYZE ")
		}
		p.stmt(s.Stmt)
	case *Describe:
		p.write("DESCRIBE ")
		p.subject(s.Table, s.Query)
	case *Summarize:
		p.write("SUMMARIZE ")
		p.subject(s.Table, s.Query)
	case *Show:
		p.write("SHOW ", strings.ToUpper(s.What))
	case *SetStmt:
		if s.Value == nil {
			p.write("RESET ")
			p.ident(s.Name)
			return
		}
		p.write("SET ")
		p.ident(s.Name)
		p.write(" = ")
		p.expr(s.Value, LevelNone)
	case *ParamDecl:
		p.param(s)
	case *Assert:
		p.write("ASSERT ")
		p.expr(s.Cond, LevelNone)
		if s.Message != "" {
			p.write(", ", quote(s.Message, '\''))
		}
	case *DropStmt:
		p.write("DROP ", strings.ToUpper(s.Kind), " ")
		if s.IfExists {
			p.write("IF EXISTS ")
		}
		p.ident(s.Name)
	case *Copy:
		p.copy(s)
	default:
		p.create(s)
	}
}

func (p *printer) subject(t *TableName, q *Query) {
	if t != nil {
		p.table(t)
	} else {
		p.query(q)
	}
}

func (p *printer) param(s *ParamDecl) {
	p.write("PARAM ")
	p.ident(s.Name)
	p.write(" ")
	p.typeName(s.Type)
	if s.Default != nil {
		p.write(" = ")
		floor := LevelNone
		if _, literal := s.Default.(*Literal); s.Help != "" && !literal {
			// A name that ends the default must not take the help for its value.
			floor = LevelAtom + 1
		}
		p.expr(s.Default, floor)
	}
	if s.Help != "" {
		p.write(" ", quote(s.Help, '\''))
	}
}

func (p *printer) create(s Stmt) {
	head := func(orReplace bool, kind string, name Ident) {
		p.write("CREATE ")
		if orReplace {
			p.write("OR REPLACE ")
		}
		p.write(kind, " ")
		p.ident(name)
	}
	switch s := s.(type) {
	case *CreateView:
		head(s.OrReplace, "VIEW", s.Name)
		p.columns(s.Columns)
		p.write(" AS ")
		p.query(s.Query)
	case *CreateTable:
		head(s.OrReplace, "TABLE", s.Name)
		p.write(" AS ")
		p.query(s.Query)
	case *CreateMacro:
		head(s.OrReplace, "MACRO", s.Name)
		p.write("(")
		p.list(len(s.Params), func(i int) {
			p.ident(s.Params[i].Name)
			if d := s.Params[i].Default; d != nil {
				p.write(" := ")
				p.expr(d, LevelNone)
			}
		})
		p.write(") AS ")
		if s.Query != nil {
			p.write("TABLE ")
			p.query(s.Query)
		} else {
			p.expr(s.Body, LevelNone)
		}
	}
}

func (p *printer) copy(s *Copy) {
	p.write("COPY (")
	p.query(s.Query)
	p.write(") TO ", quote(s.File, '\''))
	if len(s.Options) == 0 {
		return
	}
	p.write(" (")
	p.list(len(s.Options), func(i int) {
		p.ident(s.Options[i].Name)
		if v := s.Options[i].Value; v != nil {
			p.write(" ")
			p.expr(v, LevelNone)
		}
	})
	p.write(")")
}
