package exec

import "context"

// puller is [drainParallel] for operators that yield as they go: it hands out, in the order
// of the batches, what workers made of them.
type puller[T any] struct {
	in      Operator
	threads int
	work    func(worker int, at place, b *Batch) (T, error)

	team  *team[T] // nil with one thread
	at    place    // of the last batch, with one thread
	ready []T
	err   error // that comes after what is ready
}

// next returns what was made of the next batch, io.EOF after the last.
func (p *puller[T]) next(ctx context.Context) (none T, err error) {
	if p.threads <= 1 {
		b, err := p.in.Next(ctx)
		if err != nil {
			return none, err
		}
		p.at.batch++
		return p.work(0, p.at, b)
	}
	if p.team == nil {
		p.team = newTeam(ctx, p.in, p.threads, p.work)
	}
	for len(p.ready) == 0 {
		if p.err != nil {
			return none, p.err
		}
		made, err := p.team.next()
		if err != nil {
			return none, err
		}
		p.ready, p.err = made.results, made.err
	}
	made := p.ready[0]
	p.ready = p.ready[1:]
	return made, nil
}

// stop waits for the workers to stop.
func (p *puller[T]) stop() {
	if p.team != nil {
		p.team.dismiss()
	}
}
