package plan

import "tq/lang/sem"

// mergeWindows computes windows that follow each other and agree in partition and order
// as one, so that rows are partitioned and sorted once. A window further down is reached
// through others that don't depend on it or on which it doesn't depend.
func mergeWindows(_ *optimizer, root Node) Node {
	return transform(root, func(n Node) Node {
		w, ok := n.(*Window)
		if !ok {
			return n
		}
		for below, ok := w.Input.(*Window); ok; below, ok = below.Input.(*Window) {
			if !sem.EqualLists(below.PartitionBy, w.PartitionBy) || !sem.EqualKeys(below.OrderBy, w.OrderBy) ||
				!independent(w, below) {
				continue
			}
			below.Calls = append(below.Calls, w.Calls...)
			return w.Input
		}
		return n
	})
}

// independent reports whether a window uses no result of the windows between itself and
// one below it, that one included.
func independent(w, below *Window) bool {
	used := idSet{}
	references(w, func(id sem.ColID) { used[id] = true })
	for n := w.Input; ; n = n.(*Window).Input {
		for _, c := range n.(*Window).Calls {
			if used[c.Out.ID] {
				return false
			}
		}
		if n == Node(below) {
			return true
		}
	}
}
