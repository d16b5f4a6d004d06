package functions

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"tq/functions/kernel"
)

const stringFamily = "string"

var stringFunctions = []Def{
	scalar(stringFamily, "upper", "The text in upper case.", "upper('abc')", "ABC",
		sig(Varchar, ofText(appendUpper), Varchar)).also("ucase"),
	scalar(stringFamily, "lower", "The text in lower case.", "lower('ABC')", "abc",
		sig(Varchar, ofText(func(b []byte, s string) []byte { return append(b, strings.ToLower(s)...) }), Varchar)).also("lcase"),
	scalar(stringFamily, "length", "The number of characters of a text, of elements of a list.", "length('Grüße')", "5",
		sig(BigInt, textLength(false), Varchar),
		Overload{Args: types(AnyList), Ret: BigInt, Eval: listLength}).also("len", "char_length", "character_length"),
	scalar(stringFamily, "strlen", "The number of bytes of a text.", "strlen('Grüße')", "7",
		sig(BigInt, textLength(true), Varchar)),
	scalar(stringFamily, "octet_length", "The number of bytes of a BLOB.", `octet_length('\xAA\xBB'::BLOB)`, "2",
		sig(BigInt, textLength(true), Blob)),
	scalar(stringFamily, "substr", "The characters from a position, counted from 1, on; at most so many as the third argument says. A negative position counts from the end.",
		"substr('keepalived', 5, 5)", "alive",
		sig(Varchar, onValues(substr), Varchar, BigInt, BigInt).optional(1)).also("substring", "mid"),
	scalar(stringFamily, "left", "The first characters; with a negative number all but the last ones.", "left('abc', 2)", "ab",
		sig(Varchar, onValues(leftRight(leftEnd)), Varchar, BigInt)),
	scalar(stringFamily, "right", "The last characters; with a negative number all but the first ones.", "right('abc', 2)", "bc",
		sig(Varchar, onValues(leftRight(rightEnd)), Varchar, BigInt)),
	trimDef("trim", "Removes blanks, or the given characters, at both ends.", "trim('  ab ')", "ab", strings.Trim),
	trimDef("ltrim", "Removes blanks, or the given characters, at the beginning.", "ltrim('xxab', 'x')", "ab", strings.TrimLeft),
	trimDef("rtrim", "Removes blanks, or the given characters, at the end.", "rtrim('ab..', '.')", "ab", strings.TrimRight),
	scalar(stringFamily, "replace", "Replaces every occurrence of the second text by the third.", "replace('a-b-c', '-', '+')", "a+b+c",
		sig(Varchar, onValues(replace), Varchar, Varchar, Varchar)),
	scalar(stringFamily, "translate", "Replaces each character of the second text by the one in its place in the third, or removes it if there is none.", "translate('12345', '143', 'ax')", "a2x5",
		sig(Varchar, onValues(translate), Varchar, Varchar, Varchar)),
	scalar(stringFamily, "contains", "Whether the second text occurs in the first.", "contains('keepalived', 'alive')", "true",
		sig(Boolean, onValues(contains), Varchar, Varchar),
		sig(Boolean, testTexts(strings.Contains), Blob, Blob)),
	scalar(stringFamily, "icontains", "Whether the second text occurs in the first, whatever the case of letters.", "icontains('KeepAlived', 'alive')", "true",
		sig(Boolean, testTexts(containsFold), Varchar, Varchar)),
	scalar(stringFamily, "starts_with", "Whether the text begins with the second.", "starts_with('keepalived', 'keep')", "true",
		sig(Boolean, testTexts(strings.HasPrefix), Varchar, Varchar),
		sig(Boolean, testTexts(strings.HasPrefix), Blob, Blob)).also("prefix", "^@"),
	scalar(stringFamily, "ends_with", "Whether the text ends with the second.", "ends_with('keepalived', 'd')", "true",
		sig(Boolean, testTexts(strings.HasSuffix), Varchar, Varchar),
		sig(Boolean, testTexts(strings.HasSuffix), Blob, Blob)).also("suffix"),
	scalar(stringFamily, "strpos", "The position of the second text in the first, counted from 1; 0 if it does not occur.", "strpos('abcb', 'b')", "2",
		sig(BigInt, countTexts(strpos), Varchar, Varchar)).also("instr", "position"),
	scalar(stringFamily, "concat", "The values as one text, or lists as one list; NULL counts as empty.", "concat('a', NULL, 1)", "a1",
		sig(Varchar, concat, Any).variadic(),
		Overload{Args: types(SameList), Variadic: true, RetOf: firstArg, Eval: concatLists(false)}).seesNulls(),
	scalar(stringFamily, "concat_ws", "The values that are not NULL as one text, with the first argument between them.", "concat_ws(', ', 'a', NULL, 'b')", "a, b",
		sig(Varchar, concatWith, Varchar, Any).variadic()).seesNulls(),
	scalar(stringFamily, "||", "One text, BLOB or list behind the other.", "'keep' || 'alive'", "keepalive",
		sig(Varchar, onValues(join), Varchar, Varchar), sig(Blob, join, Blob, Blob),
		Overload{Args: types(SameList, SameList), RetOf: firstArg, Eval: concatLists(true)}),
	scalar(stringFamily, "lpad", "Fills the text on the left with the third up to so many characters, or cuts it to them.", "lpad('7', 3, '0')", "007",
		sig(Varchar, onValues(pad(true)), Varchar, BigInt, Varchar)),
	scalar(stringFamily, "rpad", "Fills the text on the right with the third up to so many characters, or cuts it to them.", "rpad('7', 3, '.')", "7..",
		sig(Varchar, onValues(pad(false)), Varchar, BigInt, Varchar)),
	scalar(stringFamily, "repeat", "The text so many times.", "repeat('ab', 3)", "ababab",
		sig(Varchar, onValues(repeat), Varchar, BigInt)),
	scalar(stringFamily, "reverse", "The characters in reverse order.", "reverse('abc')", "cba",
		sig(Varchar, ofText(appendReversed), Varchar)),
	scalar(stringFamily, "split_part", "The part with the given number, counted from 1, of the text split at a separator; a negative number counts from the end.", "split_part('10.0.0.1:53', ':', 2)", "53",
		sig(Varchar, onValues(splitPart), Varchar, Varchar, BigInt)),
	scalar(stringFamily, "chr", "The character with a code point.", "chr(65)", "A",
		sig(Varchar, chr, BigInt)),
	scalar(stringFamily, "ascii", "The code point of the first character; 0 for the empty text.", "ascii('A')", "65",
		sig(Integer, onValues(codePoint(0)), Varchar)),
	scalar(stringFamily, "unicode", "The code point of the first character; -1 for the empty text.", "unicode('ü')", "252",
		sig(Integer, onValues(codePoint(-1)), Varchar)).also("ord"),
	scalar(stringFamily, "bit_length", "The number of bits of a text.", "bit_length('abc')", "24",
		sig(BigInt, bitLength, Varchar)),
	scalar(stringFamily, "strip_accents", "The text with Latin letters without their diacritical marks.", "strip_accents('Grüße')", "Gruße",
		sig(Varchar, ofText(func(b []byte, s string) []byte { return append(b, strings.Map(stripAccent, s)...) }), Varchar)),
}

func trimDef(name, doc, example, result string, trim func(s, cutset string) string) Def {
	eval := onValues(func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s := textsOf(args[0])
		if len(args) == 1 {
			return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
				return append(b, trim(s.at(i), " ")...), true, nil
			})
		}
		set := textsOf(args[1])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			return append(b, trim(s.at(i), set.at(i))...), true, nil
		})
	})
	return scalar(stringFamily, name, doc, example, result, sig(Varchar, eval, Varchar, Varchar).optional(1))
}

// cut returns the characters from to to of a text.
func cut(s string, from, to int64) string {
	if isASCII(s) {
		return s[from:to]
	}
	start, at := 0, int64(0)
	for i := range s {
		if at == from {
			start = i
		}
		if at == to {
			return s[start:i]
		}
		at++
	}
	if from >= at {
		return ""
	}
	return s[start:]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func substr(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, from, length := textsOf(args[0]), numbersOf[int64](args[1]), orElse[int64](args, 2, maxLength)
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		text := s.at(i)
		start, end := substrRange(int64(utf8.RuneCountInString(text)), from.at(i), length.at(i))
		return append(b, cut(text, start, end)...), true, nil
	})
}

// substrRange turns position and length into a range of characters. A position of 0
// stands before the first character, a negative one counts from the end, and a negative
// length goes backward; what lies before or behind the text counts, but yields nothing.
func substrRange(size, offset, length int64) (start, end int64) {
	length = min(max(length, -maxLength), maxLength)
	start = min(max(offset, -maxLength), maxLength) - 1
	if offset < 0 {
		start += size + 1
	}
	end = start + length
	if length < 0 {
		start, end = end, start
	}
	start = min(max(start, 0), size)
	return start, min(max(end, start), size)
}

// maxLength is longer than any text, and far from where int64 overflows.
const maxLength = 1 << 40

func leftEnd(size, n int64) (start, end int64) {
	if n < 0 {
		return 0, max(0, size+max(n, -size))
	}
	return 0, min(n, size)
}

func rightEnd(size, n int64) (start, end int64) {
	if n < 0 {
		return min(size, -max(n, -size)), size
	}
	return max(0, size-min(n, size)), size
}

func leftRight(ends func(size, n int64) (start, end int64)) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s, count := textsOf(args[0]), numbersOf[int64](args[1])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			text := s.at(i)
			start, end := ends(int64(utf8.RuneCountInString(text)), count.at(i))
			return append(b, cut(text, start, end)...), true, nil
		})
	}
}

func replace(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, old, repl := textsOf(args[0]), textsOf(args[1]), textsOf(args[2])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		text, old, repl := s.at(i), old.at(i), repl.at(i)
		if old == "" {
			return append(b, text...), true, nil
		}
		if more := len(repl) - len(old); more > 0 && strings.Count(text, old) > (maxText-len(text))/more {
			return nil, false, errLong
		}
		return append(b, strings.ReplaceAll(text, old, repl)...), true, nil
	})
}

func translate(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, from, to := textsOf(args[0]), textsOf(args[1]), textsOf(args[2])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		old, repl := []rune(from.at(i)), []rune(to.at(i))
		for _, r := range s.at(i) {
			switch at := slices.Index(old, r); {
			case at < 0:
				b = utf8.AppendRune(b, r)
			case at < len(repl):
				b = utf8.AppendRune(b, repl[at])
			}
		}
		return b, true, nil
	})
}

func strpos(s, t string) int64 {
	at := strings.Index(s, t)
	if at < 0 {
		return 0
	}
	return int64(utf8.RuneCountInString(s[:at])) + 1
}

// textArgs casts all arguments to VARCHAR, those of type NULL too.
func textArgs(c *Call, args []kernel.Vec, n int) ([]kernel.Vec, error) {
	out := make([]kernel.Vec, len(args))
	for i, a := range args {
		var err error
		if out[i], err = Cast(a, Varchar, false, c.Env, n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func concat(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) { return joinWith(c, nil, args, n) }

func concatWith(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	return joinWith(c, &args[0], args[1:], n)
}

// joinWith joins what isn't NULL, with a separator between if there is one.
func joinWith(c *Call, sep *kernel.Vec, args []kernel.Vec, n int) (kernel.Vec, error) {
	parts, err := textArgs(c, args, n)
	if err != nil {
		return kernel.Vec{}, err
	}
	all := parts
	between, sepValid := texts{}, kernel.Validity{}
	if sep != nil {
		all = append([]kernel.Vec{*sep}, parts...)
		between, sepValid = textsOf(*sep), kernel.RowValidity(*sep, n)
	}
	n = rowCount(all, n)
	s, valid := make([]texts, len(parts)), make([]kernel.Validity, len(parts))
	for k, p := range parts {
		s[k], valid[k] = textsOf(p), kernel.RowValidity(p, n)
	}
	out := kernel.NewStringBuilder(n)
	for i := range n {
		if !sepValid.Valid(i) {
			out.AppendNull()
			continue
		}
		b, some := out.Buffer(), false
		for k := range s {
			if !valid[k].Valid(i) {
				continue
			}
			if some && sep != nil {
				b = append(b, between.at(i)...)
			}
			b, some = append(b, s[k].at(i)...), true
		}
		out.SetBuffer(b)
	}
	a, err := out.Finish(Varchar)
	return column(all, a), err
}

func join(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, t := textsOf(args[0]), textsOf(args[1])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		return append(append(b, s.at(i)...), t.at(i)...), true, nil
	})
}

var (
	errPad  = errors.New("lpad and rpad need a text that is not empty to fill with")
	errLong = errors.New("the text would be longer than 256 MiB")
)

// maxText is how long a text may become that a function makes of shorter ones.
const maxText = 256 << 20

func pad(left bool) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s, width, fill := textsOf(args[0]), numbersOf[int64](args[1]), textsOf(args[2])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			text, want := s.at(i), max(0, width.at(i))
			missing := want - int64(utf8.RuneCountInString(text))
			switch {
			case missing <= 0:
				return append(b, cut(text, 0, want)...), true, nil
			case fill.at(i) == "":
				return nil, false, errPad
			case missing > maxText:
				return nil, false, errLong
			}
			if !left {
				b = append(b, text...)
			}
			for missing > 0 {
				part := fill.at(i)
				if size := int64(utf8.RuneCountInString(part)); size > missing {
					part = cut(part, 0, missing)
				}
				b = append(b, part...)
				missing -= int64(utf8.RuneCountInString(part))
			}
			if left {
				b = append(b, text...)
			}
			return b, true, nil
		})
	}
}

func repeat(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, times := textsOf(args[0]), numbersOf[int64](args[1])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		text, count := s.at(i), times.at(i)
		if text == "" || count <= 0 {
			return b, true, nil
		}
		if count > maxText/int64(len(text)) {
			return nil, false, errLong
		}
		for range count {
			b = append(b, text...)
		}
		return b, true, nil
	})
}

// appendUpper appends a text in upper case. That of ß is ẞ, as in Unicode since 2008 and
// in German since 2017; Go leaves it as it is.
func appendUpper(b []byte, s string) []byte {
	return append(b, strings.ReplaceAll(strings.ToUpper(s), "ß", "ẞ")...)
}

func appendReversed(b []byte, s string) []byte {
	for len(s) > 0 {
		_, size := utf8.DecodeLastRuneInString(s)
		b = append(b, s[len(s)-size:]...)
		s = s[:len(s)-size]
	}
	return b
}

func splitPart(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, sep, number := textsOf(args[0]), textsOf(args[1]), numbersOf[int64](args[2])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		parts := strings.Split(s.at(i), sep.at(i))
		at := number.at(i)
		switch size := int64(len(parts)); {
		case at > 0 && at <= size:
			return append(b, parts[at-1]...), true, nil
		case at < 0 && at >= -size:
			return append(b, parts[size+at]...), true, nil
		}
		return b, true, nil
	})
}

var errCodePoint = errors.New("chr needs a code point of Unicode")

func chr(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	code := numbersOf[int64](args[0])
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		x := code.at(i)
		if x < 0 || x > utf8.MaxRune || !utf8.ValidRune(rune(x)) {
			return nil, false, errCodePoint
		}
		return utf8.AppendRune(b, rune(x)), true, nil
	})
}

func bitLength(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	bytes, err := textLength(true)(c, args, n)
	if err != nil {
		return bytes, err
	}
	return kernel.MapFixed(bytes, BigInt, func(n int64) int64 { return 8 * n }), nil
}

// codePoint is the code point of the first character, or the given one of no character.
func codePoint(none int32) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s := textsOf(args[0])
		return fixedRows(c, args, n, func(i int) (int32, bool, error) {
			if s.at(i) == "" {
				return none, true, nil
			}
			r, _ := utf8.DecodeRuneInString(s.at(i))
			return r, true, nil
		})
	}
}

func listLength(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	offsets, _ := kernel.ListParts(args[0].Array)
	m := step(args[0])
	return fixedRows(c, args, n, func(i int) (int64, bool, error) {
		return int64(offsets[i&m+1] - offsets[i&m]), true, nil
	})
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}
