package exec

import (
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/lang/sem"
)

// inEval is IN over a list of constants, whatever its length.
type inEval struct {
	arg     evaluator
	list    arrow.Array // without NULLs
	members sync.Pool   // of *memberSet; looking up needs tables of one's own
	found   truth       // what a member of the list yields
	missing truth       // what any other value yields
}

// memberSet finds the members of a list.
type memberSet struct {
	encoder keyEncoder
	codes   []uint32
}

func (c *compiler) compileInList(e *sem.InList) (evaluator, error) {
	arg, err := c.compile(e.Arg)
	if err != nil {
		return nil, err
	}
	return newInEval(arg, e.List, e.Not), nil
}

func newInEval(arg evaluator, list arrow.Array, not bool) *inEval {
	in := &inEval{arg: arg, found: isTrue, missing: isFalse}
	if not {
		in.found, in.missing = isFalse, isTrue
	}
	var values []int32
	for i := range list.Len() {
		if list.IsValid(i) {
			values = append(values, int32(i))
		}
	}
	if len(values) < list.Len() {
		in.missing = isNull // it might equal the NULL
	}
	in.list = kernel.Take(list, values)
	in.members.New = func() any {
		encoder := newKeyEncoder(list.DataType())
		encoder.encode(in.list, make([]uint32, len(values)), true)
		return &memberSet{encoder: encoder}
	}
	return in
}

func (e *inEval) eval(b *Batch) (kernel.Vec, error) {
	v, err := e.arg.eval(b)
	if err != nil {
		return kernel.Vec{}, err
	}
	members := e.members.Get().(*memberSet)
	defer e.members.Put(members)
	members.codes = resize(members.codes, v.Len())
	members.encoder.encode(v.Array, members.codes, false)
	rows := make([]truth, v.Len())
	for i, code := range members.codes {
		switch {
		case v.IsNull(i):
			rows[i] = isNull
		case code == noCode:
			rows[i] = e.missing
		default:
			rows[i] = e.found
		}
	}
	return kernel.Vec{Array: truthArray(rows), Const: v.Const}, nil
}
