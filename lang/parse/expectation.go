package parse

import (
	"slices"
	"strings"
)

// productionWords say what a production of the grammar is. Those that aren't here
// begin with a keyword, which says it better, or may be empty.
var productionWords = map[string]string{
	"name":         "a name",
	"anyname":      "a name",
	"expr":         "an expression",
	"exprlist":     "an expression",
	"selectlist":   "an expression",
	"grouplist":    "an expression",
	"orderitem":    "an expression",
	"orderall":     "ALL",
	"limitvalue":   "a number",
	"tableitem":    "a table",
	"tableref":     "a table",
	"relation":     "a table",
	"explainable":  "a query",
	"query":        "a query",
	"primary":      "a query",
	"values":       "VALUES",
	"valuesrow":    "(",
	"cte":          "a name",
	"namedwindow":  "a name",
	"typename":     "a type",
	"macroparam":   "a name",
	"createview":   "a name",
	"createtable":  "a name",
	"createmacro":  "a name",
	"copyoption":   "a name",
	"framebound":   "UNBOUNDED, CURRENT ROW or an expression",
	"frameexclude": "NO OTHERS, CURRENT ROW, GROUP or TIES",
	"<string>":     "a string",
}

// expectations takes what was expected out of an error message of participle, which
// ends with the rest of the production in EBNF: (expected <on> Expr | <using> …).
func expectations(message string) []string {
	_, ebnf, ok := strings.Cut(message, "(expected ")
	if !ok {
		return nil
	}
	var words []string
	for _, symbol := range firstSymbols(strings.TrimSuffix(ebnf, ")")) {
		word := symbolWords(symbol)
		if word != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// firstSymbols returns the symbols that a piece of EBNF may begin with.
func firstSymbols(ebnf string) []string {
	ebnf = strings.TrimSpace(ebnf)
	if strings.HasPrefix(ebnf, "(") {
		inside, rest := splitGroup(ebnf)
		var symbols []string
		for _, alternative := range splitAlternatives(inside) {
			symbols = append(symbols, firstSymbols(alternative)...)
		}
		if strings.HasPrefix(rest, "?") || strings.HasPrefix(rest, "*") {
			symbols = append(symbols, firstSymbols(rest[1:])...)
		}
		return symbols
	}
	symbol, rest, _ := strings.Cut(ebnf, " ")
	if optional := strings.TrimRight(symbol, "?*"); optional != symbol && optional != "" {
		return append([]string{optional}, firstSymbols(rest)...)
	}
	if symbol == "" {
		return nil
	}
	return []string{symbol}
}

// splitGroup splits a text that begins with ( behind the matching ).
func splitGroup(ebnf string) (inside, rest string) {
	depth := 0
	for i := 0; i < len(ebnf); i++ {
		switch ebnf[i] {
		case '"':
			i += strings.IndexByte(ebnf[i+1:], '"') + 1
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return ebnf[1:i], ebnf[i+1:]
			}
		}
	}
	return ebnf[1:], ""
}

// splitAlternatives splits at the | that stand in no group.
func splitAlternatives(ebnf string) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(ebnf); i++ {
		switch ebnf[i] {
		case '"':
			i += strings.IndexByte(ebnf[i+1:], '"') + 1
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				parts = append(parts, ebnf[start:i])
				start = i + 1
			}
		}
	}
	return append(parts, ebnf[start:])
}

// symbolWords says what a symbol of the grammar is.
func symbolWords(symbol string) string {
	symbol = strings.ToLower(strings.TrimRight(symbol, "+!"))
	if words, ok := productionWords[symbol]; ok {
		return words
	}
	switch symbol[0] {
	case '<':
		return strings.ToUpper(strings.Trim(symbol, "<>"))
	case '"':
		return strings.Trim(symbol, `"`)
	}
	return ""
}
