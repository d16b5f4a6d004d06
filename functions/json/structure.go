package json

// Structure is the shape of a value as JSON: a scalar is the name of its type, an array has
// one element, what its elements have in common, and an object has the shapes of its members.
func Structure(v *Value) Value {
	s := shape(v)
	nameEmpty(&s)
	return s
}

// The names of shapes that no single value has.
const (
	anything = "JSON" // of values that have nothing in common
	nothing  = "NULL"
)

func shape(v *Value) Value {
	switch v.Kind {
	case Array:
		elem := typeShape(nothing)
		for i := range v.Elems {
			elem = common(elem, shape(&v.Elems[i]))
		}
		return Value{Kind: Array, Elems: []Value{elem}}
	case Object:
		var out Value
		out.Kind = Object
		for i := range v.Elems {
			out.addMember(v.Keys[i], shape(&v.Elems[i]))
		}
		return out
	}
	return typeShape(v.TypeName())
}

func typeShape(name string) Value { return Value{Kind: String, Text: name} }

// addMember adds the shape of a member to that of an object.
func (v *Value) addMember(key string, s Value) {
	if before := v.Find(key); before != nil {
		*before = common(*before, s)
		return
	}
	v.Keys, v.Elems = append(v.Keys, key), append(v.Elems, s)
}

// common is the shape that values of both shapes have.
func common(a, b Value) Value {
	switch {
	case a.Kind == String && a.Text == nothing:
		return b
	case b.Kind == String && b.Text == nothing:
		return a
	case a.Kind != b.Kind:
		return typeShape(anything)
	case a.Kind == Array:
		return Value{Kind: Array, Elems: []Value{common(a.Elems[0], b.Elems[0])}}
	case a.Kind == Object:
		for i, key := range b.Keys {
			a.addMember(key, b.Elems[i])
		}
		return a
	case a.Text == b.Text:
		return a
	case !isNumber[a.Text] || !isNumber[b.Text]:
		return typeShape(anything)
	case a.Text == "DOUBLE" || b.Text == "DOUBLE":
		return typeShape("DOUBLE")
	}
	return typeShape("HUGEINT") // holds both BIGINT and UBIGINT
}

var isNumber = map[string]bool{"BIGINT": true, "UBIGINT": true, "HUGEINT": true, "DOUBLE": true}

// nameEmpty gives objects without members, of which nothing is known, the name of any value.
func nameEmpty(s *Value) {
	if s.Kind == Object && len(s.Elems) == 0 {
		*s = typeShape(anything)
	}
	for i := range s.Elems {
		nameEmpty(&s.Elems[i])
	}
}
