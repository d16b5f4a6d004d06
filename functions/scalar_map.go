package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const mapFamily = "map"

var mapFunctions = []Def{
	scalar(mapFamily, "map", "A map of the keys in one list to the values beside them in the other; MAP {'a': 1} is the same.", "map(['a', 'b'], [1, 2])", "{a=1, b=2}",
		Overload{RetOf: mapOfLists, Eval: emptyMap},
		Overload{Args: types(AnyList, AnyList), RetOf: mapOfLists, Eval: mapFromLists}),
	scalar(mapFamily, "map_from_entries", "A map of a list of structs, whose first field is the key and whose second the value.", "map_from_entries([row('a', 1), row('b', 2)])", "{a=1, b=2}",
		Overload{Args: types(AnyList), RetOf: mapOfEntries, Eval: mapFromEntries}),
	scalar(mapFamily, "map_keys", "The keys.", "map_keys(MAP {'a': 1, 'b': 2})", "[a, b]",
		Overload{Args: types(AnyMap), RetOf: keysOfFirst, Eval: mapPart(keyField)}),
	scalar(mapFamily, "map_values", "The values, in the order of their keys.", "map_values(MAP {'a': 1, 'b': 2})", "[1, 2]",
		Overload{Args: types(AnyMap), RetOf: itemsOfFirst, Eval: mapPart(itemField)}),
	scalar(mapFamily, "map_entries", "The keys with their values, as structs.", "map_entries(MAP {'a': 1})", "[{'key': a, 'value': 1}]",
		Overload{Args: types(AnyMap), RetOf: entriesOfFirst, Eval: mapEntries}),
	scalar(mapFamily, "map_contains", "Whether the map has the key.", "map_contains(MAP {'a': 1}, 'a')", "true",
		sig(Boolean, mapContains(keyField), SameKeys, SameAny)),
	scalar(mapFamily, "map_contains_value", "Whether some key of the map has the value.", "map_contains_value(MAP {'a': 1}, 1)", "true",
		sig(Boolean, mapContains(itemField), SameItems, SameAny)),
	scalar(mapFamily, "map_contains_entry", "Whether the map has the key with the value; a NULL is the same as NULL.", "map_contains_entry(MAP {'a': 1}, 'a', 1)", "true",
		Overload{Args: types(AnyMap, Any, Any), RetOf: ofEntry, Eval: mapContainsEntry}).seesNulls(),
	scalar(mapFamily, "map_extract", "A list with the value of the key; an empty one if the map has no such key.", "map_extract(MAP {'a': 1}, 'a')", "[1]",
		Overload{Args: types(SameKeys, SameAny), RetOf: itemsOfFirst, Eval: mapExtract}).also("element_at").seesNulls(),
	scalar(mapFamily, "map_extract_value", "The value of the key, NULL if the map has no such key; m['a'] is the same.", "map_extract_value(MAP {'a': 1}, 'a')", "1",
		Overload{Args: types(SameKeys, SameAny), RetOf: itemOfFirst, Eval: mapExtractValue}),
	scalar(mapFamily, "map_concat", "The entries of all maps; of a key that several have, the value in the last. NULL counts as an empty map.", "map_concat(MAP {'a': 1, 'b': 2}, MAP {'b': 3})", "{a=1, b=3}",
		Overload{Args: types(SameAny, SameAny), Variadic: true, RetOf: onlyMaps, Eval: mapConcat}).seesNulls(),
	scalar(mapFamily, "cardinality", "How many entries the map has.", "cardinality(MAP {'a': 1, 'b': 2})", "2",
		sig(UBigInt, cardinality, AnyMap)),
}

// MapOf is the type of a map of keys to values.
func MapOf(key, item arrow.DataType) arrow.DataType {
	return arrow.MapOf(plainType(key), plainType(item))
}

// mapParts are the types of a map's keys and values; of other types NULL.
func mapParts(dt arrow.DataType) (key, item arrow.DataType) {
	if m, ok := dt.(*arrow.MapType); ok {
		return m.KeyType(), m.ItemType()
	}
	return Null, Null
}

// The fields of the structs that a map is a list of.
const (
	keyField = iota
	itemField
)

func keysOfFirst(args []arrow.DataType) (arrow.DataType, error) {
	key, _ := mapParts(args[0])
	return arrow.ListOf(key), nil
}

func itemsOfFirst(args []arrow.DataType) (arrow.DataType, error) {
	_, item := mapParts(args[0])
	return arrow.ListOf(item), nil
}

func itemOfFirst(args []arrow.DataType) (arrow.DataType, error) {
	_, item := mapParts(args[0])
	return item, nil
}

func entriesOfFirst(args []arrow.DataType) (arrow.DataType, error) {
	key, item := mapParts(args[0])
	entry, err := StructOf([]string{"key", "value"}, []arrow.DataType{key, item})
	return arrow.ListOf(entry), err
}

func mapOfLists(args []arrow.DataType) (arrow.DataType, error) {
	if len(args) == 0 {
		return MapOf(Null, Null), nil
	}
	return MapOf(args[0].(*arrow.ListType).Elem(), args[1].(*arrow.ListType).Elem()), nil
}

func mapOfEntries(args []arrow.DataType) (arrow.DataType, error) {
	switch entry := args[0].(*arrow.ListType).Elem().(type) {
	case *arrow.StructType:
		if entry.NumFields() == 2 {
			return MapOf(entry.Field(keyField).Type, entry.Field(itemField).Type), nil
		}
	case *arrow.NullType: // of []
		return MapOf(Null, Null), nil
	}
	return nil, errors.New("map_from_entries takes a list of structs of two fields, a key and a value")
}

func onlyMaps(args []arrow.DataType) (arrow.DataType, error) {
	if args[0].ID() != arrow.MAP && args[0].ID() != arrow.NULL {
		return nil, errors.New("map_concat takes maps")
	}
	return args[0], nil
}

// maps are the maps of a column, by row; keys and items are those of all, and row i has
// the range that At gives.
type maps struct {
	*Lists
	keys, items arrow.Array
}

func mapsOf(v kernel.Vec, n int) maps {
	l := ListsOf(v, n)
	return maps{l, kernel.StructField(l.Values, keyField), kernel.StructField(l.Values, itemField)}
}

// mapPart makes the list of a map's keys or values.
func mapPart(field int) ScalarFunc {
	return func(c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
		return relist(c, args[0], func(entries arrow.Array) arrow.Array { return kernel.StructField(entries, field) })
	}
}

func mapEntries(c *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	entry := c.Ret.(*arrow.ListType).Elem()
	return relist(c, args[0], func(entries arrow.Array) arrow.Array { return kernel.Retype(entries, entry) })
}

// relist makes lists of as many elements as lists or maps have, of what f makes of theirs.
func relist(c *Call, v kernel.Vec, f func(elements arrow.Array) arrow.Array) (kernel.Vec, error) {
	if anyNullConst([]kernel.Vec{v}) {
		return nullOf(c), nil
	}
	offsets, elements := kernel.ListParts(v.Array)
	return kernel.Vec{Array: kernel.FromLists(c.Ret, offsets, f(elements), kernel.ValidityOf(v.Array)), Const: v.Const}, nil
}

func cardinality(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	list := ListsOf(args[0], rowCount(args, n))
	return fixedRows(c, args, n, func(i int) (uint64, bool, error) {
		from, to := list.At(i)
		return uint64(to - from), true, nil
	})
}
