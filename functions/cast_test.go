package functions

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// castText casts a text to a type and the result back to text; an error is returned as
// text after a "!".
func castText(t testing.TB, text, typ string, env *Env) string {
	t.Helper()
	name, args := typ, []int(nil)
	if strings.HasPrefix(typ, "DECIMAL(4,2)") {
		name, args = "DECIMAL"+strings.TrimPrefix(typ, "DECIMAL(4,2)"), []int{4, 2}
	}
	to, err := ParseType(name, args)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Cast(kernel.Const(kernel.OfString(text)), to, false, env, 1)
	if err != nil {
		return "!" + err.Error()
	}
	if v, err = Cast(v, Varchar, false, env, 1); err != nil {
		t.Fatal(err)
	}
	return rowText(v.Array, 0)
}

func TestCastText(t *testing.T) {
	f := func(text, typ, want string) {
		t.Helper()
		got := castText(t, text, typ, testEnv)
		if strings.HasPrefix(want, "!") && strings.HasPrefix(got, want) {
			return
		}
		if got != want {
			t.Errorf("%q::%s is %s instead of %s", text, typ, got, want)
		}
	}
	f("12", "INTEGER", "12")
	f(" -12 ", "BIGINT", "-12")
	f("+7", "SMALLINT", "7")
	f("1.5", "INTEGER", "2")
	f("-2.5", "INTEGER", "-3")
	f("1e3", "INTEGER", "1000")
	f("1_000", "INTEGER", "1000")
	f("0x1F", "INTEGER", "31")
	f("128", "TINYINT", "!128 is out of range for TINYINT")
	f("-1", "UTINYINT", "!-1 is out of range for UTINYINT")
	f("9223372036854775807", "BIGINT", "9223372036854775807")
	f("9223372036854775808", "BIGINT", "!9223372036854775808 is out of range for BIGINT")
	f("18446744073709551615", "UBIGINT", "18446744073709551615")
	f("18446744073709551616", "UBIGINT", "!18446744073709551616 is out of range")
	f("99999999999999999999999999999999999999", "HUGEINT", "99999999999999999999999999999999999999")
	f("twelve", "INTEGER", `!"twelve" cannot be read as INTEGER`)
	f("", "INTEGER", `!"" cannot be read as INTEGER`)
	f("1_", "INTEGER", `!"1_" cannot be read as INTEGER`)

	f("1.25", "DOUBLE", "1.25")
	f("1", "DOUBLE", "1.0")
	f("1e16", "DOUBLE", "1e+16")
	f("123456789012345", "DOUBLE", "123456789012345.0")
	f("0.0001", "DOUBLE", "0.0001")
	f("0.00001", "DOUBLE", "1e-05")
	f("-0.0", "DOUBLE", "-0.0")
	f("inf", "DOUBLE", "inf")
	f("-Infinity", "DOUBLE", "-inf")
	f("NaN", "DOUBLE", "nan")
	f("1e400", "DOUBLE", "inf")
	f("0.1", "FLOAT", "0.1")
	f("0x1p3", "DOUBLE", `!"0x1p3" cannot be read as DOUBLE`)

	f("1.255", "DECIMAL(4,2)", "1.26")
	f("-0.005", "DECIMAL(4,2)", "-0.01")
	f(".5", "DECIMAL(4,2)", "0.50")
	f("99.994", "DECIMAL(4,2)", "99.99")
	f("99.995", "DECIMAL(4,2)", "!99.995 is out of range for DECIMAL(4,2)")
	f("1e1", "DECIMAL(4,2)", "10.00")
	f("1e-9", "DECIMAL(4,2)", "0.00")
	f("1e9999", "DECIMAL(4,2)", "!1e9999 is out of range")
	f("0e9999", "DECIMAL(4,2)", "0.00")

	f("T", "BOOLEAN", "true")
	f("no", "BOOLEAN", "false")
	f("2", "BOOLEAN", `!"2" cannot be read as BOOLEAN`)

	f("2014-08-22", "DATE", "2014-08-22")
	f("2014-8-2", "DATE", "2014-08-02")
	f("2016-02-29", "DATE", "2016-02-29")
	f("2014-02-29", "DATE", `!"2014-02-29" is not a date: there is no day 2014-02-29`)
	f("2014-08-22 17:00:00", "DATE", "2014-08-22")
	f("22.8.2014", "DATE", `!"22.8.2014" is not a date`)
	f("17:01:26.375", "TIME", "17:01:26.375")
	f("24:00", "TIME", `!"24:00" is not a time`)

	f("2014-08-22 17:01:26.375374738", "TIMESTAMP", "2014-08-22 17:01:26.375374738")
	f("2014-08-22T17:01", "TIMESTAMP", "2014-08-22 17:01:00")
	f("2014-08-22 17:01:26.5Z", "TIMESTAMP", "2014-08-22 17:01:26.5")
	f("2014-08-22 17:01:26+02", "TIMESTAMP", "2014-08-22 15:01:26")
	f("2014-08-22 17:01:26 -05:30", "TIMESTAMP", "2014-08-22 22:31:26")
	f("2014-08-22 17:01:26.1234567899", "TIMESTAMP", "2014-08-22 17:01:26.123456789")
	f("1969-12-31 23:59:59.999999999", "TIMESTAMP", "1969-12-31 23:59:59.999999999")
	f("1677-09-21 00:12:43.145224192", "TIMESTAMP", "1677-09-21 00:12:43.145224192")
	f("2262-04-11 23:47:16.854775808", "TIMESTAMP", `!the timestamp "2262-04-11 23:47:16.854775808" is out of range`)
	f("1600-01-01", "TIMESTAMP", `!the timestamp "1600-01-01" is out of range`)
	f("2014-08-22 25:00", "TIMESTAMP", `!"2014-08-22 25:00" is not a timestamp: expected a time of day`)
	f("2014-08-22 17:01 o'clock", "TIMESTAMP", `!"2014-08-22 17:01 o'clock" is not a timestamp: unexpected "o'clock"`)

	f("1.5h", "DURATION", "01:30:00")
	f("-250ms", "DURATION", "-00:00:00.25")
	f("1 day 02:00:00.5", "DURATION", "1 day 02:00:00.5")
	f("-1 day -02:00:00", "DURATION", "-1 day -02:00:00")
	f("-1 day 2 hours", "DURATION", "-1 day -02:00:00")
	f("-1 day +2 hours", "DURATION", "-22:00:00")
	f("-", "DURATION", `!"-" is not a duration`)
	f("1 year 14 months -3 days 04:05:06.12", "INTERVAL", "2 years 2 months -3 days 04:05:06.12")
	f("1.5 months 1.1 weeks", "INTERVAL", "1 month 22 days 16:48:00")
	f("1 day 2 hours ago", "INTERVAL", "-1 day -02:00:00")
	f("2 mons", "DURATION", `!"2 mons" is not a duration: there is no unit "mons"`)
	f("2147483648 days", "INTERVAL", "!the interval is out of range")
	f("a month", "INTERVAL", `!"a month" is not an interval: expected a number at "a month"`)
	f("5", "DURATION", `!"5" is not a duration: a number needs a unit`)

	f(`a\x00\xFFb`, "BLOB", `a\x00\xFFb`)
	f(`a\b`, "BLOB", `!"a\\b" is not the text of a BLOB`)
}

func TestCastInZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here")
	}
	env := &Env{Zone: berlin}
	v, err := Cast(kernel.Const(kernel.OfString("2014-08-22 19:01:26")), Timestamp, false, env, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := timestampText(kernel.Value(v.Array, 0).(int64)); got != "2014-08-22 17:01:26" {
		t.Errorf("read as %s", got)
	}
	if got := castText(t, "2014-12-22 19:01:26", "TIMESTAMP", env); got != "2014-12-22 19:01:26" {
		t.Errorf("came back as %s", got)
	}
	if got := castText(t, "2014-08-22 22:30:00Z", "TIMESTAMP", env); got != "2014-08-23 00:30:00" {
		t.Errorf("shown as %s", got)
	}
}

func TestCastNumbers(t *testing.T) {
	f := func(v any, from, to arrow.DataType, want string) {
		t.Helper()
		a, err := kernel.Of(from, v)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if out, err := Cast(kernel.Col(a), to, false, testEnv, 1); err != nil {
			got = "!" + err.Error()
		} else {
			got = rowText(out.Array, 0)
		}
		if got != want {
			t.Errorf("%v %s to %s is %s instead of %s", v, from, to, got, want)
		}
	}
	f(int64(300), BigInt, UTinyInt, "!300 is out of range for UTINYINT")
	f(int64(-1), BigInt, UBigInt, "!-1 is out of range for UBIGINT")
	f(uint64(math.MaxUint64), UBigInt, BigInt, "!18446744073709551615 is out of range for BIGINT")
	f(uint64(math.MaxUint64), UBigInt, HugeInt, "18446744073709551615")
	f(uint64(math.MaxUint64), UBigInt, Double, "1.8446744073709552e+19")
	f(int64(5), BigInt, decimalOf(4, 2), "5.00")
	f(int64(500), BigInt, decimalOf(4, 2), "!500 is out of range for DECIMAL(4,2)")
	f(2.5, Double, BigInt, "2")
	f(3.5, Double, BigInt, "4")
	f(-2.5, Double, TinyInt, "-2")
	f(1e19, Double, BigInt, "!1e+19 is out of range for BIGINT")
	f(1e19, Double, UBigInt, "10000000000000000000")
	f(math.NaN(), Double, Integer, "!nan is out of range for INTEGER")
	f(1.005, Double, decimalOf(4, 2), "1.00")
	f(1e39, Double, Float, "!1e+39 is out of range for FLOAT")
	f(0.0, Double, Boolean, "false")
	f(true, Boolean, Integer, "1")
	f(true, Boolean, Double, "1.0")
	f(int64(2), BigInt, Boolean, "true")
	f(int64(16304), Date, Timestamp, "2014-08-22 00:00:00")
	f(int64(200000), Date, Timestamp, "!the date 2517-08-01 is out of range for TIMESTAMP")
	f(int64(1408726886375374738), Timestamp, Date, "2014-08-22")
	f(int64(1408726886375374738), Timestamp, Time, "17:01:26.375374738")
	f(int64(1), BigInt, Duration, "!BIGINT cannot be cast to DURATION")
	f([]any{int64(1), nil}, arrow.ListOf(BigInt), arrow.ListOf(Varchar), "[1, NULL]")
	f([]any{"a b", "", "null", "it's", nil}, arrow.ListOf(Varchar), Varchar, `[a b, '', 'null', 'it\'s', NULL]`)
}

// TestTryCast checks that only the bad rows become NULL, in all forms of strings, and
// that a dictionary value that no row has harms nobody.
func TestTryCast(t *testing.T) {
	a, err := kernel.FromAny(Varchar, "1", "x", nil, "3", "x")
	if err != nil {
		t.Fatal(err)
	}
	for form, a := range map[string]arrow.Array{"plain": a, "dictionary": dictionary(a), "sliced": sliced(t, dictionary(a))} {
		v, err := Cast(kernel.Col(a), BigInt, true, testEnv, 5)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := kernel.FromAny(BigInt, int64(1), nil, nil, int64(3), nil)
		sameRows(t, form, v.Array, want)
		if _, err = Cast(kernel.Col(a), BigInt, false, testEnv, 5); err == nil || err.Error() != `"x" cannot be read as BIGINT` {
			t.Errorf("%s: %v", form, err)
		}
		good := kernel.Take(a, []int32{0, 2, 3})
		if v, err = Cast(kernel.Col(good), BigInt, false, testEnv, 3); err != nil {
			t.Errorf("%s: %v", form, err)
		} else {
			sameRows(t, form, v.Array, kernel.Take(want, []int32{0, 2, 3}))
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"1.5h", "-250ms", "1 day 02:00:00.5", "1h30m", "9223372036.854775807s", "::", "-", "1e3s", "0.0000000001s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		if err != nil {
			return
		}
		if back, err := ParseDuration(FormatDuration(d)); err != nil || back != d {
			t.Errorf("%q is %d, written %s, read %d (%v)", s, d, FormatDuration(d), back, err)
		}
	})
}

// timestampText writes a timestamp as UTC's clock shows it.
func timestampText(ns int64) string { return string(appendTimestamp(nil, ns, nil)) }

func FuzzParseTimestamp(f *testing.F) {
	for _, s := range []string{"2014-08-22 17:01:26.375374738", "2014-08-22T17:01+02:00", "1677-09-21 00:12:43.145224192", "2262-04-11 23:47:16.854775807Z", "0000-00-00", "-1-1-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ns, err := ParseTimestamp(s, nil)
		if err != nil {
			return
		}
		if back, err := ParseTimestamp(timestampText(ns), nil); err != nil || back != ns {
			t.Errorf("%q is %d, written %s, read %d (%v)", s, ns, timestampText(ns), back, err)
		}
	})
}

func FuzzCastText(f *testing.F) {
	for _, s := range []string{"12", "-1.5e3", "0x7f", "1_000", "true", "inf", "99999999999999999999999999999999999999", "2014-08-22", "17:01", `\x00`, "[1, 2]"} {
		f.Add(s)
	}
	targets := append(append([]arrow.DataType{}, integers...), Float, Double, Boolean, Blob, Date, Time, Timestamp, Duration, Interval, decimalOf(9, 4))
	f.Fuzz(func(t *testing.T, s string) {
		for _, to := range targets {
			v, err := Cast(kernel.Const(kernel.OfString(s)), to, false, testEnv, 1)
			try, tryErr := Cast(kernel.Const(kernel.OfString(s)), to, true, testEnv, 1)
			if tryErr != nil || (kernel.Value(try.Array, 0) == nil) != (err != nil) {
				t.Fatalf("%q to %s: %v, tried: %v", s, to, err, tryErr)
			}
			if err != nil {
				continue
			}
			text, err := Cast(v, Varchar, false, testEnv, 1)
			if err != nil {
				t.Fatal(err)
			}
			back, err := Cast(text, to, false, testEnv, 1)
			if err != nil || rowText(back.Array, 0) != rowText(v.Array, 0) {
				t.Fatalf("%q to %s is %s, read again: %v", s, to, rowText(text.Array, 0), err)
			}
		}
	})
}
