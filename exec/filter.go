package exec

// newFilter makes the operator that passes the rows for which a condition is TRUE. What
// it yields is the input's batch with a selection pending, or the batch itself when all
// its rows pass.
func newFilter(u oneInput, cond condition) Operator {
	return &streaming{oneInput: u, apply: func(b *Batch) (*Batch, error) {
		rows, err := cond.choose(b, everyRow, true)
		if err != nil || rows.size(b) == 0 {
			return nil, err
		}
		return rows.of(b), nil
	}}
}
