package functions

import (
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/json"
	"tq/functions/kernel"
)

// toJSON converts anything to JSON. Text must be JSON, and stays as it is.
func (c *caster) toJSON(a arrow.Array) (arrow.Array, error) {
	if isString(c.from) {
		texts := kernel.StringsOf(a)
		for i := range c.n {
			if !c.valid.Valid(i) {
				continue
			}
			if _, err := json.Parse(texts.At(i)); err != nil {
				if err := c.fail(i, texts.At(i), err); err != nil {
					return nil, err
				}
			}
		}
		return kernel.WithValidity(a, c.result()), nil
	}
	write, b := jsonOf(a, c.from, c.env), kernel.NewStringBuilder(c.n)
	for i := range c.n {
		if !c.valid.Valid(i) {
			b.AppendNull()
			continue
		}
		b.SetBuffer(write(b.Buffer(), i))
	}
	return b.Finish(Varchar)
}

// AppendJSON appends JSON in its shortest form; text that is none as a string.
func AppendJSON(b []byte, text string) []byte {
	v, err := json.Parse(text)
	if err != nil {
		return json.AppendString(b, text)
	}
	return v.Append(b)
}

// jsonOf returns what writes row i of a column of a type, which may be NULL, as JSON.
func jsonOf(a arrow.Array, dt arrow.DataType, env *Env) func(b []byte, i int) []byte {
	if a.DataType().ID() == arrow.NULL {
		return func(b []byte, _ int) []byte { return append(b, "null"...) }
	}
	write, valid := jsonValueOf(a, dt, env), kernel.ValidityOf(a)
	return func(b []byte, i int) []byte {
		if !valid.Valid(i) {
			return append(b, "null"...)
		}
		return write(b, i)
	}
}

func jsonValueOf(a arrow.Array, dt arrow.DataType, env *Env) func(b []byte, i int) []byte {
	switch t := dt.(type) {
	case *jsonType:
		texts := kernel.StringsOf(a)
		return func(b []byte, i int) []byte { return AppendJSON(b, texts.At(i)) }
	case *arrow.ListType:
		return jsonArray(a, t.Elem(), env)
	case *arrow.MapType:
		return jsonMap(a, t, env)
	case *arrow.StructType:
		return jsonStruct(a, t, env)
	}
	switch {
	case isFloat(dt):
		numbers := kernel.Float64s(a)
		return func(b []byte, i int) []byte { return json.AppendReal(b, numbers[i]) }
	case dt.ID() == arrow.DECIMAL128 && !isHuge(dt): // as a DOUBLE
		text := textOf(a, env.Zone)
		return func(b []byte, i int) []byte {
			f, _ := strconv.ParseFloat(string(text(nil, i)), 64) // it is a number
			return json.AppendReal(b, f)
		}
	case isNumber(dt), dt.ID() == arrow.BOOL:
		return textOf(a, env.Zone)
	}
	text := textOf(a, env.Zone)
	var buf []byte
	return func(b []byte, i int) []byte {
		buf = text(buf[:0], i)
		return json.AppendString(b, string(buf))
	}
}

func jsonArray(a arrow.Array, elem arrow.DataType, env *Env) func(b []byte, i int) []byte {
	offsets, values := kernel.ListParts(a)
	write := jsonOf(values, elem, env)
	return func(b []byte, i int) []byte {
		b = append(b, '[')
		for j := offsets[i]; j < offsets[i+1]; j++ {
			if j > offsets[i] {
				b = append(b, ',')
			}
			b = write(b, int(j))
		}
		return append(b, ']')
	}
}

func jsonMap(a arrow.Array, t *arrow.MapType, env *Env) func(b []byte, i int) []byte {
	offsets, entries := kernel.ListParts(a)
	key := textOf(kernel.StructField(entries, keyField), env.Zone)
	item := jsonOf(kernel.StructField(entries, itemField), t.ItemType(), env)
	return func(b []byte, i int) []byte {
		b = append(b, '{')
		for j := int(offsets[i]); j < int(offsets[i+1]); j++ {
			if j > int(offsets[i]) {
				b = append(b, ',')
			}
			b = item(append(json.AppendString(b, string(key(nil, j))), ':'), j)
		}
		return append(b, '}')
	}
}

// jsonStruct writes structs as objects; fields without names have empty ones.
func jsonStruct(a arrow.Array, t *arrow.StructType, env *Env) func(b []byte, i int) []byte {
	fields := make([]func(b []byte, i int) []byte, t.NumFields())
	names := make([][]byte, len(fields))
	for f := range fields {
		fields[f] = jsonOf(kernel.StructField(a, f), t.Field(f).Type, env)
		names[f] = append(json.AppendString(nil, t.Field(f).Name), ':')
	}
	return func(b []byte, i int) []byte {
		b = append(b, '{')
		for f, write := range fields {
			if f > 0 {
				b = append(b, ',')
			}
			b = write(append(b, names[f]...), i)
		}
		return append(b, '}')
	}
}

// fromJSON converts JSON to other types: scalars as their text is, arrays to lists, objects
// to structs and maps. A struct must have the fields that an object has keys; with try those
// that there are are taken.
func (c *caster) fromJSON(a arrow.Array) (arrow.Array, error) {
	texts, values := kernel.StringsOf(a), make([]*json.Value, c.n)
	for i := range values {
		if !c.valid.Valid(i) {
			continue
		}
		v, err := json.Parse(texts.At(i))
		if err != nil {
			if err := c.fail(i, texts.At(i), err); err != nil {
				return nil, err
			}
			continue
		}
		values[i] = v
	}
	return c.decode(values, c.to)
}

// decode makes a column of values, of which nil and JSON's null are NULL.
func (c *caster) decode(values []*json.Value, to arrow.DataType) (arrow.Array, error) {
	switch t := to.(type) {
	case *jsonType:
		return c.decodeText(values, func(b []byte, v *json.Value) []byte { return v.Append(b) })
	case *arrow.ListType:
		return c.decodeLists(values, t)
	case *arrow.MapType:
		return c.decodeMaps(values, t)
	case *arrow.StructType:
		return c.decodeStructs(values, t)
	}
	for i, v := range values {
		if v != nil && !v.Scalar() && !isString(to) {
			if err := c.mismatch(v, to); err != nil {
				return nil, err
			}
			values[i] = nil
		}
	}
	a, err := c.decodeText(values, appendJSONText)
	if err != nil || isString(to) {
		return a, err
	}
	out, err := Cast(kernel.Col(a), to, c.try, c.env, a.Len())
	return out.Array, err
}

// mismatch is the error of a value that is not what a type needs; with try it is NULL.
func (c *caster) mismatch(v *json.Value, to arrow.DataType) error {
	if c.try {
		return nil
	}
	return fmt.Errorf("%s cannot be cast to %s", v.Append(nil), TypeName(to))
}

// appendJSONText appends what a value says: a string without its quotes.
func appendJSONText(b []byte, v *json.Value) []byte {
	if v.Kind == json.String {
		return append(b, v.Text...)
	}
	return v.Append(b)
}

func isJSONNull(v *json.Value) bool { return v == nil || v.Kind == json.Null }

func (c *caster) decodeText(values []*json.Value, text func(b []byte, v *json.Value) []byte) (arrow.Array, error) {
	b := kernel.NewStringBuilder(len(values))
	for _, v := range values {
		if isJSONNull(v) {
			b.AppendNull()
			continue
		}
		b.SetBuffer(text(b.Buffer(), v))
	}
	return b.Finish(Varchar)
}

// decodeParts collects the elements of arrays or the members of objects.
func (c *caster) decodeParts(values []*json.Value, kind json.Kind, to arrow.DataType) (offsets []int32, parts []*json.Value, valid kernel.Validity, err error) {
	offsets, missing := make([]int32, len(values)+1), newNulls(len(values))
	for i, v := range values {
		switch {
		case isJSONNull(v):
			missing.set(i)
		case v.Kind != kind:
			if err = c.mismatch(v, to); err != nil {
				return nil, nil, valid, err
			}
			missing.set(i)
		case len(parts)+len(v.Elems) > math.MaxInt32:
			return nil, nil, valid, errLongTexts
		default:
			for k := range v.Elems {
				parts = append(parts, &v.Elems[k])
			}
		}
		offsets[i+1] = int32(len(parts))
	}
	return offsets, parts, missing.with(kernel.Validity{}), nil
}

func (c *caster) decodeLists(values []*json.Value, t *arrow.ListType) (arrow.Array, error) {
	offsets, parts, valid, err := c.decodeParts(values, json.Array, t)
	if err != nil {
		return nil, err
	}
	elems, err := c.decode(parts, t.Elem())
	if err != nil {
		return nil, err
	}
	return kernel.FromLists(t, offsets, elems, valid), nil
}

func (c *caster) decodeMaps(values []*json.Value, t *arrow.MapType) (arrow.Array, error) {
	offsets, parts, valid, err := c.decodeParts(values, json.Object, t)
	if err != nil {
		return nil, err
	}
	var keys []*json.Value
	for i, v := range values {
		if offsets[i] < offsets[i+1] {
			for _, key := range v.Keys {
				keys = append(keys, &json.Value{Kind: json.String, Text: key})
			}
		}
	}
	keyColumn, err := c.decode(keys, t.KeyType())
	if err != nil {
		return nil, err
	}
	items, err := c.decode(parts, t.ItemType())
	if err != nil {
		return nil, err
	}
	if kernel.ValidityOf(keyColumn).Nulls > 0 {
		return nil, errNullKey
	}
	if err := distinctKeys(offsets, keyColumn); err != nil {
		return nil, err
	}
	return makeMap(t, offsets, keyColumn, items, valid)
}

func (c *caster) decodeStructs(values []*json.Value, t *arrow.StructType) (arrow.Array, error) {
	_, _, valid, err := c.decodeParts(values, json.Object, t)
	if err != nil {
		return nil, err
	}
	fields := make([]arrow.Array, t.NumFields())
	members := make([]*json.Value, len(values))
	if err := c.sameKeys(values, t, valid); err != nil {
		return nil, err
	}
	for f := range fields {
		for i, v := range values {
			if members[i] = nil; valid.Valid(i) {
				members[i] = v.Find(t.Field(f).Name)
			}
		}
		if fields[f], err = c.decode(members, t.Field(f).Type); err != nil {
			return nil, err
		}
	}
	return kernel.FromFields(t, len(values), fields, valid), nil
}

// sameKeys complains about objects with other keys than a struct has fields.
func (c *caster) sameKeys(values []*json.Value, t *arrow.StructType, valid kernel.Validity) error {
	if c.try {
		return nil
	}
	for i, v := range values {
		if !valid.Valid(i) {
			continue
		}
		for _, f := range t.Fields() {
			if v.Find(f.Name) == nil {
				return fmt.Errorf("%s has no key %q", v.Append(nil), f.Name)
			}
		}
		for _, key := range v.Keys {
			if _, ok := t.FieldByName(key); !ok {
				return fmt.Errorf("%s has a key %q, for which %s has no field", v.Append(nil), key, TypeName(t))
			}
		}
	}
	return nil
}
