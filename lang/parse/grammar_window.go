package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
)

// over is what follows OVER.
type over struct {
	at
	Name *name       `parser:"  @@"`
	Spec *windowSpec `parser:"| '(' @@ ')'"`
}

// windowSpec is what stands between the parentheses of a window.
type windowSpec struct {
	at
	Base        *windowBase `parser:"@@?"`
	PartitionBy []ast.Expr  `parser:"(PARTITION BY @@ (',':Op @@)*)?"`
	OrderBy     *orderBy    `parser:"@@?"`
	Frame       *frame      `parser:"@@?"`
}

type frame struct {
	at
	Unit    lexer.Token   `parser:"@(ROWS | RANGE | GROUPS)"`
	Start   *frameBound   `parser:"( BETWEEN @@ AND"`
	End     *frameBound   `parser:"  @@"`
	Only    *frameBound   `parser:"| @@ )"`
	Exclude *frameExclude `parser:"(EXCLUDE @@)?"`
}

type frameBound struct {
	at
	Unbounded lexer.Token `parser:"  UNBOUNDED @(PRECEDING | FOLLOWING)"`
	Current   bool        `parser:"| @(CURRENT ROW)"`
	Offset    ast.Expr    `parser:"| @@"`
	Direction lexer.Token `parser:"  @(PRECEDING | FOLLOWING)"`
}

type frameExclude struct {
	NoOthers   bool `parser:"  @(NO OTHERS)"`
	CurrentRow bool `parser:"| @(CURRENT ROW)"`
	Group      bool `parser:"| @GROUP"`
	Ties       bool `parser:"| @TIES"`
}
