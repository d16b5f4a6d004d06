package functions

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

var textList = arrow.ListOf(Varchar)

var splitFunctions = []Def{
	scalar(stringFamily, "string_split", "The parts of a text between separators; the characters, if the separator is empty.", "string_split('a-b-c', '-')", "[a, b, c]",
		sig(textList, stringSplit, Varchar, Varchar)).also("split", "str_split", "string_to_array").seesNulls(),
	scalar(patternFamily, "string_split_regex", "The parts of a text between what a regular expression matches.", "string_split_regex('a1b22c', '[0-9]+')", "[a, b, c]",
		sig(textList, onValues(splitRegexp), Varchar, Varchar, Varchar).optional(1)).also("str_split_regex", "regexp_split_to_array"),
	scalar(patternFamily, "regexp_extract_all", "All that a regular expression matches, or the group of it with the given number.", "regexp_extract_all('a1 b2', '([a-z])([0-9])', 2)", "[1, 2]",
		sig(textList, onValues(regexpExtractAll), Varchar, Varchar, BigInt, Varchar).optional(2)),
	scalar(stringFamily, "array_to_string", "The elements of a list as one text with a separator between them; NULLs are left out; of NULLs only it is NULL.", "array_to_string(['a', NULL, 'b'], '-')", "a-b",
		sig(Varchar, joinList, AnyList, Varchar)).seesNulls(),
	pathDef("parse_path", "The parts of a path.", "parse_path('/usr/lib/libc.so')", "[/, usr, lib, libc.so]", textList, pathParts),
	pathDef("parse_filename", "The last part of a path, or with true that without its extension.", "parse_filename('/usr/lib/libc.so')", "libc.so", Varchar, fileName),
	pathDef("parse_dirname", "The first folder of a path.", "parse_dirname('/usr/lib/libc.so')", "/", Varchar, firstFolder),
	pathDef("parse_dirpath", "The path without its last part.", "parse_dirpath('/usr/lib/libc.so')", "/usr/lib", Varchar, folderPath),
}

// splitText hands out the parts of a text; an empty separator parts its characters.
func splitText(s, by string, emit func(string)) {
	if by == "" && s == "" {
		emit("")
		return
	}
	for _, part := range strings.Split(s, by) {
		emit(part)
	}
}

// stringSplit takes a NULL separator for none.
func stringSplit(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args[:1]) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	s, separator := textsOf(args[0]), func(int) (string, bool) { return "", false }
	if !anyNullConst(args[1:]) {
		by, given := textsOf(args[1]), kernel.RowValidity(args[1], n)
		separator = func(i int) (string, bool) { return by.at(i), given.Valid(i) }
	}
	a, err := makeTextLists(c.Ret, kernel.RowValidity(args[0], n), n, func(emit func(string), i int) error {
		if by, ok := separator(i); ok {
			splitText(s.at(i), by, emit)
		} else {
			emit(s.at(i))
		}
		return nil
	})
	return column(args, a), err
}

func splitRegexp(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, pattern, options := textsOf(args[0]), textsOf(args[1]), optionTexts(args, 2)
	cache := compiled[*regexp.Regexp]{make: compileRegexp}
	return textLists(c, args, n, func(emit func(string), i int) error {
		re, err := cache.of(pattern.at(i), options(i))
		if err != nil {
			return err
		}
		for _, part := range re.Split(s.at(i), -1) {
			emit(part)
		}
		return nil
	})
}

func regexpExtractAll(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	s, pattern, group, options := textsOf(args[0]), textsOf(args[1]), orElse[int64](args, 2, 0), optionTexts(args, 3)
	cache := compiled[*regexp.Regexp]{make: compileRegexp}
	return textLists(c, args, n, func(emit func(string), i int) error {
		re, err := cache.of(pattern.at(i), options(i))
		if err != nil {
			return err
		}
		g := group.at(i)
		if g < 0 || g > int64(re.NumSubexp()) {
			return fmt.Errorf("the regular expression %q has no group %d", pattern.at(i), g)
		}
		text := s.at(i)
		for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
			if at[2*g] >= 0 {
				emit(text[at[2*g]:at[2*g+1]])
			} else {
				emit("")
			}
		}
		return nil
	})
}

func joinList(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	n = rowCount(args, n)
	list, by := ListsOf(args[0], n), textsOf(args[1])
	some, text := kernel.ValidityOf(list.Values), textOf(list.Values, c.Env.Zone)
	return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
		from, to := list.At(i)
		first, none := true, from < to
		for j := from; j < to; j++ {
			if !some.Valid(int(j)) {
				continue
			}
			if !first {
				b = append(b, by.at(i)...)
			}
			b, first, none = text(b, int(j)), false, false
		}
		return b, !none, nil
	})
}

// pathOptions are the arguments behind a path: whether to trim the extension, and what
// separates the parts.
type pathOptions struct {
	trim       bool
	separators string
}

// pathDef is a function of a path.
func pathDef(name, doc, example, result string, ret arrow.DataType, f func(path string, o pathOptions) []string) Def {
	body := func(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
		s := textsOf(args[0])
		options := pathOptionsOf(args)
		if ret != Varchar {
			return textLists(c, args, n, func(emit func(string), i int) error {
				o, err := options(i)
				for _, part := range f(s.at(i), o) {
					emit(part)
				}
				return err
			})
		}
		return textRows(c, args, n, func(b []byte, i int) ([]byte, bool, error) {
			o, err := options(i)
			return append(b, strings.Join(f(s.at(i), o), "")...), true, err
		})
	}
	d := scalar(stringFamily, name, doc, example, result, sig(ret, onValues(body), Varchar, Varchar).optional(1))
	if name == "parse_filename" {
		d.Overloads = append(d.Overloads, sig(ret, onValues(body), Varchar, Boolean, Varchar).optional(1))
	}
	return d
}

func pathOptionsOf(args []kernel.Vec) func(i int) (pathOptions, error) {
	trims, named := func(int) bool { return false }, func(int) string { return "both_slash" }
	for _, a := range args[1:] {
		if m := step(a); a.DataType().ID() == arrow.BOOL {
			bits := kernel.Bitmap(kernel.Bits(a.Array))
			trims = func(i int) bool { return bits.Get(i & m) }
		} else {
			named = textsOf(a).at
		}
	}
	return func(i int) (pathOptions, error) {
		o := pathOptions{trim: trims(i)}
		switch name := named(i); name {
		case "both_slash":
			o.separators = `/\`
		case "forward_slash", "system":
			o.separators = "/"
		case "backslash":
			o.separators = `\`
		default:
			return o, fmt.Errorf("there is no path separator %q; there are system, both_slash, forward_slash and backslash", name)
		}
		return o, nil
	}
}

func pathParts(path string, o pathOptions) []string {
	var parts []string
	if path != "" && strings.ContainsRune(o.separators, rune(path[0])) {
		parts = append(parts, path[:1])
	}
	return append(parts, strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(o.separators, r) })...)
}

func fileName(path string, o pathOptions) []string {
	name := path[strings.LastIndexAny(path, o.separators)+1:]
	if dot := strings.LastIndexByte(name, '.'); o.trim && dot > 0 {
		name = name[:dot]
	}
	return []string{name}
}

func firstFolder(path string, o pathOptions) []string {
	switch at := strings.IndexAny(path, o.separators); at {
	case -1:
		return nil
	case 0:
		return []string{path[:1]}
	default:
		return []string{path[:at]}
	}
}

func folderPath(path string, o pathOptions) []string {
	at := strings.LastIndexAny(path, o.separators)
	return []string{path[:max(at, 0)]}
}
