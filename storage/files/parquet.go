package files

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"tq/functions"
	"tq/functions/kernel"
	"tq/storage"
)

// parquetTable is a Parquet file. A chunk of it is a row group, whose columns are decoded
// when they are asked for.
type parquetTable struct {
	path    string
	reader  *file.Reader
	schema  *arrow.Schema
	columns []*parquetNode
	groups  []*metadata.RowGroupMetaData
}

func openParquet(src *source, _ Options) (table storage.Table, err error) {
	defer recovered(&err)
	addCodecs()
	r, err := file.NewParquetReader(src, file.WithReadProps(parquet.NewReaderProperties(pageAllocator{})))
	if err != nil {
		return nil, err
	}
	t := &parquetTable{path: src.path, reader: r}
	if t.columns, err = parquetColumns(r.MetaData().Schema); err != nil {
		return nil, err
	}
	fields := make([]arrow.Field, len(t.columns))
	for i, c := range t.columns {
		fields[i] = arrow.Field{Name: c.name, Type: c.typ, Nullable: true}
	}
	markDurations(fields, r.MetaData())
	t.schema = arrow.NewSchema(distinctNames(fields), nil)
	for i := range r.NumRowGroups() {
		g := r.RowGroup(i).MetaData()
		if n := g.NumRows(); n < 0 || n > math.MaxInt32 {
			return nil, fmt.Errorf("row group %d says that it has %d rows", i, n)
		}
		if g.NumColumns() != r.MetaData().Schema.NumColumns() {
			return nil, fmt.Errorf("row group %d has %d columns, the schema has %d", i, g.NumColumns(), r.MetaData().Schema.NumColumns())
		}
		t.groups = append(t.groups, g)
	}
	return t, nil
}

// durationsKey is the key in the metadata of a file that tq wrote of the columns that are
// DURATION, though they are stored as BIGINT: their positions, separated by commas.
const durationsKey = "tq.durations"

// markDurations makes columns DURATION that were it when the file was written.
func markDurations(fields []arrow.Field, meta *metadata.FileMetaData) {
	list := meta.KeyValueMetadata().FindValue(durationsKey)
	if list == nil {
		return
	}
	for _, digits := range strings.Split(*list, ",") {
		i, err := strconv.Atoi(digits)
		if err == nil && i >= 0 && i < len(fields) && fields[i].Type.ID() == arrow.INT64 {
			fields[i].Type = functions.Duration
		}
	}
}

// Schema implements [storage.Table].
func (t *parquetTable) Schema() *arrow.Schema { return t.schema }

// Doc implements [storage.Table].
func (t *parquetTable) Doc() storage.TableDoc { return rowDoc }

// NumRows is the number of rows.
func (t *parquetTable) NumRows() int64 {
	n := int64(0)
	for _, g := range t.groups {
		n += g.NumRows()
	}
	return n
}

// Scan implements [storage.Table].
func (t *parquetTable) Scan(_ context.Context, opts storage.ScanOptions) (storage.Scan, error) {
	columns, err := columnsNamed(t.schema, opts.Columns)
	if err != nil {
		return nil, err
	}
	s := &parquetScan{table: t, columns: columns, used: make([]bool, len(columns))}
	for i, g := range t.groups {
		if g.NumRows() > 0 && !t.excluded(g, opts.Preds) {
			s.groups = append(s.groups, i)
		}
	}
	return s, nil
}

// parquetScan yields the row groups that may have rows that are looked for. While one is
// looked at, another processor decodes those columns of the next one that were asked for
// in this.
type parquetScan struct {
	table   *parquetTable
	columns []int
	groups  []int

	current, ahead *parquetChunk
	used           []bool // which columns of the scan were asked for so far
}

func (s *parquetScan) Next(ctx context.Context) (storage.Chunk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.current != nil {
		s.current.addUsed(s.used)
	}
	if s.ahead != nil {
		s.current, s.ahead = s.ahead, nil
	} else if s.current = s.begin(); s.current == nil {
		return nil, io.EOF
	}
	if runtime.GOMAXPROCS(0) > 1 && slices.Contains(s.used, true) {
		if s.ahead = s.begin(); s.ahead != nil {
			go s.ahead.decode(slices.Clone(s.used))
		}
	}
	return s.current, nil
}

// begin starts the next row group; nil after the last one.
func (s *parquetScan) begin() *parquetChunk {
	if len(s.groups) == 0 {
		return nil
	}
	g := s.groups[0]
	s.groups = s.groups[1:]
	return &parquetChunk{table: s.table, group: g, columns: s.columns, cells: make([]parquetCell, len(s.columns))}
}

func (s *parquetScan) Close() error {
	s.groups, s.ahead = nil, nil
	return nil
}

// parquetChunk is a row group.
type parquetChunk struct {
	table   *parquetTable
	group   int
	columns []int
	cells   []parquetCell // by column of the scan
}

// parquetCell is a column of a row group, once it is decoded.
type parquetCell struct {
	asked atomic.Bool // rows of it were looked at
	once  sync.Once
	array arrow.Array
	err   error
}

func (c *parquetChunk) NumRows() int { return int(c.table.groups[c.group].NumRows()) }

func (c *parquetChunk) Column(i int) (arrow.Array, error) {
	c.cells[i].asked.Store(true)
	return c.decoded(i)
}

// decoded decodes a column, if that was not done yet.
func (c *parquetChunk) decoded(i int) (arrow.Array, error) {
	cell := &c.cells[i]
	cell.once.Do(func() {
		node := c.table.columns[c.columns[i]]
		cell.array, cell.err = readParquetColumn(c.table.reader.RowGroup(c.group), node, c.NumRows())
		if cell.err != nil {
			cell.err = fmt.Errorf("%s: column %s: %w", c.table.path, node.name, cell.err)
			return
		}
		if typ := c.table.schema.Field(c.columns[i]).Type; typ.ID() == arrow.DURATION {
			cell.array = kernel.Retype(cell.array, typ)
		}
	})
	return cell.array, cell.err
}

func (c *parquetChunk) Gather(i int, rows []int32) (arrow.Array, error) {
	a, err := c.Column(i)
	if err != nil {
		return nil, err
	}
	return kernel.Filter(a, rows), nil
}

// addUsed marks the columns that have been asked for.
func (c *parquetChunk) addUsed(used []bool) {
	for i := range c.cells {
		if c.cells[i].asked.Load() {
			used[i] = true
		}
	}
}

// decode decodes columns ahead of their use. Errors are found again where they matter.
func (c *parquetChunk) decode(columns []bool) {
	for i, wanted := range columns {
		if wanted {
			_, _ = c.decoded(i)
		}
	}
}

// pageAllocator makes buffers for pages. Sizes come from the file, which may be damaged:
// no writer makes pages that are nearly as large as it would accept.
type pageAllocator struct{}

const maxPage = 1 << 30

func (pageAllocator) Allocate(size int) []byte {
	if size < 0 || size > maxPage {
		panic(fmt.Errorf("a page says that it has %d bytes", size))
	}
	return make([]byte, size)
}

func (p pageAllocator) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		return b[:size]
	}
	grown := p.Allocate(size)
	copy(grown, b)
	return grown
}

func (pageAllocator) Free([]byte) {}
