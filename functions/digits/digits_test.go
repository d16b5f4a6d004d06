package digits

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestAppend(t *testing.T) {
	f := func(v int64) {
		t.Helper()
		if got, want := string(AppendInt([]byte("x"), v)), "x"+strconv.FormatInt(v, 10); got != want {
			t.Errorf("AppendInt(%d) = %s", v, got)
		}
		if got, want := string(AppendUint(nil, uint64(v))), strconv.FormatUint(uint64(v), 10); got != want {
			t.Errorf("AppendUint(%s) = %s", want, got)
		}
	}
	f(math.MinInt64)
	f(math.MaxInt64)
	for p := int64(1); p > 0 && p < math.MaxInt64/10; p *= 10 {
		f(p - 1)
		f(p)
		f(-p)
		f(p + 1)
	}
	for range 1000 {
		f(int64(rand.Uint64() >> rand.IntN(64)))
	}
}

func BenchmarkAppendInt(b *testing.B) {
	for _, v := range []int64{7, 42, 25978, 1234567, 1408726886_375374738} {
		b.Run(strconv.FormatInt(v, 10), func(b *testing.B) {
			dst := make([]byte, 0, 32)
			for b.Loop() {
				dst = AppendInt(dst[:0], v)
			}
		})
		b.Run("strconv/"+strconv.FormatInt(v, 10), func(b *testing.B) {
			dst := make([]byte, 0, 32)
			for b.Loop() {
				dst = strconv.AppendInt(dst[:0], v, 10)
			}
		})
	}
}
