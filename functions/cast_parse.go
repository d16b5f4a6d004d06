package functions

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

// parse converts VARCHAR to anything.
func (c *caster) parse(s kernel.Strings) (arrow.Array, error) {
	switch kernel.KindOf(c.to) {
	case kernel.Bool:
		return c.parseBools(s)
	case kernel.Int8:
		return parseInts[int8](c, s)
	case kernel.Int16:
		return parseInts[int16](c, s)
	case kernel.Uint8:
		return parseInts[uint8](c, s)
	case kernel.Uint16:
		return parseInts[uint16](c, s)
	case kernel.Uint32:
		return parseInts[uint32](c, s)
	case kernel.Uint64:
		return parseValues(c, s, func(text string) (uint64, error) { return parseUint64(text) })
	case kernel.Float32:
		return parseValues(c, s, func(text string) (float32, error) {
			f, err := parseFloat(text, 32)
			return float32(f), err
		})
	case kernel.Float64:
		return parseValues(c, s, func(text string) (float64, error) { return parseFloat(text, 64) })
	case kernel.Decimal:
		precision, scale := decimalShape(c.to)
		return parseValues(c, s, func(text string) (decimal128.Num, error) { return parseDecimalText(text, precision, scale) })
	case kernel.String:
		return c.parseBlobs(s)
	case kernel.List:
		return c.parseLists(s)
	}
	switch c.to.ID() {
	case arrow.DATE32:
		return parseValues(c, s, parseDate)
	case arrow.TIME64:
		return parseValues(c, s, parseClock)
	case arrow.TIMESTAMP:
		return parseValues(c, s, func(text string) (int64, error) { return ParseTimestamp(text, c.env.Zone) })
	case arrow.DURATION:
		return parseValues(c, s, ParseDuration)
	case arrow.INTERVAL_MONTH_DAY_NANO:
		return parseValues(c, s, ParseInterval)
	case arrow.INT32:
		return parseInts[int32](c, s)
	}
	return parseInts[int64](c, s)
}

func parseValues[T kernel.Fixed](c *caster, s kernel.Strings, f func(string) (T, error)) (arrow.Array, error) {
	out := make([]T, c.n)
	for i := range out {
		if !c.valid.Valid(i) {
			continue
		}
		text := s.At(i)
		x, err := f(text)
		if err != nil {
			if errors.Is(err, errNoNumber) {
				err = nil
			}
			if err := c.fail(i, text, err); err != nil {
				return nil, err
			}
		}
		out[i] = x
	}
	return kernel.FromValues(c.to, out, c.result()), nil
}

// errNoNumber is text that is not a number; the message is made where the type is known.
var errNoNumber = errors.New("not a number")

func parseInts[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32](c *caster, s kernel.Strings) (arrow.Array, error) {
	return parseValues(c, s, func(text string) (T, error) {
		x, err := parseInt64(text)
		if err != nil {
			return 0, err
		}
		if int64(T(x)) != x {
			return 0, fmt.Errorf("%s is out of range for %s", strings.TrimSpace(text), TypeName(c.to))
		}
		return T(x), nil
	})
}

// parseInt64 reads a whole number; one with a fraction or exponent is rounded.
func parseInt64(text string) (int64, error) {
	text = cleanNumber(text)
	x, err := strconv.ParseInt(text, 10, 64)
	if err == nil {
		return x, nil
	}
	if hex, ok := cutHex(text); ok {
		if x, err := strconv.ParseInt(hex, 16, 64); err == nil {
			return x, nil
		}
		return 0, errNoNumber
	}
	d, err := parseDecimalText(text, maxPrecision, 0)
	if err != nil {
		return 0, errNoNumber
	}
	if x = int64(d.LowBits()); decimal128.FromI64(x) != d {
		return 0, fmt.Errorf("%s is out of range for BIGINT", text)
	}
	return x, nil
}

func parseUint64(text string) (uint64, error) {
	text = cleanNumber(text)
	if x, err := strconv.ParseUint(text, 10, 64); err == nil {
		return x, nil
	}
	if hex, ok := cutHex(text); ok {
		if x, err := strconv.ParseUint(hex, 16, 64); err == nil {
			return x, nil
		}
		return 0, errNoNumber
	}
	d, err := parseDecimalText(text, maxPrecision, 0)
	if err != nil {
		return 0, errNoNumber
	}
	if d.HighBits() != 0 {
		return 0, fmt.Errorf("%s is out of range for UBIGINT", text)
	}
	return d.LowBits(), nil
}

func cutHex(text string) (string, bool) {
	if len(text) > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') {
		return text[2:], true
	}
	return "", false
}

// cleanNumber removes blanks around a number and underscores between its digits.
func cleanNumber(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "_") {
		return text
	}
	for i := range len(text) {
		if text[i] == '_' && (i == 0 || i == len(text)-1 || !isDigit(text[i-1]) || !isDigit(text[i+1])) {
			return text
		}
	}
	return strings.ReplaceAll(text, "_", "")
}

func parseFloat(text string, bits int) (float64, error) {
	text = cleanNumber(text)
	if strings.ContainsAny(text, "xXpP_") {
		return 0, errNoNumber
	}
	f, err := strconv.ParseFloat(text, bits)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range is infinite, or zero
		return 0, errNoNumber
	}
	return f, nil
}

// parseDecimalText reads a decimal number, exactly, and rounds halves away from zero.
func parseDecimalText(text string, precision, scale int) (decimal128.Num, error) {
	mantissa, exponent, err := splitExponent(cleanNumber(text))
	if err != nil {
		return decimal128.Num{}, err
	}
	negative := false
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		negative, mantissa = mantissa[0] == '-', mantissa[1:]
	}
	whole, frac, n := scanDecimal(mantissa)
	if n == 0 || n != len(mantissa) {
		return decimal128.Num{}, errNoNumber
	}
	digits := strings.TrimLeft(whole+frac, "0")
	shift := exponent - len(frac) + scale // digits × 10^shift is the result
	outOfRange := fmt.Errorf("%s is out of range for %s", strings.TrimSpace(text), TypeName(decimalOf(precision, scale)))
	switch {
	case digits == "" || len(digits)+shift < 0:
		return decimal128.Num{}, nil
	case len(digits)+shift > precision:
		return decimal128.Num{}, outOfRange
	}
	roundUp := false
	if shift < 0 {
		cut := len(digits) + shift
		roundUp = digits[cut] >= '5'
		digits = digits[:cut]
	} else {
		digits += strings.Repeat("0", shift)
	}
	b, _ := new(big.Int).SetString("0"+digits, 10)
	if roundUp {
		b.Add(b, big.NewInt(1))
	}
	d := decimal128.FromBigInt(b)
	if !kernel.FitsDecimal(d, precision) {
		return decimal128.Num{}, outOfRange
	}
	if negative {
		d = d.Negate()
	}
	return d, nil
}

// splitExponent splits off e12 at the end of a number.
func splitExponent(text string) (mantissa string, exponent int, err error) {
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return text, 0, nil
	}
	exponent, err = strconv.Atoi(text[i+1:])
	if err != nil || exponent < -10000 || exponent > 10000 {
		return "", 0, errNoNumber
	}
	return text[:i], exponent, nil
}

func (c *caster) parseBools(s kernel.Strings) (arrow.Array, error) {
	out := make([]bool, c.n)
	for i := range out {
		if !c.valid.Valid(i) {
			continue
		}
		switch text := s.At(i); strings.ToLower(strings.TrimSpace(text)) {
		case "true", "t", "1", "yes", "y":
			out[i] = true
		case "false", "f", "0", "no", "n":
		default:
			if err := c.fail(i, text, nil); err != nil {
				return nil, err
			}
		}
	}
	return kernel.FromBools(out, c.result()), nil
}

func parseDate(text string) (int32, error) {
	days, rest, err := scanDate(strings.TrimSpace(text))
	if err == nil && rest != "" {
		if _, err = ParseTimestamp(text, nil); err != nil {
			err = fmt.Errorf("unexpected %q at its end", rest)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a date: %w", text, err)
	}
	if days < math.MinInt32 || days > math.MaxInt32 {
		return 0, fmt.Errorf("the date %q is out of range", text)
	}
	return int32(days), nil
}

// parseClock reads a time of day, behind a date or not. An offset is left out of account.
func parseClock(text string) (int64, error) {
	clock := strings.TrimSpace(text)
	if _, after, err := scanDate(clock); err == nil {
		if clock = strings.TrimLeft(after, "Tt "); clock == "" {
			return 0, nil
		}
	}
	nanos, rest, err := scanClock(clock)
	if err == nil && rest != "" {
		if _, after, bad := scanOffset(rest); bad == nil {
			rest = after
		}
	}
	if err == nil && rest != "" {
		err = fmt.Errorf("unexpected %q at its end", rest)
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a time: %w", text, err)
	}
	return nanos, nil
}

// parseBlobs reads \xHH as a byte and everything else as it is.
func (c *caster) parseBlobs(s kernel.Strings) (arrow.Array, error) {
	b := kernel.NewStringBuilder(c.n)
	for i := range c.n {
		if !c.valid.Valid(i) {
			b.AppendNull()
			continue
		}
		blob, err := ParseBlob(s.At(i))
		if err != nil {
			if err := c.fail(i, s.At(i), err); err != nil {
				return nil, err
			}
		}
		b.AppendBytes(blob)
	}
	a, err := b.Finish(Blob)
	if err != nil || c.failed == nil {
		return a, err
	}
	return kernel.WithValidity(a, c.result()), nil
}

// ParseBlob reads the text of a BLOB: \xHH stands for a byte, every other character for
// itself.
func ParseBlob(text string) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		if i+3 >= len(text) || text[i+1] != 'x' {
			return nil, fmt.Errorf("%q is not the text of a BLOB: a backslash begins \\xHH", text)
		}
		x, err := strconv.ParseUint(text[i+2:i+4], 16, 8)
		if err != nil {
			return nil, fmt.Errorf("%q is not the text of a BLOB: a backslash begins \\xHH", text)
		}
		out = append(out, byte(x))
		i += 3
	}
	return out, nil
}
