package storage

// callFilter drops calls that cannot pass predicates on their last event's type and
// thread.
type callFilter struct{ *prefilter }

func newCallFilter(preds []Pred) callFilter {
	f := newPrefilter(nil)
	for _, p := range preds {
		switch p.Column {
		case "name":
			p.Column = "type"
			f.add(p)
		case "proc", "pid", "tid":
			f.add(p)
		}
	}
	return callFilter{f}
}

// apply returns the calls of a run that may pass.
func (f callFilter) apply(r callRows) callRows {
	if len(f.kinds) == 0 && len(f.threads) == 0 {
		return r
	}
	k := r.reading.last
	f.lookAt(k.kinds, k.Threads)
	rows := make([]int32, len(r.starts))
	n := 0
	for i, ref := range r.ends {
		if ref == noRow {
			ref = r.starts[i]
		}
		b, row := k.batches[ref.batch()], ref.row()
		rows[n] = int32(i)
		if (len(f.kinds) == 0 || f.keepKind[b.kind[row]] != 0) && f.keepsThread(k, b.thread[row]) {
			n++
		}
	}
	return r.pick(rows[:n])
}
