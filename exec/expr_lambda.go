package exec

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
	"tq/lang/source"
)

// lambdaEval applies an expression to the elements of lists: all elements of a batch are
// one batch, with a row each, to the expression.
type lambdaEval struct {
	kind     sem.LambdaKind
	typ      arrow.DataType
	list     evaluator
	init     evaluator // nil: the first element
	captures []evaluator
	numbered bool // the body takes the elements' numbers
	body     evaluator
	at       source.Span
}

func (c *compiler) compileLambda(e *sem.ListLambda) (evaluator, error) {
	out := &lambdaEval{kind: e.Kind, typ: e.Typ, at: e.At}
	out.numbered = len(e.Params) > 1 && (e.Kind != sem.Reduce || len(e.Params) > 2)
	columns := e.Params
	for _, capture := range e.Captures {
		columns = append(columns, capture.Out)
		eval, err := c.compile(capture.Expr)
		if err != nil {
			return nil, err
		}
		out.captures = append(out.captures, eval)
	}
	var err error
	if out.list, err = c.compile(e.List); err != nil {
		return nil, err
	}
	if e.Init != nil {
		if out.init, err = c.compile(e.Init); err != nil {
			return nil, err
		}
	}
	out.body, err = newCompiler(c.env, columns).compile(e.Body)
	return out, err
}

// elements are the elements of the lists of n rows: element e is row rows[e] of values,
// and belongs to the list of row owners[e].
type elements struct {
	lists        *functions.Lists
	rows, owners []int32
	numbers      []int64 // counted from 1
}

func elementsOf(v kernel.Vec, n int) *elements {
	e := &elements{lists: functions.ListsOf(v, n)}
	for i := range n {
		from, to := e.lists.At(i)
		for j := from; j < to; j++ {
			e.rows, e.owners, e.numbers = append(e.rows, j), append(e.owners, int32(i)), append(e.numbers, int64(j-from)+1)
		}
	}
	return e
}

func (l *lambdaEval) eval(b *Batch) (kernel.Vec, error) {
	v, err := l.list.eval(b)
	if err != nil {
		return kernel.Vec{}, err
	}
	if v.Const && kernel.ValidityOf(v.Array).Nulls > 0 {
		return kernel.Const(kernel.Nulls(l.typ, 1)), nil
	}
	captured, err := evalAll(l.captures, b)
	if err != nil {
		return kernel.Vec{}, err
	}
	n := b.NumRows()
	all := elementsOf(v, n)
	switch l.kind {
	case sem.Reduce:
		return l.reduce(b, all, captured)
	case sem.Filter:
		return l.filter(all, captured, n)
	}
	values, err := l.apply(all, captured)
	if err != nil {
		return kernel.Vec{}, err
	}
	offsets := make([]int32, n+1)
	for _, owner := range all.owners {
		offsets[owner+1]++
	}
	for i := range n {
		offsets[i+1] += offsets[i]
	}
	return kernel.Col(kernel.FromLists(l.typ, offsets, values, all.lists.Valid)), nil
}

// apply evaluates the body for all elements.
func (l *lambdaEval) apply(all *elements, captured []kernel.Vec) (arrow.Array, error) {
	if len(all.rows) == 0 {
		elem := l.typ
		if lt, ok := elem.(*arrow.ListType); ok && l.kind == sem.Transform {
			elem = lt.Elem()
		}
		return kernel.Nulls(elem, 0), nil
	}
	batch := NewBatch(len(all.rows), kernel.Take(all.lists.Values, all.rows))
	return l.evalBody(batch, all.numbers, all.owners, captured)
}

// evalBody evaluates the body for a batch of parameters, to which the elements' numbers and
// the captures of their rows are added.
func (l *lambdaEval) evalBody(batch *Batch, numbers []int64, owners []int32, captured []kernel.Vec) (arrow.Array, error) {
	if l.numbered {
		batch = batch.with(kernel.Col(kernel.FromValues(functions.BigInt, numbers, kernel.Validity{})))
	}
	for _, c := range captured {
		if !c.Const {
			c = kernel.Col(kernel.Take(c.Array, owners))
		}
		batch = batch.with(c)
	}
	v, err := l.body.eval(batch)
	if err != nil {
		return nil, err
	}
	return kernel.Plain(kernel.Full(v, batch.NumRows()))
}

func (l *lambdaEval) filter(all *elements, captured []kernel.Vec, n int) (kernel.Vec, error) {
	var kept []int32
	if len(all.rows) > 0 {
		keep, err := l.apply(all, captured)
		if err != nil {
			return kernel.Vec{}, err
		}
		kept = kernel.SelectTrue(kernel.Col(keep), nil, len(all.rows))
	}
	offsets, rows := make([]int32, n+1), make([]int32, len(kept))
	for i, e := range kept {
		rows[i] = all.rows[e]
		offsets[all.owners[e]+1]++
	}
	for i := range n {
		offsets[i+1] += offsets[i]
	}
	return kernel.Col(kernel.FromLists(l.typ, offsets, kernel.Take(all.lists.Values, rows), all.lists.Valid)), nil
}

var errEmptyReduce = errors.New("list_reduce of an empty list needs a value to begin with")

// reduce goes through the lists of all rows at once: step k takes element k of each list
// that has one.
func (l *lambdaEval) reduce(b *Batch, all *elements, captured []kernel.Vec) (kernel.Vec, error) {
	n := b.NumRows()
	first := int32(0)
	var sums arrow.Array
	if l.init != nil {
		v, err := l.init.eval(b)
		if err != nil {
			return kernel.Vec{}, err
		}
		sums = kernel.Full(v, n)
	} else {
		rows := make([]int32, n)
		for i := range rows {
			from, to := all.lists.At(i)
			switch {
			case !all.lists.Valid.Valid(i):
				rows[i] = -1
			case from == to:
				return kernel.Vec{}, located(errEmptyReduce, l.at)
			default:
				rows[i] = from
			}
		}
		begin, err := functions.Cast(kernel.Col(kernel.TakeNullable(all.lists.Values, rows)), l.typ, false, nil, n)
		if err != nil {
			return kernel.Vec{}, located(err, l.at)
		}
		sums, first = begin.Array, 1
	}
	for k := first; ; k++ {
		var owners, rows []int32
		for i := range n {
			if from, to := all.lists.At(i); from+k < to {
				owners, rows = append(owners, int32(i)), append(rows, from+k)
			}
		}
		if len(owners) == 0 {
			break
		}
		numbers := make([]int64, len(owners))
		for i := range numbers {
			numbers[i] = int64(k) + 1
		}
		batch := NewBatch(len(owners), kernel.Take(sums, owners), kernel.Take(all.lists.Values, rows))
		next, err := l.evalBody(batch, numbers, owners, captured)
		if err != nil {
			return kernel.Vec{}, err
		}
		if sums, err = replaceRows(sums, owners, next); err != nil {
			return kernel.Vec{}, err
		}
	}
	return kernel.Col(kernel.WithValidity(sums, kernel.ValidityOf(sums).And(all.lists.Valid, n))), nil
}

// replaceRows returns an array with some of its rows replaced, in order, by those of
// another.
func replaceRows(a arrow.Array, rows []int32, by arrow.Array) (arrow.Array, error) {
	both, err := kernel.Concat([]arrow.Array{a, by})
	if err != nil {
		return nil, err
	}
	from := rowRange(0, a.Len())
	for i, r := range rows {
		from[r] = int32(a.Len() + i)
	}
	return kernel.Take(both, from), nil
}
