package ast

// Script is the statements of one text, in order.
type Script struct {
	Pos
	Stmts []Stmt
}

// QueryStmt is a query run for its rows.
type QueryStmt struct {
	Pos
	Query *Query
}

// Explain shows the plan of a statement; with Analyze it runs it too.
type Explain struct {
	Pos
	Analyze bool
	Stmt    Stmt
}

// Describe lists the columns of a table or of a query; one of the two is set.
type Describe struct {
	Pos
	Table *TableName
	Query *Query
}

// Summarize gives one row of statistics for each column; one of the two is set.
type Summarize struct {
	Pos
	Table *TableName
	Query *Query
}

// Show is SHOW TABLES, SHOW FUNCTIONS or SHOW SETTINGS; What is in lower case.
type Show struct {
	Pos
	What string
}

// SetStmt is SET name = value, or RESET name when Value is nil.
type SetStmt struct {
	Pos
	Name  Ident
	Value Expr
}

// ParamDecl declares a parameter of a saved query:
// PARAM name TYPE [= default] ['help'].
type ParamDecl struct {
	Pos
	Name    Ident
	Type    *TypeName
	Default Expr // nil: a value must be given
	Help    string
}

// Assert fails the run when its condition isn't true: ASSERT cond [, 'message'].
type Assert struct {
	Pos
	Cond    Expr
	Message string
}

// CreateView is CREATE [OR REPLACE] [TEMP] VIEW name AS query.
type CreateView struct {
	Pos
	OrReplace bool
	Name      Ident
	Columns   []Ident
	Query     *Query
}

// CreateTable is CREATE [OR REPLACE] [TEMP] TABLE name AS query.
type CreateTable struct {
	Pos
	OrReplace bool
	Name      Ident
	Query     *Query
}

// CreateMacro is CREATE [OR REPLACE] MACRO name(params) AS expr, or AS TABLE query.
type CreateMacro struct {
	Pos
	OrReplace bool
	Name      Ident
	Params    []MacroParam
	Body      Expr   // nil for a table macro
	Query     *Query // nil for a scalar macro
}

// MacroParam is one parameter of a macro; Default is nil when it must be given.
type MacroParam struct {
	Name    Ident
	Default Expr
}

// DropStmt is DROP kind [IF EXISTS] name; Kind is view, table or macro.
type DropStmt struct {
	Pos
	Kind     string
	IfExists bool
	Name     Ident
}

// Copy is COPY (query) TO 'file' [(options)].
type Copy struct {
	Pos
	Query   *Query
	File    string
	Options []Option
}

// Option is one name [value] of a COPY option list.
type Option struct {
	Name  Ident
	Value Expr
}
