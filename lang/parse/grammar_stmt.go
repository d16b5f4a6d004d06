package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
)

type explain struct {
	Analyze bool        `parser:"EXPLAIN @ANALYZE?"`
	Target  explainable `parser:"@@"`
}

type explainable struct {
	at
	Query  *query  `parser:"  @@"`
	Create *create `parser:"| @@"`
	Copy   *copyTo `parser:"| @@"`
}

type describe struct {
	Subject subject `parser:"(DESCRIBE | DESC) TABLE? @@"`
}

type summarize struct {
	Subject subject `parser:"SUMMARIZE TABLE? @@"`
}

type show struct {
	What relation `parser:"SHOW @@"`
}

type set struct {
	Name  name     `parser:"SET @@ ('=' | TO)"`
	Value ast.Expr `parser:"@@"`
}

type reset struct {
	Name name `parser:"RESET @@"`
}

type paramDecl struct {
	Name    name        `parser:"PARAM @@"`
	Type    typeName    `parser:"@@"`
	Default ast.Expr    `parser:"('=' @@)?"`
	Help    lexer.Token `parser:"@String?"`
}

type assert struct {
	Cond    ast.Expr    `parser:"ASSERT @@"`
	Message lexer.Token `parser:"(',' @String)?"`
}

type create struct {
	OrReplace bool         `parser:"CREATE @(OR REPLACE)? (TEMP | TEMPORARY)?"`
	View      *createView  `parser:"( VIEW @@"`
	Table     *createTable `parser:"| TABLE @@"`
	Macro     *createMacro `parser:"| (MACRO | FUNCTION) @@ )"`
}

type createView struct {
	Name    name   `parser:"@@"`
	Columns []name `parser:"('(' @@ (',':Op @@)* ')')? AS"`
	Query   query  `parser:"@@"`
}

type createTable struct {
	Name  name  `parser:"@@ AS"`
	Query query `parser:"@@"`
}

type createMacro struct {
	Name   name         `parser:"@@"`
	Params []macroParam `parser:"'(' (@@ (',' @@)*)? ')' AS"`
	Query  *query       `parser:"( TABLE @@"`
	Body   ast.Expr     `parser:"| @@ )"`
}

type macroParam struct {
	Name    name     `parser:"@@"`
	Default ast.Expr `parser:"((':=' | '=>') @@)?"`
}

type drop struct {
	Kind     lexer.Token `parser:"DROP (@VIEW | @TABLE | @(MACRO | FUNCTION) TABLE?)"`
	IfExists bool        `parser:"@(IF EXISTS)?"`
	Name     name        `parser:"@@"`
}

// copyTo is COPY … TO. Its name keeps clear of Go's copy.
type copyTo struct {
	Query   *query       `parser:"COPY ( '(' @@ ')'"`
	Table   *relation    `parser:"| @@ )"`
	File    lexer.Token  `parser:"TO @String"`
	Options []copyOption `parser:"(WITH? '(' @@ (',':Op @@)* ')')?"`
}

type copyOption struct {
	Name  anyName      `parser:"@@"`
	Value *optionValue `parser:"@@?"`
}
