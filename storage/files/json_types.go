package files

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// jsonShape is what has been found out about the values in one place of the records.
type jsonShape struct {
	class  jsonClass
	elem   *jsonShape // of lists
	keys   []string   // of objects, in the order they were first seen
	fields map[string]*jsonShape
}

// jsonClass is a type that values in one place have in common.
type jsonClass uint8

const (
	classNull jsonClass = iota
	classBool
	classInt // 64 bits
	classHuge
	classDouble
	classDate
	classTime
	classTimestamp
	classText
	classList
	classObject
	classMixed // nothing in common: the values as they are written
)

// jsonTimes tell texts that are dates or times.
var jsonTimes = []struct {
	class jsonClass
	looks *regexp.Regexp
	typ   arrow.DataType
}{
	{classDate, regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$`), functions.Date},
	{classTime, regexp.MustCompile(`^[0-9]{1,2}:[0-9]{2}:[0-9]{2}$`), functions.Time},
	{classTimestamp, regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[-+][0-9]{2}(:?[0-9]{2})?)?$`), functions.Timestamp},
}

// add widens a shape so that it takes a value.
func (s *jsonShape) add(v *jsonValue) {
	class := v.class()
	s.widen(class)
	switch {
	case class == classNull:
	case s.class == classList:
		for i := range v.vals {
			s.element().add(&v.vals[i])
		}
	case s.class == classObject:
		for i, key := range v.keys {
			s.field(key).add(&v.vals[i])
		}
	}
}

// merge widens a shape so that it takes the values of another one.
func (s *jsonShape) merge(o *jsonShape) {
	s.widen(o.class)
	switch s.class {
	case classList:
		if o.elem != nil {
			s.element().merge(o.elem)
		}
	case classObject:
		for _, key := range o.keys {
			s.field(key).merge(o.fields[key])
		}
	}
}

// widen sets the class that values of a class have in common with those before.
func (s *jsonShape) widen(class jsonClass) {
	switch {
	case class == classNull:
	case s.class == classNull || s.class == class:
		s.class = class
	case s.class >= classInt && s.class <= classDouble && class >= classInt && class <= classDouble:
		s.class = max(s.class, class)
	case s.class >= classDate && s.class <= classText && class >= classDate && class <= classText:
		s.class = classText
	default:
		s.class = classMixed
	}
}

// element is the shape of the elements of a list.
func (s *jsonShape) element() *jsonShape {
	if s.elem == nil {
		s.elem = &jsonShape{}
	}
	return s.elem
}

// field is the shape of a field of an object.
func (s *jsonShape) field(key string) *jsonShape {
	f := s.fields[key]
	if f == nil {
		if s.fields == nil {
			s.fields = map[string]*jsonShape{}
		}
		f = &jsonShape{}
		s.fields[key] = f
		s.keys = append(s.keys, key)
	}
	return f
}

func (v *jsonValue) class() jsonClass {
	switch v.kind {
	case jsonBool:
		return classBool
	case jsonNumber:
		return numberClass(v.text)
	case jsonString:
		for _, t := range jsonTimes {
			if t.looks.MatchString(v.text) && castsTo(v.text, t.typ) {
				return t.class
			}
		}
		return classText
	case jsonList:
		return classList
	case jsonObject:
		return classObject
	}
	return classNull
}

func castsTo(text string, typ arrow.DataType) bool {
	c, err := functions.Cast(kernel.Col(kernel.OfString(text)), typ, true, &functions.Env{}, 1)
	return err == nil && !c.IsNull(0)
}

func numberClass(text string) jsonClass {
	if strings.ContainsAny(text, ".eEnN") {
		return classDouble
	}
	n, ok := new(big.Int).SetString(text, 10)
	switch {
	case ok && n.IsInt64():
		return classInt
	case ok && n.IsUint64():
		return classHuge
	}
	return classDouble
}

// typ is the type of columns of a shape.
func (s *jsonShape) typ() arrow.DataType {
	switch s.class {
	case classBool:
		return functions.Boolean
	case classInt:
		return functions.BigInt
	case classHuge:
		return functions.HugeInt
	case classDouble:
		return functions.Double
	case classDate:
		return functions.Date
	case classTime:
		return functions.Time
	case classTimestamp:
		return functions.Timestamp
	case classList:
		if s.elem == nil {
			return arrow.ListOf(functions.Varchar)
		}
		return arrow.ListOf(s.elem.typ())
	case classObject:
		if len(s.keys) == 0 {
			return functions.Varchar
		}
		return arrow.StructOf(s.structFields()...)
	}
	return functions.Varchar
}

// structFields are the fields of objects of a shape.
func (s *jsonShape) structFields() []arrow.Field {
	fields := make([]arrow.Field, len(s.keys))
	for i, key := range s.keys {
		fields[i] = arrow.Field{Name: key, Type: s.fields[key].typ(), Nullable: true}
		if key == "" {
			fields[i].Name = fmt.Sprintf("C%d", i)
		}
	}
	return distinctNames(fields)
}

// column makes a column of values; nil stands for NULL.
func (s *jsonShape) column(values []*jsonValue) (arrow.Array, error) {
	switch s.class {
	case classList:
		return s.lists(values)
	case classObject:
		if len(s.keys) > 0 {
			return s.structs(values)
		}
	}
	b := kernel.NewStringBuilder(len(values))
	for _, v := range values {
		switch {
		case v == nil || v.kind == jsonNull:
			b.AppendNull()
		case v.kind == jsonString && s.class == classMixed:
			b.Append(quoteJSON(v.text))
		case s.class == classText && v.kind != jsonString, !s.takes(v):
			return nil, fmt.Errorf("%s is no %s, which the values in the beginning of the file are", v.text, functions.TypeName(s.typ()))
		default:
			b.Append(v.text)
		}
	}
	texts, err := b.Finish(functions.Varchar)
	if err != nil || s.typ().ID() == arrow.STRING {
		return texts, err
	}
	c, err := functions.Cast(kernel.Col(texts), s.typ(), false, &functions.Env{}, texts.Len())
	if err != nil {
		return nil, fmt.Errorf("%w, which the values in the beginning of the file can", err)
	}
	return c.Array, nil
}

// takes reports whether a value fits a shape of simple values.
func (s *jsonShape) takes(v *jsonValue) bool {
	switch s.class {
	case classBool:
		return v.kind == jsonBool
	case classInt, classHuge, classDouble:
		return v.kind == jsonNumber && (s.class == classDouble || numberClass(v.text) <= s.class)
	case classDate, classTime, classTimestamp, classText:
		return v.kind == jsonString
	}
	return s.class == classMixed || s.class == classObject && v.kind == jsonObject
}

func (s *jsonShape) lists(values []*jsonValue) (arrow.Array, error) {
	offsets := make([]int32, 1, len(values)+1)
	valid := kernel.NewBitmap(len(values))
	var elems []*jsonValue
	for i, v := range values {
		if v != nil && v.kind != jsonNull {
			if v.kind != jsonList {
				return nil, fmt.Errorf("%s is no list, which the values in the beginning of the file are", v.text)
			}
			valid.Set(i)
			for k := range v.vals {
				elems = append(elems, &v.vals[k])
			}
		}
		offsets = append(offsets, int32(len(elems)))
	}
	elem := s.elem
	if elem == nil {
		elem = &jsonShape{}
	}
	a, err := elem.column(elems)
	if err != nil {
		return nil, err
	}
	return kernel.FromLists(s.typ(), offsets, a, kernel.NewValidity(valid, len(values))), nil
}

func (s *jsonShape) structs(values []*jsonValue) (arrow.Array, error) {
	valid := kernel.NewBitmap(len(values))
	for i, v := range values {
		if v == nil || v.kind == jsonNull {
			continue
		}
		if v.kind != jsonObject {
			return nil, fmt.Errorf("%s is no object, which the values in the beginning of the file are", v.text)
		}
		valid.Set(i)
	}
	fields := make([]arrow.Array, len(s.keys))
	for f, key := range s.keys {
		var err error
		if fields[f], err = s.fields[key].column(fieldOf(values, key)); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	return kernel.FromFields(s.typ(), len(values), fields, kernel.NewValidity(valid, len(values))), nil
}

// fieldOf returns the values of a key.
func fieldOf(values []*jsonValue, key string) []*jsonValue {
	out := make([]*jsonValue, len(values))
	for i, v := range values {
		if v != nil && v.kind == jsonObject {
			out[i] = v.get(key)
		}
	}
	return out
}
