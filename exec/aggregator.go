package exec

import (
	"context"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
	"tq/lang/source"
)

// aggregator feeds the rows of batches to one aggregate of a GROUP BY: it drops the rows
// that FILTER, DISTINCT and NULL arguments keep out and holds rows back that ORDER BY
// wants in another order.
type aggregator struct {
	call   functions.Call
	acc    functions.Accumulator
	nulls  functions.NullPolicy
	args   []evaluator
	filter condition // nil without
	at     source.Span

	distinct *distinctRows // nil without
	ordered  *orderedRows  // nil without
	partial  bool          // to be merged into another: distinct rows are kept for it

	ids []uint32
}

func newAggregator(a *sem.AggCall, c *compiler) (*aggregator, error) {
	agg := &aggregator{nulls: a.Fn.Nulls, at: a.At}
	agg.call = functions.Call{Args: exprTypes(a.Args), Ret: a.Out.Type, Env: c.env}
	agg.acc = a.Overload.Accumulate(&agg.call)
	var err error
	if agg.args, err = c.compileAll(a.Args); err != nil {
		return nil, err
	}
	if agg.filter, err = c.compileOptional(a.Filter); err != nil {
		return nil, err
	}
	if a.Distinct {
		agg.distinct = newDistinctRows(agg.call.Args)
	}
	if len(a.OrderBy) > 0 {
		agg.ordered, err = newOrderedRows(a.OrderBy, c)
	}
	return agg, err
}

// aggInput is what an aggregate takes of a batch.
type aggInput struct {
	rows  rowSet // of the batch
	batch *Batch // just these rows
	args  []kernel.Vec
}

func (in *aggInput) size() int { return in.batch.NumRows() }

// prepare evaluates what the aggregate needs of a batch. Any number of goroutines may
// call it.
func (a *aggregator) prepare(b *Batch) (*aggInput, error) {
	in := &aggInput{rows: everyRow, batch: b}
	if a.filter != nil {
		var err error
		if in.rows, err = a.filter.choose(b, everyRow, true); err != nil {
			return nil, err
		}
		if in.rows.size(b) == 0 {
			return nil, nil
		}
		in.batch = in.rows.of(b)
	}
	var err error
	if in.args, err = evalAll(a.args, in.batch); err != nil {
		return nil, err
	}
	if a.nulls == functions.NullIfAnyNull {
		in.keep(withoutNulls(in.args, in.size()))
	}
	if in.size() == 0 {
		return nil, nil
	}
	return in, nil
}

// keep leaves some of the rows.
func (in *aggInput) keep(rows rowSet) {
	if rows.all || len(rows.rows) == in.size() {
		return
	}
	for i, arg := range in.args {
		if !arg.Const {
			in.args[i] = kernel.Col(kernel.Filter(arg.Array, rows.rows))
		}
	}
	in.batch = in.batch.Select(rows.rows)
	if !in.rows.all {
		for i, r := range rows.rows {
			rows.rows[i] = in.rows.rows[r]
		}
	}
	in.rows = rows
}

// add gives the accumulator what was prepared of a batch, nil if that is nothing; ids are
// the groups of the batch's rows, nil if there is only one group.
func (a *aggregator) add(in *aggInput, ids []uint32, groups int) error {
	a.acc.Grow(groups)
	if in == nil {
		return nil
	}
	return a.addRows(&aggRows{batch: in.batch, n: in.size(), ids: a.pick(ids, in.rows), args: in.args})
}

func (a *aggregator) addRows(rows *aggRows) error {
	if a.distinct != nil {
		*rows = rows.where(a.distinct.fresh(rows))
	}
	switch {
	case rows.n == 0:
		return nil
	case a.ordered != nil:
		return a.ordered.add(rows)
	case a.distinct != nil && a.partial:
		a.distinct.keep(rows)
		return nil
	}
	return located(a.acc.Update(rows.ids, rows.args, rows.n), a.at)
}

// pick returns the groups of some rows.
func (a *aggregator) pick(ids []uint32, in rowSet) []uint32 {
	if in.all || ids == nil {
		return ids
	}
	a.ids = resize(a.ids, len(in.rows))
	for i, r := range in.rows {
		a.ids[i] = ids[r]
	}
	return a.ids
}

// mergeable reports whether the aggregate may be computed in parts, whatever rows are in
// which, and still yield the same.
func (a *aggregator) mergeable() bool {
	acc, ok := a.acc.(functions.Unordered)
	return ok && acc.Unordered() && a.ordered == nil
}

// merge adds what a partial aggregator of the same call found: its group g is into[g]
// here.
func (a *aggregator) merge(other *aggregator, into []uint32, groups int) error {
	a.acc.Grow(groups)
	if a.distinct == nil {
		other.acc.Grow(len(into))
		return located(a.acc.Merge(other.acc, into), a.at)
	}
	for _, rows := range other.distinct.kept {
		for i, id := range rows.ids {
			rows.ids[i] = into[id]
		}
		if err := a.addRows(&rows); err != nil {
			return err
		}
	}
	return nil
}

// finish returns the results of n groups.
func (a *aggregator) finish(ctx context.Context, n int) (arrow.Array, error) {
	a.acc.Grow(n)
	if a.ordered != nil {
		if err := a.ordered.feed(ctx, a.acc); err != nil {
			return nil, located(err, a.at)
		}
	}
	arr, err := a.acc.Finish(n)
	return arr, located(err, a.at)
}

func (a *aggregator) bytes() int64 {
	n := a.acc.Bytes()
	if a.distinct != nil {
		n += a.distinct.bytes()
	}
	if a.ordered != nil {
		n += a.ordered.bytes
	}
	return n
}

// aggRows is rows on their way to an accumulator.
type aggRows struct {
	batch *Batch
	n     int
	ids   []uint32
	args  []kernel.Vec
}

// where keeps some of the rows.
func (r aggRows) where(in rowSet) aggRows {
	if in.all || len(in.rows) == r.n {
		return r
	}
	out := aggRows{batch: r.batch.Select(in.rows), n: len(in.rows), args: make([]kernel.Vec, len(r.args))}
	if r.ids != nil {
		out.ids = make([]uint32, out.n)
		for i, row := range in.rows {
			out.ids[i] = r.ids[row]
		}
	}
	for i, arg := range r.args {
		out.args[i] = arg
		if !arg.Const {
			out.args[i] = kernel.Col(kernel.Filter(arg.Array, in.rows))
		}
	}
	return out
}

// withoutNulls returns the rows in which no argument is NULL.
func withoutNulls(args []kernel.Vec, n int) rowSet {
	var valid kernel.Validity
	for _, arg := range args {
		valid = valid.And(kernel.RowValidity(arg, n), n)
	}
	if valid.Bits == nil {
		return everyRow
	}
	return rowSet{rows: kernel.SelectBits(valid.Bits, make([]int32, 0, n-valid.Nulls), n)}
}

// distinctRows finds the first row of each distinct combination of group and arguments.
type distinctRows struct {
	encoders []keyEncoder
	packer   *codePacker
	codes    [][]uint32
	sizes    []int
	numbers  []uint32
	kept     []aggRows // of a partial aggregate
	held     int64     // their bytes
}

func newDistinctRows(types []arrow.DataType) *distinctRows {
	d := &distinctRows{packer: newCodePacker(len(types) + 1)}
	for _, dt := range types {
		d.encoders = append(d.encoders, newKeyEncoder(dt))
	}
	d.codes, d.sizes = make([][]uint32, len(types)+1), make([]int, len(types)+1)
	return d
}

func (d *distinctRows) fresh(r *aggRows) rowSet {
	for i, e := range d.encoders {
		d.codes[i] = resize(d.codes[i], r.n)
		encodeVec(e, r.args[i], d.codes[i], true)
		d.sizes[i] = e.size()
	}
	last := len(d.encoders)
	if r.ids != nil {
		d.codes[last] = r.ids
	} else {
		d.codes[last] = make([]uint32, r.n)
	}
	for _, id := range d.codes[last] {
		d.sizes[last] = max(d.sizes[last], int(id)+1)
	}
	known := d.packer.groups()
	d.numbers = resize(d.numbers, r.n)
	d.packer.pack(d.codes, d.sizes, d.numbers, true)
	return rowSet{rows: newGroups(d.numbers, known, nil)}
}

// keep holds distinct rows for the aggregate that they are to be merged into.
func (d *distinctRows) keep(r *aggRows) {
	d.kept = append(d.kept, aggRows{batch: NewBatch(r.n), n: r.n, ids: slices.Clone(r.ids), args: r.args})
	for _, arg := range r.args {
		if !arg.Const {
			d.held += arrayBytes(arg.Array)
		}
	}
}

func (d *distinctRows) bytes() int64 {
	n := d.packer.bytes() + d.held
	for _, e := range d.encoders {
		n += e.bytes()
	}
	return n
}

// orderedRows holds rows back until all are there, and then feeds them to an accumulator
// in order.
type orderedRows struct {
	keys  []sortKey
	rows  [][]arrow.Array // of the arguments, by column and batch
	by    [][]arrow.Array // of the sort keys
	ids   []uint32
	some  bool // ids are in use
	n     int
	bytes int64
}

func newOrderedRows(keys []sem.SortKey, c *compiler) (*orderedRows, error) {
	compiled, err := c.compileSortKeys(keys)
	return &orderedRows{keys: compiled, by: make([][]arrow.Array, len(keys))}, err
}

func (o *orderedRows) add(r *aggRows) error {
	if o.rows == nil {
		o.rows = make([][]arrow.Array, len(r.args))
	}
	for i, arg := range r.args {
		arr := kernel.Full(arg, r.n)
		o.rows[i] = append(o.rows[i], arr)
		o.bytes += arrayBytes(arr)
	}
	for i, key := range o.keys {
		v, err := key.value.eval(r.batch)
		if err != nil {
			return err
		}
		arr := kernel.Full(v, r.n)
		o.by[i] = append(o.by[i], arr)
		o.bytes += arrayBytes(arr)
	}
	if r.ids != nil {
		o.some = true
		o.ids = append(o.ids, r.ids...)
	}
	o.n += r.n
	return nil
}

// feed gives the rows to an accumulator, ordered; a group's rows among those of others.
func (o *orderedRows) feed(ctx context.Context, acc functions.Accumulator) error {
	if o.n == 0 {
		return nil
	}
	by := make([]arrow.Array, len(o.by))
	for i, parts := range o.by {
		var err error
		if by[i], err = kernel.Concat(parts); err != nil {
			return err
		}
	}
	order, err := sortRows(ctx, sortWords(by, o.keys), o.n)
	if err != nil {
		return err
	}
	args := make([]kernel.Vec, len(o.rows))
	for i, parts := range o.rows {
		arr, err := kernel.Concat(parts)
		if err != nil {
			return err
		}
		if order != nil {
			arr = kernel.Take(arr, order)
		}
		args[i] = kernel.Col(arr)
	}
	ids := o.ids
	if o.some && order != nil {
		ids = make([]uint32, o.n)
		for i, r := range order {
			ids[i] = o.ids[r]
		}
	}
	return acc.Update(ids, args, o.n)
}
