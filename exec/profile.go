package exec

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"tq/lang/plan"
	"tq/storage"
)

// Profile holds what the operators of a query did, for EXPLAIN ANALYZE.
type Profile struct {
	nodes map[plan.Node]*NodeStats
}

// NodeStats is what the operator of one plan node did.
type NodeStats struct {
	Rows    int64          // yielded
	Batches int64          // yielded
	Threads int            // that worked on it, at most at a time; at least 1
	Time    time.Duration  // in the operator and its inputs, of all goroutines
	Memory  int64          // bytes held at most
	Spilled int64          // bytes written to disk
	Effort  storage.Effort // of a scan
	Choice  string         // how the operator went about it, if there was more than one way
}

// chooser is an operator that decides by its input how to go about its work.
type chooser interface {
	// choice says what it decided; empty while it hasn't.
	choice() string
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
	mem     *account
	running atomic.Int32 // morsels

	mu    sync.Mutex // guards stats
	stats *NodeStats
}

func (m *measured) Next(ctx context.Context) (*Batch, error) {
	start := time.Now()
	b, err := m.Operator.Next(m.known(ctx))
	m.note(b, time.Since(start))
	return b, err
}

// nextMorsel measures morsels too. What is done with their batches is not the operator's.
func (m *measured) nextMorsel(ctx context.Context) (morsel, error) {
	start := time.Now()
	inner, err := nextMorsel(m.known(ctx), m.Operator)
	m.note(nil, time.Since(start))
	if err != nil {
		return nil, err
	}
	return func(yield func(*Batch) error) error {
		m.noteThreads(int(m.running.Add(1)))
		defer m.running.Add(-1)
		start := time.Now()
		err := inner(func(b *Batch) error {
			m.note(b, time.Since(start))
			err := yield(b)
			start = time.Now()
			return err
		})
		m.note(nil, time.Since(start))
		return err
	}, nil
}

// measuredKey is where a context tells which operator is at work.
type measuredKey struct{}

func (m *measured) known(ctx context.Context) context.Context {
	return context.WithValue(ctx, measuredKey{}, m)
}

// noteThreads says that the operator at work uses so many threads.
func noteThreads(ctx context.Context, n int) {
	if m, ok := ctx.Value(measuredKey{}).(*measured); ok {
		m.noteThreads(n)
	}
}

func (m *measured) noteThreads(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Threads = max(m.stats.Threads, n)
}

// Close takes over what a scan had to look at, and what the operator decided.
func (m *measured) Close() error {
	m.mu.Lock()
	if s, ok := m.Operator.(*scan); ok {
		m.stats.Effort.Add(s.effort())
	}
	if c, ok := m.Operator.(chooser); ok && c.choice() != "" {
		m.stats.Choice = c.choice()
	}
	m.mu.Unlock()
	return m.Operator.Close()
}

func (m *measured) note(b *Batch, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Time += took
	m.stats.Memory = max(m.stats.Memory, m.mem.peak.Load())
	m.stats.Spilled = max(m.stats.Spilled, m.mem.disk.Load())
	if b != nil {
		m.stats.Rows += int64(b.NumRows())
		m.stats.Batches++
	}
}
