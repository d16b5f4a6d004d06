package exec

import (
	"context"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/plan"
	"tq/storage"
)

// scan reads a table. Its batches are views of the table's chunks: nothing is decoded
// until an operator asks for a column.
type scan struct {
	schema  *arrow.Schema
	table   storage.Table
	options storage.ScanOptions
	size    int // rows in a batch at most

	open storage.Scan
	rest slicer
	done bool
}

func newScan(n *plan.Scan, table storage.Table, size int) *scan {
	return &scan{schema: schemaOf(n.Out), table: table, size: size, options: scanOptions(n)}
}

func scanOptions(n *plan.Scan) storage.ScanOptions {
	o := storage.ScanOptions{Qualifier: n.Qualifier, Limit: n.Limit, Preds: storagePreds(n.Preds)}
	for _, c := range n.Out {
		o.Columns = append(o.Columns, c.Name)
	}
	return o
}

// Scans lists the scans that there will be when a plan is run, for
// [storage.Catalog.Expect].
func Scans(p *plan.Plan) []storage.Expected {
	var scans []storage.Expected
	for _, n := range p.Scans() {
		scans = append(scans, storage.Expected{Table: n.Table, ScanOptions: scanOptions(n)})
	}
	return scans
}

// storagePreds turns the hints of a plan into those that storage takes.
func storagePreds(preds []plan.Pred) []storage.Pred {
	ops := [...]storage.PredOp{
		plan.PredEq: storage.PredEq,
		plan.PredNe: storage.PredNe,
		plan.PredLt: storage.PredLt,
		plan.PredLe: storage.PredLe,
		plan.PredGt: storage.PredGt,
		plan.PredGe: storage.PredGe,
		plan.PredIn: storage.PredIn,

		plan.PredDistinct: storage.PredDistinct,
	}
	out := make([]storage.Pred, len(preds))
	for i, p := range preds {
		out[i] = storage.Pred{Column: p.Column, Op: ops[p.Op], Value: p.Value}
	}
	return out
}

func (s *scan) Schema() *arrow.Schema { return s.schema }

func (s *scan) Next(ctx context.Context) (*Batch, error) {
	if b, err := s.rest.next(); err == nil {
		return b, nil
	}
	var err error
	if s.rest, err = s.chunk(ctx); err != nil {
		return nil, err
	}
	return s.rest.next()
}

// nextMorsel makes a morsel of a chunk of the table.
func (s *scan) nextMorsel(ctx context.Context) (morsel, error) {
	rest, err := s.chunk(ctx)
	return rest.morsel(), err
}

// chunk returns the next chunk of the table, to be read in batches.
func (s *scan) chunk(ctx context.Context) (slicer, error) {
	if err := ctx.Err(); err != nil {
		return slicer{}, err
	}
	if s.done {
		return slicer{}, io.EOF
	}
	if s.open == nil {
		var err error
		if s.open, err = s.table.Scan(ctx, s.options); err != nil {
			return slicer{}, err
		}
	}
	chunk, err := s.open.Next(ctx)
	if err != nil {
		s.done = err == io.EOF
		return slicer{}, err
	}
	return slicer{whole: newChunkBatch(chunk, len(s.options.Columns)), size: s.size}, nil
}

// effort returns what the scan had to look at.
func (s *scan) effort() storage.Effort {
	if e, ok := s.open.(storage.Economical); ok {
		return e.Effort()
	}
	return storage.Effort{}
}

func (s *scan) Close() error {
	s.done = true
	if s.open == nil {
		return nil
	}
	open := s.open
	s.open = nil
	return open.Close()
}
