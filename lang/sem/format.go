package sem

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
)

// Format is an expression as text for people, such as a plan shows. column names the
// columns; nil stands for their own names.
func Format(e Expr, column func(*ColRef) string) string {
	if column == nil {
		column = func(c *ColRef) string { return c.Name }
	}
	f := formatter{column: column}
	f.expr(e)
	return f.String()
}

// FormatAgg is an aggregate as text.
func FormatAgg(a *AggCall, column func(*ColRef) string) string {
	f := formatter{column: column}
	f.agg(a)
	return f.String()
}

// FormatWindow is a window call as text, without its partition and order.
func FormatWindow(w *WindowCall, ordered bool, column func(*ColRef) string) string {
	f := formatter{column: column}
	f.agg(&w.AggCall)
	if w.IgnoreNulls {
		f.WriteString(" ignore nulls")
	}
	if !isDefaultFrame(w.Frame, ordered) {
		f.WriteString(" ")
		f.frame(w.Frame)
	}
	return f.String()
}

type formatter struct {
	strings.Builder
	column func(*ColRef) string
}

func (f *formatter) expr(e Expr) {
	switch e := e.(type) {
	case nil:
	case *ColRef:
		f.WriteString(f.column(e))
	case *Const:
		f.WriteString(FormatValue(e.Value))
	case *Call:
		f.call(e)
	case *Logic:
		f.logic(e)
	case *Case:
		f.caseExpr(e)
	case *Cast:
		name := "cast("
		if e.Try {
			name = "try_cast("
		}
		f.WriteString(name)
		f.expr(e.Arg)
		f.WriteString(" as " + functions.TypeName(e.Typ) + ")")
	case *InList:
		f.operand(e.Arg)
		if e.Not {
			f.WriteString(" not")
		}
		f.WriteString(" in (" + FormatList(e.List) + ")")
	case *Overlaps:
		f.WriteString("(")
		f.list([]Expr{e.LeftStart, e.LeftEnd})
		f.WriteString(") overlaps (")
		f.list([]Expr{e.RightStart, e.RightEnd})
		f.WriteString(")")
	case *ListLambda:
		f.WriteString(e.Name + "(")
		f.expr(e.List)
		f.WriteString(", lambda")
		for i, p := range e.Params {
			if i > 0 {
				f.WriteString(",")
			}
			f.WriteString(" " + p.Name)
		}
		f.WriteString(": ")
		body := formatter{column: func(c *ColRef) string { return c.Name }}
		body.expr(e.Body)
		f.WriteString(body.String())
		if e.Init != nil {
			f.WriteString(", ")
			f.expr(e.Init)
		}
		f.WriteString(")")
	case *Subquery:
		f.WriteString("(subquery)")
	}
}

func (f *formatter) list(exprs []Expr) {
	for i, e := range exprs {
		if i > 0 {
			f.WriteString(", ")
		}
		f.expr(e)
	}
}

// operand writes a part of an operation, in parentheses if it is one itself.
func (f *formatter) operand(e Expr) {
	switch x := e.(type) {
	case *Logic, *InList:
		f.parenthesised(e)
		return
	case *Call:
		if isInfix(x) {
			f.parenthesised(e)
			return
		}
	}
	f.expr(e)
}

func (f *formatter) parenthesised(e Expr) {
	f.WriteString("(")
	f.expr(e)
	f.WriteString(")")
}

// isInfix reports whether a call is written between its two arguments: an operator of
// symbols, or one of words.
func isInfix(c *Call) bool {
	name := c.Fn.Name
	return len(c.Args) == 2 && (isSymbol(name) || strings.Contains(name, " ") || slices.Contains(wordOperators, name))
}

var wordOperators = []string{"like", "ilike", "glob"}

func isSymbol(name string) bool { return strings.Trim(name, "+-*/%^|&<>=!~@#") == "" }

func (f *formatter) call(e *Call) {
	name := e.Fn.Name
	switch {
	case isInfix(e):
		f.operand(e.Args[0])
		f.WriteString(" " + name + " ")
		f.operand(e.Args[1])
	case len(e.Args) == 1 && isSymbol(name):
		f.WriteString(name)
		f.operand(e.Args[0])
	case len(e.Args) == 1 && strings.Contains(name, " "):
		f.operand(e.Args[0])
		f.WriteString(" " + name)
	default:
		f.WriteString(name + "(")
		f.list(e.Args)
		f.WriteString(")")
	}
}

func (f *formatter) logic(e *Logic) {
	if e.Op == Not {
		f.WriteString("not ")
		f.operand(e.Args[0])
		return
	}
	word := " and "
	if e.Op == Or {
		word = " or "
	}
	for i, a := range e.Args {
		if i > 0 {
			f.WriteString(word)
		}
		if l, ok := a.(*Logic); ok && l.Op != Not {
			f.parenthesised(a)
		} else {
			f.expr(a)
		}
	}
}

func (f *formatter) caseExpr(e *Case) {
	f.WriteString("case")
	for _, w := range e.Whens {
		f.WriteString(" when ")
		f.expr(w.Cond)
		f.WriteString(" then ")
		f.expr(w.Then)
	}
	if e.Else != nil {
		f.WriteString(" else ")
		f.expr(e.Else)
	}
	f.WriteString(" end")
}

func (f *formatter) agg(a *AggCall) {
	f.WriteString(a.Fn.Name + "(")
	if a.Distinct {
		f.WriteString("distinct ")
	}
	if len(a.Args) == 0 && a.Fn.Kind == functions.Aggregate {
		f.WriteString("*")
	}
	f.list(a.Args)
	if len(a.OrderBy) > 0 {
		f.WriteString(" order by ")
		f.keys(a.OrderBy)
	}
	f.WriteString(")")
	if a.Filter != nil {
		f.WriteString(" filter (")
		f.expr(a.Filter)
		f.WriteString(")")
	}
}

// FormatKeys is an order as text.
func FormatKeys(keys []SortKey, column func(*ColRef) string) string {
	f := formatter{column: column}
	f.keys(keys)
	return f.String()
}

func (f *formatter) keys(keys []SortKey) {
	for i, k := range keys {
		if i > 0 {
			f.WriteString(", ")
		}
		f.expr(k.Expr)
		if k.Desc {
			f.WriteString(" desc")
		}
		if k.NullsFirst {
			f.WriteString(" nulls first")
		}
	}
}

// isDefaultFrame reports whether a frame is the one that a window without a frame has.
func isDefaultFrame(fr Frame, ordered bool) bool {
	return fr == DefaultFrame(ordered)
}

func (f *formatter) frame(fr Frame) {
	f.WriteString([...]string{ast.Rows: "rows", ast.Range: "range", ast.Groups: "groups"}[fr.Unit])
	f.WriteString(" between ")
	f.bound(fr.Start)
	f.WriteString(" and ")
	f.bound(fr.End)
	f.WriteString([...]string{
		ast.ExcludeNoOthers: "", ast.ExcludeCurrentRow: " exclude current row",
		ast.ExcludeGroup: " exclude group", ast.ExcludeTies: " exclude ties",
	}[fr.Exclude])
}

func (f *formatter) bound(b Bound) {
	if b.Offset != nil {
		f.operand(b.Offset)
		f.WriteString(" ")
	}
	f.WriteString([...]string{
		ast.UnboundedPreceding: "unbounded preceding", ast.Preceding: "preceding", ast.CurrentRow: "current row",
		ast.Following: "following", ast.UnboundedFollowing: "unbounded following",
	}[b.Kind])
}

// maxListed is how many values of a list are written out.
const maxListed = 20

// FormatList is the values of an array as text; a long one is cut short.
func FormatList(list arrow.Array) string {
	var values []string
	for i := range min(list.Len(), maxListed) {
		values = append(values, FormatValue(kernel.Slice(list, i, i+1)))
	}
	if list.Len() > maxListed {
		values = append(values, "…")
	}
	return strings.Join(values, ", ")
}

// FormatValue is the one value of an array as text, quoted where SQL quotes it.
func FormatValue(v arrow.Array) string {
	if isNull(v.DataType()) || v.IsNull(0) {
		return "null"
	}
	if v.DataType().ID() == arrow.DURATION {
		digits := strings.TrimSuffix(functions.FormatDuration(kernel.Values[int64](v)[0]), "s")
		return strings.TrimRight(strings.TrimRight(digits, "0"), ".") + "s"
	}
	text, err := functions.Cast(kernel.Const(v), functions.Varchar, false, (&Env{}).FunctionEnv(), 1)
	if err != nil {
		return "?"
	}
	s, _ := kernel.Value(text.Array, 0).(string)
	if isNumeric(v.DataType()) || v.DataType().ID() == arrow.BOOL {
		return s
	}
	if v.DataType().ID() == arrow.LIST && len(s) > maxFormattedList {
		s = strings.ToValidUTF8(s[:maxFormattedList], "") + "…"
	}
	return ast.QuoteText(s)
}

// maxFormattedList is how many bytes of a list are shown: it may be a range of millions.
const maxFormattedList = 60
