package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/json"
	"tq/functions/kernel"
)

// JSONFamily is the family of the functions of JSON.
const JSONFamily = "json"

var jsonFunctions = []Def{
	jsonDef("json_extract", "What a path leads to, as JSON: $.a[0], /a/0, a key or a number; with a list of paths, or * in the path, a list. It is also written j -> path.",
		`json_extract('{"a": [1, 2]}', '$.a[1]')`, "2", JSON, newJSONTexts(jsonText), pathRequired).also("json_extract_path", "->"),
	jsonDef("json_extract_string", "What a path leads to, as text: a string without its quotes, NULL for null. It is also written j ->> path.",
		`json_extract_string('{"a": "x"}', '$.a')`, "x", Varchar, newJSONTexts(jsonPlain), pathRequired).also("json_extract_path_text", "->>"),
	jsonDef("json_value", "What a path leads to, as JSON; NULL if that is null, an array or an object.", `json_value('{"a": 1}', '$.a')`, "1", Varchar, newJSONTexts(jsonScalar), pathRequired),
	jsonDef("json_exists", "Whether a path leads to anything.", `json_exists('{"a": null}', '$.a')`, "true", Boolean, newJSONTests, pathRequired),
	jsonDef("json_type", "The type of the value: NULL, BOOLEAN, BIGINT, UBIGINT, DOUBLE, VARCHAR, ARRAY or OBJECT.", `json_type('{"a": [1]}', '$.a')`, "ARRAY", Varchar, newJSONTexts(jsonTypeName), pathOptional),
	jsonDef("json_keys", "The keys of an object; of anything else none.", `json_keys('{"a": 1, "b": 2}')`, "[a, b]", textList, newJSONKeys, pathOptional),
	jsonDef("json_array_length", "How many elements an array has; anything else has none.", "json_array_length('[1, 2, 3]')", "3", UBigInt, newJSONLengths, pathOptional),
	scalar(JSONFamily, "json", "The JSON in its shortest form.", "json('[1,  2.50]')", "[1,2.5]", sig(JSON, onValues(eachJSON(jsonText)), Varchar)),
	scalar(JSONFamily, "json_pretty", "The JSON with each element and member in a line of its own.", "length(json_pretty('[1, 2]'))", "16",
		sig(Varchar, onValues(eachJSON(func(b []byte, v *json.Value) ([]byte, bool) { return v.AppendPretty(b), true })), Varchar)),
	scalar(JSONFamily, "json_structure", "The types that the JSON has, as JSON: of an array the one that holds all its elements.", `json_structure('{"a": [1, 2.5]}')`, `{"a":["DOUBLE"]}`,
		sig(JSON, onValues(eachJSON(func(b []byte, v *json.Value) ([]byte, bool) { s := json.Structure(v); return s.Append(b), true })), Varchar)),
	scalar(JSONFamily, "json_valid", "Whether the text is JSON.", "json_valid('[1, 2')", "false", sig(Boolean, onValues(jsonValid), Varchar)),
	scalar(JSONFamily, "json_contains", "Whether the second JSON is found in the first: as it is, or in part where it is an array or object.", `json_contains('{"a": [1, 2]}', '1')`, "true",
		sig(Boolean, onValues(jsonContains), Varchar, Varchar)),
	scalar(JSONFamily, "json_merge_patch", "The first object with the members of the others in place of its own; members that are null are taken out.", `json_merge_patch('{"a": 1, "b": 2}', '{"b": null}')`, `{"a":1}`,
		sig(JSON, jsonMerge, Varchar, Varchar).variadic()).seesNulls(),
	scalar(JSONFamily, "to_json", "The value as JSON: lists as arrays, structs and maps as objects.", "to_json([1, NULL])", "[1,null]", sig(JSON, toJSON, Any)).also("json_quote"),
	scalar(JSONFamily, "array_to_json", "A list as JSON.", "array_to_json([1, 2])", "[1,2]", sig(JSON, toJSON, AnyList)),
	scalar(JSONFamily, "row_to_json", "A struct as JSON.", "row_to_json(struct_pack(a := 1))", `{"a":1}`, Overload{Args: types(Any), RetOf: ofStruct(JSON), Eval: toJSON}),
	scalar(JSONFamily, "json_array", "The values as a JSON array.", "json_array(1, 'x', NULL)", `[1,"x",null]`,
		sig(JSON, jsonArrayOf), sig(JSON, jsonArrayOf, Any).variadic()).seesNulls(),
	scalar(JSONFamily, "json_object", "A JSON object of keys, each followed by its value.", "json_object('a', 1, 'b', NULL)", `{"a":1,"b":null}`,
		sig(JSON, jsonObjectOf), Overload{Args: types(Any, Any), Variadic: true, RetOf: pairsOfKeys, Eval: jsonObjectOf}).seesNulls(),
}

// jsonText writes a value that is there in its shortest form.
func jsonText(b []byte, v *json.Value) ([]byte, bool) {
	if v == nil {
		return b, false
	}
	return v.Append(b), true
}

func jsonPlain(b []byte, v *json.Value) ([]byte, bool) {
	if isJSONNull(v) {
		return b, false
	}
	return appendJSONText(b, v), true
}

func jsonScalar(b []byte, v *json.Value) ([]byte, bool) {
	if isJSONNull(v) || !v.Scalar() {
		return b, false
	}
	return v.Append(b), true
}

func jsonTypeName(b []byte, v *json.Value) ([]byte, bool) {
	if v == nil {
		return b, false
	}
	return append(b, v.TypeName()...), true
}

// eachJSON computes text of JSON.
func eachJSON(f func(b []byte, v *json.Value) ([]byte, bool)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s := textsOf(args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			v, err := json.Parse(s.at(i))
			if err != nil {
				return nil, false, err
			}
			b, ok := f(b, v)
			return b, ok, nil
		})
	}
}

func jsonValid(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s := textsOf(args[0])
	return boolRows(c, args, n, func(i int) (bool, error) {
		_, err := json.Parse(s.at(i))
		return err == nil, nil
	})
}

func jsonContains(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, parts := textsOf(args[0]), textsOf(args[1])
	return boolRows(c, args, n, func(i int) (bool, error) {
		whole, err := json.Parse(s.at(i))
		if err != nil {
			return false, err
		}
		part, err := json.Parse(parts.at(i))
		return err == nil && whole.Contains(part), err
	})
}

// jsonMerge merges from the left. A patch that is NULL makes NULL, from which the next
// begins anew.
func jsonMerge(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if args[len(args)-1].DataType().ID() == arrow.NULL {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	out := kernel.NewStringBuilder(n)
	for i := range n {
		var merged *json.Value
		for _, a := range args {
			row := a.Row(i)
			if a.DataType().ID() == arrow.NULL || !kernel.ValidityOf(a.Array).Valid(row) {
				merged = nil
				continue
			}
			patch, err := json.Parse(kernel.StringsOf(a.Array).At(row))
			if err != nil {
				return kernel.Vec{}, err
			}
			if merged == nil || merged.Kind != json.Object {
				merged = patch
			} else {
				merged = json.Merge(merged, patch)
			}
		}
		if merged == nil {
			out.AppendNull()
			continue
		}
		out.SetBuffer(merged.Append(out.Buffer()))
	}
	a, err := out.Finish(Varchar)
	return column(args, a), err
}

func toJSON(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	write := jsonOf(args[0].Array, c.Args[0], c.Env)
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) { return write(b, args[0].Row(i)), true, nil })
}

func pairsOfKeys(args []arrow.DataType) (arrow.DataType, error) {
	if len(args)%2 != 0 {
		return nil, errors.New("json_object takes keys and values in turn")
	}
	for i := 0; i < len(args); i += 2 {
		if !isString(args[i]) {
			return nil, errors.New("the keys of json_object are texts")
		}
	}
	return JSON, nil
}

// jsonWriters are what writes the rows of arguments as JSON.
func jsonWriters(c *Call, args []kernel.Vec) []func(b []byte, i int) []byte {
	out := make([]func(b []byte, i int) []byte, len(args))
	for k, a := range args {
		out[k] = jsonOf(a.Array, c.Args[k], c.Env)
	}
	return out
}

func jsonArrayOf(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	write := jsonWriters(c, args)
	return jsonRows(args, n, func(b []byte, i int) ([]byte, error) {
		b = append(b, '[')
		for k, a := range args {
			if k > 0 {
				b = append(b, ',')
			}
			b = write[k](b, a.Row(i))
		}
		return append(b, ']'), nil
	})
}

var errNullJSONKey = errors.New("a key of a JSON object cannot be NULL")

func jsonObjectOf(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	write := jsonWriters(c, args)
	return jsonRows(args, n, func(b []byte, i int) ([]byte, error) {
		b = append(b, '{')
		for k := 0; k < len(args); k += 2 {
			if k > 0 {
				b = append(b, ',')
			}
			key, row := args[k].Array, args[k].Row(i)
			if !kernel.ValidityOf(key).Valid(row) {
				return nil, errNullJSONKey
			}
			b = append(json.AppendString(b, kernel.StringsOf(key).At(row)), ':')
			b = write[k+1](b, args[k+1].Row(i))
		}
		return append(b, '}'), nil
	})
}

// jsonRows computes text without NULLs.
func jsonRows(args []kernel.Vec, n int, f func(b []byte, i int) ([]byte, error)) (kernel.Vec, error) {
	n = rowCount(args, n)
	out := kernel.NewStringBuilder(n)
	for i := range n {
		b, err := f(out.Buffer(), i)
		if err != nil {
			return kernel.Vec{}, err
		}
		if len(b) > maxTexts {
			return kernel.Vec{}, errLongTexts
		}
		out.SetBuffer(b)
	}
	a, err := out.Finish(Varchar)
	return column(args, a), err
}
