package exec

import (
	"context"
	"io"
	"math"
)

// limit passes some rows after leaving out the first ones, and stops reading as soon as
// it has them.
type limit struct {
	oneInput
	skip int64
	left int64 // rows still to pass; negative: all
}

func (l *limit) Next(ctx context.Context) (*Batch, error) {
	for l.left != 0 {
		b, err := l.input.Next(ctx)
		if err != nil {
			return nil, err
		}
		n := int64(b.NumRows())
		if l.skip >= n {
			l.skip -= n
			continue
		}
		from := l.skip
		l.skip = 0
		if l.left >= 0 {
			n = from + min(n-from, l.left)
			l.left -= n - from
		}
		return b.Slice(int(from), int(n)), nil
	}
	return nil, io.EOF
}

// percentLimit passes a share of the rows of its input, which it has to count first.
type percentLimit struct {
	oneInput
	percent float64
	skip    int64
	mem     *account

	buffer *rowBuffer
	passed *limit
}

func (l *percentLimit) Next(ctx context.Context) (*Batch, error) {
	if l.passed == nil {
		l.buffer = newRowBuffer(l.schema)
		if err := l.buffer.fill(ctx, l.input, l.mem); err != nil {
			return nil, err
		}
		rows := int64(math.Floor(float64(l.buffer.rows) * l.percent / 100))
		source := &bufferReader{batches: l.buffer.batches}
		l.passed = &limit{oneInput: oneInput{source, l.schema}, skip: l.skip, left: rows}
	}
	return l.passed.Next(ctx)
}

func (l *percentLimit) Close() error {
	l.mem.release()
	return l.input.Close()
}
