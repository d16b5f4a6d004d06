package shell

import (
	"strings"

	"tq/lang"
	"tq/storage"
)

// filterWords are the words of sysdig's filters besides the names of fields.
var filterWords = append([]string{"and", "or", "not"}, lang.FilterOperators()...)

// columnOfField are the columns that hold the values of fields.
var columnOfField = map[string]string{
	"proc.name": "proc", "evt.type": "type", "evt.dir": "dir", "evt.category": "category", "fd.name": "fd_name",
	"fd.type": "fd_type", "user.name": "user", "container.id": "container",
}

// filter completes the last word of the beginning of a sysdig filter: a value behind an
// operator, else a field or a word of the language.
func (c *completer) filter(text string) (word string, candidates []string) {
	start := strings.LastIndexAny(text, " \t\n()=<>!,'\"") + 1
	word = text[start:]
	if field := comparedField(text[:start]); field != "" {
		return word, c.Values("events", columnOfField[field])
	}
	if word == "" {
		return word, nil
	}
	for _, name := range storage.FieldNames() {
		// What takes an argument ends where that begins.
		name, _, _ = strings.Cut(name, "NAME")
		name, _, _ = strings.Cut(name, "N]")
		candidates = append(candidates, name)
	}
	return word, append(candidates, filterWords...)
}

// filterArgument completes the filter that a dot-command takes.
func (c *completer) filterArgument(text string) []string {
	_, candidates := c.filter(text)
	return candidates
}

// comparedField is the field whose value is typed behind a text: the text ends with a
// comparison, or with a list that has begun.
func comparedField(text string) string {
	text = strings.TrimRight(text, " '\"")
	if open := strings.LastIndexByte(text, '('); open > strings.LastIndexByte(text, ')') {
		words := strings.Fields(text[:open])
		if n := len(words); n >= 2 && words[n-1] == "in" {
			return known(words[n-2])
		}
	}
	before := strings.TrimRight(text, "=!")
	if before == text {
		return ""
	}
	words := strings.FieldsFunc(before, func(r rune) bool { return strings.ContainsRune(" \t\n()", r) })
	if len(words) == 0 {
		return ""
	}
	return known(words[len(words)-1])
}

// known is a field whose values a column holds, or "".
func known(field string) string {
	if _, ok := columnOfField[field]; ok {
		return field
	}
	return ""
}
