package sysdig

import "tq/lang/source"

// transformNames are the functions that may be applied to a field.
var transformNames = map[string]bool{"tolower": true, "toupper": true, "b64": true, "basename": true, "len": true}

// transformed applies a function to a field.
func transformed(o operand, transform Value, b builder) (operand, *source.Error) {
	if transform.Text == "len" {
		if o.kind != text && o.kind != buffer {
			return o, notText(o, transform)
		}
		size := "strlen"
		if o.kind == buffer {
			size = "octet_length"
		}
		return operand{x: b.call(size, o.x), name: "len(" + o.name + ")", kind: number}, nil
	}
	if o.kind != text {
		return o, notText(o, transform)
	}
	switch transform.Text {
	case "tolower":
		o.x = b.call("lower", o.x)
	case "toupper":
		o.x = b.call("upper", o.x)
	case "basename":
		o.x = b.call("regexp_extract", o.x, b.text("[^/]*$"))
	case "b64":
		return o, source.Errorf(transform.at, "b64 is not supported")
	}
	o.name = transform.Text + "(" + o.name + ")"
	return o, nil
}

func notText(o operand, transform Value) *source.Error {
	return source.Errorf(transform.at, "%s takes a text, but %s is %s", transform.Text, o.name, kindNames[o.kind])
}
