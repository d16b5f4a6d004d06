package functions

import (
	"errors"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/json"
	"tq/functions/kernel"
)

// jsonColumn collects what a function of JSON values yields; nil stands for a value that
// is not there.
type jsonColumn interface {
	add(v *json.Value)
	addNull()
	len() int
	finish() (arrow.Array, error)
}

// Whether a function of JSON can be called without a path.
const (
	pathRequired = false
	pathOptional = true
)

// jsonDef makes the definition of a function of a value that a path leads to. Where many
// paths are given, or one may lead to many values, the result is a list.
func jsonDef(name, doc, example, result string, ret arrow.DataType, column func(n int) jsonColumn, withoutPath bool) Def {
	overloads := []Overload{
		sig(ret, onValues(onPath(column)), Varchar, Varchar),
		sig(ret, onValues(onPath(column)), Varchar, BigInt),
		sig(arrow.ListOf(ret), onPaths(column), Varchar, textList),
	}
	if withoutPath {
		overloads = append([]Overload{sig(ret, onValues(onPath(column)), Varchar)}, overloads...)
	}
	return scalar(JSONFamily, name, doc, example, result, overloads...)
}

var errManyValues = errors.New("a JSON path with * or .. in it must be constant, and alone")

// LeadsToMany reports whether a text is a JSON path that may lead to any number of values:
// then functions of JSON take it in a list, and return one.
func LeadsToMany(path string) bool {
	if !strings.ContainsAny(path, "*.") {
		return false
	}
	p, err := json.ParsePath(path)
	return err == nil && p.Many
}

// onPath computes a column of what one path leads to in each row, or of the JSON itself.
func onPath(newColumn func(n int) jsonColumn) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		s, valid, out, paths := textsOf(args[0]), validAll(args, n), newColumn(n), pathsOf(args[1:])
		for i := range n {
			if !valid.Valid(i) {
				out.addNull()
				continue
			}
			path, err := paths(i)
			if err != nil {
				return kernel.Vec{}, err
			}
			if path.Many {
				return kernel.Vec{}, errManyValues
			}
			v, err := json.Parse(s.at(i))
			if err != nil {
				return kernel.Vec{}, err
			}
			out.add(path.Find(v))
		}
		a, err := out.finish()
		return column(args, a), err
	}
}

// pathsOf returns the path of each row; that of the row before is kept.
func pathsOf(args []kernel.Vec) func(i int) (json.Path, error) {
	if len(args) == 0 {
		return func(int) (json.Path, error) { return json.Path{}, nil }
	}
	if args[0].DataType().ID() == arrow.INT64 {
		at := numbersOf[int64](args[0])
		return func(i int) (json.Path, error) { return json.Index(at.at(i)), nil }
	}
	texts, cached := textsOf(args[0]), cachedPath{}
	return func(i int) (json.Path, error) { return cached.of(texts.at(i)) }
}

// cachedPath is the path that was read last.
type cachedPath struct {
	text string
	path json.Path
}

func (c *cachedPath) of(text string) (json.Path, error) {
	if text == c.text {
		return c.path, nil
	}
	p, err := json.ParsePath(text)
	if err == nil {
		c.text, c.path = clone(text), p
	}
	return p, err
}

// onPaths computes lists of what each path of a list leads to or, where it is only one, of
// all that it leads to.
func onPaths(newColumn func(n int) jsonColumn) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		s, valid, out := textsOf(args[0]), validAll(args, n), newColumn(n)
		lists := ListsOf(args[1], n)
		texts, some := kernel.StringsOf(lists.Values), kernel.ValidityOf(lists.Values)
		cached, offsets := map[string]json.Path{}, make([]int32, n+1)
		for i := range n {
			from, to := lists.At(i)
			if valid.Valid(i) {
				v, err := json.Parse(s.at(i))
				if err != nil {
					return kernel.Vec{}, err
				}
				for j := from; j < to; j++ {
					if !some.Valid(int(j)) {
						out.addNull()
						continue
					}
					path, ok := cached[texts.At(int(j))]
					if !ok {
						if path, err = json.ParsePath(texts.At(int(j))); err != nil {
							return kernel.Vec{}, err
						}
						cached[clone(texts.At(int(j)))] = path
					}
					switch {
					case !path.Many:
						out.add(path.Find(v))
					case to-from > 1:
						return kernel.Vec{}, errManyValues
					default:
						path.Each(v, out.add)
					}
				}
			}
			offsets[i+1] = int32(out.len())
		}
		values, err := out.finish()
		if err != nil {
			return kernel.Vec{}, err
		}
		return column(args, kernel.FromLists(c.Ret, offsets, values, valid)), nil
	}
}

// jsonTexts collects texts.
type jsonTexts struct {
	*kernel.StringBuilder
	text func(b []byte, v *json.Value) ([]byte, bool)
}

func newJSONTexts(text func(b []byte, v *json.Value) ([]byte, bool)) func(n int) jsonColumn {
	return func(n int) jsonColumn { return jsonTexts{kernel.NewStringBuilder(n), text} }
}

func (t jsonTexts) len() int                     { return t.Len() }
func (t jsonTexts) addNull()                     { t.AppendNull() }
func (t jsonTexts) finish() (arrow.Array, error) { return t.Finish(Varchar) }

func (t jsonTexts) add(v *json.Value) {
	if b, ok := t.text(t.Buffer(), v); ok {
		t.SetBuffer(b)
	} else {
		t.AppendNull()
	}
}

// jsonFixed collects values of fixed width.
type jsonFixed[T any] struct {
	values  []T
	missing []int
	value   func(v *json.Value) (T, bool)
	array   func(values []T, v kernel.Validity) arrow.Array
}

func newJSONTests(int) jsonColumn {
	return &jsonFixed[bool]{value: func(v *json.Value) (bool, bool) { return v != nil, true }, array: kernel.FromBools}
}

func newJSONLengths(int) jsonColumn {
	return &jsonFixed[uint64]{
		value: func(v *json.Value) (uint64, bool) {
			if v == nil || v.Kind != json.Array {
				return 0, v != nil
			}
			return uint64(len(v.Elems)), true
		},
		array: func(values []uint64, v kernel.Validity) arrow.Array { return kernel.FromValues(UBigInt, values, v) },
	}
}

func (f *jsonFixed[T]) len() int { return len(f.values) }

func (f *jsonFixed[T]) addNull() {
	var zero T
	f.missing = append(f.missing, len(f.values))
	f.values = append(f.values, zero)
}

func (f *jsonFixed[T]) add(v *json.Value) {
	x, ok := f.value(v)
	if !ok {
		f.addNull()
		return
	}
	f.values = append(f.values, x)
}

func (f *jsonFixed[T]) finish() (arrow.Array, error) {
	missing := newNulls(len(f.values))
	for _, i := range f.missing {
		missing.set(i)
	}
	return f.array(f.values, missing.with(kernel.Validity{})), nil
}

// jsonKeys collects lists of the keys of objects.
type jsonKeys struct {
	keys    *kernel.StringBuilder
	offsets []int32
	missing []int
}

func newJSONKeys(n int) jsonColumn {
	return &jsonKeys{keys: kernel.NewStringBuilder(n), offsets: append(make([]int32, 0, n+1), 0)}
}

func (k *jsonKeys) len() int { return len(k.offsets) - 1 }

func (k *jsonKeys) addNull() {
	k.missing = append(k.missing, k.len())
	k.offsets = append(k.offsets, int32(k.keys.Len()))
}

func (k *jsonKeys) add(v *json.Value) {
	if v == nil {
		k.addNull()
		return
	}
	for _, key := range v.Keys {
		k.keys.Append(key)
	}
	k.offsets = append(k.offsets, int32(k.keys.Len()))
}

func (k *jsonKeys) finish() (arrow.Array, error) {
	flat, err := k.keys.Finish(Varchar)
	if err != nil {
		return nil, err
	}
	missing := newNulls(k.len())
	for _, i := range k.missing {
		missing.set(i)
	}
	return kernel.FromLists(textList, k.offsets, flat, missing.with(kernel.Validity{})), nil
}
