package lang

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/ast"
	"tq/lang/source"
	"tq/lang/sysdig"
)

// Fields tells which fields events have.
type Fields = sysdig.Fields

// FilterOperators lists the words that compare in a filter of sysdig.
func FilterOperators() []string { return sysdig.OperatorWords() }

// Translate returns SQL without filters of sysdig for a text with them: for a filter, in
// braces or not, the statement that shows its events, for statements these, with a
// condition in the place of each filter.
func Translate(file *source.File, fields Fields) (string, error) {
	script, bad := Parse(file)
	if bad == nil {
		return translateScript(file, script, fields)
	}
	filter, base := unbraced(file.Text)
	cond, err := translateFilter(filter, base, fields)
	switch {
	case err == nil:
		return "SELECT * FROM events WHERE " + ast.Print(cond) + ";", nil
	case strings.Contains(filter, "{"):
		return "", bad // a statement that holds filters
	}
	return "", err
}

// translateFilter returns the condition for a filter that stands at a place of a text.
func translateFilter(text string, base int, fields Fields) (ast.Expr, *source.Error) {
	f, err := sysdig.Parse(text, base)
	if err != nil {
		return nil, err
	}
	return sysdig.Translate(f, unqualified{fields})
}

// unqualified are fields that may have the name of a table before theirs: which tables
// there are is found out when the statement runs.
type unqualified struct{ Fields }

// Type implements [Fields].
func (u unqualified) Type(name string) (arrow.DataType, bool) {
	if t, ok := u.Fields.Type(name); ok {
		return t, true
	}
	_, field, _ := strings.Cut(name, ".")
	return u.Fields.Type(field)
}

// unbraced returns what stands between the braces around a text, if they are there, and
// where.
func unbraced(text string) (inner string, base int) {
	base = len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	inner = strings.TrimRight(text[base:], " \t\r\n;")
	if strings.HasPrefix(inner, "{") && strings.HasSuffix(inner, "}") {
		return inner[1 : len(inner)-1], base + 1
	}
	return inner, base
}

// translateScript writes statements with conditions in the place of filters. All else
// stays as it was written.
func translateScript(file *source.File, script *ast.Script, fields Fields) (string, error) {
	var out strings.Builder
	var failed error
	at := 0
	places := filterPlaces(script)
	ast.Inspect(script, func(n ast.Node) bool {
		f, ok := n.(*ast.SysdigFilter)
		if !ok || failed != nil {
			return failed == nil
		}
		cond, err := translateFilter(f.Text, f.TextAt.At.Start, fields)
		if err != nil {
			failed = err
			return false
		}
		span := f.Span()
		out.WriteString(file.Text[at:span.Start])
		out.WriteString(inPlace(cond, places[f]))
		at = span.End
		return true
	})
	if failed != nil {
		return "", failed
	}
	out.WriteString(file.Text[at:])
	return strings.TrimSpace(out.String()), nil
}

// place is where a filter stands.
type place uint8

const (
	asValue     place = iota // where NULL is not the same as false
	asPart                   // among others, under AND and OR of a condition that selects rows
	asCondition              // as such a condition, alone
)

// filterPlaces finds the filters for which NULL is as good as false.
func filterPlaces(script *ast.Script) map[*ast.SysdigFilter]place {
	places := map[*ast.SysdigFilter]place{}
	ast.Inspect(script, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Select:
			note(n.Where, asCondition, places)
		case *ast.Join:
			note(n.On, asCondition, places)
		}
		return true
	})
	return places
}

func note(cond ast.Expr, as place, places map[*ast.SysdigFilter]place) {
	for {
		switch x := cond.(type) {
		case *ast.SysdigFilter:
			places[x] = as
			return
		case *ast.Binary:
			if x.Op != "AND" && x.Op != "OR" {
				return
			}
			as = asPart
			note(x.R, as, places)
			cond = x.L // chains lean to the left and may be long
		default:
			return
		}
	}
}

// inPlace writes a filter's condition so that it means the same where the filter stood.
func inPlace(cond ast.Expr, as place) string {
	switch as {
	case asCondition:
		return ast.Print(cond)
	case asValue:
		cond = &ast.Is{Kind: ast.IsTrue, X: cond}
	}
	return "(" + ast.Print(cond) + ")"
}
