package ast

import "strings"

// Name is a column reference, perhaps qualified: ts, e.ts, evt.num, cap.events.ts.
type Name struct {
	Pos
	Parts []Ident
}

// Position is #n: the column number n, from 1, of FROM or, in ORDER BY, of what is selected.
type Position struct {
	Pos
	N int
}

// Star is * or t.* with its modifiers.
type Star struct {
	Pos
	Table   []Ident // empty for a bare *
	Exclude []Ident
	Replace []SelectItem
	Rename  []Rename
	Match   *Like // * LIKE pattern: its X, the name of a column, is nil
}

// Rename is one old AS new of a star's RENAME list.
type Rename struct {
	From, To Ident
}

// Columns is COLUMNS('regex'), COLUMNS(*), COLUMNS(['a', 'b']) or COLUMNS(lambda c: …),
// of which one is set: one expression for each matching column. With Unpack, which is
// written *COLUMNS(…), the columns are so many elements of the list it stands in.
type Columns struct {
	Pos
	Pattern string
	Star    *Star
	Names   []Ident
	Lambda  *Lambda
	Unpack  bool
}

// LitKind is the kind of a [Literal].
type LitKind uint8

// The kinds of literals. Text of the literal is in [Literal.Text].
const (
	Null      LitKind = iota
	True              // TRUE
	False             // FALSE
	Number            // 12, 1.5, 1e9, 0x1F; underscores removed
	String            // 'it''s'; Text is unquoted and unescaped
	Blob              // x'00FF'; Text is the hex digits
	Duration          // 1s 250ms 1.5h; Text as written
	TimePoint         // @17:01:26.375, @+12.5s; Text is what follows the @
	Typed             // TYPE 'text', such as TIMESTAMP '2024-01-01'; see Type
)

// Literal is a constant written in the text.
type Literal struct {
	Pos
	Kind LitKind
	Text string
	Type *TypeName // Typed only
}

// TypeName is a type as written: name and parameters, such as DECIMAL(18,3).
// List is how many times [] follows.
type TypeName struct {
	Pos
	Name  string // upper case
	Args  []int
	Parts []TypePart // of MAP and STRUCT
	List  int
}

// TypePart is a type that another consists of: that of a MAP's keys or values, without a
// name, or of a field of a STRUCT.
type TypePart struct {
	Name Ident
	Type *TypeName
}

// Interval is INTERVAL x UNIT; Unit is in upper case and singular.
type Interval struct {
	Pos
	X    Expr
	Unit string
}

// Function is the name of the function that makes the interval of a number.
func (i *Interval) Function() string {
	if i.Unit == "CENTURY" || i.Unit == "MILLENNIUM" {
		return map[string]string{"CENTURY": "to_centuries", "MILLENNIUM": "to_millennia"}[i.Unit]
	}
	return "to_" + strings.ToLower(i.Unit) + "s"
}

// Param is $name, the value of a parameter.
type Param struct {
	Pos
	Name string
}

// Unary is op x; Op is "-", "+", "~" or "NOT".
type Unary struct {
	Pos
	Op string
	X  Expr
}

// Binary is l op r; Op is in upper case: + - * / // % ^ || & | << >> = <> < <= > >=
// AND OR OVERLAPS, and the operators that functions define. "==" and "!=" are kept
// as "=" and "<>".
type Binary struct {
	Pos
	Op   string
	OpAt Pos
	L, R Expr
}

// Between is x [NOT] BETWEEN lo AND hi.
type Between struct {
	Pos
	Not       bool
	X, Lo, Hi Expr
}

// In is x [NOT] IN (list) or x [NOT] IN (query); one of List and Query is set.
type In struct {
	Pos
	Not   bool
	X     Expr
	List  []Expr
	Query *Query
}

// IsKind is what an [Is] tests.
type IsKind uint8

// The tests that IS can make.
const (
	IsNull IsKind = iota
	IsTrue
	IsFalse
	IsUnknown
	IsDistinctFrom // IS [NOT] DISTINCT FROM Y
)

// Is is x IS [NOT] …
type Is struct {
	Pos
	Not  bool
	Kind IsKind
	X    Expr
	Y    Expr // IsDistinctFrom only
}

// Like is x [NOT] LIKE | ILIKE | GLOB | SIMILAR TO pattern [ESCAPE e]; Op is in
// upper case ("SIMILAR TO" for the last).
type Like struct {
	Pos
	Not     bool
	Op      string
	X       Expr
	Pattern Expr
	Escape  Expr
}

// Case is CASE [operand] WHEN … THEN … [ELSE …] END.
type Case struct {
	Pos
	Operand Expr
	Whens   []When
	Else    Expr
}

// When is one branch of a [Case].
type When struct {
	Cond, Then Expr
}

// Cast is CAST(x AS t), TRY_CAST(x AS t) or x::t.
type Cast struct {
	Pos
	Try bool
	X   Expr
	To  *TypeName
}

// Call is a call of a scalar, aggregate, window or table function. Schema is main where
// that is written before the name, or where the call is syntax of its own, such as
// {'a': 1} or extract(year FROM x); otherwise it is empty.
type Call struct {
	Pos
	Schema      string
	Name        Ident
	Args        []Arg
	Star        bool // count(*)
	Distinct    bool
	OrderBy     []OrderItem // inside the parentheses
	Filter      Expr
	IgnoreNulls bool
	Over        *Window // nil: not a window call
}

// Arg is an argument, named (name => value, name := value) or not. Query is set
// instead of Expr where a bare query is an argument, as in gaps(SELECT …).
type Arg struct {
	Name  Ident
	Expr  Expr
	Query *Query
}

// Window is what follows OVER: a name, or a specification (perhaps based on a name).
type Window struct {
	Pos
	Name        Ident // OVER w, or the base of OVER (w ORDER BY …)
	Bare        bool  // OVER w, without parentheses
	PartitionBy []Expr
	OrderBy     []OrderItem
	Frame       *Frame // nil: the default frame
}

// NamedWindow is one name of the WINDOW clause.
type NamedWindow struct {
	Name   Ident
	Window *Window
}

// FrameUnit is how a frame counts.
type FrameUnit uint8

// The units of frames.
const (
	Rows FrameUnit = iota
	Range
	Groups
)

// BoundKind is where a frame begins or ends.
type BoundKind uint8

// The kinds of frame bounds, in the order in which they may follow each other.
const (
	UnboundedPreceding BoundKind = iota
	Preceding
	CurrentRow
	Following
	UnboundedFollowing
)

// Bound is one end of a frame; Offset is set for Preceding and Following.
type Bound struct {
	Kind   BoundKind
	Offset Expr
}

// FrameExclude is the EXCLUDE option of a frame.
type FrameExclude uint8

// The exclusions.
const (
	ExcludeNoOthers FrameExclude = iota
	ExcludeCurrentRow
	ExcludeGroup
	ExcludeTies
)

// Frame is the frame clause of a window.
type Frame struct {
	Pos
	Unit       FrameUnit
	Start, End Bound
	Exclude    FrameExclude
}

// Row is a parenthesised list of two or more expressions, as in (a, b) OVERLAPS (c, d).
type Row struct {
	Pos
	Elems []Expr
}

// ListLit is [a, b, c].
type ListLit struct {
	Pos
	Elems []Expr
}

// Lambda is lambda x, y: body or, with Arrow, (x, y) -> body, a function that some
// functions of lists take.
type Lambda struct {
	Pos
	Arrow  bool
	Params []Ident
	Body   Expr
}

// Index is x[i] or, with Slice, x[lo:hi]; open ends are nil.
type Index struct {
	Pos
	X      Expr
	Slice  bool
	Lo, Hi Expr
}

// Subquery is a query used as a value.
type Subquery struct {
	Pos
	Query *Query
}

// ArrayQuery is ARRAY(query): the rows of a query with one column as a list.
type ArrayQuery struct {
	Pos
	Query *Query
}

// Exists is EXISTS (query).
type Exists struct {
	Pos
	Query *Query
}

// Quantified is x op ANY|ALL (query) or, with List, x op ANY|ALL (list).
type Quantified struct {
	Pos
	X     Expr
	Op    string
	All   bool
	Query *Query
	List  Expr
}

// SysdigFilter is {filter}: a condition in sysdig's filter language. Text is what
// stands between the braces, TextAt where.
type SysdigFilter struct {
	Pos
	Text   string
	TextAt Pos
}
