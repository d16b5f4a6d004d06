package functions

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions/kernel"
)

// intervalTotal is a sum of intervals and their count.
type intervalTotal struct {
	months, days, nanos int64
	n                   int64
}

func (t *intervalTotal) add(o intervalTotal) error {
	nanos := t.nanos + o.nanos
	if (nanos > t.nanos) != (o.nanos > 0) && o.nanos != 0 {
		return errIntervalRange
	}
	t.months, t.days, t.nanos, t.n = t.months+o.months, t.days+o.days, nanos, t.n+o.n
	return nil
}

// intervalSum adds intervals up, or gives their mean.
type intervalSum struct {
	states[intervalTotal]
	means bool
}

func newIntervalSum(*Call) Accumulator { return &intervalSum{} }

func newIntervalMean(*Call) Accumulator { return &intervalSum{means: true} }

func (s *intervalSum) Update(groups []uint32, args []kernel.Vec, n int) error {
	a := kernel.Full(args[0], n)
	if a.DataType().ID() == arrow.NULL {
		return nil
	}
	groups, valid := s.of(groups, n), kernel.ValidityOf(a)
	for i, x := range kernel.Values[interval](a) {
		if !valid.Valid(i) {
			continue
		}
		one := intervalTotal{int64(x.Months), int64(x.Days), x.Nanoseconds, 1}
		if err := s.all[groups[i]].add(one); err != nil {
			return err
		}
	}
	return nil
}

func (s *intervalSum) Merge(other Accumulator, into []uint32) error {
	o, ok := other.(*intervalSum)
	if !ok {
		return strangers(s, other)
	}
	for g, to := range into {
		if err := s.all[to].add(o.all[g]); err != nil {
			return err
		}
	}
	return nil
}

func (s *intervalSum) result(g int) (interval, bool, error) {
	t := s.all[g]
	if t.n == 0 {
		return interval{}, false, nil
	}
	x, err := makeInterval(t.months, t.days, t.nanos)
	if err == nil && s.means {
		x, err = scaleInterval(x, 1/float64(t.n))
	}
	return x, true, err
}

func (s *intervalSum) Append(b array.Builder, g int) error {
	x, ok, err := s.result(g)
	if err != nil {
		return err
	}
	appendFixed(b, x, ok)
	return nil
}

func (s *intervalSum) Finish(n int) (arrow.Array, error) {
	return finishFixed(Interval, n, s.result)
}
