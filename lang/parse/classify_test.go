package parse

import (
	"fmt"
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	names := map[Class]string{
		Word: "word", Keyword: "keyword", Quoted: "quoted", Number: "number", String: "string", Param: "param",
		Filter: "filter", Operator: "operator", Comment: "comment", Broken: "broken",
	}
	f := func(text, want string) {
		t.Helper()
		var got []string
		for _, token := range Classify(text) {
			got = append(got, fmt.Sprintf("%s %s", names[token.Class], text[token.Span.Start:token.Span.End]))
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%s:\n got %s\nwant %s", text, s, want)
		}
	}
	f("", "")
	f("SELECT num FROM \"e v\"", "keyword SELECT|word num|keyword FROM|quoted \"e v\"")
	f("x>1.5s -- so\n+$p", "word x|operator >|number 1.5s|comment -- so|operator +|param $p")
	f("{proc.name=cat} @+1s x'00'", "filter {proc.name=cat}|number @+1s|string x'00'")
	f("a = 'open", "word a|operator =|broken 'open")
	f("a /* open", "word a|broken /* open")
	f("a ? b", "word a|broken ?|word b")
}
