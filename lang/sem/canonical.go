package sem

import (
	"slices"
	"strconv"
	"strings"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
)

// canonical writes expressions in the normal form that DuckDB gives them, which is the
// name of an unnamed column: every operation in parentheses, functions and keywords in
// one case, syntax of its own as the call that it stands for.
type canonical struct {
	strings.Builder
	windows []ast.NamedWindow // of the SELECT block: OVER w is written out
}

// canonicalText is the normal form of an expression in a block with these windows.
func canonicalText(e ast.Expr, windows []ast.NamedWindow) string {
	w := canonical{windows: windows}
	w.expr(e)
	return w.String()
}

func (w *canonical) write(parts ...string) {
	for _, s := range parts {
		w.WriteString(s)
	}
}

// list writes n elements with commas between them.
func (w *canonical) list(n int, element func(i int)) {
	for i := range n {
		if i > 0 {
			w.write(", ")
		}
		element(i)
	}
}

func (w *canonical) exprs(list []ast.Expr) {
	w.list(len(list), func(i int) { w.expr(list[i]) })
}

func (w *canonical) ident(name string) { w.write(canonicalIdent(name)) }

func (w *canonical) idents(ids []ast.Ident) {
	w.list(len(ids), func(i int) { w.ident(ids[i].Name) })
}

func (w *canonical) path(parts []ast.Ident) {
	for i, id := range parts {
		if i > 0 {
			w.write(".")
		}
		w.ident(id.Name)
	}
}

func (w *canonical) expr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Name:
		w.path(e.Parts)
	case *ast.Star:
		w.star(e)
	case *ast.Columns:
		w.columns(e)
	case *ast.Literal:
		w.literal(e)
	case *ast.Interval:
		w.interval(e)
	case *ast.Unary:
		w.unary(e)
	case *ast.Binary:
		w.binary(e)
	case *ast.Between:
		w.between(e)
	case *ast.In:
		w.in(e)
	case *ast.Is:
		w.is(e)
	case *ast.Like:
		w.like(e)
	case *ast.Case:
		w.caseExpr(e)
	case *ast.Cast:
		w.cast(e)
	case *ast.Call:
		w.call(e)
	case *ast.Row:
		w.write(`main."row"(`)
		w.exprs(e.Elems)
		w.write(")")
	case *ast.ListLit:
		w.write("main.list_value(")
		w.exprs(e.Elems)
		w.write(")")
	case *ast.Lambda:
		w.lambda(e)
	case *ast.Index:
		w.index(e)
	case *ast.Subquery:
		w.write("(")
		w.query(e.Query)
		w.write(")")
	case *ast.Position:
		w.write("#", strconv.Itoa(e.N))
	case *ast.ArrayQuery:
		w.arrayQuery(e.Query)
	case *ast.Exists:
		w.write("EXISTS(")
		w.query(e.Query)
		w.write(")")
	case *ast.Quantified:
		w.quantified(e)
	default:
		w.write(ast.Print(e)) // what DuckDB doesn't have
	}
}

func (w *canonical) lambda(e *ast.Lambda) {
	w.write("(")
	switch {
	case !e.Arrow:
		w.write("lambda ")
		w.idents(e.Params)
		w.write(": ")
	case len(e.Params) > 1:
		w.write(`main."row"(`)
		w.idents(e.Params)
		w.write(") -> ")
	default:
		w.idents(e.Params)
		w.write(" -> ")
	}
	w.expr(e.Body)
	w.write(")")
}

func (w *canonical) literal(l *ast.Literal) {
	switch l.Kind {
	case ast.True:
		w.write("CAST('t' AS BOOLEAN)")
	case ast.False:
		w.write("CAST('f' AS BOOLEAN)")
	case ast.Number:
		w.write(canonicalNumber(l.Text))
	case ast.Typed:
		w.write("CAST(", ast.QuoteText(l.Text), " AS ")
		w.typeName(l.Type)
		w.write(")")
	default:
		w.write(ast.Print(l))
	}
}

// canonicalNumber is a number as its value is written: without needless zeros before it,
// with an exponent as a DOUBLE.
func canonicalNumber(text string) string {
	lower := strings.ToLower(text)
	if strings.HasPrefix(lower, "0x") || strings.HasPrefix(lower, "0b") {
		return text
	}
	if strings.Contains(lower, "e") || len(text) > maxDecimal+1 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text
		}
		return FormatValue(kernel.OfFloat64(v))
	}
	if whole, fraction, point := strings.Cut(text, "."); point && fraction != "" {
		return whole + "." + fraction
	}
	text = strings.TrimLeft(strings.TrimSuffix(text, "."), "0")
	if text == "" {
		return "0"
	}
	return text
}

// interval writes INTERVAL x UNIT as the function of x that makes it.
func (w *canonical) interval(e *ast.Interval) {
	w.write(e.Function(), "(")
	switch e.Unit {
	case "SECOND", "MILLISECOND":
		w.write("CAST(")
		w.expr(e.X)
		w.write(" AS DOUBLE)")
	default:
		to := "INTEGER"
		if e.Unit == "HOUR" || e.Unit == "MINUTE" || e.Unit == "MICROSECOND" {
			to = "BIGINT"
		}
		w.write("CAST(trunc(CAST(")
		w.expr(e.X)
		w.write(" AS DOUBLE)) AS ", to, ")")
	}
	w.write(")")
}

func (w *canonical) cast(e *ast.Cast) {
	if e.Try {
		w.write("TRY_")
	}
	w.write("CAST(")
	w.expr(e.X)
	w.write(" AS ")
	w.typeName(e.To)
	w.write(")")
}

// plainTypes are the types whose names are words of the grammar; DuckDB writes others in
// double quotes.
var plainTypes = []string{
	"BIGINT", "BIT", "BOOLEAN", "DECIMAL", "FLOAT", "INTEGER", "INTERVAL", "SMALLINT", "TIME", "TIMESTAMP", "VARCHAR",
}

func (w *canonical) typeName(t *ast.TypeName) {
	name := t.Name
	if typ, err := functions.ParseType(t.Name, nil); err == nil && name != "INTERVAL" && !keepsName(name) {
		name, _, _ = strings.Cut(functions.TypeName(typ), "(")
	}
	if name == "TIMESTAMPTZ" {
		name = "TIMESTAMP WITH TIME ZONE"
	}
	if !slices.Contains(plainTypes, name) {
		name = `"` + name + `"`
	}
	w.write(name)
	if len(t.Args) > 0 {
		w.write("(")
		w.list(len(t.Args), func(i int) { w.write(strconv.Itoa(t.Args[i])) })
		w.write(")")
	}
	w.write(strings.Repeat("[]", t.List))
}

// keepsName reports whether a type is one of DuckDB's that is no type of its own here.
func keepsName(name string) bool {
	return strings.HasPrefix(name, "TIMESTAMP_") || name == "TIMESTAMPTZ" || strings.HasSuffix(name, " TIME ZONE")
}

func (w *canonical) index(e *ast.Index) {
	w.expr(e.X)
	w.write("[")
	if e.Lo != nil {
		w.expr(e.Lo)
	}
	if e.Slice {
		w.write(":")
	}
	if e.Hi != nil {
		w.expr(e.Hi)
	}
	w.write("]")
}

func (w *canonical) star(e *ast.Star) {
	for _, id := range e.Table {
		w.ident(id.Name)
		w.write(".")
	}
	w.write("*")
	if len(e.Exclude) > 0 {
		w.write(" EXCLUDE (")
		w.idents(e.Exclude)
		w.write(")")
	}
	if len(e.Replace) > 0 {
		w.write(" REPLACE (")
		w.items(e.Replace)
		w.write(")")
	}
	if len(e.Rename) > 0 {
		w.write(" RENAME (")
		w.list(len(e.Rename), func(i int) {
			w.ident(e.Rename[i].From.Name)
			w.write(" AS ")
			w.ident(e.Rename[i].To.Name)
		})
		w.write(")")
	}
}

func (w *canonical) columns(e *ast.Columns) {
	if e.Unpack {
		w.write("*")
	}
	w.write("COLUMNS(")
	switch {
	case e.Star != nil:
		w.star(e.Star)
	case e.Lambda != nil:
		w.lambda(e.Lambda)
	case e.Names != nil:
		w.write("main.list_value(")
		w.list(len(e.Names), func(i int) { w.write(ast.QuoteText(e.Names[i].Name)) })
		w.write(")")
	default:
		w.write(ast.QuoteText(e.Pattern))
	}
	w.write(")")
}
