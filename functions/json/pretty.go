package json

import "bytes"

// AppendPretty writes a value with each element and member in a line of its own, indented by
// four blanks for each array and object that it is in.
func (v *Value) AppendPretty(b []byte) []byte { return v.appendIndented(b, 1) }

var indent = []byte("    ")

// appendIndented writes a value whose elements are indented to a level.
func (v *Value) appendIndented(b []byte, level int) []byte {
	if len(v.Elems) == 0 {
		return v.Append(b)
	}
	open, end := byte('['), byte(']')
	if v.Kind == Object {
		open, end = '{', '}'
	}
	b = append(b, open)
	for i := range v.Elems {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendLine(b, level)
		if v.Kind == Object {
			b = append(AppendString(b, v.Keys[i]), ": "...)
		}
		b = v.Elems[i].appendIndented(b, level+1)
	}
	return append(appendLine(b, level-1), end)
}

func appendLine(b []byte, level int) []byte {
	return append(append(b, '\n'), bytes.Repeat(indent, level)...)
}
