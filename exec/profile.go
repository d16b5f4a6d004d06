package exec

import (
	"context"
	"time"

	"tq/lang/plan"
)

// Profile holds what the operators of a query did, for EXPLAIN ANALYZE.
type Profile struct {
	nodes map[plan.Node]*NodeStats
}

// NodeStats is what the operator of one plan node did.
type NodeStats struct {
	Rows    int64         // yielded
	Batches int64         // yielded
	Time    time.Duration // in the operator and its inputs
	Memory  int64         // bytes held at most
}

// NewProfile makes an empty profile.
func NewProfile() *Profile { return &Profile{nodes: map[plan.Node]*NodeStats{}} }

// Node returns what the operator of a node did; false if it has none of its own.
func (p *Profile) Node(n plan.Node) (NodeStats, bool) {
	s, ok := p.nodes[n]
	if !ok {
		return NodeStats{}, false
	}
	return *s, true
}

// measured counts and times what an operator does.
type measured struct {
	Operator
	stats *NodeStats
	mem   *account
}

func (m *measured) Next(ctx context.Context) (*Batch, error) {
	start := time.Now()
	b, err := m.Operator.Next(ctx)
	m.stats.Time += time.Since(start)
	m.stats.Memory = m.mem.peak
	if b != nil {
		m.stats.Rows += int64(b.NumRows())
		m.stats.Batches++
	}
	return b, err
}
