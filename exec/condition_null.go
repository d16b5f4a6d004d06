package exec

import (
	"tq/functions/kernel"
	"tq/lang/sem"
)

// nullCondition is IS NULL, or IS NOT NULL, of a column: it reads only where values are.
type nullCondition struct {
	column int
	not    bool
}

// compileNullCondition returns nil for what isn't such a condition.
func (c *compiler) compileNullCondition(e sem.Expr) condition {
	call, ok := e.(*sem.Call)
	if !ok || len(call.Args) != 1 || call.Fn.Name != "is null" && call.Fn.Name != "is not null" {
		return nil
	}
	col, ok := call.Args[0].(*sem.ColRef)
	if !ok {
		return nil
	}
	at, ok := c.columns[col.ID]
	if !ok {
		return nil
	}
	return &nullCondition{at, call.Fn.Name == "is not null"}
}

func (c *nullCondition) choose(b *Batch, in rowSet, want bool) (rowSet, error) {
	view, err := viewColumn(b, c.column, in)
	if err != nil || view.size() == 0 {
		return rowSet{}, err
	}
	valid := kernel.RowValidity(view.vec, view.rows)
	values := c.not == want // else NULLs are wanted
	return view.choose(func(room []int32) []int32 {
		switch {
		case valid.Bits == nil && !values:
			return nil
		case valid.Bits == nil:
			return room
		}
		k := 0
		for i := range room {
			r := view.in.at(i)
			room[k] = r
			k += bit(valid.Valid(int(r)) == values)
		}
		return room[:k]
	}), nil
}
