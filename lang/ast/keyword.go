package ast

import (
	"slices"
	"strings"
)

// KeywordClass says where a word of the language may also be a name.
type KeywordClass uint8

// The classes, from the freest. After AS and next to a dot every keyword is a name.
const (
	NotKeyword KeywordClass = iota
	// Unreserved words are names wherever a name may stand.
	Unreserved
	// NoBareAlias words are names, but not as an alias without AS: there they begin
	// what follows, as LEFT does in FROM a LEFT JOIN b.
	NoBareAlias
	// Reserved words are names only in double quotes.
	Reserved
)

const unreservedWords = `
	ANALYZE ARRAY ASSERT BY CAST COLUMNS COPY CREATE CUBE CURRENT DESCRIBE DROP EXISTS
	EXPLAIN FIRST FOLLOWING FUNCTION GROUPING GROUPS IF INTERVAL LAST MACRO MATERIALIZED NAME NEXT
	NO OTHERS PARAM PARTITION PRECEDING RANGE RECURSIVE RESET ROLLUP ROW ROWS
	SET SETS SHOW SUMMARIZE TABLE TEMP TEMPORARY TIES TO TRY_CAST UNBOUNDED UNKNOWN
	VALUES VIEW`

const noBareAliasWords = `
	ANTI AROUND ASOF AT COLLATE CROSS ESCAPE EXCLUDE FETCH FILTER FULL GLOB IGNORE INNER
	ISNULL LEFT NATURAL NOTNULL NULLS OFFSET OUTER OVER OVERLAPS PER PERCENT PIVOT POSITIONAL RENAME
	REPLACE RESPECT RIGHT SEMI SOME TABLESAMPLE TOLERANCE UNPIVOT WITHIN`

const reservedWords = `
	ALL AND ANY AS ASC BETWEEN CASE DESC DISTINCT ELSE END EXCEPT FALSE FROM GROUP HAVING
	ILIKE IN INTERSECT IS JOIN LATERAL LIKE LIMIT NOT NULL ON OR ORDER QUALIFY SELECT
	SIMILAR THEN TRUE UNION USING WHEN WHERE WINDOW WITH`

var keywords = func() map[string]KeywordClass {
	classes := map[string]KeywordClass{}
	for class, words := range map[KeywordClass]string{
		Unreserved: unreservedWords, NoBareAlias: noBareAliasWords, Reserved: reservedWords,
	} {
		for _, w := range strings.Fields(words) {
			classes[w] = class
		}
	}
	return classes
}()

// Keywords returns the words of the language in upper case, sorted.
func Keywords() []string {
	words := make([]string, 0, len(keywords))
	for w := range keywords {
		words = append(words, w)
	}
	slices.Sort(words)
	return words
}

// ClassOf returns the class of a word, whatever its case.
func ClassOf(word string) KeywordClass { return keywords[strings.ToUpper(word)] }

// IsReserved reports whether a word is a name only in double quotes. GROUP is not:
// without BY behind it, it is a name, since traces have a column called so.
func IsReserved(word string) bool {
	return ClassOf(word) == Reserved && !strings.EqualFold(word, "group")
}

// bareCalls are functions that SQL calls without parentheses, where no column has the name.
var bareCalls = map[string]bool{
	"current_date": true, "current_time": true, "current_timestamp": true, "localtime": true, "localtimestamp": true,
}

// IsBareCall reports whether a name without parentheses may be a call.
func IsBareCall(id Ident) bool { return !id.Quoted && bareCalls[strings.ToLower(id.Name)] }

// QuoteIdent returns a name as it can be written in text: as it is when it is an
// ordinary word, else in double quotes.
func QuoteIdent(name string) string {
	if IsPlainName(name) && !IsReserved(name) {
		return name
	}
	return quote(name, '"')
}

// QuoteText returns text as a string literal.
func QuoteText(text string) string { return quote(text, '\'') }

// quote puts text between quotes, doubling those it holds.
func quote(text string, mark byte) string {
	m := string(mark)
	return m + strings.ReplaceAll(text, m, m+m) + m
}

// IsPlainName reports whether a name is a word of letters, digits and underscores.
func IsPlainName(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case i > 0 && c >= '0' && c <= '9':
		default:
			return false
		}
	}
	return name != ""
}
