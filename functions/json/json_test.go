package json

import (
	"strings"
	"testing"
)

func TestShortestForm(t *testing.T) {
	for text, want := range map[string]string{
		` { "a" : [ 1 , 2.50 ] } `:       `{"a":[1,2.5]}`,
		`1e3`:                            `1000.0`,
		`-0`:                             `0`,
		`-0.0`:                           `-0.0`,
		`1E-7`:                           `1e-7`,
		`0.000001`:                       `0.000001`,
		`1e21`:                           `1e21`,
		`1e20`:                           `100000000000000000000.0`,
		`1e400`:                          `1e400`,
		`123456789012345678901234567890`: `123456789012345678901234567890`,
		`"\u00e9\ud83d\ude00\/\n\u0001"`: `"é😀/\n\u0001"`,
		`[1,{"a":null,},]`:               `[1,{"a":null}]`,
		`-infinity`:                      `-Infinity`,
	} {
		v, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := string(v.Append(nil)); got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
}

func TestMalformed(t *testing.T) {
	for text, at := range map[string]string{
		``:                        "byte 0",
		`{"a":1`:                  "byte 6",
		`[1 2]`:                   "byte 3",
		`[,]`:                     "byte 1",
		`01`:                      "byte 2",
		`1.`:                      "byte 2",
		`{a:1}`:                   "byte 1",
		`"\ud83d"`:                "byte 7",
		`"\x"`:                    "byte 2",
		"\"\x01\"":                "byte 1",
		"\"\xff\"":                "byte 2",
		`nul`:                     "byte 0",
		`1 2`:                     "byte 2",
		strings.Repeat("[", 2000): "nested more than 1000 deep",
	} {
		if v, err := Parse(text); err == nil {
			t.Errorf("%q is read as %s", text, v.Append(nil))
		} else if !strings.Contains(err.Error(), at) {
			t.Errorf("%q: %v, want %s", text, err, at)
		}
	}
}

// What is written reads back as the same, and paths of any text find something or nothing.
func FuzzParse(f *testing.F) {
	f.Add(`{"a":[1,2.5,"x\n",null,{"b":{}}]}`, "$.a[*]..b")
	f.Add(`[1,[2,3],NaN]`, "/1/0")
	f.Add(`"é"`, `$."x"[#-1]`)
	f.Fuzz(func(t *testing.T, text, path string) {
		v, err := Parse(text)
		if err != nil {
			return
		}
		once := string(v.Append(nil))
		again, err := Parse(once)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, once, err)
		}
		if twice := string(again.Append(nil)); twice != once {
			t.Fatalf("%q is written as %q and then as %q", text, once, twice)
		}
		if !v.Contains(again) {
			t.Fatalf("%q does not contain itself", text)
		}
		if p, err := ParsePath(path); err == nil {
			p.Each(v, func(v *Value) { v.TypeName() })
			p.Find(v)
		}
	})
}
