package exec

import (
	"cmp"
	"context"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// morselsAhead is how many morsels a worker may be ahead of what was taken.
const morselsAhead = 3

// drainParallel has workers go through the batches of an operator side by side, and calls take
// with what each batch gave, on the caller's goroutine and in the order of the batches.
// So what depends on the order belongs into take, and what takes time into work. A worker
// is known by a number below threads, which work may use to keep things of its own, and
// gets the places of its batches in ascending order.
//
// The first error in the order of the batches ends it, as it would with one thread.
func drainParallel[T any](ctx context.Context, in Operator, threads int, work func(worker int, at place, b *Batch) (T, error), take func(T) error) error {
	if threads <= 1 {
		var at place
		return drain(ctx, in, func(b *Batch) error {
			at.batch++
			t, err := work(0, at, b)
			if err != nil {
				return err
			}
			return take(t)
		})
	}
	t := newTeam(ctx, in, threads, work)
	defer t.dismiss()
	for {
		p, err := t.next()
		if err != nil {
			return noEOF(err)
		}
		for _, result := range p.results {
			if err := take(result); err != nil {
				return err
			}
		}
		if p.err != nil {
			return p.err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// place is where a batch stands among those of an operator.
type place struct{ morsel, batch int }

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.morsel, q.morsel), cmp.Compare(p.batch, q.batch))
}

// noEOF is err unless that only says that there is no more.
func noEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// team is the workers that share the morsels of an operator.
type team[T any] struct {
	ctx     context.Context
	cancel  context.CancelFunc
	in      Operator
	work    func(worker int, at place, b *Batch) (T, error)
	workers int
	started bool
	running sync.WaitGroup
	busy    atomic.Int32 // workers that have had a morsel

	fetching sync.Mutex
	fetched  int                // guarded by fetching: how many morsels
	ended    bool               // guarded by fetching: there are no more
	room     chan struct{}      // holds a token for each morsel that was not taken yet
	pieces   chan chan piece[T] // in order; closed after the last

	// The first two morsels, fetched before any worker starts: most operators have one.
	first []morsel
}

// piece is what came out of a morsel.
type piece[T any] struct {
	results []T
	err     error
}

func newTeam[T any](ctx context.Context, in Operator, workers int, work func(worker int, at place, b *Batch) (T, error)) *team[T] {
	t := &team[T]{in: in, work: work, workers: workers}
	t.ctx, t.cancel = context.WithCancel(ctx)
	t.room = make(chan struct{}, workers*morselsAhead)
	t.pieces = make(chan chan piece[T], workers*morselsAhead+1)
	return t
}

// next returns the next piece in order, or io.EOF.
func (t *team[T]) next() (piece[T], error) {
	if !t.started {
		t.started = true
		if only, err := t.begin(); only != nil || err != nil {
			if err != nil {
				return piece[T]{}, err
			}
			return t.run(0, 0, only), nil
		}
	}
	done, more := <-t.pieces
	if !more {
		return piece[T]{}, io.EOF
	}
	p := <-done
	<-t.room
	if p.err == io.EOF {
		return p, io.EOF
	}
	return p, nil
}

// begin starts the workers, unless there is only one morsel, which it returns.
func (t *team[T]) begin() (only morsel, err error) {
	for range 2 {
		m, err := nextMorsel(t.ctx, t.in)
		if err == io.EOF && len(t.first) == 1 {
			close(t.pieces)
			return t.first[0], nil
		}
		if err != nil {
			return nil, err
		}
		t.first = append(t.first, m)
	}
	t.running.Add(t.workers)
	for worker := range t.workers {
		go func() {
			defer t.running.Done()
			if !t.step(worker) {
				return
			}
			noteThreads(t.ctx, int(t.busy.Add(1)))
			for t.step(worker) {
			}
		}()
	}
	return nil, nil
}

// step works on one morsel; false if there is none.
func (t *team[T]) step(worker int) bool {
	select {
	case t.room <- struct{}{}:
	case <-t.ctx.Done():
		return false
	}
	m, number, done := t.fetch()
	if m == nil {
		return false
	}
	done <- t.run(worker, number, m)
	return true
}

// fetch takes the next morsel and reserves the place of its results; m is nil if there
// is none.
func (t *team[T]) fetch() (m morsel, number int, done chan piece[T]) {
	t.fetching.Lock()
	defer t.fetching.Unlock()
	if t.ended {
		return nil, 0, nil
	}
	done = make(chan piece[T], 1)
	t.pieces <- done // there is room, as for the token
	m, err := t.morsel()
	if err != nil {
		t.ended = true
		done <- piece[T]{err: err}
		close(t.pieces)
		return nil, 0, nil
	}
	t.fetched++
	return m, t.fetched, done
}

func (t *team[T]) morsel() (m morsel, err error) {
	defer recovered(&err)
	if len(t.first) > 0 {
		m, t.first = t.first[0], t.first[1:]
		return m, nil
	}
	return nextMorsel(t.ctx, t.in)
}

// run works on the batches of a morsel.
func (t *team[T]) run(worker, number int, m morsel) (p piece[T]) {
	defer recovered(&p.err)
	at := place{morsel: number}
	p.err = m(func(b *Batch) error {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		at.batch++
		result, err := t.work(worker, at, b)
		if err == nil {
			p.results = append(p.results, result)
		}
		return err
	})
	return p
}

// dismiss waits for the workers to stop.
func (t *team[T]) dismiss() {
	t.cancel()
	t.running.Wait()
}

// partRows is about how many rows of parts a worker takes on at a time.
const partRows = 1 << 13

// eachPart has workers call work with the number of every part of rows; starts says where
// the parts begin and, last, where they end. Of several errors it returns that of the
// first part.
func eachPart(ctx context.Context, threads int, starts []int32, work func(worker, part int) error) error {
	parts := len(starts) - 1
	if threads <= 1 || int(starts[parts]-starts[0]) < 2*partRows {
		for part := range parts {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := work(0, part); err != nil {
				return err
			}
		}
		return nil
	}
	var mu sync.Mutex // guards what follows
	next, failed := 0, parts
	var failure error
	take := func() (from, to int) {
		mu.Lock()
		defer mu.Unlock()
		from, to = next, next
		for to < failed && starts[to]-starts[from] < partRows {
			to++
		}
		next = to
		return from, to
	}
	try := func(worker, part int) (err error) {
		defer recovered(&err)
		if err := ctx.Err(); err != nil {
			return err
		}
		return work(worker, part)
	}
	var running sync.WaitGroup
	var busy atomic.Int32
	for worker := range threads {
		running.Go(func() {
			from, to := take()
			if from < to {
				noteThreads(ctx, int(busy.Add(1)))
			}
			for ; from < to; from, to = take() {
				for part := from; part < to; part++ {
					if err := try(worker, part); err != nil {
						mu.Lock()
						if part < failed {
							failed, failure = part, err
						}
						mu.Unlock()
						break
					}
				}
			}
		})
	}
	running.Wait()
	return failure
}

// eachOf has workers call work with 0 … n-1, each of which is worth a worker.
func eachOf(ctx context.Context, threads, n int, work func(i int) error) error {
	starts := make([]int32, n+1)
	for i := range starts {
		starts[i] = int32(i * partRows)
	}
	return eachPart(ctx, threads, starts, func(_, i int) error { return work(i) })
}

// recovered makes an error of a panic.
func recovered(err *error) {
	if cause := recover(); cause != nil {
		*err = &InternalError{Cause: cause, Stack: debug.Stack()}
	}
}
