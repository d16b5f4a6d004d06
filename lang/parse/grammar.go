package parse

import (
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// grammar holds the parsers of the productions that hand-written code begins at.
// They are built at the first use: productions call functions that call productions
// back, which Go doesn't let variables be initialised with.
var grammar struct {
	once      sync.Once
	statement *participle.Parser[statement]
	query     *participle.Parser[query]
	queryTail *participle.Parser[queryTail]
	tableRef  *participle.Parser[tableRef]
	joinList  *participle.Parser[joinList]
	orderBy   *participle.Parser[orderBy]
	over      *participle.Parser[over]
}

func buildGrammar() {
	options := []participle.Option{
		participle.Lexer(definition{}),
		participle.UseLookahead(0),
		participle.ParseTypeWith(parseExpr),
	}
	p := participle.MustBuild[statement](options...)
	grammar.statement = p
	grammar.query = production[query](p)
	grammar.queryTail = production[queryTail](p)
	grammar.tableRef = production[tableRef](p)
	grammar.joinList = production[joinList](p)
	grammar.orderBy = production[orderBy](p)
	// No statement leads here but through expressions, which participle can't see into.
	grammar.over = participle.MustBuild[over](options...)
}

func production[P any](p *participle.Parser[statement]) *participle.Parser[P] {
	of, err := participle.ParserForProduction[P](p)
	if err != nil {
		panic(err) // the grammar lost a production: every parse would fail
	}
	return of
}

// at is embedded in the structs of the grammar whose span is wanted; participle
// fills it with the tokens of the production.
type at struct {
	Tokens []lexer.Token
}

func (a at) pos() ast.Pos {
	return ast.Pos{At: spanOf(a.Tokens[0]).To(spanOf(a.Tokens[len(a.Tokens)-1]))}
}

func posOf(tok lexer.Token) ast.Pos { return ast.Pos{At: spanOf(tok)} }

// statement is one statement, without its semicolon.
type statement struct {
	Query     *query     `parser:"  @@"`
	Explain   *explain   `parser:"| @@"`
	Describe  *describe  `parser:"| @@"`
	Summarize *summarize `parser:"| @@"`
	Show      *show      `parser:"| @@"`
	Set       *set       `parser:"| @@"`
	Reset     *reset     `parser:"| @@"`
	Param     *paramDecl `parser:"| @@"`
	Assert    *assert    `parser:"| @@"`
	Create    *create    `parser:"| @@"`
	Drop      *drop      `parser:"| @@"`
	Copy      *copyTo    `parser:"| @@"`
}

// query is WITH … SELECT … UNION … ORDER BY … LIMIT ….
type query struct {
	at
	With *with     `parser:"@@?"`
	Head primary   `parser:"@@"`
	Tail queryTail `parser:"@@"`
}

// queryTail is what may follow the first SELECT of a query. It is a production of
// its own since that SELECT may have been read as an expression in parentheses.
type queryTail struct {
	at
	Intersects []intersect `parser:"(INTERSECT @@)*"`
	Unions     []union     `parser:"@@*"`
	OrderBy    *orderBy    `parser:"@@?"`
	Limit      *limit      `parser:"@@?"`
}

type with struct {
	Recursive bool  `parser:"WITH @RECURSIVE?"`
	Tables    []cte `parser:"@@ (',':Op @@)*"`
}

type cte struct {
	Name    name   `parser:"@@"`
	Columns []name `parser:"('(' @@ (',':Op @@)* ')')?"`
	Key     *key   `parser:"@@? AS"`
	Not     bool   `parser:"(@NOT?"`
	Once    bool   `parser:" @MATERIALIZED)?"`
	Query   query  `parser:"'(' @@ ')'"`
}

// key is USING KEY (columns).
type key struct{ Columns []ast.Ident }

func (k *key) Parse(lx *lexer.PeekingLexer) error {
	p := parser{lx}
	if !p.is(kwUsing) {
		return participle.NextMatch
	}
	p.Next()
	if !p.acceptWord("KEY") {
		return p.expected("KEY")
	}
	if !p.isOp("(") {
		return p.expected("(")
	}
	return p.listOrOne(func() error {
		id, err := p.parseName("the name of a column")
		k.Columns = append(k.Columns, id)
		return err
	})
}

// intersect binds tighter than the other set operations.
type intersect struct {
	setOption
	Right primary `parser:"@@"`
}

// union is UNION or EXCEPT and its right side.
type union struct {
	Op lexer.Token `parser:"@(UNION | EXCEPT)"`
	setOption
	Right      primary     `parser:"@@"`
	Intersects []intersect `parser:"(INTERSECT @@)*"`
}

type setOption struct {
	All    bool `parser:"(@ALL | DISTINCT)?"`
	ByName bool `parser:"@(BY NAME)?"`
}

type primary struct {
	at
	Select *selectBlock `parser:"  @@"`
	From   *fromBlock   `parser:"| @@"`
	Values *values      `parser:"| @@"`
	Table  *tableBlock  `parser:"| @@"`
	Pivot  *pivotBlock  `parser:"| @@"`
	Paren  *query       `parser:"| '(' @@ ')'"`
}

type selectBlock struct {
	at
	selectClause
	From []tableRef `parser:"(FROM @@ (',':Op @@)*)?"`
	clauses
}

// fromBlock is DuckDB's FROM … [SELECT …] ….
type fromBlock struct {
	at
	From   []tableRef    `parser:"FROM @@ (',':Op @@)*"`
	Select *selectClause `parser:"@@?"`
	clauses
}

// tableBlock is TABLE t, which is FROM t.
type tableBlock struct {
	at
	Name relation `parser:"TABLE @@"`
}

type selectClause struct {
	Distinct   bool       `parser:"SELECT (ALL | @DISTINCT"`
	DistinctOn *exprList  `parser:"(ON '(' @@ ')')?)?"`
	Items      selectList `parser:"@@"`
}

// clauses are what follows FROM, in the order in which they are written.
type clauses struct {
	Where   ast.Expr      `parser:"(WHERE @@)?"`
	Around  *around       `parser:"@@?"`
	GroupBy *groupBy      `parser:"@@?"`
	Having  ast.Expr      `parser:"(HAVING @@)?"`
	Windows []namedWindow `parser:"(WINDOW @@ (',':Op @@)*)?"`
	Qualify ast.Expr      `parser:"(QUALIFY @@)?"`
	Sample  *usingSample  `parser:"@@?"`
}

type around struct {
	at
	Extent ast.Expr   `parser:"AROUND @@"`
	Rows   bool       `parser:"@(ROW | ROWS)?"`
	Per    []ast.Expr `parser:"(PER @@ (',':Op @@)*)?"`
}

type groupBy struct {
	at
	All      bool      `parser:"GROUP BY (@ALL"`
	Elements groupList `parser:"| @@)"`
}

type namedWindow struct {
	Name  name        `parser:"@@ AS"`
	Open  lexer.Token `parser:"@'('"`
	Spec  windowSpec  `parser:"@@"`
	Close lexer.Token `parser:"@')'"`
}

type values struct {
	at
	Rows []valuesRow `parser:"VALUES @@ (',':Op @@)*"`
}

type valuesRow struct {
	Exprs exprList `parser:"'(' @@ ')'"`
}

type orderBy struct {
	at
	All   *orderAll   `parser:"ORDER BY (@@"`
	Items []orderItem `parser:"| @@ (',':Op @@)*)"`
}

type orderAll struct {
	All bool `parser:"@ALL"`
	direction
}

type orderItem struct {
	Expr ast.Expr `parser:"@@"`
	direction
}

type direction struct {
	Asc   bool        `parser:"(@ASC"`
	Desc  bool        `parser:"| @DESC)?"`
	Nulls lexer.Token `parser:"(NULLS @(FIRST | LAST))?"`
}

// run reads one production from the middle of a text.
func run[P any](p parser, of **participle.Parser[P]) (*P, error) {
	grammar.once.Do(buildGrammar)
	return (*of).ParseFromLexer(p.PeekingLexer, participle.AllowTrailing(true))
}

func parseExpr(lx *lexer.PeekingLexer) (ast.Expr, error) {
	return parser{lx}.expr(ast.LevelNone)
}

// spanning is the position from the start of one span to the end of another.
func spanning(from, to source.Span) ast.Pos { return ast.Pos{At: from.To(to)} }
