package sysdig

import "tq/lang/source"

// Filter is a condition of sysdig's language: a [*Logic], a [*Not] or a [*Check].
type Filter interface {
	Span() source.Span
}

// node is embedded in every part of a filter.
type node struct{ at source.Span }

// Span returns where the part stands in the text.
func (n node) Span() source.Span { return n.at }

// Logic is a chain of terms joined by "and" or "or".
type Logic struct {
	node
	Or    bool
	Terms []Filter
}

// Not is the opposite of a filter.
type Not struct {
	node
	X Filter
}

// Check compares a field with values.
type Check struct {
	node
	Field Field
	Op    Operator
	OpAt  source.Span
	// Values are what stands behind the operator: none for exists, any number for
	// operators with a list, else one.
	Values []Value
	// Other is the field that stands there instead of a value: = val(proc.pname).
	Other *Field
}

// Field is a field of an event, with what is made of it before it is compared.
type Field struct {
	node
	Name string // with its argument if that is part of the name: evt.arg.fd
	Arg  *Value // what stands in brackets: proc.aname[2]; nil for none
	// Transforms are the functions applied to the field, the last one first.
	Transforms []Value
}

// Value is a text or a number as it was meant: without quotes and escapes.
type Value struct {
	node
	Text string
}
