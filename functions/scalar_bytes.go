package functions

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tq/functions/kernel"
)

var byteFunctions = []Def{
	scalar(traceFamily, "format_bytes", "A number of bytes with a unit, in powers of 1024, and one digit behind the point; what is left is cut off.", "format_bytes(16384)", "16.0 KiB",
		sig(Varchar, formatBytes(1024, binaryUnits), BigInt)).also("formatreadablesize"),
	scalar(traceFamily, "formatreadabledecimalsize", "A number of bytes with a unit, in powers of 1000, and one digit behind the point; what is left is cut off.", "formatReadableDecimalSize(16384)", "16.3 kB",
		sig(Varchar, formatBytes(1000, decimalUnits), BigInt)),
	scalar(traceFamily, "parse_formatted_bytes", "The number of bytes that a number with a unit stands for: B, KB, MB, GB, TB in powers of 1000, KiB, MiB, GiB, TiB in powers of 1024.", "parse_formatted_bytes('16 KiB')", "16384",
		sig(UBigInt, onValues(parseBytes), Varchar)),
}

// The units by the power of 1024 or 1000 that they stand for.
var (
	binaryUnits  = []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"}
	decimalUnits = []string{"bytes", "kB", "MB", "GB", "TB", "PB"}
)

func formatBytes(base uint64, units []string) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		x := numbersOf[int64](args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			return appendBytes(b, x.at(i), base, units), true, nil
		})
	}
}

func appendBytes(b []byte, n int64, base uint64, units []string) []byte {
	whole := uint64(n)
	if n < 0 {
		b, whole = append(b, '-'), -whole
	}
	if whole == 1 {
		return append(b, "1 byte"...)
	}
	unit, rest := 0, uint64(0)
	for whole >= base && unit < len(units)-1 {
		whole, rest, unit = whole/base, whole%base, unit+1
	}
	b = strconv.AppendUint(b, whole, 10)
	if unit > 0 {
		b = append(b, '.', '0'+byte(rest*10/base))
	}
	return append(append(b, ' '), units[unit]...)
}

// bytesPerUnit are the units of sizes in lower case.
var bytesPerUnit = map[string]float64{
	"b": 1, "byte": 1, "bytes": 1,
	"k": 1e3, "kb": 1e3, "kilobyte": 1e3, "kilobytes": 1e3,
	"m": 1e6, "mb": 1e6, "megabyte": 1e6, "megabytes": 1e6,
	"g": 1e9, "gb": 1e9, "gigabyte": 1e9, "gigabytes": 1e9,
	"t": 1e12, "tb": 1e12, "terabyte": 1e12, "terabytes": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

func parseBytes(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s := textsOf(args[0])
	return fixedRows(c, args, n, func(i int) (uint64, bool, error) {
		size, err := bytesOf(s.at(i))
		return size, true, err
	})
}

// bytesOf reads a size such as 1.5 GiB. What follows the unit after a blank is not looked at.
func bytesOf(text string) (uint64, error) {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, func(c rune) bool { return !strings.ContainsRune("0123456789.eE-", c) })
	if end < 0 {
		end = len(text)
	}
	number, err := strconv.ParseFloat(text[:end], 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no size: a number and a unit are expected, such as 1.5 GiB", text)
	}
	if number < 0 {
		return 0, errors.New("a size is not negative")
	}
	unit, _, _ := strings.Cut(strings.TrimSpace(text[end:]), " ")
	factor, ok := bytesPerUnit[strings.ToLower(unit)]
	if !ok {
		return 0, fmt.Errorf("%q is no unit of a size: B, KB, MB, GB, TB, KiB, MiB, GiB or TiB is expected", unit)
	}
	if number *= factor; number >= math.MaxUint64 {
		return 0, fmt.Errorf("the size %s is out of range for UBIGINT", text)
	}
	return uint64(number), nil
}
