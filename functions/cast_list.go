package functions

import (
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// parseLists reads lists as they are written: [1, 2, NULL]. The elements are read as values
// of their type in turn.
func (c *caster) parseLists(s kernel.Strings) (arrow.Array, error) {
	offsets, texts := make([]int32, c.n+1), kernel.NewStringBuilder(c.n)
	count := int32(0)
	for i := range c.n {
		if c.valid.Valid(i) {
			elems, ok := splitList(s.At(i))
			if !ok {
				if err := c.fail(i, s.At(i), nil); err != nil {
					return nil, err
				}
			}
			for _, e := range elems {
				if e.null {
					texts.AppendNull()
				} else {
					texts.Append(e.text)
				}
			}
			count += int32(len(elems))
		}
		offsets[i+1] = count
	}
	values, err := texts.Finish(Varchar)
	if err != nil {
		return nil, err
	}
	plain, err := c.part(values, Varchar, c.to.(*arrow.ListType).Elem())
	if err != nil {
		return nil, fmt.Errorf("in a list: %w", err)
	}
	return kernel.FromLists(c.to, offsets, plain, c.result()), nil
}

// listElement is the text of an element of a list, or NULL.
type listElement struct {
	text string
	null bool
}

// splitList splits the text of a list at the commas that stand in no quotes and in no
// brackets of elements.
func splitList(text string) (elems []listElement, ok bool) {
	inner, ok := strings.CutPrefix(strings.TrimSpace(text), "[")
	if ok {
		inner, ok = strings.CutSuffix(inner, "]")
	}
	if !ok {
		return nil, false
	}
	if strings.TrimSpace(inner) == "" {
		return nil, true
	}
	depth, start := 0, 0
	var quote byte
	for i := 0; i < len(inner); i++ {
		switch b := inner[i]; {
		case b == '\\':
			i++ // what is escaped means nothing
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case (b == '\'' || b == '"') && strings.TrimSpace(inner[start:i]) == "" || (b == '\'' || b == '"') && depth > 0:
			quote = b
		case b == '[' || b == '{' || b == '(':
			depth++
		case b == ']' || b == '}' || b == ')':
			if depth--; depth < 0 {
				return nil, false
			}
		case b == ',' && depth == 0:
			elems, start = append(elems, elementOf(inner[start:i])), i+1
		}
	}
	if quote != 0 || depth != 0 {
		return nil, false
	}
	return append(elems, elementOf(inner[start:])), true
}

// elementOf is an element without its quotes.
func elementOf(text string) listElement {
	text = strings.TrimSpace(text)
	if strings.EqualFold(text, "null") {
		return listElement{null: true}
	}
	if n := len(text); n >= 2 && (text[0] == '\'' || text[0] == '"') && text[n-1] == text[0] {
		return listElement{text: elementUnescapes.Replace(text[1 : n-1])}
	}
	return listElement{text: text}
}

var elementUnescapes = strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\"`, `"`)
