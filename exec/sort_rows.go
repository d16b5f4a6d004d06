package exec

import (
	"cmp"
	"context"
	"slices"
)

// wordRow is a row and the word it is sorted by.
type wordRow struct {
	word uint64
	row  int32
}

// compare orders by word and, as sorting is stable, by row.
func (r wordRow) compare(other wordRow) int {
	switch {
	case r.word < other.word:
		return -1
	case r.word > other.word:
		return 1
	}
	return int(r.row) - int(other.row)
}

// sortRows returns the rows 0 … n-1 in the order of their words, equal ones as they
// stand; nil means that they are in order already. It fails only when it is cancelled.
func sortRows(ctx context.Context, cols []wordColumn, n int) ([]int32, error) {
	return sortRowsParallel(ctx, cols, n, 1)
}

// sortRowsParallel is sortRows with several threads.
func sortRowsParallel(ctx context.Context, cols []wordColumn, n, threads int) ([]int32, error) {
	if inOrder(cols, n) {
		return nil, nil
	}
	rows := sortedRows(ctx, cols, n, threads)
	order := make([]int32, n)
	eachRange(threads, n, func(_, from, to int) {
		for i, r := range rows[from:to] {
			order[from+i] = r.row
		}
	})
	return order, ctx.Err()
}

func sortedRows(ctx context.Context, cols []wordColumn, n, threads int) []wordRow {
	if words := cols[0].words; threads > 1 && n >= parallelSort && descents(words) > n/64 {
		return sortParts(ctx, cols, threads)
	}
	rows := make([]wordRow, n)
	for i, w := range cols[0].words {
		rows[i] = wordRow{w, int32(i)}
	}
	s := wordSorter{ctx: ctx}
	s.sortBy(rows, cols)
	return rows
}

// inOrder reports whether no row comes before the one above it.
func inOrder(cols []wordColumn, n int) bool {
	if len(cols) == 0 {
		return true
	}
	first := cols[0].words
	for i := 1; i < n; i++ {
		if first[i-1] < first[i] {
			continue
		}
		if first[i-1] > first[i] || compareWords(cols[1:], i-1, i) > 0 {
			return false
		}
	}
	return true
}

// compareWords compares two rows.
func compareWords(cols []wordColumn, a, b int) int {
	for _, c := range cols {
		if d := cmp.Compare(c.words[a], c.words[b]); d != 0 {
			return d
		}
	}
	return 0
}

// wordSorter sorts stably. When its context is cancelled it stops, leaving some order.
type wordSorter struct {
	ctx   context.Context
	spare []wordRow
}

// scratch lends room for n rows.
func (s *wordSorter) scratch(n int) []wordRow {
	s.spare = resize(s.spare, n)
	return s.spare
}

// sortBy sorts rows by columns, the words of the first of which they hold.
func (s *wordSorter) sortBy(rows []wordRow, cols []wordColumn) {
	s.sort(rows, cols[0].bits)
	s.breakTies(rows, cols[1:])
}

// breakTies sorts rows whose first words are equal by the next columns.
func (s *wordSorter) breakTies(rows []wordRow, cols []wordColumn) {
	if len(cols) == 0 {
		return
	}
	next := cols[0]
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && rows[end].word == rows[start].word {
			end++
		}
		if tie := rows[start:end]; len(tie) > 1 {
			for i := range tie {
				tie[i].word = next.words[tie[i].row]
			}
			s.sortBy(tie, cols)
			if s.ctx.Err() != nil {
				return
			}
		}
		start = end
	}
}

const (
	// smallSort is up to where insertion needs no further thought.
	smallSort = 24
	// parallelSort is from where a list is worth sorting in parts.
	parallelSort = 1 << 15
	// radixSort is from where distributing beats comparing.
	radixSort = 1 << 10
	// repairMoves is how many rows, for each one sorted, the repair of a nearly ordered
	// list may move.
	repairMoves = 4
	// mergeRuns is how many ascending runs are merged rather than sorted anew.
	mergeRuns = 16
)

// sort sorts rows by words of the given length. Traces are mostly in order, or nearly:
// CPUs' buffers overlap a little, or captures stand one after the other. So order is
// looked for before it is made.
func (s *wordSorter) sort(rows []wordRow, bits uint) {
	descents := descentsIn(rows)
	switch {
	case descents == 0:
		return
	case len(rows) <= smallSort:
		repair(rows, len(rows)*len(rows))
	case descents < mergeRuns:
		s.merge(rows)
	case descents < len(rows)/4 && repair(rows, repairMoves*len(rows)):
		return
	case len(rows) < radixSort:
		slices.SortFunc(rows, wordRow.compare)
	default:
		s.radix(rows, bits)
	}
}

// repair sorts by insertion and gives up, leaving a permutation in which equal rows
// still stand in order, when it has moved too many rows.
func repair(rows []wordRow, moves int) bool {
	for i := 1; i < len(rows); i++ {
		r := rows[i]
		if r.word >= rows[i-1].word {
			continue
		}
		k := i
		for k > 0 && rows[k-1].word > r.word && moves > 0 {
			rows[k] = rows[k-1]
			k--
			moves--
		}
		rows[k] = r
		if moves == 0 {
			return false
		}
	}
	return true
}

// merge merges ascending runs, neighbours first.
func (s *wordSorter) merge(rows []wordRow) {
	starts := []int{0}
	for i := 1; i < len(rows); i++ {
		if rows[i].word < rows[i-1].word {
			starts = append(starts, i)
		}
	}
	starts = append(starts, len(rows))
	for len(starts) > 2 && s.ctx.Err() == nil {
		kept := starts[:1]
		for i := 0; i+2 < len(starts); i += 2 {
			s.mergeTwo(rows[starts[i]:starts[i+2]], starts[i+1]-starts[i])
			kept = append(kept, starts[i+2])
		}
		if kept[len(kept)-1] != len(rows) {
			kept = append(kept, len(rows))
		}
		starts = kept
	}
}

// mergeTwo merges rows[:mid] and rows[mid:].
func (s *wordSorter) mergeTwo(rows []wordRow, mid int) {
	left := s.scratch(mid)
	copy(left, rows)
	right := rows[mid:]
	k := 0
	for len(left) > 0 && len(right) > 0 {
		if right[0].word < left[0].word {
			rows[k], right = right[0], right[1:]
		} else {
			rows[k], left = left[0], left[1:]
		}
		k++
	}
	copy(rows[k:], left)
}
