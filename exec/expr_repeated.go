package exec

import (
	"slices"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// repeatedEval is an expression that an operator's expressions contain several times. It
// is computed once a batch.
type repeatedEval struct{ value evaluator }

func (e *repeatedEval) eval(b *Batch) (kernel.Vec, error) {
	return b.once(e, func() (kernel.Vec, error) { return e.value.eval(b) })
}

// repeated is an expression that was found several times; eval is nil until it is compiled.
type repeated struct {
	expr sem.Expr
	eval *repeatedEval
}

// manyExpressions is from how many parts of expressions on it isn't worth while to look
// for equal ones.
const manyExpressions = 200

// findRepeated has the compiler share what occurs several times in the given expressions.
func (c *compiler) findRepeated(exprs ...sem.Expr) {
	var seen []sem.Expr
	for _, e := range exprs {
		sem.Walk(e, func(e sem.Expr) bool {
			if !worthSharing(e) {
				return true
			}
			if slices.ContainsFunc(seen, func(s sem.Expr) bool { return sem.Equal(s, e) }) {
				if c.repeatedOf(e) == nil {
					c.repeated = append(c.repeated, &repeated{expr: e})
				}
				return false // its parts come with it
			}
			if len(seen) < manyExpressions {
				seen = append(seen, e)
			}
			return true
		})
	}
}

// worthSharing tells what takes time to compute and is the same each time. A CASE isn't
// computed for all rows, nor are its parts.
func worthSharing(e sem.Expr) bool {
	switch e.(type) {
	case *sem.Call, *sem.Cast:
		return !sem.Any(e, isVolatile)
	}
	return false
}

func (c *compiler) repeatedOf(e sem.Expr) *repeated {
	for _, r := range c.repeated {
		if sem.Equal(r.expr, e) {
			return r
		}
	}
	return nil
}

// once returns what compute returned for the same key before. Goroutines that ask at the
// same time may both compute it.
func (b *Batch) once(key *repeatedEval, compute func() (kernel.Vec, error)) (kernel.Vec, error) {
	b.mu.Lock()
	v, known := b.repeated[key]
	b.mu.Unlock()
	if known {
		return v, nil
	}
	v, err := compute()
	if err != nil {
		return v, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.repeated == nil {
		b.repeated = map[*repeatedEval]kernel.Vec{}
	}
	b.repeated[key] = v
	return v, nil
}
