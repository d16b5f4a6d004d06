package exec

import (
	"context"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/plan"
)

// values yields literal rows.
type values struct {
	schema *arrow.Schema
	rows   slicer
}

func newValues(n *plan.Values, c *compiler, size int) (*values, error) {
	one := NewBatch(1)
	parts := make([][]arrow.Array, len(n.Out))
	for _, row := range n.Rows {
		for i, e := range row {
			value, err := c.compile(e)
			if err != nil {
				return nil, err
			}
			v, err := value.eval(one)
			if err != nil {
				return nil, err
			}
			parts[i] = append(parts[i], v.Array)
		}
	}
	v := &values{schema: schemaOf(n.Out)}
	if len(n.Rows) == 0 {
		return v, nil
	}
	arrays := make([]arrow.Array, len(parts))
	for i := range parts {
		var err error
		if arrays[i], err = kernel.Concat(parts[i]); err != nil {
			return nil, err
		}
	}
	v.rows = slicer{whole: NewBatch(len(n.Rows), arrays...), size: size}
	return v, nil
}

func (v *values) Schema() *arrow.Schema { return v.schema }

func (v *values) Next(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return v.rows.next()
}

func (v *values) Close() error { return nil }
