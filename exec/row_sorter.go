package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// rowSorter puts the rows of batches in order. Rows that the budget has no room for are
// sorted and written to disk, as a run; in the end the runs are merged.
type rowSorter struct {
	schema  *arrow.Schema
	keys    []sortKey
	mem     *account
	size    int // rows in a batch at most
	threads int

	buffer *rowBuffer
	file   *spillFile // nil while everything fits
	runs   []spilled
	merged *runMerge
	out    slicer
}

func newRowSorter(schema *arrow.Schema, keys []sortKey, mem *account, config Config) *rowSorter {
	return &rowSorter{schema: schema, keys: keys, mem: mem, size: config.batchRows(), threads: config.threads(), buffer: newRowBuffer(schema)}
}

// add takes a batch.
func (s *rowSorter) add(ctx context.Context, b *Batch) error {
	if err := s.buffer.add(b); err != nil {
		return err
	}
	if s.mem.set(s.buffer.width()+sortBytes*int64(s.buffer.rows)) == nil {
		return nil
	}
	return s.spill(ctx)
}

// sortBytes is what sorting takes for each row: words, rows and scratch.
const sortBytes = 48

// spill writes the rows held as a run: the columns, then the keys.
func (s *rowSorter) spill(ctx context.Context) error {
	if s.file == nil {
		fields := s.schema.Fields()
		for _, k := range s.keys {
			fields = append(fields, arrow.Field{Name: "key", Type: k.typ, Nullable: true})
		}
		var err error
		if s.file, err = newSpillFile(arrow.NewSchema(fields, nil)); err != nil {
			return err
		}
	}
	all, err := s.sorted(ctx)
	if err != nil {
		return err
	}
	rows := s.mem.budget.blockRows(s.buffer.width()/int64(s.buffer.rows) + 1)
	run, err := s.writeRun(ctx, slicer{whole: all, size: rows})
	if err != nil {
		return err
	}
	s.runs = append(s.runs, run)
	s.mem.spilled(run.to - run.from)
	s.buffer = newRowBuffer(s.schema)
	s.mem.release()
	return nil
}

// makeRoom writes the rows held as a run if they take more than a quarter of the limit,
// for others of the same query.
func (s *rowSorter) makeRoom(ctx context.Context) error {
	if s.mem.held.Load() <= s.mem.budget.limit/4 {
		return nil
	}
	return s.spill(ctx)
}

// writeRun writes rows that are in order, with their keys.
func (s *rowSorter) writeRun(ctx context.Context, rows slicer) (spilled, error) {
	w := s.file.writer()
	for {
		if err := ctx.Err(); err != nil {
			return spilled{}, err
		}
		b, err := rows.next()
		if err == io.EOF {
			return w.finish()
		}
		keys, err := s.evalKeys(b)
		if err != nil {
			return spilled{}, err
		}
		if err := w.add(b.beside(NewBatch(b.NumRows(), keys...))); err != nil {
			return spilled{}, err
		}
	}
}

func (s *rowSorter) evalKeys(b *Batch) ([]arrow.Array, error) {
	keys := make([]arrow.Array, len(s.keys))
	for i, k := range s.keys {
		v, err := k.value.eval(b)
		if err != nil {
			return nil, err
		}
		keys[i] = kernel.Full(v, b.NumRows())
	}
	return keys, nil
}

// sorted returns the rows held, in order.
func (s *rowSorter) sorted(ctx context.Context) (*Batch, error) {
	all := s.buffer.batch()
	if all.NumRows() == 0 {
		return all, nil
	}
	cols, err := keyColumns(s.keys, all)
	if err != nil {
		return nil, err
	}
	if nums := plainKey(cols, all.NumRows()); nums != nil && numbersInOrder(nums, s.keys[0].desc) {
		return all, nil
	}
	order, err := sortRowsParallel(ctx, sortWordsParallel(cols, s.keys, s.threads), all.NumRows(), s.threads)
	if order == nil || err != nil {
		return all, err
	}
	return all.Take(order), nil
}

// finish is called when all batches are there.
func (s *rowSorter) finish(ctx context.Context) error {
	if len(s.runs) == 0 {
		all, err := s.sorted(ctx)
		s.out = slicer{whole: all, size: s.size}
		return err
	}
	if s.buffer.rows > 0 {
		if err := s.spill(ctx); err != nil {
			return err
		}
	}
	var err error
	s.merged, err = newRunMerge(s)
	return err
}

// next returns the next rows in order, or io.EOF.
func (s *rowSorter) next(ctx context.Context) (*Batch, error) {
	for {
		if b, err := s.out.next(); err == nil {
			return b, nil
		}
		if s.merged == nil {
			return nil, io.EOF
		}
		b, err := s.merged.next(ctx)
		if err != nil {
			return nil, err
		}
		s.out = slicer{whole: b, size: s.size}
	}
}

func (s *rowSorter) close() error {
	s.mem.release()
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.close()
}

// runMerge merges runs. It holds a block of each and orders the rows of all blocks at
// once; those up to the first last row of a block are next, as what is still on disk
// cannot come before them.
type runMerge struct {
	sorter *rowSorter
	schema *arrow.Schema
	runs   []*spillReader // nil for those that are used up
	blocks []*Batch       // nil where the next one has to be read
}

func newRunMerge(s *rowSorter) (*runMerge, error) {
	m := &runMerge{sorter: s, schema: s.file.schema, blocks: make([]*Batch, len(s.runs))}
	for _, run := range s.runs {
		r, err := run.reader()
		if err != nil {
			return nil, err
		}
		m.runs = append(m.runs, r)
	}
	return m, nil
}

// fill reads the blocks that are missing.
func (m *runMerge) fill() error {
	var held int64
	for i, r := range m.runs {
		if m.blocks[i] == nil && r != nil {
			b, err := r.next()
			if err == io.EOF {
				m.runs[i] = nil
				continue
			}
			if err != nil {
				return err
			}
			m.blocks[i] = b
		}
		if m.blocks[i] != nil {
			held += m.blocks[i].bytes()
		}
	}
	return m.sorter.mem.set(held)
}

// next returns the next rows, or io.EOF.
func (m *runMerge) next(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := m.fill(); err != nil {
		return nil, err
	}
	blocks := newRowBuffer(m.schema)
	var of []int // the run of each block in the buffer
	for i, b := range m.blocks {
		if b != nil {
			blocks.append(b)
			of = append(of, i)
		}
	}
	if len(of) == 0 {
		return nil, io.EOF
	}
	all := blocks.batch()
	order, err := m.order(ctx, all)
	if err != nil {
		return nil, err
	}
	taken := make([]int, len(of)) // rows of each block
	for i, row := range order {
		k, at := blocks.locate(int(row))
		taken[k]++
		if at == blocks.batches[k].NumRows()-1 {
			order = order[:i+1]
			break
		}
	}
	for k, run := range of {
		if rest := m.blocks[run].NumRows() - taken[k]; rest > 0 {
			m.blocks[run] = m.blocks[run].Slice(taken[k], taken[k]+rest)
		} else {
			m.blocks[run] = nil
		}
	}
	return all.Take(order).Project(upToColumn(m.sorter.schema.NumFields())), nil
}

// order sorts the rows of all blocks by the keys in their last columns.
func (m *runMerge) order(ctx context.Context, all *Batch) ([]int32, error) {
	first := m.sorter.schema.NumFields()
	cols := make([]arrow.Array, len(m.sorter.keys))
	for i := range cols {
		var err error
		if cols[i], err = all.Column(first + i); err != nil {
			return nil, err
		}
	}
	order, err := sortRows(ctx, sortWords(cols, m.sorter.keys), all.NumRows())
	if order == nil && err == nil {
		order = rowRange(0, all.NumRows())
	}
	return order, err
}

// upToColumn is 0, 1 … n-1.
func upToColumn(n int) []int {
	columns := make([]int, n)
	for i := range columns {
		columns[i] = i
	}
	return columns
}
