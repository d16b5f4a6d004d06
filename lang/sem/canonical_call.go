package sem

import (
	"strings"

	"tq/lang/ast"
)

// call writes a call: some functions are syntax, and some syntax is a function.
func (w *canonical) call(e *ast.Call) {
	name := strings.ToLower(e.Name.Name)
	switch {
	case e.Over == nil && e.Filter == nil && w.conditional(name, e.Args):
		return
	case name == "list" && e.Over == nil && w.sortedList(e):
		return
	case name == "mode" && len(e.Args) == 0 && len(e.OrderBy) > 0:
		w.write(`"mode"() WITHIN GROUP ( `)
		w.orderBy(e.OrderBy)
		w.write(")")
		return
	case name == "epoch" && e.Schema != "" && len(e.Args) == 1 && e.Over == nil: // extract(epoch FROM x)
		w.write("main.date_part('epoch', ")
		w.argument(e.Args[0])
		w.write(")")
		return
	}
	if x, field, ok := e.FieldAccess(); ok {
		w.write("(")
		w.expr(x)
		w.write(").")
		w.ident(field)
		return
	}
	w.name(name, e)
	w.arguments(e, e.OrderBy)
	w.filter(e)
	if e.Over != nil {
		w.write(" OVER ")
		w.window(e.Over)
	}
}

// conditional writes the functions that are operators of the language.
func (w *canonical) conditional(name string, args []ast.Arg) bool {
	switch {
	case name == "coalesce" || name == "ifnull" && len(args) == 2:
		w.write("COALESCE(")
		w.list(len(args), func(i int) { w.argument(args[i]) })
		w.write(")")
	case name == "if" && len(args) == 3 && args[0].Expr != nil && args[1].Expr != nil && args[2].Expr != nil:
		w.caseExpr(&ast.Case{Whens: []ast.When{{Cond: args[0].Expr, Then: args[1].Expr}}, Else: args[2].Expr})
	default:
		return false
	}
	return true
}

// sortedList writes list(x ORDER BY x), which DuckDB sorts afterwards.
func (w *canonical) sortedList(e *ast.Call) bool {
	if len(e.OrderBy) != 1 || len(e.Args) != 1 || e.Args[0].Expr == nil {
		return false
	}
	key := e.OrderBy[0]
	if canonicalText(key.Expr, w.windows) != canonicalText(e.Args[0].Expr, w.windows) {
		return false
	}
	direction, nulls := "ORDER_DEFAULT", "ORDER_DEFAULT"
	switch {
	case key.Desc:
		direction = "DESCENDING"
	case key.Asc:
		direction = "ASCENDING"
	}
	if key.NullsFirst != nil {
		nulls = "NULLS LAST"
		if *key.NullsFirst {
			nulls = "NULLS FIRST"
		}
	}
	w.write("list_sort(list")
	w.arguments(e, nil)
	w.filter(e)
	w.write(", '", direction, "', '", nulls, "')")
	return true
}

// syntactic are the functions that have a grammar of their own, also where they are
// called like others.
var syntactic = map[string]bool{"substring": true, "position": true, "trim": true, "row": true}

func (w *canonical) name(name string, e *ast.Call) {
	switch {
	case e.Over != nil: // in quotes only elsewhere
		w.write(name)
		return
	case name == "count" && (e.Star || len(e.Args) == 0):
		name = "count_star"
	case name == "grouping" || name == "grouping_id":
		w.write("GROUPING")
		return
	case syntactic[name] && !e.Name.Quoted:
		w.write("main.")
	case e.Schema != "":
		w.ident(e.Schema)
		w.write(".")
	}
	w.ident(name)
}

func (w *canonical) arguments(e *ast.Call, order []ast.OrderItem) {
	w.write("(")
	if e.Distinct {
		w.write("DISTINCT ")
	}
	w.list(len(e.Args), func(i int) { w.argument(e.Args[i]) })
	if len(order) > 0 {
		w.write(" ")
		w.orderBy(order)
	}
	if e.IgnoreNulls {
		w.write(" IGNORE NULLS")
	}
	w.write(")")
}

func (w *canonical) argument(a ast.Arg) {
	if a.Name.Name != "" {
		w.ident(a.Name.Name)
		w.write(" := ")
	}
	if a.Query != nil {
		w.query(a.Query)
		return
	}
	w.expr(a.Expr)
}

func (w *canonical) filter(e *ast.Call) {
	if e.Filter == nil {
		return
	}
	w.write(" FILTER (WHERE ")
	w.expr(e.Filter)
	w.write(")")
}

func (w *canonical) orderBy(items []ast.OrderItem) {
	w.write("ORDER BY ")
	w.list(len(items), func(i int) {
		w.expr(items[i].Expr)
		w.direction(items[i])
	})
}

func (w *canonical) direction(o ast.OrderItem) {
	switch {
	case o.Desc:
		w.write(" DESC")
	case o.Asc:
		w.write(" ASC")
	}
	if o.NullsFirst != nil {
		if *o.NullsFirst {
			w.write(" NULLS FIRST")
		} else {
			w.write(" NULLS LAST")
		}
	}
}

// window writes what follows OVER, with what it takes of a named window in its place.
func (w *canonical) window(n *ast.Window) {
	spec := w.resolve(n, len(w.windows))
	w.write("(")
	space := ""
	if len(spec.partitionBy) > 0 {
		w.write("PARTITION BY ")
		w.exprs(spec.partitionBy)
		space = " "
	}
	if len(spec.orderBy) > 0 {
		w.write(space)
		w.orderBy(spec.orderBy)
		space = " "
	}
	if spec.frame != nil {
		if text := w.frame(spec.frame); text != "" {
			w.write(space, text)
		}
	}
	w.write(")")
}

// resolve follows the name of a window; through bounds how many lead on to others.
func (w *canonical) resolve(n *ast.Window, through int) windowSpec {
	spec := windowSpec{partitionBy: n.PartitionBy, orderBy: n.OrderBy, frame: n.Frame}
	for _, named := range w.windows {
		if n.Name.Name == "" || through == 0 || !strings.EqualFold(named.Name.Name, n.Name.Name) {
			continue
		}
		base := w.resolve(named.Window, through-1)
		if n.Bare {
			return base
		}
		spec.partitionBy = base.partitionBy
		if len(base.orderBy) > 0 {
			spec.orderBy = base.orderBy
		}
	}
	return spec
}

// frame is a frame as text, "" for the default. Its unit only shows where a bound counts
// in it.
func (w *canonical) frame(f *ast.Frame) string {
	byDefault := f.Unit == ast.Range && f.Start.Kind == ast.UnboundedPreceding && f.End.Kind == ast.CurrentRow
	if byDefault && f.Exclude == ast.ExcludeNoOthers {
		return ""
	}
	unit := "ROWS"
	if f.Start.Kind != ast.UnboundedPreceding || f.End.Kind != ast.UnboundedFollowing {
		unit = [...]string{ast.Rows: "ROWS", ast.Range: "RANGE", ast.Groups: "GROUPS"}[f.Unit]
	}
	return unit + " BETWEEN " + w.bound(f.Start) + " AND " + w.bound(f.End) + [...]string{
		ast.ExcludeNoOthers: "", ast.ExcludeCurrentRow: " EXCLUDE CURRENT ROW",
		ast.ExcludeGroup: " EXCLUDE GROUP", ast.ExcludeTies: " EXCLUDE TIES",
	}[f.Exclude]
}

func (w *canonical) bound(b ast.Bound) string {
	kind := [...]string{
		ast.UnboundedPreceding: "UNBOUNDED PRECEDING", ast.Preceding: "PRECEDING", ast.CurrentRow: "CURRENT ROW",
		ast.Following: "FOLLOWING", ast.UnboundedFollowing: "UNBOUNDED FOLLOWING",
	}[b.Kind]
	if b.Offset == nil {
		return kind
	}
	return canonicalText(b.Offset, w.windows) + " " + kind
}
