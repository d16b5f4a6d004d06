package storage

import (
	"context"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// merge reads the tables of several captures as one, in the order of a column of times.
// Each capture's rows keep their own order, and a row without a time stays with the one
// before it. Without such a column the captures follow each other.
type merge struct {
	scans  []Scan // of all captures
	inputs []*mergeInput
	order  int // index of the column, which may be one more than are asked for; -1: none
	dicts  []*mergedDict
}

// mergeInput is what is left of the chunk of one capture.
type mergeInput struct {
	scan  Scan
	chunk Chunk
	times []int64
	next  int // first row that is left
}

func newMerge(d declaration, captures []*Capture, opts ScanOptions) (Scan, error) {
	m := &merge{order: -1, dicts: make([]*mergedDict, len(opts.Columns))}
	for i := range m.dicts {
		m.dicts[i] = &mergedDict{remap: make([][]int32, len(captures))}
	}
	if d.orderColumn() != "" && len(opts.Columns) > 0 {
		m.order = slices.Index(opts.Columns, d.orderColumn())
		if m.order < 0 {
			m.order = len(opts.Columns)
			opts.Columns = append(slices.Clone(opts.Columns), d.orderColumn())
		}
	}
	for _, c := range captures {
		scan, err := d.scan(c, opts)
		if err != nil {
			return nil, err
		}
		m.scans = append(m.scans, scan)
		m.inputs = append(m.inputs, &mergeInput{scan: scan})
	}
	return m, nil
}

func (m *merge) Next(ctx context.Context) (Chunk, error) {
	for i, in := range m.inputs {
		if in == nil || in.chunk != nil && in.next < in.chunk.NumRows() {
			continue
		}
		err := in.refill(ctx, m.order)
		if err == io.EOF {
			m.inputs[i] = nil
			continue
		}
		if err != nil {
			return nil, err
		}
		if m.order < 0 {
			break
		}
	}
	c := &mergedChunk{dicts: m.dicts, chunks: make([]Chunk, len(m.inputs))}
	for c.add(m.inputs, m.order >= 0) {
	}
	if len(c.rows) == 0 {
		return nil, io.EOF
	}
	return c, nil
}

// Effort implements [Economical].
func (m *merge) Effort() (e Effort) {
	for _, s := range m.scans {
		if s, ok := s.(Economical); ok {
			e.Add(s.Effort())
		}
	}
	return e
}

// refill reads the next chunk.
func (in *mergeInput) refill(ctx context.Context, order int) (err error) {
	if in.chunk, err = in.scan.Next(ctx); err != nil {
		return err
	}
	in.next = 0
	if order < 0 {
		return nil
	}
	times, err := in.chunk.Column(order)
	if err != nil {
		return err
	}
	last := int64(math.MinInt64)
	if n := len(in.times); n > 0 {
		last = in.times[n-1]
	}
	in.times = slices.Clone(kernel.Values[int64](times))
	if v := kernel.ValidityOf(times); v.Nulls > 0 {
		for i := range in.times {
			if !v.Valid(i) {
				in.times[i] = last
			}
			last = in.times[i]
		}
	}
	return nil
}

func (m *merge) Close() error {
	for _, in := range m.inputs {
		if in != nil {
			in.scan.Close()
		}
	}
	m.inputs = nil
	return nil
}

// mergedChunk is rows of one chunk of each capture. Row i is row rows[i] of chunk
// from[i].
type mergedChunk struct {
	chunks []Chunk
	from   []int32
	rows   []int32
	dicts  []*mergedDict
}

// add takes the rows of the input whose next row is the earliest, as far as they are
// earlier than those of the others. It returns false when the chunk is complete, which it
// is at the latest when an input has to be refilled.
func (c *mergedChunk) add(inputs []*mergeInput, ordered bool) bool {
	best, until := -1, int64(math.MaxInt64)
	for i, in := range inputs {
		switch {
		case in == nil || in.chunk == nil:
		case !ordered:
			if best < 0 {
				best = i
			}
		case best < 0:
			best = i
		case in.times[in.next] < inputs[best].times[inputs[best].next]:
			until = min(until, inputs[best].times[inputs[best].next])
			best = i
		default:
			until = min(until, in.times[in.next])
		}
	}
	if best < 0 {
		return false
	}
	in := inputs[best]
	c.chunks[best] = in.chunk
	n := in.chunk.NumRows()
	for first := true; in.next < n; first = false {
		if ordered && !first && in.times[in.next] > until {
			break
		}
		c.from = append(c.from, int32(best))
		c.rows = append(c.rows, int32(in.next))
		in.next++
	}
	return in.next < n && len(c.rows) < batchRows
}

func (c *mergedChunk) NumRows() int { return len(c.rows) }

func (c *mergedChunk) Column(i int) (arrow.Array, error) { return c.pick(i, c.from, c.rows) }

func (c *mergedChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	return c.pick(i, gather(c.from, rows), gather(c.rows, rows))
}

// pick builds a column: the rows of each chunk one after the other, then in their order.
func (c *mergedChunk) pick(i int, from, rows []int32) (arrow.Array, error) {
	lists := make([][]int32, len(c.chunks))
	for k, f := range from {
		lists[f] = append(lists[f], rows[k])
	}
	var parts []arrow.Array
	next := make([]int32, len(c.chunks)) // where the next row of each chunk is in the parts
	total, dict := int32(0), false
	for f, list := range lists {
		next[f] = total
		total += int32(len(list))
		if len(list) == 0 {
			continue
		}
		part, err := c.chunks[f].Gather(i, list)
		if err != nil {
			return nil, err
		}
		if part.DataType().ID() == arrow.DICTIONARY {
			part, dict = c.dicts[i].recode(f, part), true
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return c.empty(i)
	}
	all, err := kernel.Concat(parts)
	if err != nil {
		return nil, err
	}
	if len(parts) > 1 {
		order := make([]int32, len(from))
		for k, f := range from {
			order[k] = next[f]
			next[f]++
		}
		all = kernel.Take(all, order)
	}
	if dict {
		return kernel.FromCodes(kernel.Values[int32](all), kernel.ValidityOf(all), c.dicts[i].array()), nil
	}
	return all, nil
}

// empty builds a column of no rows.
func (c *mergedChunk) empty(i int) (arrow.Array, error) {
	for _, chunk := range c.chunks {
		if chunk != nil {
			return chunk.Gather(i, nil)
		}
	}
	return nil, io.ErrUnexpectedEOF
}

// mergedDict is the dictionary of a column of several captures. Chunks may recode their
// columns from any goroutine.
type mergedDict struct {
	mu    sync.Mutex
	dict  dictionary
	remap [][]int32 // by capture: from its codes to those here, as far as they were met
}

// recode returns the codes here of a column of capture f.
func (d *mergedDict) recode(f int, a arrow.Array) arrow.Array {
	codes, values := kernel.Codes(a)
	d.mu.Lock()
	texts := kernel.StringsOf(values)
	for i := len(d.remap[f]); i < values.Len(); i++ {
		d.remap[f] = append(d.remap[f], d.dict.code(texts.At(i)))
	}
	remap := d.remap[f]
	d.mu.Unlock()
	v := kernel.ValidityOf(a)
	out := make([]int32, len(codes))
	for i, code := range codes {
		if v.Valid(i) {
			out[i] = remap[code]
		}
	}
	return kernel.FromValues(integer, out, v)
}

func (d *mergedDict) array() arrow.Array {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dict.array()
}
