package exec

import (
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
	"tq/lang/sem"
)

// stringCondition is a condition on one VARCHAR column and constants: proc = 'x', type
// IN (…), fd_name LIKE '…'. On a dictionary-encoded column it is computed once per
// distinct value, over all batches of the input, and rows are decided by their codes.
type stringCondition struct {
	column int
	direct *valueCondition // for plain strings
	byName evaluator       // the condition over a batch of just the column's values

	mu    sync.Mutex // guards what follows
	null  verdict
	known bool        // null is computed
	dict  arrow.Array // the dictionary that verdicts belongs to
	// verdicts holds what each dictionary value was found to be, undecided at first.
	verdicts  []verdict
	undecided int
	careful   bool // the condition fails for some value, so only those that occur may be tried
}

// verdict is a truth value as a bit each, so that loops test it without a branch.
type verdict uint8

const (
	undecided verdict = 0
	failed    verdict = 1 << 0
	passed    verdict = 1 << 1
	unknown   verdict = 1 << 2
)

func verdictOf(t truth) verdict {
	return [...]verdict{isFalse: failed, isTrue: passed, isNull: unknown}[t]
}

// compileStringCondition returns nil for what isn't such a condition.
func (c *compiler) compileStringCondition(e sem.Expr) (condition, error) {
	col, ok := onlyStringColumn(e)
	if !ok {
		return nil, nil
	}
	direct, err := c.compile(e)
	if err != nil {
		return nil, err
	}
	alone := &compiler{env: c.env, columns: map[sem.ColID]int{col.ID: 0}}
	byName, err := alone.compile(e)
	if err != nil {
		return nil, err
	}
	return &stringCondition{column: c.columns[col.ID], direct: &valueCondition{direct}, byName: byName}, nil
}

// onlyStringColumn returns the one column that an expression depends on, if it depends
// on nothing else and the column is VARCHAR.
func onlyStringColumn(e sem.Expr) (*sem.ColRef, bool) {
	var col *sem.ColRef
	pure := true
	sem.Walk(e, func(e sem.Expr) bool {
		switch e := e.(type) {
		case *sem.ColRef:
			pure = pure && (col == nil || col.ID == e.ID)
			col = e
		case *sem.Call:
			pure = pure && !e.Fn.Volatile
		}
		return pure
	})
	if !pure || col == nil {
		return nil, false
	}
	id := col.Typ.ID()
	return col, id == arrow.STRING || id == arrow.DICTIONARY
}

func (c *stringCondition) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	view, err := viewColumn(b, c.column, in)
	if err != nil || view.size() == 0 {
		return rowSet{}, err
	}
	if view.vec.Const || kernel.KindOf(view.vec.DataType()) != kernel.Dict {
		return c.direct.choose(b, in, want)
	}
	codes, dict := kernel.Codes(view.vec.Array)
	valid := kernel.ValidityOf(view.vec.Array)
	found, err := c.verdictsOf(codes, dict, valid, &view)
	if err != nil {
		return rowSet{}, err
	}
	mask := failed
	if want {
		mask = passed
	}
	return view.choose(func(room []int32) []int32 {
		switch {
		case valid.Bits != nil:
			return found.chooseNullable(codes, valid, view.in, mask, room)
		case view.in.all:
			return found.chooseAll(codes, mask, room)
		}
		return found.chooseListed(codes, view.in.rows, mask, room)
	}), nil
}

func (f *findings) chooseAll(codes []int32, mask verdict, hits []int32) []int32 {
	k, verdicts := 0, f.verdicts
	hits = hits[:len(codes)]
	for i, code := range codes {
		hits[k] = int32(i)
		k += bit(verdicts[code]&mask != 0)
	}
	return hits[:k]
}

func (f *findings) chooseListed(codes, rows []int32, mask verdict, hits []int32) []int32 {
	k, verdicts := 0, f.verdicts
	hits = hits[:len(rows)]
	for _, r := range rows {
		hits[k] = r
		k += bit(verdicts[codes[r]]&mask != 0)
	}
	return hits[:k]
}

func (f *findings) chooseNullable(codes []int32, valid kernel.Validity, in rowSet, mask verdict, hits []int32) []int32 {
	k := 0
	for i := range hits {
		r := i
		if !in.all {
			r = int(in.rows[i])
		}
		v := f.null
		if valid.Valid(r) {
			v = f.verdicts[codes[r]]
		}
		hits[k] = int32(r)
		k += bit(v&mask != 0)
	}
	return hits[:k]
}

// findings is what a condition says of the values of a dictionary that occur, and of NULL.
type findings struct {
	verdicts []verdict
	null     verdict
}

// verdictsOf decides the values that the rows of a view have. What it returns may be read
// without the lock: a verdict that was found never changes in its place.
func (c *stringCondition) verdictsOf(codes []int32, dict arrow.Array, valid kernel.Validity, view *columnView) (findings, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.use(dict)
	err := c.decide(codes, valid, view)
	return findings{c.verdicts, c.null}, err
}

// use makes verdicts belong to a dictionary. What was found holds on if the dictionary
// has merely grown.
func (c *stringCondition) use(dict arrow.Array) {
	if c.dict == nil || !samePrefix(c.dict, dict) {
		c.verdicts, c.undecided = nil, 0
		c.dict = dict
	}
	if grown := dict.Len() - len(c.verdicts); grown > 0 {
		c.verdicts = append(c.verdicts, make([]verdict, grown)...)
		c.undecided += grown
		c.dict = dict
	}
}

// decide computes the verdicts that the rows of a view need.
func (c *stringCondition) decide(codes []int32, valid kernel.Validity, view *columnView) error {
	if valid.Bits != nil && !c.known {
		t, err := c.test(kernel.Nulls(functions.Varchar, 1))
		if err != nil {
			return err
		}
		c.null, c.known = verdictOf(t[0]), true
	}
	if c.undecided == 0 {
		return nil
	}
	if !c.careful && c.undecided <= view.size() {
		if c.decideCodes(c.undecidedCodes()) == nil {
			return nil
		}
		c.careful = true
	}
	// Only values that occur: there are many others, or some that the condition fails
	// for, which may well be why other conditions keep them out.
	var pending []int32
	for i := range view.size() {
		r := view.in.at(i)
		if valid.Valid(int(r)) && c.verdicts[codes[r]] == undecided {
			c.verdicts[codes[r]] = unknown
			pending = append(pending, codes[r])
		}
	}
	for _, code := range pending {
		c.verdicts[code] = undecided
	}
	return c.decideCodes(pending)
}

// undecidedCodes lists the dictionary values without a verdict.
func (c *stringCondition) undecidedCodes() []int32 {
	codes := make([]int32, 0, c.undecided)
	for code, v := range c.verdicts {
		if v == undecided {
			codes = append(codes, int32(code))
		}
	}
	return codes
}

func (c *stringCondition) decideCodes(codes []int32) error {
	if len(codes) == 0 {
		return nil
	}
	rows, err := c.test(kernel.Take(c.dict, codes))
	if err != nil {
		return err
	}
	for i, code := range codes {
		c.verdicts[code] = verdictOf(rows[i])
	}
	c.undecided -= len(codes)
	return nil
}

// test evaluates the condition for some values of the column.
func (c *stringCondition) test(values arrow.Array) ([]truth, error) {
	v, err := c.byName.eval(NewBatch(values.Len(), values))
	if err != nil {
		return nil, err
	}
	return truths(kernel.Full(v, values.Len()), nil), nil
}
