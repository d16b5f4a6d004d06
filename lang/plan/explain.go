package plan

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tq/lang/sem"
)

// Explain prints a plan as an indented tree: each node above its inputs, with its
// expressions, and what shared queries read below.
func Explain(n Node) string { return ExplainWith(n, func(Node) string { return "" }) }

// ExplainWith is [Explain] with a note behind each node, such as what it took to run.
func ExplainWith(n Node, note func(Node) string) string {
	x := &explainer{note: note}
	shared := materialized(n)
	x.names = newNames(n, shared)
	x.node(n, 0)
	for _, m := range shared {
		fmt.Fprintf(&x.out, "%s:\n", x.names.shared[m])
		x.node(m.Input, 1)
	}
	return x.out.String()
}

type explainer struct {
	out   strings.Builder
	names *names
	note  func(Node) string
}

func (x *explainer) node(n Node, depth int) {
	x.out.WriteString(strings.Repeat("  ", depth))
	x.out.WriteString(strings.TrimRight(x.line(n), " "))
	if note := x.note(n); note != "" {
		x.out.WriteString("  " + note)
	}
	x.out.WriteString("\n")
	for _, in := range n.Inputs() {
		x.node(in, depth+1)
	}
}

// line describes one node.
func (x *explainer) line(n Node) string {
	switch n := n.(type) {
	case *Scan:
		return x.scan(n)
	case *Filter:
		return "filter " + x.expr(n.Cond)
	case *Unnest:
		return "unnest " + x.named(n.Lists)
	case *Around:
		return x.around(n)
	case *Project:
		return "project " + x.named(n.Exprs)
	case *Aggregate:
		return x.aggregate(n)
	case *Window:
		return x.window(n)
	case *Sort:
		return "sort by " + x.keys(n.Keys)
	case *TopN:
		return fmt.Sprintf("top %d%s by %s", n.Limit, offset(n.Offset), x.keys(n.Keys))
	case *Limit:
		return x.limit(n)
	case *Distinct:
		if n.On != nil {
			return "distinct on " + x.exprs(n.On)
		}
		return "distinct"
	case *SetOp:
		return setOpNames[n.Kind]
	case *HashJoin:
		return joinName(n.Kind) + "hash join" + x.on(n.Keys, "", n.Residual)
	case *OverlapJoin:
		return joinName(n.Kind) + "overlap join" + x.on(n.Keys, x.overlap(n), n.Residual)
	case *AsofJoin:
		return joinName(n.Kind) + "asof join" + x.on(n.Keys, x.nearest(n), n.Residual)
	case *RangeJoin:
		return joinName(n.Kind) + "range join" + x.on(nil, x.bounds(n), n.Residual)
	case *NestedLoopJoin:
		if n.On == nil && n.Kind == Inner {
			return "cross join"
		}
		return joinName(n.Kind) + "nested loop join" + x.on(nil, "", n.On)
	case *MaxOneRow:
		return "at most one row"
	case *Values:
		return fmt.Sprintf("values (%s) rows=%d", x.columns(n.Out), len(n.Rows))
	case *TableFunc:
		return n.Fn.Name + "(" + x.exprs(n.Args) + ")"
	case *Recursive:
		if n.All {
			return "recursive union all " + n.Name
		}
		return "recursive union " + n.Name
	case *LastRows:
		return fmt.Sprintf("last rows of %s (%s)", n.Of.Name, x.columns(n.Out))
	case *MaterializedScan:
		return fmt.Sprintf("read %s (%s)", x.names.shared[n.Source], x.columns(n.Out))
	}
	return fmt.Sprintf("%T", n)
}

func (x *explainer) scan(n *Scan) string {
	name := n.Table
	if n.Qualifier != "" {
		name = n.Qualifier + "." + name
	}
	line := fmt.Sprintf("scan %s (%s)", name, x.columns(n.Out))
	var hints []string
	for _, p := range n.Preds {
		hints = append(hints, formatPred(p))
	}
	if len(hints) > 0 {
		line += " where " + strings.Join(hints, " and ")
	}
	if n.Limit >= 0 {
		line += fmt.Sprintf(" limit %d", n.Limit)
	}
	return line
}

var predNames = [...]string{PredEq: "=", PredNe: "<>", PredLt: "<", PredLe: "<=", PredGt: ">", PredGe: ">=", PredIn: "in", PredDistinct: "is distinct from"}

func formatPred(p Pred) string {
	if p.Op == PredIn {
		return p.Column + " in (" + sem.FormatList(p.Value) + ")"
	}
	return p.Column + " " + predNames[p.Op] + " " + sem.FormatValue(p.Value)
}

func (x *explainer) around(n *Around) string {
	line := fmt.Sprintf("around %d rows", n.Extent)
	if n.ByTime {
		line = fmt.Sprintf("around %v of %s", time.Duration(n.Extent), x.expr(n.Time))
	}
	if len(n.Per) > 0 {
		line += " per " + x.exprs(n.Per)
	}
	return line + " where " + x.expr(n.Cond)
}

func (x *explainer) aggregate(n *Aggregate) string {
	parts := []string{"aggregate"}
	if len(n.Groups) > 0 {
		parts = append(parts, "by "+x.named(n.Groups))
	}
	if n.Sets != nil {
		var sets []string
		for _, set := range n.Sets {
			var names []string
			for _, g := range set {
				names = append(names, n.Groups[g].Out.Name)
			}
			sets = append(sets, "("+strings.Join(names, ", ")+")")
		}
		parts = append(parts, "sets "+strings.Join(sets, ", "))
	}
	var aggs []string
	for i := range n.Aggs {
		aggs = append(aggs, sem.FormatAgg(&n.Aggs[i], x.names.of))
	}
	if len(aggs) > 0 {
		parts = append(parts, "of "+strings.Join(aggs, ", "))
	}
	return strings.Join(parts, " ")
}

func (x *explainer) window(n *Window) string {
	var calls []string
	for i := range n.Calls {
		calls = append(calls, sem.FormatWindow(&n.Calls[i], len(n.OrderBy) > 0, x.names.of))
	}
	line := "window " + strings.Join(calls, ", ")
	if len(n.PartitionBy) > 0 {
		line += " per " + x.exprs(n.PartitionBy)
	}
	if len(n.OrderBy) > 0 {
		line += " by " + x.keys(n.OrderBy)
	}
	return line
}

func (x *explainer) limit(n *Limit) string {
	switch {
	case !math.IsNaN(n.Percent):
		return fmt.Sprintf("limit %g%%%s", n.Percent, offset(n.Offset))
	case n.Limit < 0:
		return fmt.Sprintf("skip %d", n.Offset)
	}
	return fmt.Sprintf("limit %d%s", n.Limit, offset(n.Offset))
}

func offset(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" after %d", n)
}

var setOpNames = [...]string{
	UnionAll: "union all", UnionDistinct: "union", IntersectDistinct: "intersect",
	IntersectAll: "intersect all", ExceptDistinct: "except", ExceptAll: "except all",
}

func joinName(kind JoinKind) string {
	return [...]string{
		Inner: "", Left: "left ", Right: "right ", Full: "full ",
		Semi: "semi ", Anti: "anti ", Mark: "mark ", Single: "single ",
	}[kind]
}

// on describes the conditions of a join; special is that of its method.
func (x *explainer) on(keys []JoinKey, special string, residual sem.Expr) string {
	var parts []string
	for _, k := range keys {
		op := " = "
		if k.NullSafe {
			op = " is not distinct from "
		}
		parts = append(parts, x.expr(k.Left)+op+x.expr(k.Right))
	}
	if special != "" {
		parts = append(parts, special)
	}
	if residual != nil {
		parts = append(parts, x.expr(residual))
	}
	if len(parts) == 0 {
		return ""
	}
	return " on " + strings.Join(parts, " and ")
}

func (x *explainer) overlap(n *OverlapJoin) string {
	return fmt.Sprintf("(%s, %s) overlaps (%s, %s)",
		x.expr(n.LeftStart), x.expr(n.LeftEnd), x.expr(n.RightStart), x.expr(n.RightEnd))
}

// bounds describes the comparisons between the sides.
func (x *explainer) bounds(n *RangeJoin) string {
	parts := make([]string, len(n.Bounds))
	for i, b := range n.Bounds {
		parts[i] = x.expr(b.Cond)
	}
	return strings.Join(parts, " and ")
}

// nearest describes which of the right rows is the one wanted.
func (x *explainer) nearest(n *AsofJoin) string {
	text := x.expr(n.LeftValue) + " " + n.Op + " " + x.expr(n.RightValue)
	if n.Bound != nil {
		text += " " + n.Op[:1] + "= " + x.expr(n.Bound)
	}
	return text
}

func (x *explainer) expr(e sem.Expr) string { return sem.Format(e, x.names.of) }

func (x *explainer) exprs(list []sem.Expr) string {
	var out []string
	for _, e := range list {
		out = append(out, x.expr(e))
	}
	return strings.Join(out, ", ")
}

func (x *explainer) keys(keys []sem.SortKey) string { return sem.FormatKeys(keys, x.names.of) }

// named lists expressions with the names they get, where these are new.
func (x *explainer) named(exprs []NamedExpr) string {
	var out []string
	for _, e := range exprs {
		text := x.expr(e.Expr)
		if name := x.names.byID[e.Out.ID]; name != "" && name != text {
			text += " as " + name
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func (x *explainer) columns(cols []sem.Column) string {
	var out []string
	for _, c := range cols {
		out = append(out, c.Name)
	}
	return strings.Join(out, ", ")
}

// names decides what the columns of a plan are called when it is explained.
type names struct {
	byID   map[sem.ColID]string
	shared map[*Materialized]string
}

// newNames names the columns of leaves by their own names, with the table's where two
// leaves have the same, other columns by the names they were given or, without one, by
// what they are.
func newNames(root Node, shared []*Materialized) *names {
	ns := &names{byID: map[sem.ColID]string{}, shared: map[*Materialized]string{}}
	taken := map[string]bool{}
	for _, m := range shared {
		name := m.Name
		for i := 2; taken[name]; i++ {
			name = fmt.Sprintf("%s_%d", m.Name, i)
		}
		taken[name] = true
		ns.shared[m] = name
	}
	trees := []Node{root}
	for _, m := range shared {
		trees = append(trees, m.Input)
	}
	count := map[string]int{}
	leaves(trees, func(c sem.Column, _ string) { count[strings.ToLower(c.Name)]++ })
	leaves(trees, func(c sem.Column, table string) {
		if _, named := ns.byID[c.ID]; named {
			return
		}
		ns.byID[c.ID] = c.Name
		if count[strings.ToLower(c.Name)] > 1 && table != "" {
			ns.byID[c.ID] = table + "." + c.Name
		}
	})
	for _, t := range trees {
		walk(t, ns.computed)
	}
	return ns
}

// leaves calls f with the columns of the leaves of trees and what they belong to.
func leaves(trees []Node, f func(c sem.Column, table string)) {
	for _, t := range trees {
		walk(t, func(n Node) {
			if len(n.Inputs()) > 0 {
				return
			}
			for _, c := range n.Columns() {
				table := c.Table
				if s, ok := n.(*MaterializedScan); ok && table == "" {
					table = s.Source.Name
				}
				f(c, table)
			}
		})
	}
}

// computed names what a node adds to its input's columns.
func (ns *names) computed(n Node) {
	switch n := n.(type) {
	case *Unnest:
		ns.named(n.Lists)
	case *Around:
		ns.add(n.IsMatch)
		ns.add(n.MatchID)
		if n.RelTS != nil {
			ns.add(*n.RelTS)
		}
	case *Project:
		ns.named(n.Exprs)
	case *Aggregate:
		ns.named(n.Groups)
		for i := range n.Aggs {
			ns.add(n.Aggs[i].Out)
		}
		if n.GroupingID != nil {
			ns.add(*n.GroupingID)
		}
	case *Window:
		for i := range n.Calls {
			ns.add(n.Calls[i].Out)
		}
	case *SetOp:
		for _, c := range n.Out {
			ns.add(c)
		}
	case *Recursive:
		for _, c := range n.Out {
			ns.add(c)
		}
	case *HashJoin:
		if n.MarkOut != nil {
			ns.add(*n.MarkOut)
		}
	case *NestedLoopJoin:
		if n.MarkOut != nil {
			ns.add(*n.MarkOut)
		}
	}
}

func (ns *names) named(exprs []NamedExpr) {
	for _, e := range exprs {
		if c, ok := e.Expr.(*sem.ColRef); ok && (c.ID == e.Out.ID || strings.EqualFold(c.Name, e.Out.Name)) {
			continue
		}
		ns.add(e.Out)
	}
}

func (ns *names) add(c sem.Column) {
	if _, ok := ns.byID[c.ID]; !ok {
		ns.byID[c.ID] = c.Name
	}
}

// of is what a reference to a column is called.
func (ns *names) of(c *sem.ColRef) string {
	if name, ok := ns.byID[c.ID]; ok && name != "" {
		return name
	}
	return c.Name
}
