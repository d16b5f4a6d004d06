package functions

import (
	"errors"
	"math"

	"tq/functions/kernel"
)

var barFunctions = []Def{
	scalar(stringFamily, "bar", "A bar of block characters, as long as x lies between min and max; width, 80 unless given, is how many characters it takes at max and is filled with blanks.",
		"bar(3.3, 0, 10, 10) || '|'", "███▎      |",
		sig(Varchar, barRows[float64], Double, Double, Double, Double).optional(1),
		sig(Varchar, barRows[int64], Duration, Duration, Duration, Double).optional(1)),
	displayWidth,
}

// displayWidth lets queries draw pictures that fit.
var displayWidth = Def{
	Name: "display_width", Kind: Scalar, Family: stringFamily,
	Doc:     "How many columns a line may have where results are shown: those of the terminal, or 100 where there is none.",
	Example: "display_width() >= 1", Result: "true",
	Overloads: []Overload{{Args: types(), Ret: BigInt, Eval: func(c *Call, _ []kernel.Vec, _ int) (kernel.Vec, error) {
		width := int64(c.Env.Width)
		if width == 0 {
			width = defaultDisplayWidth
		}
		return kernel.Const(kernel.OfInt64(width)), nil
	}}},
}

const (
	defaultDisplayWidth = 100
	defaultBarWidth     = 80
	maxBarWidth         = 1000
)

// eighths are the characters that fill so many eighths of their place.
var eighths = [8]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}

var (
	errBarWidth  = errors.New("the width of a bar must be between 1 and 1000")
	errBarLength = errors.New("the length of a bar must be finite")
)

func barRows[T int64 | float64](c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	x, least, most := numbersOf[T](args[0]), numbersOf[T](args[1]), numbersOf[T](args[2])
	width := orElse(args, 3, float64(defaultBarWidth))
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		room := width.at(i)
		if !(room >= 1 && room <= maxBarWidth) {
			return nil, false, errBarWidth
		}
		length := barLength(float64(x.at(i)), float64(least.at(i)), float64(most.at(i)), room)
		if math.IsNaN(length) || math.IsInf(length, 0) {
			return nil, false, errBarLength
		}
		return appendBar(b, length, room), true, nil
	})
}

// barLength is how many characters long a bar is. It is computed step by step as DuckDB
// does, so that the same eighths come out.
func barLength(x, least, most, room float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsNaN(least) || math.IsNaN(most) || x <= least:
		return 0
	case x >= most:
		return room
	}
	return room * (x - least) / (most - least)
}

// appendBar appends a bar, cut down to whole eighths, and blanks up to the room.
func appendBar(b []byte, length, room float64) []byte {
	inEighths := int(length * 8)
	b = AppendBlocks(b, inEighths)
	for range int(room - float64((inEighths+7)/8)) {
		b = append(b, ' ')
	}
	return b
}

// AppendBlocks appends a bar of so many eighths of a character.
func AppendBlocks(b []byte, inEighths int) []byte {
	for range inEighths / 8 {
		b = append(b, "█"...)
	}
	return append(b, eighths[inEighths%8]...)
}
