package exec

import (
	"context"
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
	ends.toStarts()
	to := s.scratch(len(rows))
	for _, r := range rows {
		d := r.word >> rest & (1<<radixBits - 1)
		to[ends[d]] = r
		ends[d]++
	}
	copy(rows, to)
	return ends, rest
}

// sortParts sorts the rows of words that are in no order: they are distributed by a digit,
// and threads take on the rows of its values.
func sortParts(ctx context.Context, cols []wordColumn, threads int) []wordRow {
	rows, ends, rest := distributed(cols[0])
	noteThreads(ctx, threads)
	var next atomic.Int64
	var running sync.WaitGroup
	for range threads {
		running.Go(func() {
			s := wordSorter{ctx: ctx}
			for ctx.Err() == nil {
				d := int(next.Add(1)) - 1
				if d >= len(ends) {
					return
				}
				start := 0
				if d > 0 {
					start = ends[d-1]
				}
				if part := rows[start:ends[d]]; len(part) > 1 {
					s.sort(part, rest)
					s.breakTies(part, cols[1:])
				}
			}
		})
	}
	running.Wait()
	return rows
}

// distributed is [wordSorter.distribute] of the rows of a column, not all of which are
// equal.
func distributed(col wordColumn) (rows []wordRow, ends digitEnds, rest uint) {
	for bits := col.bits; ; bits = rest {
		rest = bits - min(bits, radixBits)
		ends = digitEnds{}
		for _, w := range col.words {
			ends[w>>rest&(1<<radixBits-1)]++
		}
		if rest == 0 || ends[col.words[0]>>rest&(1<<radixBits-1)] < len(col.words) {
			break
		}
	}
	ends.toStarts()
	rows = make([]wordRow, len(col.words))
	for i, w := range col.words {
		d := w >> rest & (1<<radixBits - 1)
		rows[ends[d]] = wordRow{w, int32(i)}
		ends[d]++
	}
	return rows, ends, rest
}

// toStarts turns numbers of rows into where the rows of each digit begin.
func (e *digitEnds) toStarts() {
	at := 0
	for d, n := range e {
		e[d] = at
		at += n
	}
}

// descents counts the words that are less than the one before.
func descents(words []uint64) int {
	n := 0
	for i := 1; i < len(words); i++ {
		n += bit(words[i] < words[i-1])
	}
	return n
}

// descentsIn counts the rows that come before the one above them.
func descentsIn(rows []wordRow) int {
	n := 0
	for i := 1; i < len(rows); i++ {
		n += bit(rows[i].word < rows[i-1].word)
	}
	return n
}
