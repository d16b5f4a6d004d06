package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/ast"
	"tq/lang/sem"
	"tq/lang/source"
)

// windowCall computes one window function or aggregate over the partitions of a layout.
type windowCall struct {
	def         *functions.Def
	call        functions.Call
	body        functions.WindowFunc
	accumulate  functions.NewAccumulator // when there is no body
	args        []evaluator
	filter      condition // nil without
	distinct    bool
	orderBy     []sortKey
	ignoreNulls bool
	frame       framer
	carry       carrying
	shift       int         // for LAG, negative, and LEAD that carry values
	aggregator  *aggregator // of all rows of each partition; nil for what is no aggregate
	at          source.Span
}

func newWindowCall(n *sem.WindowCall, c *compiler) (*windowCall, error) {
	w := &windowCall{
		def: n.Fn, body: n.Overload.Window, accumulate: n.Overload.Accumulate,
		distinct: n.Distinct, ignoreNulls: n.IgnoreNulls, at: n.At,
	}
	switch {
	case w.accumulate != nil && (n.Distinct || len(n.OrderBy) > 0):
		w.body = nil // a body knows frames, but not what else an aggregate may be asked
	case len(n.OrderBy) > 0:
		w.body = n.Overload.Ordered
	}
	w.call = functions.Call{Args: exprTypes(n.Args), Ret: n.Out.Type, Env: c.env}
	var err error
	if w.args, err = c.compileAll(n.Args); err != nil {
		return nil, err
	}
	if w.filter, err = c.compileOptional(n.Filter); err != nil {
		return nil, err
	}
	if w.orderBy, err = c.compileSortKeys(n.OrderBy); err != nil {
		return nil, err
	}
	w.setCarry(n)
	if w.accumulate != nil {
		if w.aggregator, err = newAggregator(&n.AggCall, c); err != nil {
			return nil, err
		}
	}
	w.frame, err = newFramer(&n.Frame, c, n.At)
	return w, err
}

// windowArgs is what a call computes from, in window order.
type windowArgs struct {
	args []kernel.Vec
	skip []bool       // rows that don't take part; nil: all do
	by   []wordColumn // the aggregate's own order
}

// compute returns the results in window order.
func (w *windowCall) compute(ctx context.Context, all *Batch, layout *windowLayout, threads int) (arrow.Array, error) {
	in, err := w.evalArgs(all, layout)
	if err != nil {
		return nil, err
	}
	offsets, err := w.frame.evalOffsets(all, layout)
	if err != nil {
		return nil, err
	}
	need := w.needs()
	if need.peers {
		layout.keyWords() // before several goroutines ask for them
	}
	pieces := w.pieces(layout, offsets)
	starts := make([]int32, 0, len(pieces)+1)
	for _, p := range pieces {
		starts = append(starts, int32(p.from))
	}
	parts := make([]arrow.Array, len(pieces))
	scratch := make([]partitionScratch, threads)
	err = eachPart(ctx, threads, append(starts, int32(layout.n)), func(worker, k int) error {
		piece := pieces[k]
		p := scratch[worker].partition(piece.high-piece.low, need)
		p.IgnoreNulls = w.ignoreNulls
		if need.peers {
			layout.peers(piece.low, p.Peer, p.PeerEnd)
		}
		if need.frames {
			w.frame.bound(p, offsets, piece.low)
		}
		arr, err := w.partition(ctx, p, in.slice(piece.low, piece.high))
		if err != nil {
			return located(err, w.at)
		}
		parts[k] = kernel.Slice(arr, piece.from-piece.low, piece.to-piece.low)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return kernel.Concat(parts)
}

// windowPiece is a stretch of window order, from … to, and the rows that its frames reach.
type windowPiece struct{ from, to, low, high int }

// pieceRows is how many rows a piece of a partition has.
const pieceRows = 1 << 14

// pieces are the partitions, or parts of them where frames are so short that parts can be
// computed one by one.
func (w *windowCall) pieces(layout *windowLayout, offsets *frameOffsets) []windowPiece {
	before, after, short := w.reach(offsets)
	pieces := make([]windowPiece, 0, len(layout.starts)-1)
	for k, start := range layout.starts[:len(layout.starts)-1] {
		first, end := int(start), int(layout.starts[k+1])
		if !short {
			pieces = append(pieces, windowPiece{first, end, first, end})
			continue
		}
		for from := first; from < end; from += pieceRows {
			to := min(from+pieceRows, end)
			pieces = append(pieces, windowPiece{from, to, max(from-before, first), min(to+after, end)})
		}
	}
	return pieces
}

// reach tells how many rows before and after a row its frame may have; short is false
// unless they are few and the same for all rows.
func (w *windowCall) reach(o *frameOffsets) (before, after int, short bool) {
	f := w.frame.frame
	if w.def.Kind != functions.Aggregate || w.body == nil || f.Unit != ast.Rows || f.Exclude != ast.ExcludeNoOthers {
		return 0, 0, false
	}
	for _, b := range []struct {
		kind ast.BoundKind
		by   offsets
	}{{f.Start.Kind, o.start}, {f.End.Kind, o.end}} {
		switch {
		case b.kind == ast.CurrentRow:
			continue
		case b.kind == ast.UnboundedPreceding || b.kind == ast.UnboundedFollowing ||
			len(b.by.ints) != 1 || b.by.ints[0] > pieceRows/4:
			return 0, 0, false
		case b.kind == ast.Preceding:
			before = max(before, int(b.by.ints[0]))
		default:
			after = max(after, int(b.by.ints[0]))
		}
	}
	return before, after, true
}

func (w *windowCall) partition(ctx context.Context, p *functions.Partition, in windowArgs) (arrow.Array, error) {
	p.Skip = in.skip
	if len(in.by) > 0 {
		p.Compare = func(a, b int) int { return compareWords(in.by, a, b) }
	}
	if w.body != nil {
		return w.body(&w.call, p, in.args)
	}
	return w.aggregate(ctx, p, in)
}

// evalArgs evaluates what the call needs of the rows and brings it into window order.
func (w *windowCall) evalArgs(all *Batch, layout *windowLayout) (windowArgs, error) {
	var in windowArgs
	var err error
	if in.args, err = evalAll(w.args, all); err != nil {
		return in, err
	}
	for i, arg := range in.args {
		if !arg.Const {
			in.args[i].Array = layout.arrange(arg.Array)
		}
	}
	if w.filter != nil {
		passing, err := w.filter.choose(all, everyRow, true)
		if err != nil {
			return in, err
		}
		in.skip = skipOthers(passing, layout)
	}
	if w.body == nil && w.def.Nulls == functions.NullIfAnyNull {
		in.skipNulls(layout.n)
	}
	if len(w.orderBy) > 0 {
		by, err := keyColumns(w.orderBy, all)
		if err != nil {
			return in, err
		}
		for i := range by {
			by[i] = layout.arrange(by[i])
		}
		in.by = sortWords(by, w.orderBy)
	}
	return in, nil
}

// skipOthers marks, in window order, the rows of the input that are not in a set.
func skipOthers(passing rowSet, layout *windowLayout) []bool {
	if passing.all {
		return nil
	}
	skip := make([]bool, layout.n)
	for i := range skip {
		skip[i] = true
	}
	for _, r := range passing.rows {
		skip[r] = false
	}
	if layout.order == nil {
		return skip
	}
	arranged := make([]bool, layout.n)
	for i, r := range layout.order {
		arranged[i] = skip[r]
	}
	return arranged
}

// skipNulls marks the rows with a NULL argument.
func (in *windowArgs) skipNulls(n int) {
	for _, arg := range in.args {
		valid := kernel.RowValidity(arg, n)
		if valid.Bits == nil {
			continue
		}
		if in.skip == nil {
			in.skip = make([]bool, n)
		}
		for i := range in.skip {
			in.skip[i] = in.skip[i] || !valid.Valid(i)
		}
	}
}

// slice is the part of one partition.
func (in windowArgs) slice(start, end int) windowArgs {
	out := windowArgs{args: make([]kernel.Vec, len(in.args)), by: make([]wordColumn, len(in.by))}
	for i, arg := range in.args {
		out.args[i] = arg
		if !arg.Const {
			out.args[i].Array = kernel.Slice(arg.Array, start, end)
		}
	}
	for i, c := range in.by {
		out.by[i] = wordColumn{c.words[start:end], c.bits}
	}
	if in.skip != nil {
		out.skip = in.skip[start:end]
	}
	return out
}

// windowNeeds is what a call wants to know about its partitions.
type windowNeeds struct{ peers, frames bool }

// needs says what has to be computed for the call: most functions that go by position
// look at neither frames nor peers, and computing them takes longer than the function.
func (w *windowCall) needs() windowNeeds {
	if len(w.orderBy) > 0 {
		return windowNeeds{peers: true, frames: true}
	}
	if f := w.frame.frame; w.def.Kind == functions.Aggregate && f.Unit == ast.Rows && f.Exclude == ast.ExcludeNoOthers {
		return windowNeeds{frames: true}
	}
	switch w.def.Name {
	case "row_number", "lag", "lead", "ntile":
		return windowNeeds{}
	case "rank", "dense_rank", "percent_rank", "cume_dist":
		return windowNeeds{peers: true}
	}
	return windowNeeds{peers: true, frames: true}
}

// partitionScratch lends the slices of partitions, one after the other.
type partitionScratch struct{ peer, peerEnd, start, end []int32 }

func (s *partitionScratch) partition(n int, need windowNeeds) *functions.Partition {
	p := &functions.Partition{N: n}
	if need.peers {
		s.peer, s.peerEnd = resize(s.peer, n), resize(s.peerEnd, n)
		p.Peer, p.PeerEnd = s.peer, s.peerEnd
	}
	if need.frames {
		s.start, s.end = resize(s.start, n), resize(s.end, n)
		p.Start, p.End = s.start, s.end
	}
	return p
}

// excludes makes the parts of frames that EXCLUDE leaves.
func excludes(kind ast.FrameExclude, p *functions.Partition) func(i int, f func(start, end int)) {
	if kind == ast.ExcludeNoOthers {
		return nil
	}
	return func(i int, f func(start, end int)) {
		start, end := int(p.Start[i]), int(p.End[i])
		from, to := int(p.Peer[i]), int(p.PeerEnd[i])
		if kind == ast.ExcludeCurrentRow {
			from, to = i, i+1
		}
		part := func(a, b int) {
			if a, b = max(a, start), min(b, end); a < b {
				f(a, b)
			}
		}
		part(start, from)
		if kind == ast.ExcludeTies {
			part(i, i+1)
		}
		part(to, end)
	}
}
