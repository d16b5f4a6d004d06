package render

import (
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// within is the dialect of values inside a list, a map or a struct. In text formats the whole
// is text, so its parts are only quoted where they could be taken for something else.
func (d *dialect) within() *dialect {
	if d.json {
		return d
	}
	element := functions.AppendElement
	if d.visible {
		element = appendVisibleElement
	}
	return &dialect{
		null: "NULL", part: true, text: element, quote: appendPlain, visible: d.visible,
		zone: d.zone, scaled: d.scaled,
	}
}

func appendVisibleElement(dst []byte, s string) []byte {
	return appendVisible(dst, string(functions.AppendElement(nil, s)))
}

// innerColumns returns the columns for the kinds of values inside this one.
func (c *column) innerColumns(types ...arrow.DataType) []*column {
	if c.inner == nil {
		within := c.how.within()
		for _, typ := range types {
			c.inner = append(c.inner, newColumn(typ, within))
		}
	}
	return c.inner
}

func (c *column) lists(arr arrow.Array, elem arrow.DataType, i, j int) {
	offsets, values := kernel.ListParts(arr)
	first := offsets[i]
	elems := c.innerColumns(elem)[0].rows(values, int(first), int(offsets[j]))
	var plain []byte
	for r := range c.own.from {
		plain = append(plain[:0], '[')
		for e := offsets[i+r]; e < offsets[i+r+1]; e++ {
			if e > offsets[i+r] {
				plain = append(plain, c.comma()...)
			}
			plain = append(plain, elems.at(int(e-first))...)
		}
		c.whole(r, append(plain, ']'))
	}
}

func (c *column) structs(arr arrow.Array, t *arrow.StructType, i, j int) {
	types := make([]arrow.DataType, t.NumFields())
	for f := range types {
		types[f] = t.Field(f).Type
	}
	inner := c.innerColumns(types...)
	fields := make([]*cells, t.NumFields())
	names := make([][]byte, t.NumFields())
	unnamed := t.NumFields() > 0 && t.Field(0).Name == ""
	open, end := byte('{'), byte('}')
	switch {
	case unnamed && c.how.json:
		open, end = '[', ']'
	case unnamed:
		open, end = '(', ')'
	}
	for f := range fields {
		fields[f] = inner[f].rows(kernel.StructField(arr, f), i, j)
		if unnamed {
			continue
		}
		if c.how.json {
			names[f] = append(appendJSONString(nil, t.Field(f).Name), ':')
		} else {
			names[f] = append(c.fieldName(append(names[f], '\''), t.Field(f).Name), "': "...)
		}
	}
	var plain []byte
	for r := range c.own.from {
		plain = append(plain[:0], open)
		for f := range fields {
			if f > 0 {
				plain = append(plain, c.comma()...)
			}
			plain = append(append(plain, names[f]...), fields[f].at(r)...)
		}
		c.whole(r, append(plain, end))
	}
}

func (c *column) maps(arr arrow.Array, t *arrow.MapType, i, j int) {
	offsets, entries := kernel.ListParts(arr)
	first, end := int(offsets[i]), int(offsets[j])
	inner := c.innerColumns(t.KeyType(), t.ItemType())
	keys := inner[0].rows(kernel.StructField(entries, 0), first, end)
	items := inner[1].rows(kernel.StructField(entries, 1), first, end)
	var plain []byte
	for r := range c.own.from {
		plain = append(plain[:0], '{')
		for e := int(offsets[i+r]); e < int(offsets[i+r+1]); e++ {
			if e > int(offsets[i+r]) {
				plain = append(plain, c.comma()...)
			}
			plain = append(c.key(plain, keys.at(e-first)), items.at(e-first)...)
		}
		c.whole(r, append(plain, '}'))
	}
}

// key appends the key of a map and what stands behind it. In JSON it is text, whatever it
// is.
func (c *column) key(dst, key []byte) []byte {
	switch {
	case !c.how.json:
		return append(append(dst, key...), '=')
	case len(key) > 0 && key[0] == '"':
		return append(append(dst, key...), ':')
	}
	return append(appendJSONString(dst, string(key)), ':')
}

func (c *column) fieldName(dst []byte, name string) []byte {
	if c.how.visible {
		return appendVisible(dst, name)
	}
	return append(dst, name...)
}

func (c *column) comma() string {
	if c.how.json {
		return ","
	}
	return ", "
}

// whole writes a nested value as row r.
func (c *column) whole(r int, plain []byte) {
	began := len(c.own.text)
	if c.how.json {
		c.own.text = append(c.own.text, plain...)
	} else {
		c.own.text = c.how.quote(c.own.text, unsafe.String(unsafe.SliceData(plain), len(plain)))
	}
	c.own.end(r, began)
}
