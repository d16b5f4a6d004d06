package kernel

import (
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

func TestTextOf(t *testing.T) {
	f := func(a arrow.Array, want ...string) {
		t.Helper()
		text := TextOf(a)
		for row, w := range want {
			if got := string(text([]byte("x"), row)); got != "x"+w {
				t.Errorf("%s, row %d: %q, want %q", a.DataType(), row, got, "x"+w)
			}
		}
	}
	array := func(dt arrow.DataType, values ...any) arrow.Array {
		a, err := FromAny(dt, values...)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	f(array(arrow.PrimitiveTypes.Int64, 7, nil, -12), "7", "", "-12")
	f(array(arrow.PrimitiveTypes.Int32, 7, 100), "7", "100")
	f(array(arrow.BinaryTypes.String, "a", nil, ""), "a", "", "")
	f(Encoded(array(arrow.BinaryTypes.String, "a", nil, "b", "a")), "a", "", "b", "a")
}
