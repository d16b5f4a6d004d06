package sem

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/source"
)

// structCall binds the functions whose result type depends on names.
func (b *exprBinder) structCall(e *ast.Call, def *functions.Def) Expr {
	var names []string
	var args []Expr
	for i, a := range e.Args {
		if a.Expr == nil {
			b.fail(e.Span(), "%s does not take a query", def.Name)
			return nil
		}
		name := a.Name.Name
		if def.Name == "struct_extract" || i == 0 && (def.Name == "struct_insert" || def.Name == "struct_update") {
			name = ""
		} else if name == "" && def.Name != "row" {
			if name = nameOf(a.Expr); name == "" {
				b.fail(a.Expr.Span(), "%s needs a name for this value", def.Name).WithHint("write name := value")
				return nil
			}
		}
		x := b.expr(a.Expr)
		if x == nil {
			return nil
		}
		names, args = append(names, name), append(args, x)
	}
	switch def.Name {
	case "struct_extract":
		if len(args) == 2 {
			return b.field(args[0], args[1], e.Span())
		}
	case "struct_insert":
		return b.structInsert(e, def, names, args)
	case "struct_update":
		return b.structUpdate(e, def, names, args)
	}
	if len(args) == 0 {
		b.fail(e.Span(), "%s needs at least one value", def.Name)
		return nil
	}
	return b.structValue(def, e.Span(), names, args, nil)
}

// structValue makes a struct: the fields of base, if any, and the arguments behind them.
func (b *binder) structValue(def *functions.Def, at source.Span, names []string, args []Expr, base Expr) Expr {
	var allNames []string
	var types []arrow.DataType
	if base != nil {
		for _, f := range base.Type().(*arrow.StructType).Fields() {
			allNames, types = append(allNames, f.Name), append(types, f.Type)
		}
	}
	for i, a := range args {
		allNames, types = append(allNames, names[i]), append(types, a.Type())
	}
	typ, err := functions.StructOf(allNames, types)
	if err != nil {
		b.fail(at, "%s", err.Error())
		return nil
	}
	if base != nil {
		args = append([]Expr{base}, args...)
	}
	return &Call{Typed: Typed{typ, at}, Fn: def, Overload: &def.Overloads[0], Args: args}
}

func (b *exprBinder) structInsert(e *ast.Call, def *functions.Def, names []string, args []Expr) Expr {
	if len(args) < 2 || args[0].Type().ID() != arrow.STRUCT {
		b.fail(e.Span(), "struct_insert takes a struct and named values")
		return nil
	}
	return b.structValue(def, e.Span(), names[1:], args[1:], args[0])
}

// structUpdate gives each value the number of its field: of the struct's own of that name, or
// of one behind them.
func (b *exprBinder) structUpdate(e *ast.Call, def *functions.Def, names []string, args []Expr) Expr {
	var own *arrow.StructType
	if len(args) > 1 {
		own, _ = args[0].Type().(*arrow.StructType)
	}
	if own == nil {
		b.fail(e.Span(), "struct_update takes a struct and named values")
		return nil
	}
	fieldNames := functions.FieldNames(own)
	given := map[string]bool{}
	var types []arrow.DataType
	for _, f := range own.Fields() {
		types = append(types, f.Type)
	}
	placed := []Expr{args[0]}
	for i, name := range names[1:] {
		value, key := args[i+1], strings.ToLower(name)
		if given[key] {
			b.fail(e.Span(), "struct_update is given %q twice", name)
			return nil
		}
		given[key] = true
		at, _, ok := functions.FieldOf(own, name)
		if ok {
			fieldNames[at], types[at] = name, value.Type()
		} else {
			at, fieldNames, types = len(types), append(fieldNames, name), append(types, value.Type())
		}
		placed = append(placed, bigintConst(int64(at)+1, value.Span()), value)
	}
	typ, err := functions.StructOf(fieldNames, types)
	if err != nil {
		b.fail(e.Span(), "%s", err.Error())
		return nil
	}
	return &Call{Typed: Typed{typ, e.Span()}, Fn: def, Overload: &def.Overloads[0], Args: placed}
}

// nameOf is the name that an expression gives a field of a struct: that of a column.
func nameOf(e ast.Expr) string {
	if n, ok := e.(*ast.Name); ok {
		return n.Parts[len(n.Parts)-1].Name
	}
	return ""
}

// hasParts reports whether values of a type have parts with names.
func hasParts(dt arrow.DataType) bool {
	return dt.ID() == arrow.STRUCT || dt.ID() == arrow.MAP || functions.IsJSON(dt)
}

// field extracts a field of a struct by a constant name or number, or what belongs to a key
// of a map or of a JSON object.
func (b *exprBinder) field(x, key Expr, at source.Span) Expr {
	if x == nil || key == nil {
		return nil
	}
	switch {
	case x.Type().ID() == arrow.MAP:
		return b.call("map_extract_value", at, []Expr{x, key})
	case functions.IsJSON(x.Type()):
		return b.call("json_extract", at, []Expr{x, key})
	}
	st, ok := x.Type().(*arrow.StructType)
	if !ok {
		b.fail(at, "%s has no fields: it is no struct", aType(x.Type()))
		return nil
	}
	k := b.constant(key, "the name of a field")
	if k == nil {
		return nil
	}
	switch v := kernel.Value(k.Value, 0).(type) {
	case string:
		i, typ, ok := functions.FieldOf(st, v)
		if !ok {
			e := b.fail(key.Span(), "the struct has no field %q", v)
			suggest(e, v, functions.FieldNames(st))
			if e.Hint == "" {
				e.WithHint("it has %s", strings.Join(functions.FieldNames(st), ", "))
			}
			return nil
		}
		return fieldExpr(x, i, typ, at)
	case int64:
		if v >= 1 && v <= int64(st.NumFields()) {
			return fieldExpr(x, int(v-1), st.Field(int(v-1)).Type, at)
		}
		b.fail(key.Span(), "the struct has no field number %d; it has %d", v, st.NumFields())
		return nil
	}
	b.fail(key.Span(), "a field is chosen by its name or number")
	return nil
}

func fieldExpr(x Expr, i int, typ arrow.DataType, at source.Span) Expr {
	def, _ := functions.Lookup("struct_extract")
	return &Call{Typed: Typed{typ, at}, Fn: def, Overload: &def.Overloads[0], Args: []Expr{x, bigintConst(int64(i)+1, at)}}
}

// lookupField resolves a name whose last parts are fields of a struct or keys of a map:
// s.a, t.s.a.
func (b *exprBinder) lookupField(parts []ast.Ident, at source.Span) (Expr, bool) {
	for n := len(parts) - 1; n > 0; n-- {
		var x Expr
		if hits := b.scope.find(parts[:n]); len(hits) == 1 && hits[0].expr != nil {
			x = Respan(hits[0].expr, at)
		} else if n == 1 && len(hits) == 0 && b.sel != nil && b.aliases != noAliases {
			if i := b.sel.findAlias(parts[0].Name); i >= 0 && i < b.before {
				x = b.sel.itemExpr(i)
			}
		}
		for _, p := range parts[n:] {
			if x == nil {
				break
			}
			if x.Type().ID() != arrow.STRUCT && hasParts(x.Type()) {
				x = b.field(x, stringConst(p.Name, p.Span()), at)
				continue
			}
			i, typ, ok := functions.FieldOf(x.Type(), p.Name)
			if !ok {
				x = nil
				break
			}
			x = fieldExpr(x, i, typ, at)
		}
		if x != nil {
			return x, true
		}
	}
	return nil, false
}
