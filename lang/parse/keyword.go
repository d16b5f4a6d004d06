package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
)

// words are the keywords; the kind of a keyword's token is its place here, counted
// from firstKeyword.
var words = ast.Keywords()

var keywordKinds = func() map[string]lexer.TokenType {
	kinds := make(map[string]lexer.TokenType, len(words))
	for i, w := range words {
		kinds[w] = firstKeyword + lexer.TokenType(i)
	}
	return kinds
}()

var keywordClasses = func() []ast.KeywordClass {
	classes := make([]ast.KeywordClass, len(words))
	for i, w := range words {
		classes[i] = ast.ClassOf(w)
	}
	return classes
}()

const longestKeyword = 16

// keywordKind returns the kind of a word's token when it is a keyword.
func keywordKind(word string) (lexer.TokenType, bool) {
	if len(word) > longestKeyword {
		return 0, false
	}
	var upper [longestKeyword]byte
	for i := range len(word) {
		c := word[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		upper[i] = c
	}
	kind, ok := keywordKinds[string(upper[:len(word)])]
	return kind, ok
}

// keywordText returns a keyword in upper case, or "" for other tokens.
func keywordText(kind lexer.TokenType) string {
	if kind < firstKeyword {
		return ""
	}
	return words[kind-firstKeyword]
}

// classOf returns the class of a token's keyword.
func classOf(kind lexer.TokenType) ast.KeywordClass {
	if kind < firstKeyword {
		return ast.NotKeyword
	}
	return keywordClasses[kind-firstKeyword]
}

// Kinds of the keywords that the hand-written part of the grammar looks for.
var (
	kwAll         = kindOf("ALL")
	kwAnd         = kindOf("AND")
	kwAnti        = kindOf("ANTI")
	kwAny         = kindOf("ANY")
	kwArray       = kindOf("ARRAY")
	kwAs          = kindOf("AS")
	kwAsc         = kindOf("ASC")
	kwAsof        = kindOf("ASOF")
	kwAt          = kindOf("AT")
	kwBetween     = kindOf("BETWEEN")
	kwBy          = kindOf("BY")
	kwCase        = kindOf("CASE")
	kwCast        = kindOf("CAST")
	kwCollate     = kindOf("COLLATE")
	kwColumns     = kindOf("COLUMNS")
	kwCreate      = kindOf("CREATE")
	kwCross       = kindOf("CROSS")
	kwCube        = kindOf("CUBE")
	kwDesc        = kindOf("DESC")
	kwDistinct    = kindOf("DISTINCT")
	kwElse        = kindOf("ELSE")
	kwEnd         = kindOf("END")
	kwEscape      = kindOf("ESCAPE")
	kwExcept      = kindOf("EXCEPT")
	kwExclude     = kindOf("EXCLUDE")
	kwExists      = kindOf("EXISTS")
	kwFalse       = kindOf("FALSE")
	kwFetch       = kindOf("FETCH")
	kwFilter      = kindOf("FILTER")
	kwFirst       = kindOf("FIRST")
	kwFollowing   = kindOf("FOLLOWING")
	kwFrom        = kindOf("FROM")
	kwFull        = kindOf("FULL")
	kwGlob        = kindOf("GLOB")
	kwGroup       = kindOf("GROUP")
	kwGrouping    = kindOf("GROUPING")
	kwGroups      = kindOf("GROUPS")
	kwIgnore      = kindOf("IGNORE")
	kwIlike       = kindOf("ILIKE")
	kwIn          = kindOf("IN")
	kwInner       = kindOf("INNER")
	kwIntersect   = kindOf("INTERSECT")
	kwInterval    = kindOf("INTERVAL")
	kwIs          = kindOf("IS")
	kwIsNull      = kindOf("ISNULL")
	kwJoin        = kindOf("JOIN")
	kwLateral     = kindOf("LATERAL")
	kwLeft        = kindOf("LEFT")
	kwLike        = kindOf("LIKE")
	kwLimit       = kindOf("LIMIT")
	kwName        = kindOf("NAME")
	kwNatural     = kindOf("NATURAL")
	kwNext        = kindOf("NEXT")
	kwNot         = kindOf("NOT")
	kwNotNull     = kindOf("NOTNULL")
	kwNull        = kindOf("NULL")
	kwNulls       = kindOf("NULLS")
	kwOffset      = kindOf("OFFSET")
	kwOn          = kindOf("ON")
	kwOr          = kindOf("OR")
	kwOrder       = kindOf("ORDER")
	kwOver        = kindOf("OVER")
	kwOverlaps    = kindOf("OVERLAPS")
	kwPartition   = kindOf("PARTITION")
	kwPercent     = kindOf("PERCENT")
	kwPivot       = kindOf("PIVOT")
	kwPositional  = kindOf("POSITIONAL")
	kwPreceding   = kindOf("PRECEDING")
	kwRange       = kindOf("RANGE")
	kwRename      = kindOf("RENAME")
	kwReplace     = kindOf("REPLACE")
	kwRespect     = kindOf("RESPECT")
	kwRight       = kindOf("RIGHT")
	kwRollup      = kindOf("ROLLUP")
	kwRow         = kindOf("ROW")
	kwRows        = kindOf("ROWS")
	kwSelect      = kindOf("SELECT")
	kwSemi        = kindOf("SEMI")
	kwSets        = kindOf("SETS")
	kwSimilar     = kindOf("SIMILAR")
	kwSome        = kindOf("SOME")
	kwTable       = kindOf("TABLE")
	kwTablesample = kindOf("TABLESAMPLE")
	kwThen        = kindOf("THEN")
	kwTo          = kindOf("TO")
	kwTrue        = kindOf("TRUE")
	kwTryCast     = kindOf("TRY_CAST")
	kwUnion       = kindOf("UNION")
	kwUnknown     = kindOf("UNKNOWN")
	kwUnpivot     = kindOf("UNPIVOT")
	kwUsing       = kindOf("USING")
	kwValues      = kindOf("VALUES")
	kwWhen        = kindOf("WHEN")
	kwWhere       = kindOf("WHERE")
	kwWith        = kindOf("WITH")
	kwWithin      = kindOf("WITHIN")
)

// kindOf returns the kind of a keyword that is known to be one.
func kindOf(word string) lexer.TokenType {
	kind, ok := keywordKinds[word]
	if !ok {
		panic("parse: " + word + " is no keyword")
	}
	return kind
}
