package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
)

// tableRef is one element of FROM: a table and what is joined to it.
type tableRef struct {
	Head  tableItem `parser:"@@"`
	Joins joinList  `parser:"@@"`
}

// joinList is a production of its own since the table before it may have been read
// by hand.
type joinList struct {
	Joins []join `parser:"@@*"`
}

type join struct {
	at
	Cross   *crossJoin   `parser:"  @@"`
	Beside  *besideJoin  `parser:"| @@"`
	Natural *naturalJoin `parser:"| @@"`
	On      *onJoin      `parser:"| @@"`
}

type crossJoin struct {
	Right joinedItem `parser:"CROSS JOIN @@"`
}

// besideJoin is POSITIONAL JOIN: rows side by side.
type besideJoin struct {
	Right joinedItem `parser:"POSITIONAL JOIN @@"`
}

type naturalJoin struct {
	Kind  joinKind   `parser:"NATURAL @@ JOIN"`
	Right joinedItem `parser:"@@"`
}

type onJoin struct {
	Asof      bool       `parser:"@ASOF?"`
	Kind      joinKind   `parser:"@@ JOIN"`
	Right     joinedItem `parser:"@@"`
	Nested    []join     `parser:"@@*"` // a JOIN b JOIN c ON … ON …: what is joined to b first
	On        ast.Expr   `parser:"( ON @@"`
	Using     []name     `parser:"| USING '(' @@ (',':Op @@)* ')' )"`
	Tolerance ast.Expr   `parser:"(TOLERANCE @@)?"`
}

type joinKind struct {
	Kind lexer.Token `parser:"(@(INNER | SEMI | ANTI) | @(LEFT | RIGHT | FULL) OUTER?)?"`
}
