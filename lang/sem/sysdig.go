package sem

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/ast"
	"tq/lang/sysdig"
)

// sysdigFilter binds {filter}. It is true or false, also of events that lack its fields,
// as it is for sysdig: NOT {filter} holds for all that the filter doesn't select.
func (b *exprBinder) sysdigFilter(e *ast.SysdigFilter) Expr {
	f, err := sysdig.Parse(e.Text, e.TextAt.At.Start)
	if err != nil {
		b.errs = append(b.errs, err)
		return nil
	}
	fields := filterFields{b}
	if !fields.inScope() {
		if !b.scope.broken() {
			b.fail(e.Span(), "a sysdig filter is about events, which are not in FROM here").
				WithHint("it belongs into the query that has FROM events")
		}
		return nil
	}
	if rel := fields.hiding(); rel != nil {
		b.fail(e.Span(), "the name %q of a table hides the fields that sysdig calls %s.…", rel.alias, rel.alias).
			WithHint("give the table another name: %s AS e", rel.table)
		return nil
	}
	x, err := sysdig.Translate(f, fields)
	if err != nil {
		b.errs = append(b.errs, err)
		return nil
	}
	return b.call("is true", e.Span(), []Expr{b.boolean(b.expr(x), "a sysdig filter")})
}

// filterFields are the fields of events in the scope of an expression. Where several
// relations have them, a filter says which it means: {e.proc.name=cat}.
type filterFields struct{ *exprBinder }

// aField is one that all events have: what has it has the others, too.
const aField = "evt.num"

// inScope reports whether something here has the fields of events.
func (f filterFields) inScope() bool {
	for b := f.exprBinder; b != nil; b = b.level.outer {
		if len(b.scope.findDynamic(b.scope.rels, aField)) > 0 {
			return true
		}
	}
	return false
}

// hiding returns a relation with a name that fields begin with, or nil. Its columns would
// be taken for fields.
func (f filterFields) hiding() *relation {
	for _, rel := range f.scope.rels {
		if slices.ContainsFunc(f.Names(), func(field string) bool {
			first, _, _ := strings.Cut(field, ".")
			return strings.EqualFold(first, rel.alias)
		}) {
			return rel
		}
	}
	return nil
}

// Type implements [sysdig.Fields]. Names are those of sysdig to the letter.
func (f filterFields) Type(name string) (arrow.DataType, bool) {
	var parts []ast.Ident
	for _, part := range strings.Split(name, ".") {
		parts = append(parts, ast.Ident{Name: part})
	}
	for b := f.exprBinder; b != nil; b = b.level.outer {
		for _, hit := range b.scope.find(parts) {
			if hit.expr != nil && strings.HasSuffix(name, hit.name) {
				return hit.expr.Type(), true
			}
		}
	}
	return nil, false
}

// Names implements [sysdig.Fields].
func (f filterFields) Names() []string { return f.env.Catalog.FieldNames("events") }
