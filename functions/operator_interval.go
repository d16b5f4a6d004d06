package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// What + - and * do with intervals.
var (
	intervalSums = []Overload{
		sig(Interval, eachInterval2(addIntervals), Interval, Interval),
		sig(Timestamp, moveTime(identical), Timestamp, Interval),
		sig(Timestamp, swapped(moveTime(identical)), Interval, Timestamp),
		sig(Time, moveClock(identical), Time, Interval),
		sig(Time, swapped(moveClock(identical)), Interval, Time),
		sig(Interval, identity, Interval),
	}
	intervalDifferences = []Overload{
		sig(Interval, eachInterval2(func(x, y interval) (interval, error) { return addIntervals(x, negateInterval(y)) }), Interval, Interval),
		sig(Timestamp, moveTime(negateInterval), Timestamp, Interval),
		sig(Time, moveClock(negateInterval), Time, Interval),
		sig(Interval, negateIntervals, Interval),
	}
	intervalProducts = []Overload{
		sig(Interval, eachInterval2(multiplyInterval), Interval, BigInt),
		sig(Interval, swapped(eachInterval2(multiplyInterval)), BigInt, Interval),
		sig(Interval, eachInterval2(scaleInterval), Interval, Double),
		sig(Interval, swapped(eachInterval2(scaleInterval)), Double, Interval),
	}
)

func identical(x interval) interval { return x }

// eachInterval2 computes an interval from one and something else.
func eachInterval2[T kernel.Fixed](f func(x interval, y T) (interval, error)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(x interval, y T) (interval, bool, error) {
			r, err := f(x, y)
			return r, true, err
		})
	}
}

func negateIntervals(_ *Call, args []kernel.Vec, _ int) (kernel.Vec, error) {
	return kernel.MapFixed(args[0], Interval, negateInterval), nil
}

// divideIntervals is NULL for a divisor of zero.
func divideIntervals(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	return mapRows2(c, args, n, func(x interval, y float64) (interval, bool, error) {
		if y == 0 {
			return interval{}, false, nil
		}
		r, err := scaleInterval(x, 1/y)
		return r, true, err
	})
}

// moveTime adds an interval, changed by f, to a timestamp.
func moveTime(f func(interval) interval) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		zone := c.Env.Zone
		return mapRows2(c, args, n, func(ns int64, x interval) (int64, bool, error) {
			r, err := later(ns, f(x), zone)
			return r, true, err
		})
	}
}

// moveClock adds an interval, changed by f, to a time of day, around midnight; months and
// days leave it where it is.
func moveClock(f func(interval) interval) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		return mapRows2(c, args, n, func(t int64, x interval) (int64, bool, error) {
			_, r := floorDiv(t+f(x).Nanoseconds%nanosPerDay, nanosPerDay)
			return r, true, nil
		})
	}
}

var errRangeSigns = errors.New("the months, days and the rest of a step must have one sign")

// calendarRange makes lists of times, each an interval later than the one before.
func calendarRange(closed bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		if anyNullConst(args) {
			return nullOf(c), nil
		}
		n = rowCount(args, n)
		from, to, step := numbersOf[int64](args[0]), numbersOf[int64](args[1]), numbersOf[interval](args[2])
		valid, offsets := validAll(args, n), make([]int32, n+1)
		var values []int64
		for i := range n {
			if valid.Valid(i) {
				var err error
				if values, err = appendTimes(values, from.at(i), to.at(i), step.at(i), closed, c.Env); err != nil {
					return kernel.Vec{}, err
				}
			}
			offsets[i+1] = int32(len(values))
		}
		flat := kernel.FromValues(c.Ret.(*arrow.ListType).Elem(), values, kernel.Validity{})
		return column(args, kernel.FromLists(c.Ret, offsets, flat, valid)), nil
	}
}

// appendTimes appends the times from one to another in steps.
func appendTimes(values []int64, from, to int64, step interval, closed bool, env *Env) ([]int64, error) {
	up := step.Months > 0 || step.Days > 0 || step.Nanoseconds > 0
	down := step.Months < 0 || step.Days < 0 || step.Nanoseconds < 0
	switch {
	case up && down:
		return nil, errRangeSigns
	case !up && !down:
		return values, nil
	}
	for t := from; up && t < to || down && t > to || closed && t == to; {
		if len(values) >= maxElements {
			return nil, errLongRange
		}
		values = append(values, t)
		var err error
		if t, err = later(t, step, env.Zone); err != nil {
			return values, nil // what comes next lies beyond all times
		}
	}
	return values, nil
}
