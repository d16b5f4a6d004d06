package functions

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const windows = "window"

var rankWindows = []Def{
	{
		Name: "row_number", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The number of the row in its partition, from 1.",
		Example: "row_number() OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "1",
		Overloads: []Overload{{Args: types(), Ret: BigInt, Window: rankOf(func(_ *Partition, i int) int64 { return int64(i) + 1 }), Ordered: orderedRank(orderedRowNumber)}},
	},
	{
		Name: "rank", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "One more than the number of rows that come before the row; rows that are equal in the order share a rank, and ranks are left out after them.",
		Example: "rank() OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "1",
		Overloads: []Overload{{Args: types(), Ret: BigInt, Window: rankOf(func(p *Partition, i int) int64 { return int64(p.Peer[i]) + 1 }), Ordered: orderedRank(orderedPeerRank)}},
	},
	{
		Name: "dense_rank", Aliases: []string{"rank_dense"}, Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The number of the row's group of equals in the order, without gaps.",
		Example: "dense_rank() OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "1",
		Overloads: []Overload{{Args: types(), Ret: BigInt, Window: denseRank}},
	},
	{
		Name: "percent_rank", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The rank as a share: (rank - 1) / (rows - 1).",
		Example: "percent_rank() OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "0.0",
		Overloads: []Overload{{Args: types(), Ret: Double, Window: shareOf(func(p *Partition, i int) float64 {
			if p.N == 1 {
				return 0
			}
			return float64(p.Peer[i]) / float64(p.N-1)
		}), Ordered: orderedShare(orderedPercentRank)}},
	},
	{
		Name: "cume_dist", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The share of rows that come before the row or are equal to it in the order.",
		Example: "cume_dist() OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "1.0",
		Overloads: []Overload{{Args: types(), Ret: Double, Window: shareOf(func(p *Partition, i int) float64 {
			return float64(p.PeerEnd[i]) / float64(p.N)
		}), Ordered: orderedShare(orderedCumeDist)}},
	},
	{
		Name: "ntile", Kind: Window, Family: windows, Nulls: SeesNulls,
		Doc:     "The number of the bucket, from 1, when the rows are divided into that many buckets as evenly as can be.",
		Example: "ntile(4) OVER (ORDER BY x) FROM (VALUES (7)) t(x)", Result: "1",
		Overloads: []Overload{{Args: types(BigInt), Ret: BigInt, Window: ntile, Ordered: orderedNtile}},
	},
}

func rankOf(f func(p *Partition, i int) int64) WindowFunc {
	return func(_ *Call, p *Partition, _ []kernel.Vec) (arrow.Array, error) {
		out := make([]int64, p.N)
		for i := range out {
			out[i] = f(p, i)
		}
		return kernel.FromValues(BigInt, out, kernel.Validity{}), nil
	}
}

func shareOf(f func(p *Partition, i int) float64) WindowFunc {
	return func(_ *Call, p *Partition, _ []kernel.Vec) (arrow.Array, error) {
		out := make([]float64, p.N)
		for i := range out {
			out[i] = f(p, i)
		}
		return kernel.FromValues(Double, out, kernel.Validity{}), nil
	}
}

func denseRank(_ *Call, p *Partition, _ []kernel.Vec) (arrow.Array, error) {
	out := make([]int64, p.N)
	rank := int64(0)
	for i := range out {
		if int(p.Peer[i]) == i {
			rank++
		}
		out[i] = rank
	}
	return kernel.FromValues(BigInt, out, kernel.Validity{}), nil
}

func ntile(_ *Call, p *Partition, args []kernel.Vec) (arrow.Array, error) {
	return ntiles(p, args, func(i int) (place, n int64) { return int64(i), int64(p.N) })
}

// ntiles divides rows into buckets, each by its place, from 0, among so many.
func ntiles(p *Partition, args []kernel.Vec, placeOf func(i int) (place, n int64)) (arrow.Array, error) {
	buckets, valid := kernel.Values[int64](args[0].Array), kernel.RowValidity(args[0], p.N)
	m := step(args[0])
	out := make([]int64, p.N)
	for i := range out {
		if !valid.Valid(i) {
			continue
		}
		n := buckets[i&m]
		if n <= 0 {
			return nil, errors.New("ntile needs a number of buckets that is greater than 0")
		}
		// The first `rest` buckets have one row more than the others.
		place, all := placeOf(i)
		size, rest := all/n, all%n
		if large := rest * (size + 1); place < large {
			out[i] = place/(size+1) + 1
		} else {
			out[i] = rest + (place-large)/max(size, 1) + 1
		}
	}
	return kernel.FromValues(BigInt, out, valid), nil
}
