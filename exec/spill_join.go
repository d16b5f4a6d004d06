package exec

import (
	"context"
	"io"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/plan"
	"tq/lang/sem"
)

// spilledJoin is a hash join whose right side has no room. Both sides are divided on disk
// by the hashes of their keys, so that rows that match are in partitions of one number (a
// grace hash join). Of each partition as many right rows as there is room for, a block,
// are joined with all its left rows at a time: a key of more rows than that takes more
// blocks. What comes out is put into the order that the join has in memory.
type spilledJoin struct {
	join   *hashJoin
	config Config
	// residual is that of the join, over left rows with their numbers beside right rows.
	residual    condition
	left, right partitionedRows
	out         restoredRows
	last        int64 // the left row that came last, to see that a single join has no other
	done        bool
}

func (q *builder) newSpilledJoin(n *plan.HashJoin, j *hashJoin) (*spilledJoin, error) {
	cols := append(slices.Clone(n.Left.Columns()), sem.Column{ID: -1, Name: "number", Type: functions.BigInt})
	residual, err := newCompiler(&q.env.Functions, append(cols, n.Right.Columns()...)).compileOptional(n.Residual)
	return &spilledJoin{join: j, config: q.env.Config, residual: residual}, err
}

// began reports whether rows went to disk.
func (s *spilledJoin) began() bool { return s != nil && s.left.keys != nil }

// joinPartitions is how many partitions the sides of a join are divided into.
const (
	joinPartitionBits = 4
	joinPartitions    = 1 << joinPartitionBits
)

// partitionedRows is one side of a join, divided by keys, with the numbers of its rows.
type partitionedRows struct {
	keys   *joinKeys
	parts  [joinPartitions]waitingRows
	number int64
}

func newPartitionedRows(schema *arrow.Schema, keys *joinKeys) partitionedRows {
	p := partitionedRows{keys: keys}
	for i := range p.parts {
		p.parts[i].schema = numberedSchema(schema)
	}
	return p
}

func (p *partitionedRows) add(b *Batch) error {
	keys, err := evalAll(p.keys.values, b)
	if err != nil {
		return err
	}
	n := b.NumRows()
	hashes, rows := make([]uint64, n), [joinPartitions][]int32{}
	for i, key := range keys {
		kernel.Hash(key, hashes, n, i > 0)
	}
	for i, h := range hashes {
		at := h >> (64 - joinPartitionBits)
		rows[at] = append(rows[at], int32(i))
	}
	b = numbered(b, p.number)
	p.number += int64(n)
	for i, some := range rows {
		if len(some) > 0 {
			if err := p.parts[i].add(b.Select(some)); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish is called when all rows are there; it returns the bytes that they take.
func (p *partitionedRows) finish() (bytes int64, err error) {
	for i := range p.parts {
		n, err := p.parts[i].finish()
		if err != nil {
			return bytes, err
		}
		bytes += n
	}
	return bytes, nil
}

func (p *partitionedRows) close() error {
	var err error
	for i := range p.parts {
		if e := p.parts[i].close(); err == nil {
			err = e
		}
	}
	return err
}

// start begins with the right rows that were read.
func (s *spilledJoin) start(read *rowBuffer) error {
	s.left = newPartitionedRows(s.join.left.Schema(), &s.join.leftKeys)
	s.right = newPartitionedRows(s.join.right.Schema(), &s.join.rightKeys)
	s.join.table = newKeyTable(s.join.types)
	s.join.mem.release()
	for _, b := range read.batches {
		if err := s.right.add(b); err != nil {
			return err
		}
	}
	return nil
}

// compute divides the left side and joins partition by partition.
func (s *spilledJoin) compute(ctx context.Context) error {
	if err := drain(ctx, s.join.left, s.left.add); err != nil {
		return err
	}
	for _, side := range []*partitionedRows{&s.left, &s.right} {
		bytes, err := side.finish()
		if err != nil {
			return err
		}
		s.join.mem.spilled(bytes)
	}
	left, right := numberedSchema(s.join.left.Schema()), numberedSchema(s.join.right.Schema())
	number := left.NumFields() - 1
	fields, numbers := left.Fields(), []int{number}
	if s.join.kind != plan.Semi && s.join.kind != plan.Anti {
		fields = append(fields, right.Fields()...)
		numbers = append(numbers, len(fields)-1)
	}
	sorter := newRowSorter(arrow.NewSchema(fields, nil), byColumns(numbers...), s.join.mem.budget.account("hash join"), s.config)
	s.out, s.last = restoredRows{sorter, without(len(fields), numbers...)}, -1
	for i := range joinPartitions {
		if err := s.joinPartition(ctx, &s.left.parts[i], &s.right.parts[i]); err != nil {
			return err
		}
	}
	return sorter.finish(ctx)
}

// joinPartition joins the rows of one partition, block by block.
func (s *spilledJoin) joinPartition(ctx context.Context, left, right *waitingRows) error {
	if err := s.out.sorter.makeRoom(ctx); err != nil {
		return err
	}
	rows := &blocks{scan: spilledScan{schema: right.schema, list: right.list}, room: s.join.mem.budget.limit / 2}
	block, err := rows.next(ctx)
	if err != nil {
		return err
	}
	lefts := left.list
	if rows.ended {
		return s.joinBlock(ctx, s.join.kind, lefts, block, s.out.sorter.add)
	}
	// Left rows that must not match, or whose matches are looked for once, are narrowed
	// down from block to block.
	rest := &waitingRows{schema: left.schema}
	defer func() { rest.close() }()
	narrow := func() error {
		without := &waitingRows{schema: left.schema}
		add := func(_ context.Context, b *Batch) error { return without.add(b) }
		if err := s.joinBlock(ctx, plan.Anti, lefts, block, add); err != nil {
			return err
		}
		bytes, err := without.finish()
		s.join.mem.spilled(bytes)
		rest.close()
		rest, lefts = without, without.list
		return err
	}
	for {
		var err error
		switch s.join.kind {
		case plan.Inner, plan.Right:
			err = s.joinBlock(ctx, s.join.kind, left.list, block, s.out.sorter.add)
		case plan.Semi:
			err = s.joinBlock(ctx, plan.Semi, lefts, block, s.out.sorter.add)
		case plan.Left, plan.Single:
			err = s.joinBlock(ctx, plan.Inner, left.list, block, s.out.sorter.add)
		case plan.Full:
			err = s.joinBlock(ctx, plan.Right, left.list, block, s.out.sorter.add)
		}
		if err != nil {
			return err
		}
		if s.join.kind != plan.Inner && s.join.kind != plan.Right {
			if err := narrow(); err != nil {
				return err
			}
		}
		if rows.ended {
			break
		}
		if err := s.out.sorter.makeRoom(ctx); err != nil {
			return err
		}
		if block, err = rows.next(ctx); err != nil {
			return err
		}
	}
	switch s.join.kind {
	case plan.Anti, plan.Left, plan.Single, plan.Full:
		kind := s.join.kind
		if kind == plan.Full {
			kind = plan.Left
		}
		return s.joinBlock(ctx, kind, lefts, newRowBuffer(right.schema), s.out.sorter.add)
	}
	return nil
}

// joinBlock joins left rows with a block in memory and hands on what comes out.
func (s *spilledJoin) joinBlock(ctx context.Context, kind plan.JoinKind, left spilled, block *rowBuffer, add func(context.Context, *Batch) error) error {
	j := &hashJoin{leftKeys: s.join.leftKeys, rightKeys: s.join.rightKeys, threads: 1, types: s.join.types}
	j.pairJoin = pairJoin{
		twoInputs: twoInputs{left: &spilledScan{schema: numberedSchema(s.join.left.Schema()), list: left},
			right: &bufferReader{schema: block.schema, batches: block.batches}},
		kind: kind, residual: s.residual, mem: s.join.mem.budget.account("hash join"), size: s.join.size,
	}
	j.prepare()
	defer j.mem.release()
	return drain(ctx, j, func(b *Batch) error { return add(ctx, b) })
}

// blocks reads rows from disk as many at a time as there is room for, with a table.
type blocks struct {
	scan  spilledScan
	room  int64
	held  *Batch // the first batch of the next block
	ended bool
}

// blockRowBytes is what a hash join takes for each row beside its columns.
const blockRowBytes = 48

func (r *blocks) next(ctx context.Context) (*rowBuffer, error) {
	block := newRowBuffer(r.scan.schema)
	for {
		b := r.held
		r.held = nil
		if b == nil {
			var err error
			if b, err = r.scan.Next(ctx); err == io.EOF {
				r.ended = true
				return block, nil
			} else if err != nil {
				return nil, err
			}
		}
		if block.rows > 0 && block.held+b.bytes()+blockRowBytes*int64(block.rows+b.NumRows()) > r.room {
			r.held = b
			return block, nil
		}
		if err := block.add(b); err != nil {
			return nil, err
		}
	}
}

// next returns the next rows of the join.
func (s *spilledJoin) next(ctx context.Context) (*Batch, error) {
	if !s.done {
		s.done = true
		if err := s.compute(ctx); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b, err := s.out.sorter.next(ctx)
	if err != nil {
		return nil, err
	}
	if s.join.kind == plan.Single {
		if err := s.checkSingle(b); err != nil {
			return nil, err
		}
	}
	return b.Project(s.out.columns), nil
}

// checkSingle fails if a left row has come before.
func (s *spilledJoin) checkSingle(b *Batch) error {
	numbers, err := b.Column(s.join.left.Schema().NumFields())
	if err != nil {
		return err
	}
	for _, n := range kernel.Values[int64](numbers) {
		if n == s.last {
			return errManyRows
		}
		s.last = n
	}
	return nil
}

func (s *spilledJoin) close() error {
	if !s.began() {
		return nil
	}
	err := s.left.close()
	if e := s.right.close(); err == nil {
		err = e
	}
	if s.out.sorter != nil {
		if e := s.out.sorter.close(); err == nil {
			err = e
		}
	}
	return err
}
