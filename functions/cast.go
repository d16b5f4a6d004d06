package functions

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// Cast converts a column of n rows to another type. A value that cannot be converted is
// an error, or NULL with try. Strings are converted once per dictionary value. The clock
// of the environment's zone is meant where text or days become timestamps and the other
// way round.
func Cast(v kernel.Vec, to arrow.DataType, try bool, env *Env, n int) (kernel.Vec, error) {
	return CastFrom(v.DataType(), v, to, try, env, n)
}

// CastFrom is [Cast] of a column that has another type than its array shows, such as JSON.
func CastFrom(from arrow.DataType, v kernel.Vec, to arrow.DataType, try bool, env *Env, n int) (kernel.Vec, error) {
	if v.DataType().ID() == arrow.NULL {
		from = Null
	}
	switch {
	case Same(from, to):
		return v, nil
	case from.ID() == arrow.NULL && v.Const:
		return kernel.Const(kernel.Nulls(to, 1)), nil
	case from.ID() == arrow.NULL:
		return kernel.Col(kernel.Nulls(to, n)), nil
	case !CanCast(from, to):
		return kernel.Vec{}, fmt.Errorf("%s cannot be cast to %s", TypeName(from), TypeName(to))
	}
	if from.ID() == arrow.TIMESTAMP && to.ID() == arrow.TIMESTAMP {
		return kernel.Vec{Array: kernel.Retype(v.Array, to), Const: v.Const}, nil
	}
	values, codes := kernel.ByValue(v, n)
	c := &caster{from: from, to: to, env: env, valid: kernel.ValidityOf(values), n: values.Len(), try: try}
	if codes != nil {
		// A dictionary may hold values that no row has; they must not fail.
		c.try = true
	}
	out, err := c.array(values)
	if err != nil {
		return kernel.Vec{}, err
	}
	if codes != nil {
		rows := kernel.ValidityOf(v.Array)
		if !try && c.failed != nil {
			for i, code := range codes {
				if rows.Valid(i) && c.failed.Get(int(code)) {
					c.try = false
					return kernel.Vec{}, c.fail(int(code), kernel.StringsOf(values).At(int(code)), nil)
				}
			}
		}
		out = kernel.Gather(out, codes, rows)
	}
	return kernel.Vec{Array: out, Const: v.Const}, nil
}

// caster is one conversion of an array.
type caster struct {
	from, to arrow.DataType
	env      *Env
	n        int
	valid    kernel.Validity // of the input
	try      bool
	failed   kernel.Bitmap // the rows that could not be converted
}

// fail notes that a value could not be converted: an error unless that is to be NULL.
func (c *caster) fail(row int, value any, cause error) error {
	if c.try {
		if c.failed == nil {
			c.failed = kernel.NewBitmap(c.n)
		}
		c.failed.Set(row)
		return nil
	}
	if cause != nil {
		return cause
	}
	if s, ok := value.(string); ok {
		return fmt.Errorf("%q cannot be read as %s", s, TypeName(c.to))
	}
	if isNumber(c.from) && isNumber(c.to) {
		return fmt.Errorf("%v is out of range for %s", value, TypeName(c.to))
	}
	return fmt.Errorf("%v cannot be cast to %s", value, TypeName(c.to))
}

// result is the validity of the output.
func (c *caster) result() kernel.Validity {
	if c.failed == nil {
		return c.valid
	}
	ok := kernel.NewBitmap(c.n)
	for i := range ok {
		ok[i] = ^c.failed[i]
	}
	return c.valid.And(kernel.NewValidity(ok, c.n), c.n)
}

func (c *caster) array(a arrow.Array) (arrow.Array, error) {
	switch {
	case IsJSON(c.to):
		return c.toJSON(a)
	case IsJSON(c.from) && !isString(c.to):
		return c.fromJSON(a)
	case isString(c.to):
		return c.format(a)
	case isString(c.from):
		return c.parse(kernel.StringsOf(a))
	case isNumber(c.from) || c.from.ID() == arrow.BOOL:
		return c.number(a)
	case c.from.ID() == arrow.LIST:
		return c.list(a)
	case c.from.ID() == arrow.MAP:
		return c.entries(a)
	case c.from.ID() == arrow.STRUCT:
		return c.fields(a)
	case c.from.ID() == arrow.DURATION:
		return kernel.MapFixed(kernel.Col(a), Interval, intervalOf).Array, nil
	case c.from.ID() == arrow.INTERVAL_MONTH_DAY_NANO:
		return c.durations(kernel.Values[interval](a))
	}
	return c.time(a)
}

// time converts between DATE, TIMESTAMP and TIME.
func (c *caster) time(a arrow.Array) (arrow.Array, error) {
	if c.from.ID() == arrow.DATE32 {
		out := make([]int64, c.n)
		for i, days := range kernel.Values[int32](a) {
			ns, ok := instant(int64(days), 0, c.env.Zone)
			if !ok && c.valid.Valid(i) {
				text := string(AppendDate(nil, int64(days)))
				if err := c.fail(i, text, fmt.Errorf("the date %s is out of range for TIMESTAMP", text)); err != nil {
					return nil, err
				}
			}
			out[i] = ns
		}
		return kernel.FromValues(c.to, out, c.result()), nil
	}
	src := kernel.Values[int64](a)
	if c.to.ID() == arrow.DATE32 {
		out := make([]int32, c.n)
		for i, ns := range src {
			out[i] = int32(civilOf(ns, c.env.Zone).days)
		}
		return kernel.FromValues(c.to, out, c.result()), nil
	}
	out := make([]int64, c.n)
	for i, ns := range src {
		out[i] = civilOf(ns, c.env.Zone).nanosOfDay
	}
	return kernel.FromValues(c.to, out, c.result()), nil
}

// durations converts intervals, which must be without months.
func (c *caster) durations(src []interval) (arrow.Array, error) {
	out := make([]int64, c.n)
	for i, x := range src {
		if !c.valid.Valid(i) {
			continue
		}
		var err error
		if out[i], err = IntervalDuration(x); err != nil {
			if err := c.fail(i, x, err); err != nil {
				return nil, err
			}
		}
	}
	return kernel.FromValues(c.to, out, c.result()), nil
}

// fields converts the fields of structs.
func (c *caster) fields(a arrow.Array) (arrow.Array, error) {
	from, to := c.from.(*arrow.StructType), c.to.(*arrow.StructType)
	out := make([]arrow.Array, to.NumFields())
	for f := range out {
		inner, err := c.part(kernel.StructField(a, f), from.Field(f).Type, to.Field(f).Type)
		if err != nil {
			return nil, err
		}
		if out[f], err = kernel.Plain(inner); err != nil {
			return nil, err
		}
	}
	return kernel.FromFields(c.to, c.n, out, c.valid), nil
}

// list converts the elements of lists.
func (c *caster) list(a arrow.Array) (arrow.Array, error) {
	offsets, values := compact(kernel.ListParts(a))
	plain, err := c.part(values, c.from.(*arrow.ListType).Elem(), c.to.(*arrow.ListType).Elem())
	if err != nil {
		return nil, err
	}
	return kernel.FromLists(c.to, offsets, plain, c.valid), nil
}

// entries converts the keys and values of maps. A map with a key that cannot be converted
// cannot be, and keys that become equal are an error.
func (c *caster) entries(a arrow.Array) (arrow.Array, error) {
	offsets, entries := compact(kernel.ListParts(a))
	fromKey, fromItem := mapParts(c.from)
	key, item := mapParts(c.to)
	keys, err := c.part(kernel.StructField(entries, keyField), fromKey, key)
	if err != nil {
		return nil, err
	}
	items, err := c.part(kernel.StructField(entries, itemField), fromItem, item)
	if err != nil {
		return nil, err
	}
	if known := kernel.ValidityOf(keys); known.Nulls > 0 {
		offsets, keys, items = c.dropUnknown(offsets, known, keys, items)
	}
	if err := distinctKeys(offsets, keys); err != nil {
		return nil, err
	}
	return makeMap(c.to, offsets, keys, items, c.result())
}

// dropUnknown makes the maps fail that have a NULL among their keys.
func (c *caster) dropUnknown(offsets []int32, known kernel.Validity, keys, items arrow.Array) ([]int32, arrow.Array, arrow.Array) {
	moved, rows := make([]int32, len(offsets)), []int32{}
	for i := range c.n {
		before := len(rows)
		for j := offsets[i]; j < offsets[i+1]; j++ {
			if !known.Valid(int(j)) {
				rows = rows[:before]
				c.fail(i, nil, nil) // no error: only with try are there keys that are NULL
				break
			}
			rows = append(rows, j)
		}
		moved[i+1] = int32(len(rows))
	}
	return moved, kernel.Take(keys, rows), kernel.Take(items, rows)
}

// part converts what lists or maps consist of.
func (c *caster) part(a arrow.Array, from, to arrow.DataType) (arrow.Array, error) {
	v, err := CastFrom(from, kernel.Col(a), to, c.try, c.env, a.Len())
	if err != nil || !isString(to) {
		return v.Array, err
	}
	return kernel.Plain(v.Array)
}

// compact moves the offsets of lists so that they begin with the first of their elements.
func compact(offsets []int32, elements arrow.Array) ([]int32, arrow.Array) {
	from, last := offsets[0], offsets[len(offsets)-1]
	moved := make([]int32, len(offsets))
	for i, o := range offsets {
		moved[i] = o - from
	}
	return moved, kernel.Slice(elements, int(from), int(last))
}
