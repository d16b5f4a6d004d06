package sem

import (
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/lang/ast"
	"tq/lang/source"
)

// suggest hints at the candidate nearest to a name, if one is near.
func suggest(e *source.Error, name string, candidates []string) {
	if hint := source.DidYouMean(name, candidates); hint != "" {
		e.Hint = hint
	}
}

// plural is a count with its noun: 1 column, 2 columns.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// names are the columns that can be named without a qualifier.
func (s *scope) names() []string {
	var names []string
	for _, v := range s.visible {
		if !slices.Contains(names, v.name) {
			names = append(names, v.name)
		}
	}
	return names
}

// name is what qualifies the columns of a relation without ambiguity.
func (r *relation) name() string {
	if r.qualified != nil {
		return strings.Join(r.qualified, ".")
	}
	return r.alias
}

// aliases are the names of the relations.
func (s *scope) aliases() []string {
	var names []string
	for _, r := range s.rels {
		if r.alias != "" {
			names = append(names, r.alias)
		}
	}
	return names
}

func (q queryBinder) unknownTable(t *ast.TableName) {
	name := dotted(t.Parts)
	e := q.fail(t.Parts[0].Span().To(t.Parts[len(t.Parts)-1].Span()), "there is no table %q", name)
	if len(t.Parts) == 1 && q.with.wantsRecursive(name) {
		e.WithHint("a query refers to itself in WITH RECURSIVE only")
		return
	}
	candidates := q.env.Catalog.TableNames()
	for w := q.with; w != nil; w = w.outer {
		if !w.plain {
			candidates = append(candidates, w.name)
		}
	}
	suggest(e, t.Parts[len(t.Parts)-1].Name, candidates)
	if e.Hint == "" {
		e.WithHint("SHOW TABLES lists the tables")
	}
}

// unknownColumn explains that nothing in scope has a name, and where it may be instead:
// under another qualifier, under a similar name, or in a table that isn't in FROM.
func (b *exprBinder) unknownColumn(n *ast.Name) {
	name := n.Parts[len(n.Parts)-1].Name
	if len(n.Parts) > 1 && b.unknownQualified(n, name) {
		return
	}
	e := b.fail(n.Span(), "there is no column %q", dotted(n.Parts))
	if len(b.scope.rels) == 0 {
		if b.sel != nil {
			e.WithHint("the query has no FROM")
		}
		return
	}
	candidates := b.scope.names()
	if b.sel != nil && b.aliases != noAliases {
		for i := range b.sel.items {
			if b.sel.items[i].alias && i < b.before {
				candidates = append(candidates, b.sel.items[i].name)
			}
		}
	}
	suggest(e, dotted(n.Parts), candidates)
	if e.Hint != "" {
		return
	}
	if tables := b.tablesWith(dotted(n.Parts)); len(tables) == 1 {
		e.WithHint("%s has a column of this name", tables[0])
	} else if len(tables) > 1 {
		e.WithHint("%s have a column of this name", strings.Join(tables, ", "))
	} else if n.Parts[0].Quoted && len(n.Parts) == 1 {
		e.WithHint("double quotes are for names: text is written '%s'", name)
	}
}

// unknownQualified explains what is wrong with a qualified name: the column, when the
// qualifier is known. It returns false when the qualifier isn't either.
func (b *exprBinder) unknownQualified(n *ast.Name, name string) bool {
	for _, rel := range b.scope.rels {
		parts := rel.qualifiedBy(n.Parts)
		if parts == 0 || parts == len(n.Parts) {
			continue
		}
		rest := n.Parts[parts:]
		e := b.fail(rest[0].Span().To(n.Span()), "%s has no column %q", dotted(n.Parts[:parts]), dotted(rest))
		var names []string
		for _, c := range rel.cols {
			names = append(names, c.Name)
		}
		suggest(e, dotted(rest), names)
		return true
	}
	qualifier := dotted(n.Parts[:len(n.Parts)-1])
	hits := b.scope.findVisible(name)
	if len(hits) == 0 {
		return false
	}
	e := b.fail(n.Parts[0].Span(), "%q is not in FROM", qualifier)
	suggest(e, qualifier, b.scope.aliases())
	if e.Hint == "" && hits[0].rel.alias != "" {
		e.WithHint("%s has a column %q: write %s.%s", hits[0].rel.alias, name, hits[0].rel.alias, name)
	}
	return true
}

// tablesWith lists the tables of the catalog that have a column.
func (b *binder) tablesWith(column string) []string {
	var tables []string
	for _, name := range b.env.Catalog.TableNames() {
		schema, ok := b.env.Catalog.TableSchema("", name)
		if !ok {
			continue
		}
		if slices.ContainsFunc(schema.Fields(), func(f arrow.Field) bool { return strings.EqualFold(f.Name, column) }) {
			tables = append(tables, name)
		}
	}
	return tables
}

// ambiguous complains about a name that several relations have.
func (b *binder) ambiguous(parts []ast.Ident, at source.Span, hits []visible) {
	if rel := twice(hits[0].rel, hits[1].rel); rel != nil {
		b.standsTwice(rel, at)
		return
	}
	var options []string
	for _, h := range hits {
		if h.rel.alias != "" {
			options = append(options, h.rel.name()+"."+h.name)
		}
	}
	e := b.fail(at, "column %q is ambiguous", dotted(parts))
	if len(options) > 1 {
		e.WithHint("write %s", strings.Join(options, " or "))
	}
}

// twice returns one of two relations if they have the same name, so that it tells neither
// from the other.
func twice(a, b *relation) *relation {
	if a != nil && b != nil && a != b && a.alias != "" && strings.EqualFold(a.alias, b.alias) && slices.Equal(a.qualified, b.qualified) {
		return a
	}
	return nil
}

func (b *binder) standsTwice(rel *relation, at source.Span) {
	b.fail(at, "%q stands in FROM twice", rel.alias).WithHint("give one of them another name: %s AS …", rel.alias)
}

func (b *binder) aggregateNotAllowed(at source.Span, clause string) {
	e := b.fail(at, "an aggregate cannot stand in %s", clause)
	if clause == "WHERE" {
		e.WithHint("conditions on aggregates go into HAVING")
	}
}

func (b *binder) windowNotAllowed(at source.Span, clause string) {
	e := b.fail(at, "a window function cannot stand in %s", clause)
	if clause == "WHERE" || clause == "HAVING" {
		e.WithHint("conditions on window functions go into QUALIFY")
	}
}

func (b *binder) unknownFunction(e *ast.Call) {
	err := b.fail(e.Name.Span(), "there is no function %q", e.Name.Name)
	suggest(err, e.Name.Name, functions.Names())
	if err.Hint == "" {
		err.WithHint("SHOW FUNCTIONS lists the functions")
	}
}

func (b *binder) unknownTableFunction(e *ast.Call) {
	err := b.fail(e.Name.Span(), "there is no table function %q", e.Name.Name)
	var names []string
	for _, name := range functions.Names() {
		if _, ok := functions.LookupTable(name); ok {
			names = append(names, name)
		}
	}
	suggest(err, e.Name.Name, names)
}

// noOverload complains about the arguments of a call.
func (b *binder) noOverload(def *functions.Def, at source.Span, args []Expr) {
	if len(args) > 0 && (def.Name == "list_has_any" || strings.Trim(def.Name, "+-*/%^|&<>=!~@#") == "") {
		b.noOperator(def, at, args)
		return
	}
	types := make([]string, len(args))
	for i, a := range args {
		types[i] = functions.TypeName(a.Type())
	}
	e := b.fail(at, "%s cannot be called with (%s)", def.Name, strings.Join(types, ", "))
	e.WithHint("it takes %s", strings.Join(def.Signatures(), " or "))
}

// noOperator complains about the operands of an operator.
func (b *binder) noOperator(def *functions.Def, at source.Span, args []Expr) {
	if len(args) == 1 {
		b.fail(at, "%s cannot be applied to %s", def.Name, aType(args[0].Type()))
		return
	}
	l, r := args[0].Type(), args[1].Type()
	e := b.fail(at, "%s cannot be applied to %s and %s", def.Name, aType(l), aType(r))
	sum := def.Name == "+" || def.Name == "-"
	switch {
	case def.Name == "list_has_any":
		e.Msg = "&& asks whether two lists share an element; these are " + aType(l) + " and " + aType(r)
		e.WithHint("write AND")
	case def.Name == "+" && l.ID() == arrow.TIMESTAMP && r.ID() == arrow.TIMESTAMP:
		e.Msg = "two timestamps cannot be added"
		e.WithHint("their difference, with -, is a duration")
	case sum && needsUnit(l, r):
		number := args[1]
		if isNumeric(l) {
			number = args[0]
		}
		e.WithHint("say what the number counts: write %s", withUnit(number))
	}
}

// aType is a type with its article: a VARCHAR, an INTEGER.
func aType(t arrow.DataType) string {
	name := functions.TypeName(t)
	if strings.ContainsRune("AEIO", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
