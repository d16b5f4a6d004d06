package functions

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow/decimal128"

	"tq/functions/kernel"
)

const encodingFamily = "encoding"

var encodingFunctions = []Def{
	scalar(encodingFamily, "md5", "The MD5 digest in hexadecimal digits.", "md5('abc')", "900150983cd24fb0d6963f7d28e17f72",
		sig(Varchar, ofText(func(b []byte, s string) []byte { d := md5.Sum([]byte(s)); return hex.AppendEncode(b, d[:]) }), Varchar),
		sig(Varchar, ofText(func(b []byte, s string) []byte { d := md5.Sum([]byte(s)); return hex.AppendEncode(b, d[:]) }), Blob)),
	scalar(encodingFamily, "md5_number_lower", "The last eight bytes of the MD5 digest as a number, the first of them its lowest.", "md5_number_lower('abc')", "8250560606382298838",
		sig(UBigInt, md5Half(8), Varchar), sig(UBigInt, md5Half(8), Blob)),
	scalar(encodingFamily, "md5_number_upper", "The first eight bytes of the MD5 digest as a number, the first of them its lowest.", "md5_number_upper('abc')", "12704604231530709392",
		sig(UBigInt, md5Half(0), Varchar), sig(UBigInt, md5Half(0), Blob)),
	scalar(encodingFamily, "sha1", "The SHA-1 digest in hexadecimal digits.", "sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d",
		sig(Varchar, ofText(func(b []byte, s string) []byte { d := sha1.Sum([]byte(s)); return hex.AppendEncode(b, d[:]) }), Varchar),
		sig(Varchar, ofText(func(b []byte, s string) []byte { d := sha1.Sum([]byte(s)); return hex.AppendEncode(b, d[:]) }), Blob)),
	scalar(encodingFamily, "sha256", "The SHA-256 digest in hexadecimal digits.", "sha256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		sig(Varchar, ofText(func(b []byte, s string) []byte { d := sha256.Sum256([]byte(s)); return hex.AppendEncode(b, d[:]) }), Varchar),
		sig(Varchar, ofText(func(b []byte, s string) []byte { d := sha256.Sum256([]byte(s)); return hex.AppendEncode(b, d[:]) }), Blob)),
	scalar(encodingFamily, "to_base64", "The bytes in base64.", "to_base64('tq'::BLOB)", "dHE=",
		sig(Varchar, ofText(func(b []byte, s string) []byte { return base64.StdEncoding.AppendEncode(b, []byte(s)) }), Blob)).also("base64"),
	scalar(encodingFamily, "from_base64", "The bytes that a text in base64 stands for.", "from_base64('dHE=')", "tq",
		sig(Blob, decodeText(func(b []byte, s string) ([]byte, error) {
			out, err := base64.StdEncoding.AppendDecode(b, []byte(s))
			if err != nil {
				return nil, fmt.Errorf("%q is not base64", s)
			}
			return out, nil
		}), Varchar)),
	scalar(encodingFamily, "hex", "The bytes of a text or BLOB, or the bits of a number, in hexadecimal digits.", "hex(255)", "FF",
		sig(Varchar, ofText(appendHex), Varchar), sig(Varchar, ofText(appendHex), Blob),
		sig(Varchar, digitsOf(16), BigInt), sig(Varchar, unsignedDigits(16), UBigInt), sig(Varchar, hugeDigits(16), HugeInt)).also("to_hex"),
	scalar(encodingFamily, "unhex", "The bytes that hexadecimal digits stand for.", "unhex('7471')", "tq",
		sig(Blob, decodeText(func(b []byte, s string) ([]byte, error) { return decodeDigits(b, s, 2, 16, "hexadecimal") }), Varchar)).also("from_hex"),
	scalar(encodingFamily, "bin", "The bytes of a text, or the bits of a number, in binary digits.", "bin(10)", "1010",
		sig(Varchar, ofText(appendBinary), Varchar), sig(Varchar, ofText(appendBinary), Blob),
		sig(Varchar, digitsOf(2), BigInt), sig(Varchar, unsignedDigits(2), UBigInt), sig(Varchar, hugeDigits(2), HugeInt)).also("to_binary"),
	scalar(encodingFamily, "unbin", "The bytes that binary digits stand for.", "unbin('01110100')", "t",
		sig(Blob, decodeText(func(b []byte, s string) ([]byte, error) { return decodeDigits(b, s, 8, 2, "binary") }), Varchar)).also("from_binary"),
	scalar(encodingFamily, "to_base", "A number that is not negative in the digits of a base from 2 to 36, filled with zeros to at least so many.", "to_base(42, 16, 4)", "002A",
		sig(Varchar, toBase, BigInt, BigInt, BigInt).optional(1)),
	scalar(encodingFamily, "encode", "The bytes of a text.", "encode('tq')", "tq", sig(Blob, ofText(func(b []byte, s string) []byte { return append(b, s...) }), Varchar)),
	scalar(encodingFamily, "decode", "The text whose bytes in UTF-8 these are.", "decode('tq'::BLOB)", "tq",
		sig(Varchar, decodeText(func(b []byte, s string) ([]byte, error) {
			if !utf8.ValidString(s) {
				return nil, errors.New("the bytes are no text in UTF-8")
			}
			return append(b, s...), nil
		}), Blob)),
	scalar(encodingFamily, "url_encode", "The text with every byte but letters, digits and -._~ written as % and two digits.", "url_encode('a b/c')", "a%20b%2Fc",
		sig(Varchar, ofText(appendURL), Varchar)),
	scalar(encodingFamily, "url_decode", "The text with each % and two hexadecimal digits as the byte they stand for.", "url_decode('a%20b%2Fc')", "a b/c",
		sig(Varchar, decodeText(decodeURL), Varchar)),
}

// md5Half is the number that eight bytes of a text's MD5 digest are, from one on.
func md5Half(from int) ScalarFunc {
	return onValues(func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s := textsOf(args[0])
		return fixedRows(c, args, n, func(i int) (uint64, bool, error) {
			digest := md5.Sum([]byte(s.at(i)))
			return binary.LittleEndian.Uint64(digest[from:]), true, nil
		})
	})
}

// decodeText is a function of one text that may be at fault.
func decodeText(f func(b []byte, s string) ([]byte, error)) ScalarFunc {
	return onValues(func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s := textsOf(args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			b, err := f(b, s.at(i))
			return b, true, err
		})
	})
}

const upperDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func appendHex(b []byte, s string) []byte {
	for i := range len(s) {
		b = append(b, upperDigits[s[i]>>4], upperDigits[s[i]&15])
	}
	return b
}

func appendBinary(b []byte, s string) []byte {
	for i := range len(s) {
		for bit := 7; bit >= 0; bit-- {
			b = append(b, '0'+s[i]>>bit&1)
		}
	}
	return b
}

// decodeDigits reads bytes of so many digits each; missing ones at the beginning are 0.
func decodeDigits(b []byte, s string, width, base int, what string) ([]byte, error) {
	for first := (len(s)+width-1)%width + 1; len(s) > 0; first = width {
		x, err := strconv.ParseUint(s[:first], base, 8)
		if err != nil {
			return nil, fmt.Errorf("%q are not %s digits", s[:first], what)
		}
		b, s = append(b, byte(x)), s[first:]
	}
	return b, nil
}

// digitsOf writes the bits of a number of 64 bits.
func digitsOf(base int) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		x := numbersOf[int64](args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			return appendDigits(b, 0, uint64(x.at(i)), base), true, nil
		})
	}
}

func unsignedDigits(base int) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		x := numbersOf[uint64](args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			return appendDigits(b, 0, x.at(i), base), true, nil
		})
	}
}

func hugeDigits(base int) ScalarFunc {
	return func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		x := numbersOf[decimal128.Num](args[0])
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			return appendDigits(b, uint64(x.at(i).HighBits()), x.at(i).LowBits(), base), true, nil
		})
	}
}

// appendDigits writes 128 bits in base 2 or 16.
func appendDigits(b []byte, hi, lo uint64, base int) []byte {
	start := len(b)
	b = strconv.AppendUint(b, lo, base)
	if hi != 0 {
		b = strconv.AppendUint(b[:start], hi, base)
		text := strconv.FormatUint(lo, base)
		b = append(b, strings.Repeat("0", 64/bits.Len(uint(base-1))-len(text))+text...)
	}
	for i, c := range b[start:] {
		if c >= 'a' {
			b[start+i] = c - 'a' + 'A'
		}
	}
	return b
}

func toBase(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	x, base, least := numbersOf[int64](args[0]), numbersOf[int64](args[1]), orElse[int64](args, 2, 0)
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		switch {
		case x.at(i) < 0:
			return b, false, errors.New("to_base takes no negative number")
		case base.at(i) < 2 || base.at(i) > 36:
			return b, false, errors.New("the base of to_base must be between 2 and 36")
		case least.at(i) < 0 || least.at(i) > 64:
			return b, false, errors.New("the least number of digits of to_base must be between 0 and 64")
		}
		text := strings.ToUpper(strconv.FormatInt(x.at(i), int(base.at(i))))
		return append(append(b, strings.Repeat("0", max(0, int(least.at(i))-len(text)))...), text...), true, nil
	})
}

func appendURL(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b = append(b, c)
		default:
			b = append(b, '%', upperDigits[c>>4], upperDigits[c&15])
		}
	}
	return b
}

func decodeURL(b []byte, s string) ([]byte, error) {
	start := len(b)
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if x, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b, i = append(b, byte(x)), i+2
				continue
			}
		}
		b = append(b, s[i])
	}
	if !utf8.Valid(b[start:]) {
		return nil, fmt.Errorf("%q does not stand for text in UTF-8", s)
	}
	return b, nil
}
