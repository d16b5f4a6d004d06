package exec

import (
	"sync"
	"sync/atomic"
)

// radixBits is how many bits of a word rows are distributed by at a time.
const radixBits = 11

// digitEnds counts rows by digit: the end of each digit's rows when they are distributed.
type digitEnds [1 << radixBits]int

// radix sorts rows of words of the given length by their highest digit, and then the rows
// of each digit. These are often in order already: what follows in the order is mostly
// time, in which rows come.
func (s *wordSorter) radix(rows []wordRow, bits uint) {
	ends, rest := s.distribute(rows, bits)
	start := 0
	for _, end := range ends {
		if end-start > 1 {
			s.sort(rows[start:end], rest)
		}
		start = end
		if s.ctx.Err() != nil {
			return
		}
	}
}

// distribute orders rows by the highest digit of their words in which they differ. It
// returns where the rows of each digit end and how many bits are left below it.
func (s *wordSorter) distribute(rows []wordRow, bits uint) (ends digitEnds, rest uint) {
	for {
		rest = bits - min(bits, radixBits)
		ends = digitEnds{}
		for i := range rows {
			ends[rows[i].word>>rest&(1<<radixBits-1)]++
		}
		if rest == 0 || ends[rows[0].word>>rest&(1<<radixBits-1)] < len(rows) {
			break
		}
		bits = rest // all alike in this digit
	}
	at := 0
	for d, n := range ends {
		ends[d] = at
		at += n
	}
	to := s.spare[:len(rows)]
	for _, r := range rows {
		d := r.word >> rest & (1<<radixBits - 1)
		to[ends[d]] = r
		ends[d]++
	}
	copy(rows, to)
	return ends, rest
}

// sortParts sorts a long list: it is distributed by a digit, and threads take on the parts
// of its values. A list that is in order, or nearly, isn't distributed first.
func (s *wordSorter) sortParts(rows []wordRow, cols []wordColumn) {
	alone := wordSorter{ctx: s.ctx, spare: s.spare}
	if descentsIn(rows) < len(rows)/4 {
		alone.sortBy(rows, cols)
		return
	}
	ends, rest := s.distribute(rows, cols[0].bits)
	var next atomic.Int64
	var running sync.WaitGroup
	for range s.threads {
		running.Go(func() {
			for s.ctx.Err() == nil {
				d := int(next.Add(1)) - 1
				if d >= len(ends) {
					return
				}
				start := 0
				if d > 0 {
					start = ends[d-1]
				}
				if part := rows[start:ends[d]]; len(part) > 1 {
					sorter := wordSorter{ctx: s.ctx, spare: s.spare[start:ends[d]]}
					sorter.sort(part, rest)
					sorter.breakTies(part, cols[1:])
				}
			}
		})
	}
	running.Wait()
}

// descentsIn counts the rows that come before the one above them.
func descentsIn(rows []wordRow) int {
	n := 0
	for i := 1; i < len(rows); i++ {
		n += bit(rows[i].word < rows[i-1].word)
	}
	return n
}
