package sysdig

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/ast"
	"tq/lang/source"
)

// Fields tells which fields there are where a filter stands.
type Fields interface {
	// Type returns the type of a field; false when there is none of just that name.
	Type(name string) (arrow.DataType, bool)
	// Names lists the fields, for suggestions.
	Names() []string
}

// Translate returns the expression that holds for the events that a filter selects. For
// others it is FALSE or NULL. Its parts have the spans of the filter's.
func Translate(f Filter, fields Fields) (ast.Expr, *source.Error) {
	return (&translator{fields}).filter(f, true)
}

type translator struct{ fields Fields }

// filter translates a filter, or with want false its opposite.
func (t *translator) filter(f Filter, want bool) (ast.Expr, *source.Error) {
	switch f := f.(type) {
	case *Not:
		return t.filter(f.X, !want)
	case *Logic:
		op := "AND"
		if f.Or == want {
			op = "OR"
		}
		terms := make([]ast.Expr, len(f.Terms))
		for i, term := range f.Terms {
			var err *source.Error
			if terms[i], err = t.filter(term, want); err != nil {
				return nil, err
			}
		}
		return chain(op, terms), nil
	}
	c := f.(*Check)
	o, err := t.operand(c.Field)
	if err != nil {
		return nil, err
	}
	k := &comparison{Check: c, operand: o, builder: at(c.at), fields: t.fields}
	if c.Other != nil {
		if k.other, err = t.operand(*c.Other); err != nil {
			return nil, err
		}
	}
	if want {
		return k.translate()
	}
	return k.opposite()
}

// operand is a field as a check looks at it.
type operand struct {
	x    ast.Expr
	orNA ast.Expr // x with the text <NA> where sysdig says so; nil if it doesn't
	name string
	kind kind
	many bool // it has several values: the check holds for the event if it does for one of the elements
}

func (t *translator) operand(f Field) (operand, *source.Error) {
	if f.Name == "evt.around" {
		return t.around(f)
	}
	name, at := f.Name, at(f.at)
	if f.Arg != nil {
		name += "[" + f.Arg.Text + "]"
	}
	typ, ok := t.fields.Type(name)
	if !ok {
		if alike, found := argumentByDot(f); found {
			if typ, ok = t.fields.Type(alike.Name); ok {
				f, name = alike, alike.Name
			}
		}
	}
	if !ok {
		return operand{}, t.unknown(f, name)
	}
	o := operand{name: name, kind: kindOf(name, typ)}
	_, o.many = typ.(*arrow.ListType)
	if other, ok := comparedAs[name]; ok {
		f.Name = other
	}
	o.x = fieldExpr(f)
	if witness, ok := saysNA[name]; ok {
		o.orNA = at.withNA(o.x, fieldExpr(Field{node: f.node, Name: witness}))
	}
	for _, transform := range slices.Backward(f.Transforms) {
		if o.many {
			return operand{}, source.Errorf(transform.at, "%s has several values, which %s does not take", name, transform.Text)
		}
		var err *source.Error
		if o, err = transformed(o, transform, at); err != nil {
			return operand{}, err
		}
	}
	return o, nil
}

// argumentByDot is a field whose argument may also stand in brackets, with a dot:
// thread.cgroup[cpu] is thread.cgroup.cpu.
func argumentByDot(f Field) (Field, bool) {
	if f.Arg == nil || f.Name != "thread.cgroup" {
		return f, false
	}
	f.Name, f.Arg = f.Name+"."+f.Arg.Text, nil
	return f, true
}

// fieldExpr is a field as SQL has it.
func fieldExpr(f Field) ast.Expr {
	b := at(f.at)
	n := &ast.Name{Pos: b.Pos}
	for _, part := range strings.Split(f.Name, ".") {
		n.Parts = append(n.Parts, ast.Ident{Pos: b.Pos, Name: part})
	}
	if f.Arg == nil {
		return n
	}
	index := at(f.Arg.at).text(f.Arg.Text)
	if isDigits(f.Arg.Text) {
		index = at(f.Arg.at).number(f.Arg.Text)
	}
	return &ast.Index{Pos: b.Pos, X: n, Lo: index}
}

// around is evt.around[T]: what is compared is how far the event is from T.
func (t *translator) around(f Field) (operand, *source.Error) {
	if f.Arg == nil || !isDigits(f.Arg.Text) {
		return operand{}, source.Errorf(f.at, "evt.around takes a time as evt.rawtime shows it").
			WithHint("evt.around[1404996934793590564]=1000 takes the second before and the one after")
	}
	rawtime, err := t.operand(Field{node: f.node, Name: "evt.rawtime"})
	return operand{x: rawtime.x, name: f.Name, kind: number}, err
}

// unknown explains that there is no such field.
func (t *translator) unknown(f Field, name string) *source.Error {
	switch name {
	case "evt.arg", "evt.rawarg":
		return source.Errorf(f.at, "%s needs the name of an argument", name).WithHint("such as %s.res", name)
	case "evt.type.is":
		return source.Errorf(f.at, "evt.type.is needs the name of a type").WithHint("such as evt.type.is.open")
	}
	err := source.Errorf(f.at, "there is no field %s", name)
	names := t.fields.Names()
	if f.Arg == nil {
		if i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, name+"[") }); i >= 0 {
			return err.WithHint("it takes an argument: %s", names[i])
		}
	}
	if err.Hint = source.DidYouMean(name, names); err.Hint == "" {
		err.Hint = "GRAMMAR.md lists the fields"
	}
	return err
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
