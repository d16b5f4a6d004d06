package exectest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
)

// Random makes tables. The same seed makes the same ones.
type Random struct{ *rand.Rand }

// NewRandom seeds a generator.
func NewRandom(seed uint64) Random { return Random{rand.New(rand.NewPCG(seed, 7))} }

// Table makes a table with these columns: k and g BIGINT of few values, s and p VARCHAR
// of few values, ts TIMESTAMP that nearly ascends, d DURATION, x DOUBLE, b BOOLEAN, i
// INTEGER. nulls is the share of NULLs, for all columns: 0 to 1.
func (r Random) Table(rows int, nulls float64) *Data {
	d := &Data{
		Names: []string{"k", "g", "s", "p", "ts", "d", "x", "b", "i"},
		Types: []arrow.DataType{
			functions.BigInt, functions.BigInt, functions.Varchar, functions.Varchar, functions.Timestamp,
			functions.Duration, functions.Double, functions.Boolean, functions.Integer,
		},
	}
	at := int64(1_400_000_000_000_000_000)
	for range rows {
		at += int64(r.IntN(40)) - 8
		row := []any{
			int64(r.IntN(5)), int64(r.IntN(1 + rows/4)), r.word(4), r.word(rows),
			at, int64(r.IntN(30)), r.float(), r.IntN(2) == 0, int64(r.IntN(9) - 4),
		}
		for i := range row {
			if r.Float64() < nulls {
				row[i] = nil
			}
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

func (r Random) word(distinct int) string {
	n := r.IntN(1 + distinct)
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%c%d", 'a'+rune(n%3), n)
}

func (r Random) float() float64 {
	switch r.IntN(12) {
	case 0:
		return math.NaN()
	case 1:
		return math.Inf(1 - 2*r.IntN(2))
	case 2:
		return math.Copysign(0, -1)
	}
	return float64(r.IntN(20)-10) / 4
}
