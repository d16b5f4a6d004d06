package functions

import (
	"math/rand"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// evalText evaluates an expression of the examples' little language, and writes the
// value as csv does; an error as text after "!".
func evalText(t *testing.T, expr string, env *Env) (text string) {
	t.Helper()
	p := &exampleParser{t: t, tokens: scanExample(expr), env: env, failed: new(error)}
	v := p.binary(0)
	if *p.failed != nil {
		return "!" + (*p.failed).Error()
	}
	return asCSV(v.Array)
}

func TestStrings(t *testing.T) {
	f := func(expr, want string) {
		t.Helper()
		if got := evalText(t, expr, testEnv); got != want && !(strings.HasPrefix(want, "!") && strings.HasPrefix(got, want)) {
			t.Errorf("%s is %q instead of %q", expr, got, want)
		}
	}
	f("substr('hello', 2)", "ello")
	f("substr('hello', 2, 3)", "ell")
	f("substr('hello', 0, 3)", "he")
	f("substr('hello', -3, 2)", "ll")
	f("substr('hello', -9, 3)", "")
	f("substr('hello', -9, 6)", "he")
	f("substr('hello', 8, -4)", "lo")
	f("substr('hello', 4, -2)", "el")
	f("substr('hello', 9, 2)", "")
	f("substr('Grüße', 3, 2)", "üß")
	f("substr('hello', 2, 9223372036854775807)", "ello")
	f("left('hello', -2)", "hel")
	f("left('hello', 99)", "hello")
	f("right('Grüße', 2)", "ße")
	f("right('hello', -2)", "llo")
	f("right('hello', -99)", "")
	f("trim('  x y ')", "x y")
	f("replace('aaa', '', 'b')", "aaa")
	f("replace('aaa', 'a', '')", "")
	f("strpos('Grüße', 'ß')", "4")
	f("strpos('abc', '')", "1")
	f("concat('a', 1, NULL, true)", "a1true")
	f("concat_ws('-', 'a', NULL, 'b')", "a-b")
	f("concat_ws(NULL, 'a', 'b')", "NULL")
	f("concat_ws('-', NULL, NULL)", "")
	f("'a' || NULL", "NULL")
	f("'a' || 1", "a1")
	f("lpad('hello', 3, 'x')", "hel")
	f("lpad('7', 5, 'ab')", "abab7")
	f("rpad('ü', 3, 'ß')", "üßß")
	f("lpad('7', -1, 'x')", "")
	f("lpad('7', 3, '')", "!lpad: lpad and rpad need a text")
	f("repeat('ab', 0)", "")
	f("repeat('abc', 9223372036854775807)", "!repeat: the text would be longer than 256 MiB")
	f("rpad('', 300000000, 'x')", "!rpad: the text would be longer than 256 MiB")
	f("replace(repeat('a', 100000), 'a', repeat('b', 100000))", "!replace: the text would be longer than 256 MiB")
	f("replace(repeat('ab', 3), 'ab', 'abc')", "abcabcabc")
	f("regexp_replace(repeat('a', 100000), 'a', repeat('b', 10000), 'g')", "!regexp_replace: the text would be longer than 256 MiB")
	f("reverse('Grüße')", "eßürG")
	f("split_part('a,b,c', ',', -1)", "c")
	f("split_part('a,b,c', ',', 4)", "")
	f("split_part('a,b,c', ',', 0)", "")
	f("split_part('a,b,c', ',', -3)", "a")
	f("split_part('a,b,c', ',', -4)", "")
	f("split_part('a,b,c', ',', '-9223372036854775808'::BIGINT)", "")
	f("upper('straße')", "STRAẞE")
	f("chr(128578)", "🙂")
	f("chr(-1)", "!chr: chr needs a code point")
	f("ascii('')", "0")
	f("length('')", "0")
	f("length([1, NULL])", "2")
	f("array_extract('hello', 2)", "e")
	f("array_extract([1, 2], 3)", "NULL")
	f("array_slice([1, 2, 3], NULL, -2)", "NULL")
	f("array_slice('hello', 2, 3)", "el")
	f("array_slice([1, 2, 3], 9, 12)", "[]")
	f("list_contains([1, NULL], 2)", "false")
	f("list_contains(['a', 'b'], 'b')", "true")
	f("format('{} of {}: {:.1f}%', 1, 'x', 99.56)", "1 of x: 99.6%")
	f("format('{1}{0}', 'a', 'b')", "ba")
	f("format('{:5d}|{:<5}|{:>5}|{:05d}|{:x}', 42, 'ab', 'cd', 7, 255)", "   42|ab   |   cd|00007|ff")
	f("format('{:,}', 1234567)", "1,234,567")
	f("format('{{}}')", "{}")
	f("format('{}')", "!format: ")
	f("printf('%d %s %5.2f %x %%', 1, 'x', 2.345, 255)", "1 x  2.35 ff %")
	f("printf('%d', 'x')", "!printf: ")
	f("printf('%08x', 255::HUGEINT)", "000000ff")
	f("printf('%d', 99999999999999999999::HUGEINT)", "!printf: ")

	f("regexp_matches('abc', 'B')", "false")
	f("regexp_matches('abc', 'B', 'i')", "true")
	f("regexp_matches('abc', '(')", "!regexp_matches: bad regular expression")
	f("regexp_matches('abc', 'b', 'y')", "!regexp_matches: there is no regular expression option 'y'")
	f("regexp_extract('abc', 'x')", "")
	f("regexp_extract('abc', 'a(b)', 2)", "!regexp_extract: the regular expression")
	f("regexp_replace('aaa', 'a', 'b')", "baa")
	f("regexp_replace('aaa', 'a', 'b', 'g')", "bbb")
	f("'abc' SIMILAR TO 'b'", "false")
	f("'ABC' ~ '[A-Z]+'", "true")
}

func TestNumbers(t *testing.T) {
	f := func(expr, want string) {
		t.Helper()
		if got := evalText(t, expr, testEnv); got != want && !(strings.HasPrefix(want, "!") && strings.HasPrefix(got, want)) {
			t.Errorf("%s is %s instead of %s", expr, got, want)
		}
	}
	f("round(2.5)", "3")
	f("round(-2.5)", "-3")
	f("round(2.5::DOUBLE)", "3.0")
	f("round(1234, -2)", "1200")
	f("round(1250, -2)", "1300")
	f("round(1234.567::DOUBLE, -2)", "1200.0")
	f("floor(-2.5::DOUBLE)", "-3.0")
	f("ceil(-2.5)", "-2")
	f("ceil(7)", "7.0")
	f("abs(-2.50)", "2.50")
	f("sign(0)", "0")
	f("sqrt(-1)", "!sqrt: a negative number has no square root")
	f("ln(0)", "!ln: zero has no logarithm")
	f("log(1, 5)", "!log: 1 is no base")
	f("gcd(0, 0)", "0")
	f("lcm(0, 5)", "0")
	f("gcd(-12, 18)", "6")
	f("1::BIGINT << 62", "4611686018427387904")
	f("1 << 31", "!<<: overflow: << moves bits out of the number")
	f("1 << 63", "!<<: overflow")
	f("-1 >> 1", "-1")
	f("xor(5, 1)", "4")
	f("greatest('b', 'a', NULL)", "b")
	f("least(2, 1.5)", "1.5")
	f("greatest(NULL, NULL)", "NULL")
	f("coalesce(NULL, NULL)", "NULL")
	f("if(NULL, 1, 2)", "2")
	f("nullif('a', 'b')", "a")
	f("0.1 + 0.2", "0.3")
	f("1.5 * 2.25", "3.375")
	f("7 % 0", "NULL")
	f("5.5 % 2", "1.5")
	f("1 // 0", "NULL")
	f("0 / 0", "nan")
	f("1 / 3", "0.3333333333333333")
	f("2147483647 + 1", "!+: overflow: 2147483647 + 1 is out of range for INTEGER")
	f("9223372036854775807 * 2", "!*: overflow: 9223372036854775807 * 2 is out of range for BIGINT")
	f("1h / 4", "900.000000000")
	f("1h / 45m", "1.3333333333333333")
	f("1.5 * 1s", "1.500000000")
	f("100s // 7s", "14")
	f("100s % 7s", "2.000000000")
	f("DATE '2014-08-22' + 1", "2014-08-23")
	f("DATE '2014-08-22' - DATE '2014-08-01'", "21")
	f("DATE '2014-08-22' + 1h", "2014-08-22 01:00:00.000000000")
	f("TIME '23:30:00' + 1h", "00:30:00")
	f("1s < 1500ms", "true")
	f("'nan'::DOUBLE > 1e308::DOUBLE", "true")
	f("'nan'::DOUBLE = 'nan'::DOUBLE", "true")
	f("TIMESTAMP '2014-08-22' < '2014-08-23'", "true")
	f("true = 1", "true")
}

func TestTimes(t *testing.T) {
	f := func(expr, want string) {
		t.Helper()
		if got := evalText(t, expr, testEnv); got != want && !(strings.HasPrefix(want, "!") && strings.HasPrefix(got, want)) {
			t.Errorf("%s is %s instead of %s", expr, got, want)
		}
	}
	f("date_trunc('week', TIMESTAMP '2014-08-22 17:01:26')", "2014-08-18 00:00:00.000000000")
	f("date_trunc('quarter', TIMESTAMP '2014-08-22 17:01:26')", "2014-07-01 00:00:00.000000000")
	f("date_trunc('decade', DATE '2014-08-22')", "2010-01-01 00:00:00.000000000")
	f("date_trunc('minute', 90s)", "60.000000000")
	f("date_trunc('hour', TIMESTAMP '1969-12-31 23:30:00')", "1969-12-31 23:00:00.000000000")
	f("date_trunc('hour', DATE '2014-08-22')", "2014-08-22 00:00:00.000000000")
	f("date_trunc('fortnight', DATE '2014-08-22')", "!date_trunc: there is no part of time")
	f("date_part('isodow', DATE '2014-08-24')", "7")
	f("date_part('dow', DATE '2014-08-24')", "0")
	f("date_part('week', DATE '2016-01-01')", "53")
	f("date_part('isoyear', DATE '2016-01-01')", "2015")
	f("date_part('yearweek', DATE '2016-01-01')", "201553")
	f("date_part('century', DATE '2000-12-31')", "20")
	f("date_part('epoch', DATE '2000-12-31')", "!date_part: the seconds since 1970")
	f("date_diff('month', DATE '2014-01-31', DATE '2014-02-01')", "1")
	f("date_diff('week', TIMESTAMP '2014-08-24', TIMESTAMP '2014-08-25')", "0")
	f("date_diff('year', TIMESTAMP '2014-12-31', TIMESTAMP '2013-01-01')", "-1")
	f("time_bucket(7d, TIMESTAMP '2014-08-22')", "2014-08-18 00:00:00.000000000")
	f("time_bucket(1h, TIMESTAMP '2014-08-22 17:01:26', 15m)", "2014-08-22 16:15:00.000000000")
	f("time_bucket(1h, TIMESTAMP '2014-08-22 17:01:26', TIMESTAMP '2014-08-22 00:30:00')", "2014-08-22 16:30:00.000000000")
	f("time_bucket(1h, TIMESTAMP '1969-12-31 23:59:59')", "1969-12-31 23:00:00.000000000")
	f("time_bucket(0s, TIMESTAMP '2014-08-22')", "!time_bucket: the width")
	f("strftime(TIMESTAMP '2014-08-02 07:01:26.000001', '%a %-d %b %y %I:%M %p %f %n %j %U %W %V')", "Sat 2 Aug 14 07:01 AM 000001 000001000 214 30 30 31")
	f("strftime(DATE '2014-08-22', '%Q')", "!strftime: the format")
	f("strptime('Fri 22 Aug 2014 05:01:26 PM', '%a %d %b %Y %I:%M:%S %p')", "2014-08-22 17:01:26.000000000")
	f("strptime('2014-08-22 17:01:26.5 +0200', '%Y-%m-%d %H:%M:%S.%n %z')", "2014-08-22 15:01:26.500000000")
	f("strptime('2014-13-01', '%Y-%m-%d')", "!strptime: ")
	f("last_day(DATE '2015-02-10')", "2015-02-28")
	f("make_date(2015, 2, 29)", "!make_date: there is no day 2015-02-29")
	f("to_seconds(0.25)", "0.250000000")
	f("to_weeks(99999)", "!to_weeks: duration out of range")
	f("epoch(TIMESTAMP '1969-12-31 23:59:59.5')", "-0.5")
	f("epoch_ms(-1)", "1969-12-31 23:59:59.999000000")
	f("overlap(@+1s, @+2s, @+2s, @+3s)", "0.000000000")
	f("overlap(@+1s, @+9s, @+2s, @+3s)", "1.000000000")
	f("overlap(@+9s, @+7s, @+6s, @+8s)", "1.000000000")
	f("overlap(@+1s, NULL, @+2s, @+3s)", "NULL")
	f("format_bytes(1023)", "1023 bytes")
	f("format_bytes(1048575)", "1023.9 KiB")
	f("format_bytes(-1536)", "-1.5 KiB")
	f("format_duration(999us)", "999.000 us")
	f("format_duration(999999999ns)", "1.000 s")
	f("format_duration(-90m)", "-1.500 h")
	f("signal_name(0)", "NULL")
	f("signal_name(40)", "SIGRTMIN+6")
	f("errno_name(115)", "EINPROGRESS")
}

func TestTimesInZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here")
	}
	env := &Env{Zone: berlin}
	f := func(expr, want string) {
		t.Helper()
		if got := evalText(t, expr, env); got != want {
			t.Errorf("%s is %s instead of %s", expr, got, want)
		}
	}
	// asCSV writes in UTC: midnight in Berlin is 22:00 the day before in summer.
	f("date_trunc('day', TIMESTAMP '2014-08-22 17:01:26')", "2014-08-21 22:00:00.000000000")
	f("time_bucket(1d, TIMESTAMP '2014-12-22 17:01:26')", "2014-12-21 23:00:00.000000000")
	f("date_part('hour', TIMESTAMP '2014-08-22 17:01:26')", "17")
	f("strftime(TIMESTAMP '2014-08-22 17:01:26', '%H:%M %z %Z')", "17:01 +02 CEST")
	f("DATE '2014-08-22'::TIMESTAMP", "2014-08-21 22:00:00.000000000")
}

// TestLike compares the pattern matcher with a regular expression made of the pattern.
func TestLike(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	pick := func(from []string, n int) string {
		var b strings.Builder
		for range r.Intn(n) {
			b.WriteString(from[r.Intn(len(from))])
		}
		return b.String()
	}
	for range 20000 {
		pattern, text := pick([]string{"a", "b", "ü", "%", "_", `\`}, 7), pick([]string{"a", "b", "ü", "%", "_"}, 9)
		m, err := likeMatcher(pattern, `\`)
		if err != nil {
			continue
		}
		var re strings.Builder
		escaped := false
		for _, c := range pattern {
			switch {
			case escaped:
				re.WriteString(regexp.QuoteMeta(string(c)))
				escaped = false
			case c == '\\':
				escaped = true
			case c == '%':
				re.WriteString(".*")
			case c == '_':
				re.WriteString(".")
			default:
				re.WriteRune(c)
			}
		}
		if got, want := m(text), regexp.MustCompile("^(?s:"+re.String()+")$").MatchString(text); got != want {
			t.Fatalf("%q LIKE %q is %v", text, pattern, got)
		}
	}
	if _, err := likeMatcher(`a\`, `\`); err == nil {
		t.Error("a pattern may end with its escape")
	}
	if _, err := likeMatcher("a", "xy"); err == nil {
		t.Error("an escape may have two characters")
	}
}

func TestGlob(t *testing.T) {
	f := func(pattern, text string, want bool) {
		t.Helper()
		m, err := globMatcher(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if m(text) != want {
			t.Errorf("%q GLOB %q is %v", text, pattern, !want)
		}
	}
	f("*", "", true)
	f("a*c", "abbc", true)
	f("a?c", "aüc", true)
	f("a%c", "abc", false)
	f("a%_c", "a%_c", true)
	f("[a-c]x", "bx", true)
	f("[a-c]x", "dx", false)
	f("[!a-c]x", "dx", true)
	f("[]]", "]", true)
	f("[a", "[a", false)
	f(`\*`, "*", true)
	f(`\*`, "x", false)
	f("*[0-9]*", "eth0.1", true)
}

// TestPatternsAreCompiledOnce guards the cache of patterns that vary by row.
func TestPatternsAreCompiledOnce(t *testing.T) {
	made := 0
	cache := compiled[int]{make: func(pattern, _ string) (int, error) {
		made++
		return len(pattern), nil
	}}
	for i := range 100 {
		if n, _ := cache.of([]string{"a", "bb", ""}[i%3], ""); n != []int{1, 2, 0}[i%3] {
			t.Fatal("a pattern of another row")
		}
	}
	if made != 3 {
		t.Errorf("compiled %d times", made)
	}
}

// TestResultsOfDictionaries checks that functions of strings keep dictionaries distinct.
func TestResultsOfDictionaries(t *testing.T) {
	a, err := kernel.FromAny(Varchar, "a", "A", "b", nil)
	if err != nil {
		t.Fatal(err)
	}
	def, _ := Lookup("upper")
	v, err := evalCall(def, []kernel.Vec{kernel.Col(dictionary(a))}, testEnv, 4)
	if err != nil {
		t.Fatal(err)
	}
	if v.DataType().ID() != arrow.DICTIONARY {
		t.Fatalf("the result is %s", v.DataType())
	}
	codes, dict := kernel.Codes(v.Array)
	if codes[0] != codes[1] || codes[0] == codes[2] || dict.Len() > 3 {
		t.Errorf("codes %v of %d values", codes, dict.Len())
	}
}
