package kernel

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
)

// TestText compares searches and lengths with those of each text alone.
func TestText(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	alphabet := []string{"a", "b", "ab", "ü", "", "xyz"}
	for range 300 {
		b := NewStringBuilder(0)
		for range r.IntN(40) {
			if r.IntN(8) == 0 {
				b.AppendNull()
				continue
			}
			var text strings.Builder
			for range r.IntN(5) {
				text.WriteString(alphabet[r.IntN(2+r.IntN(len(alphabet)-1))])
			}
			b.Append(text.String())
		}
		a, err := b.Finish(arrow.BinaryTypes.String)
		if err != nil {
			t.Fatal(err)
		}
		if n := a.Len(); n > 3 {
			a = Slice(a, 1, n-1)
		}
		s, valid := StringsOf(a), ValidityOf(a)
		for _, text := range []string{"a", "ab", "ba", "bab", "zx", "ü", "aabb"} {
			bits := Bitmap(ContainBits(a, []byte(text)))
			for i := range a.Len() {
				if want := strings.Contains(s.At(i), text); valid.Valid(i) && bits.Get(i) != want {
					t.Errorf("%q in %q: %v", text, s.At(i), !want)
				}
			}
		}
		runes, sizes := Lengths(a, false), Lengths(a, true)
		for i := range a.Len() {
			if valid.Valid(i) && (runes[i] != int64(utf8.RuneCountInString(s.At(i))) || sizes[i] != int64(len(s.At(i)))) {
				t.Errorf("lengths of %q: %d, %d", s.At(i), runes[i], sizes[i])
			}
		}
	}
}
