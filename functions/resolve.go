package functions

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// anyCost is the price of an argument for an [Any] parameter: dearer than a parameter of
// its own type, cheaper than a cast.
const anyCost = 5

// Resolve chooses the overload of a function for arguments of the given types: the one
// whose implicit casts cost the least, the first of several. It returns the types that
// the arguments must be cast to (plain and dictionary-encoded VARCHAR need no cast,
// see [Same]) and the type of the result. An argument of type NULL fits everywhere.
func Resolve(def *Def, args []arrow.DataType) (ov *Overload, coerced []arrow.DataType, ret arrow.DataType, err error) {
	best := noCast
	var reason error
	for i := range def.Overloads {
		o := &def.Overloads[i]
		types, cost := match(def, o, args)
		if cost == noCast || best != noCast && cost >= best {
			continue
		}
		r := o.Ret
		if r == nil {
			if r, err = o.RetOf(types); err != nil {
				reason = err
				continue
			}
		}
		best, ov, coerced, ret = cost, o, types, keepZone(r, args, types)
	}
	if ov != nil {
		return ov, coerced, ret, nil
	}
	if reason == nil {
		reason = mismatch(def, args)
	}
	return nil, nil, nil, reason
}

// keepZone is the type of a result: what is computed of a TIMESTAMPTZ as of a TIMESTAMP is
// a TIMESTAMPTZ again.
func keepZone(ret arrow.DataType, args, coerced []arrow.DataType) arrow.DataType {
	for i, a := range args {
		if isZoned(a) && Same(coerced[i], Timestamp) {
			switch {
			case Same(ret, Timestamp):
				return TimestampTZ
			case Same(ret, arrow.ListOf(Timestamp)):
				return arrow.ListOf(TimestampTZ)
			}
		}
	}
	return ret
}

// match returns the parameter types of an overload for the arguments and the cost of
// the casts, or noCast.
func match(def *Def, o *Overload, args []arrow.DataType) ([]arrow.DataType, int) {
	if len(args) > len(o.Args) && !o.Variadic || len(args) < len(o.Args)-o.Optional {
		return nil, noCast
	}
	common, ok := commonType(def, o, args)
	if !ok {
		return nil, noCast
	}
	types, cost := make([]arrow.DataType, len(args)), 0
	for i, a := range args {
		want, c := param(o, i), 0
		switch want {
		case Any:
			want, c = a, anyCost
		case SameAny:
			want, c = common, anyCost
		case SameList:
			want, c = castTo(a, arrow.ListOf(plainType(common)))
		case FirstList:
			want, c = castTo(a, arrow.ListOf(plainType(types[0])))
		case SameKeys:
			_, item := mapParts(a)
			want, c = castTo(a, MapOf(common, item))
		case SameItems:
			key, _ := mapParts(a)
			want, c = castTo(a, MapOf(key, common))
		case AnyNumber:
			want, c = numberArg(a)
		case AnyList:
			want, c = nestedArg(a, arrow.LIST, arrow.ListOf(Null))
		case AnyMap:
			want, c = nestedArg(a, arrow.MAP, MapOf(Null, Null))
		case AnyDecimal:
			want, c = decimalArg(a)
		default:
			c = castCost(a, want)
		}
		if c == noCast {
			return nil, noCast
		}
		types[i] = want
		cost += c
	}
	return types, cost
}

// castTo is the type that an argument must be cast to, at the cost of any type; NULL is
// nearer to others.
func castTo(a, want arrow.DataType) (arrow.DataType, int) {
	switch {
	case a.ID() == arrow.NULL:
		return want, targetCost(want)
	case CanCast(a, want):
		return want, anyCost
	}
	return nil, noCast
}

// nestedArg returns the list or map that an argument is for [AnyList] or [AnyMap]; NULL is
// one of the type that is given.
func nestedArg(a arrow.DataType, id arrow.Type, ofNull arrow.DataType) (arrow.DataType, int) {
	switch a.ID() {
	case id:
		return a, 0
	case arrow.NULL:
		return ofNull, targetCost(ofNull)
	}
	return nil, noCast
}

// commonType is the type that the arguments for [SameAny] and those that consist of it
// agree on.
func commonType(def *Def, o *Overload, args []arrow.DataType) (common arrow.DataType, ok bool) {
	join := CommonType
	if def.Family == comparison {
		join = ComparisonType
	}
	for i, a := range args {
		switch param(o, i) {
		case SameList:
			if l, isList := a.(*arrow.ListType); isList {
				a = l.Elem()
			} else if a.ID() != arrow.NULL {
				return nil, false
			}
		case SameKeys, SameItems:
			if a.ID() != arrow.MAP && a.ID() != arrow.NULL {
				return nil, false
			}
			key, item := mapParts(a)
			if a = key; param(o, i) == SameItems {
				a = item
			}
		case SameAny:
		default:
			continue
		}
		if common == nil {
			common = a
		} else if common, ok = join(common, a); !ok {
			return nil, false
		}
	}
	return common, true
}

// numberArg returns the number that an argument is for [AnyNumber].
func numberArg(a arrow.DataType) (arrow.DataType, int) {
	switch {
	case isNumber(a):
		return a, anyCost
	case a.ID() == arrow.NULL:
		return BigInt, targetCost(BigInt)
	}
	return nil, noCast
}

// decimalArg returns the DECIMAL that an argument becomes for [AnyDecimal].
func decimalArg(a arrow.DataType) (arrow.DataType, int) {
	switch {
	case a.ID() == arrow.DECIMAL128 && !isHuge(a):
		return a, 0
	case isHuge(a):
		return a, anyCost
	case isWhole(a):
		p, s := decimalShape(a)
		return decimalOf(p, s), targetCost(decimalOf(p, s))
	}
	return nil, noCast
}

// Unifies reports whether the function takes so many arguments of whatever one type they
// have in common.
func (d *Def) Unifies(args int) bool {
	return slices.ContainsFunc(d.Overloads, func(o Overload) bool {
		for i := range args {
			if len(o.Args) == 0 || param(&o, i) != SameAny {
				return false
			}
		}
		return args > 0
	})
}

func param(o *Overload, i int) arrow.DataType {
	return o.Args[min(i, len(o.Args)-1)]
}

// mismatch explains that no overload takes the arguments.
func mismatch(def *Def, args []arrow.DataType) error {
	if err := durationHint(def, args); err != nil {
		return err
	}
	if def.isOperator() && len(args) == 2 {
		return fmt.Errorf("%s cannot be applied to %s and %s", strings.ToUpper(def.Name), TypeName(args[0]), TypeName(args[1]))
	}
	names := make([]string, len(args))
	for i, a := range args {
		names[i] = TypeName(a)
	}
	return fmt.Errorf("%s does not take (%s); it takes %s", def.Name, strings.Join(names, ", "), strings.Join(def.Signatures(), " or "))
}

// durationHint recognises the two mistakes that the types of time are there to catch.
func durationHint(def *Def, args []arrow.DataType) error {
	if len(args) != 2 || !def.isOperator() {
		return nil
	}
	is := func(i int, id arrow.Type) bool { return args[i].ID() == id }
	switch {
	case def.Name == "+" && is(0, arrow.TIMESTAMP) && is(1, arrow.TIMESTAMP):
		return errors.New("two timestamps cannot be added; a timestamp plus a duration, or the difference of two timestamps, has a meaning")
	case is(0, arrow.DURATION) && isNumber(args[1]), is(1, arrow.DURATION) && isNumber(args[0]):
		return fmt.Errorf("%s cannot be applied to a duration and a bare number; give the number a unit, as in 1s or 250ms", def.Name)
	case is(0, arrow.TIMESTAMP) && isNumber(args[1]), is(1, arrow.TIMESTAMP) && isNumber(args[0]):
		return fmt.Errorf("%s cannot be applied to a timestamp and a bare number; give the number a unit, as in 1s or 250ms", def.Name)
	}
	return nil
}

func (d *Def) isOperator() bool {
	return strings.IndexFunc(d.Name, func(r rune) bool { return r == '_' || 'a' <= r && r <= 'z' }) < 0
}

// Signatures lists the overloads as a reader writes them, such as
// substr(VARCHAR, BIGINT [, BIGINT]) → VARCHAR. Overloads that differ only in the width
// of a whole number are one, of "integer".
func (d *Def) Signatures() []string {
	if d.Macro != nil {
		return []string{d.Macro.signature(d.Name)}
	}
	out := make([]string, 0, len(d.Overloads))
	for i := range d.Overloads {
		if s := d.signature(&d.Overloads[i]); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// anyWidth reports whether the function has overloads for whole numbers of all widths.
func (d *Def) anyWidth() bool {
	widths := map[int]bool{}
	for _, o := range d.Overloads {
		if len(o.Args) > 0 {
			if bits, _, ok := integerShape(o.Args[0]); ok {
				widths[bits] = true
			}
		}
	}
	return len(widths) == 4
}

func (d *Def) signature(o *Overload) string {
	names, ret := make([]string, len(o.Args)), ""
	for i, a := range o.Args {
		names[i] = TypeName(a)
	}
	if o.Ret != nil {
		ret = " → " + TypeName(o.Ret)
	}
	if d.anyWidth() && isWhole(o.Args[0]) {
		for i, a := range o.Args {
			if a == o.Args[0] {
				names[i] = "integer"
			}
		}
		if o.Ret == o.Args[0] {
			ret = " → integer"
		}
	}
	return d.spell(o, names) + ret
}

// spell writes a call with the names of its parameters' types.
func (d *Def) spell(o *Overload, names []string) string {
	if d.isOperator() {
		switch len(names) {
		case 1:
			return d.Name + names[0]
		case 2:
			return names[0] + " " + d.Name + " " + names[1]
		}
	}
	var b strings.Builder
	b.WriteString(d.Name + "(")
	for i, name := range names {
		if i >= len(names)-o.Optional {
			b.WriteString(" [")
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	if o.Variadic {
		b.WriteString(", …")
	}
	b.WriteString(strings.Repeat("]", o.Optional) + ")")
	return strings.ReplaceAll(b.String(), "( [", "([")
}
