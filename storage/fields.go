package storage

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
)

// field declares a field of events: a column under the name that sysdig has for it. Where
// sysdig prints <NA> it is NULL.
type field struct {
	name  string
	typ   arrow.DataType
	needs fieldNeed
	doc   string
	build func(eventRows) arrow.Array
}

// fieldNeed says what a field is made from, which decides what a scan makes storage find
// out.
type fieldNeed uint8

const (
	fromRow fieldNeed = iota // the event and its thread
	fromFDs                  // file descriptors, too
	fromEnd                  // what is settled when the capture has been read to its end
	fromAll                  // all of these, and other events
)

// fieldFamily declares the fields of one name that differ by an argument, as
// evt.arg.size and evt.arg.res do.
type fieldFamily struct {
	before, after string // what stands around the argument
	placeholder   string // for it, in documentation
	needs         fieldNeed
	doc           string
	typ           arrow.DataType // in documentation; nil when it depends on the argument
	// of returns the field for an argument; false when there is none.
	of func(arg string) (arrow.DataType, func(eventRows) arrow.Array, bool)
}

// eventFields are the fields of events, in the order in which documentation lists them.
var eventFields = slices.Concat(
	evtFields, procFields, threadFields, fdFields, fdListFields,
	userFields, containerFields, syslogFields,
)

// fieldFamilies are the families of fields of events.
var fieldFamilies = slices.Concat(argFamilies, ancestorFamilies, threadFamilies)

// fieldsByName finds a field by its name.
var fieldsByName = func() map[string]*field {
	byName := make(map[string]*field, len(eventFields))
	for i := range eventFields {
		byName[eventFields[i].name] = &eventFields[i]
	}
	return byName
}()

// eventField resolves a dotted name of events.
func eventField(name string) (column[eventRows], bool) {
	if f := fieldsByName[strings.ToLower(name)]; f != nil {
		return column[eventRows]{f.name, f.typ, hidden, f.doc, f.build}, true
	}
	for i := range fieldFamilies {
		f := &fieldFamilies[i]
		arg, ok := f.argument(name)
		if !ok {
			continue
		}
		if typ, build, ok := f.of(arg); ok {
			return column[eventRows]{f.before + arg + f.after, typ, hidden, f.doc, build}, true
		}
	}
	return column[eventRows]{}, false
}

// fieldNeedOf returns what the field with a name is made from.
func fieldNeedOf(name string) fieldNeed {
	if f := fieldsByName[strings.ToLower(name)]; f != nil {
		return f.needs
	}
	for i := range fieldFamilies {
		if _, ok := fieldFamilies[i].argument(name); ok {
			return fieldFamilies[i].needs
		}
	}
	return fromRow
}

// argument returns the argument in the name of a field of the family.
func (f *fieldFamily) argument(name string) (arg string, ok bool) {
	n := len(f.before)
	if len(name) <= n+len(f.after) || !strings.EqualFold(name[:n], f.before) {
		return "", false
	}
	return strings.CutSuffix(name[n:], f.after)
}

// EventField resolves the name of a field of events.
func EventField(name string) (arrow.Field, bool) {
	c, ok := eventField(name)
	return arrow.Field{Name: c.name, Type: c.typ, Nullable: true}, ok
}

// FieldNames lists the names of the fields of events, with a word in capitals where an
// argument stands; of types of events there is one for each.
func FieldNames() []string {
	var names []string
	for _, f := range EventFields() {
		names = append(names, f.Name)
	}
	seen := map[string]bool{}
	for i := range scap.Types {
		if name := scap.Types[i].Name; !seen[name] {
			seen[name] = true
			names = append(names, typeIsPrefix+name)
		}
	}
	return names
}

// Field documents a field that [Catalog.DynamicField] resolves for a table.
type Field struct {
	Name string // with N or NAME where an argument stands
	Type arrow.DataType
	Doc  string
}

// EventFields lists the fields of events. The type of those that depend on their argument
// is nil.
func EventFields() []Field {
	var list []Field
	for _, f := range eventFields {
		list = append(list, Field{f.name, f.typ, f.doc})
	}
	for _, f := range fieldFamilies {
		list = append(list, Field{f.before + f.placeholder + f.after, f.typ, f.doc})
	}
	return list
}
