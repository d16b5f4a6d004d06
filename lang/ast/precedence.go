package ast

// Level is how tightly an operator binds; a higher level binds tighter.
type Level uint8

// The levels, loosest first. They are PostgreSQL's and DuckDB's.
const (
	LevelNone    Level = iota
	LevelArrow         // -> of JSON; that of lambdas binds as loosely
	LevelOr            // OR
	LevelAnd           // AND
	LevelNot           // NOT x
	LevelIs            // IS NULL, IS TRUE, IS DISTINCT FROM
	LevelCompare       // = <> < <= > >=; they don't chain
	LevelTest          // BETWEEN, IN, LIKE, OVERLAPS; they don't chain
	LevelOther         // || & | << >>, ~x and the operators that functions define
	LevelAdd           // + -
	LevelMul           // * / // %
	LevelPower         // ^
	LevelZone          // AT TIME ZONE
	LevelSign          // -x +x
	LevelPostfix       // x::t x[i] x.y
	LevelAtom          // names, literals, calls, anything in parentheses
)

// Precedence is the table of operators for documentation, tightest first.
var Precedence = []struct {
	Level     Level
	Operators []string
	Note      string
}{
	{LevelPostfix, []string{".", "::", "[ ]"}, "qualification, cast, element"},
	{LevelSign, []string{"-", "+"}, "sign"},
	{LevelZone, []string{"AT TIME ZONE"}, ""},
	{LevelPower, []string{"^", "**"}, "power, from left to right"},
	{LevelMul, []string{"*", "/", "//", "%"}, "`/` divides as DOUBLE, `//` as integers"},
	{LevelAdd, []string{"+", "-"}, ""},
	{LevelOther, []string{"||", "<<", ">>", "&", "|", "~", "&&", "@>", "<@", "->>"}, "concatenation, bits; `~x` is bitwise not; lists that share, hold, are held; text of a JSON"},
	{LevelTest, []string{"BETWEEN", "IN", "LIKE", "ILIKE", "GLOB", "SIMILAR TO", "OVERLAPS"}, "each also with NOT before it, but OVERLAPS"},
	{LevelCompare, []string{"=", "<>", "<", "<=", ">", ">="}, "`==` and `!=` work too; comparisons don't chain"},
	{LevelIs, []string{"IS"}, "`IS NULL`, `IS TRUE`, `IS DISTINCT FROM`"},
	{LevelNot, []string{"NOT"}, ""},
	{LevelAnd, []string{"AND"}, ""},
	{LevelOr, []string{"OR"}, ""},
	{LevelArrow, []string{"->"}, "part of a JSON: put it in parentheses"},
}

// binaryLevels are the levels of the operators of [Binary].
var binaryLevels = map[string]Level{
	"->": LevelArrow,
	"OR": LevelOr, "AND": LevelAnd,
	"=": LevelCompare, "<>": LevelCompare, "<": LevelCompare, "<=": LevelCompare, ">": LevelCompare, ">=": LevelCompare,
	"OVERLAPS": LevelTest,
	"+":        LevelAdd, "-": LevelAdd,
	"*": LevelMul, "/": LevelMul, "//": LevelMul, "%": LevelMul,
	"^": LevelPower, "**": LevelPower,
}

// BinaryLevel returns the level of a [Binary]'s operator.
func BinaryLevel(op string) Level {
	if level, ok := binaryLevels[op]; ok {
		return level
	}
	return LevelOther
}

// LevelOf returns how tightly an expression holds together when it is written.
func LevelOf(e Expr) Level {
	switch e := e.(type) {
	case *Binary:
		return BinaryLevel(e.Op)
	case *Unary:
		switch e.Op {
		case "NOT":
			return LevelNot
		case "~":
			return LevelOther
		}
		return LevelSign
	case *Is:
		return LevelIs
	case *Between, *In, *Like:
		return LevelTest
	case *Quantified:
		return BinaryLevel(e.Op)
	case *Cast:
		if !e.Try {
			return LevelPostfix
		}
	case *Index:
		return LevelPostfix
	}
	return LevelAtom
}

// chains reports whether operators of a level may follow each other without
// parentheses, from left to right.
func (l Level) chains() bool { return l != LevelCompare && l != LevelTest && l != LevelIs }
