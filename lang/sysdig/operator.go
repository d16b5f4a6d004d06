package sysdig

// Operator is what a check does with its field.
type Operator uint8

// The operators.
const (
	Eq Operator = iota
	Ne
	Lt
	Le
	Gt
	Ge
	Contains    // the text occurs in the field
	IContains   // likewise, whatever the case of letters
	BContains   // the bytes, given in hexadecimal, occur in the field
	StartsWith  // the field begins with the text
	BStartsWith // the field begins with the bytes, given in hexadecimal
	EndsWith    // the field ends with the text
	Glob        // the field matches a pattern as the shell's
	IGlob       // likewise, whatever the case of letters
	Regex       // all of the field matches a regular expression
	In          // the field is one of the list
	Intersects  // one of the field's values is one of the list
	PMatch      // the field is a path of the list or below one
	Exists      // the event has the field
)

// operatorNames are the operators as they are written.
var operatorNames = [...]string{
	Eq: "=", Ne: "!=", Lt: "<", Le: "<=", Gt: ">", Ge: ">=",
	Contains: "contains", IContains: "icontains", BContains: "bcontains", StartsWith: "startswith",
	BStartsWith: "bstartswith", EndsWith: "endswith", Glob: "glob", IGlob: "iglob", Regex: "regex",
	In: "in", Intersects: "intersects", PMatch: "pmatch", Exists: "exists",
}

func (o Operator) String() string { return operatorNames[o] }

// takesList reports whether a list in parentheses stands behind the operator.
func (o Operator) takesList() bool { return o == In || o == Intersects || o == PMatch }

// isComparison reports whether the operator is one of those that numbers have, too.
func (o Operator) isComparison() bool { return o <= Ge }

// symbols are the operators that aren't words, those that others begin with last.
var symbols = []struct {
	text string
	op   Operator
}{{"==", Eq}, {"=", Eq}, {"!=", Ne}, {"<=", Le}, {"<", Lt}, {">=", Ge}, {">", Gt}}

// wordOperators are the operators that are words.
var wordOperators = func() map[string]Operator {
	words := map[string]Operator{}
	for op := Contains; op <= Exists; op++ {
		words[op.String()] = op
	}
	return words
}()

// foreignOperators are what other languages write, with what to write here.
var foreignOperators = map[string]string{
	"<>": "!=", "~": "regex", "=~": "regex", "!~": "not … regex", "like": "contains or glob", "ilike": "icontains or iglob",
	"is": "exists", "matches": "regex", "startwith": "startswith", "endwith": "endswith",
}

// OperatorWords lists the operators that are words.
func OperatorWords() []string { return operatorNames[Contains:] }
