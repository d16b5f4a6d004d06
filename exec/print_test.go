package exec

import (
	"strconv"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// printingChunk is a chunk of columns that count from 0 and print with their number before.
type printingChunk struct {
	rows    int
	printed int // columns
}

func (c *printingChunk) NumRows() int { return c.rows }

func (c *printingChunk) Column(i int) (arrow.Array, error) {
	return c.Gather(i, rowRange(0, c.rows))
}

func (c *printingChunk) Gather(_ int, rows []int32) (arrow.Array, error) {
	values := make([]int64, len(rows))
	for i, r := range rows {
		values[i] = int64(r)
	}
	return kernel.FromValues(functions.BigInt, values, kernel.Validity{}), nil
}

func (c *printingChunk) Print(columns []int, rows []int32, print func([]kernel.Text)) error {
	var texts []kernel.Text
	for _, at := range columns {
		c.printed++
		texts = append(texts, func(dst []byte, row int) []byte {
			if rows != nil {
				row = int(rows[row])
			}
			return strconv.AppendInt(strconv.AppendInt(dst, int64(at), 10), int64(-row), 10)
		})
	}
	print(texts)
	return nil
}

// TestPrint prints columns that storage prints, of selections too, beside loaded ones.
func TestPrint(t *testing.T) {
	chunk := &printingChunk{rows: 6}
	b := newChunkBatch(chunk, 3)
	f := func(b *Batch, printed int, want string) {
		t.Helper()
		chunk.printed = 0
		var got []byte
		err := b.Print([]int{2, 0}, func(texts []kernel.Text) {
			for row := range b.NumRows() {
				got = append(texts[0](got, row), ' ')
				got = append(texts[1](got, row), ',')
			}
		})
		if err != nil || string(got) != want || chunk.printed != printed {
			t.Errorf("%d columns printed, want %d: %s, want %s; %v", chunk.printed, printed, got, want, err)
		}
	}
	f(b, 2, "20 00,2-1 0-1,2-2 0-2,2-3 0-3,2-4 0-4,2-5 0-5,")
	some := b.Select([]int32{1, 3, 5})
	f(some, 2, "2-1 0-1,2-3 0-3,2-5 0-5,")
	f(some.Slice(1, 3), 2, "2-3 0-3,2-5 0-5,")
	f(some.Take([]int32{2, -1}), 0, "5 5, ,")
	if _, err := b.Column(2); err != nil {
		t.Fatal(err)
	}
	f(b, 1, "0 00,1 0-1,2 0-2,3 0-3,4 0-4,5 0-5,")
	f(b.Select([]int32{4}), 1, "4 0-4,")
	other := newChunkBatch(&printingChunk{rows: 3}, 1)
	f(b.Select([]int32{0, 1, 2}).beside(other).Project([]int{3, 1, 0}), 1, "00 0,0-1 1,0-2 2,")
}
