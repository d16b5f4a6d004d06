package inflate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"testing"
)

// inflateAll inflates in steps of some size.
func inflateAll(in []byte, room, step int) ([]byte, error) {
	out := make([]byte, room)
	z := New(in, out)
	for n := step; ; n += step {
		if at, err := z.Step(n); err != nil {
			return out[:at], err
		}
	}
}

func deflate(t testing.TB, level int, parts ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	for i, part := range parts {
		w, err := gzip.NewWriterLevel(&b, level)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 {
			w.Name, w.Comment, w.Extra = "name", "comment", []byte("extra")
		}
		w.Write(part)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// texts are data of different kinds: their codes are short and long, matches near and far.
func texts() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	skewed := make([]byte, 200_000)
	for i := range skewed {
		skewed[i] = byte(r.ExpFloat64() * 8)
	}
	var lines bytes.Buffer
	for i := range 20_000 {
		fmt.Fprintf(&lines, "%d %d curl (%d) < recvfrom res=%d\n", i, r.IntN(4), r.IntN(99999), r.IntN(4096))
	}
	near := bytes.Repeat([]byte("abcdefg"), 3000)
	for n := range 9 {
		near = append(near, bytes.Repeat(near[n:2*n+1], 50)...)
	}
	return map[string][]byte{
		"empty": nil, "one": {'x'}, "zeros": make([]byte, 300_000), "random": random, "skewed": skewed,
		"lines": lines.Bytes(), "near": near, "far": append(bytes.Clone(random[:32768]), random[:32768]...),
	}
}

func TestInflate(t *testing.T) {
	for name, text := range texts() {
		for _, level := range []int{gzip.HuffmanOnly, gzip.NoCompression, gzip.BestSpeed, 6, gzip.BestCompression} {
			in := deflate(t, level, text)
			for _, step := range []int{1 << 10, 1 << 18} {
				for _, room := range []int{len(text), len(text) + 1, 2*len(text) + 1000} {
					got, err := inflateAll(in, room, step)
					if err != io.EOF || !bytes.Equal(got, text) {
						t.Errorf("%s at level %d, %d bytes a step, room for %d: %d bytes of %d, %v", name, level, step, room, len(got), len(text), err)
					}
				}
			}
		}
	}
}

func TestMembers(t *testing.T) {
	all := texts()
	in := deflate(t, 6, all["lines"], nil, all["near"], all["one"])
	want := bytes.Join([][]byte{all["lines"], all["near"], all["one"]}, nil)
	check := func(in []byte, want []byte, wantErr error) {
		t.Helper()
		got, err := inflateAll(in, len(want)+1000, 1<<16)
		if !errors.Is(err, wantErr) || !bytes.Equal(got, want) {
			t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
		}
	}
	check(in, want, io.EOF)
	check(append(bytes.Clone(in), 0, 0, 0), want, io.EOF)
	check(append(bytes.Clone(in), "no gzip"...), want, ErrNotGzip)
	check(append(bytes.Clone(in), 0x1f, 0x8b, 7), want, ErrHeader)
	check(append(bytes.Clone(in), 0x1f, 0x8b), want, io.ErrUnexpectedEOF)
	check([]byte("no gzip"), nil, ErrHeader)
	for _, back := range []int{1, 5} {
		wrong := deflate(t, 6, all["near"])
		wrong[len(wrong)-back] ^= 1
		check(wrong, all["near"], ErrChecksum)
	}
	if got, err := inflateAll(in, len(want)-1, 1<<16); !errors.Is(err, ErrFull) || !bytes.HasPrefix(want, got) {
		t.Errorf("without room for the last byte: %d bytes, %v", len(got), err)
	}
}

// TestCut inflates what breaks off at any byte.
func TestCut(t *testing.T) {
	text := texts()["lines"][:20000]
	for _, level := range []int{gzip.NoCompression, gzip.BestSpeed, gzip.BestCompression} {
		in := deflate(t, level, text)
		last := 0
		for n := range in {
			got, err := inflateAll(in[:n], len(text)+1000, 1<<18)
			if !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasPrefix(text, got) || len(got) < last {
				t.Fatalf("level %d, %d of %d bytes: %d bytes, %v", level, n, len(in), len(got), err)
			}
			last = len(got)
		}
	}
}

// same checks that the standard library inflates to the same, and finds the same fault.
func same(t *testing.T, in []byte) {
	t.Helper()
	const room = 1 << 17
	got, err := inflateAll(in, room, 1<<16)
	if errors.Is(err, ErrFull) {
		return
	}
	r, wantErr := gzip.NewReader(bytes.NewReader(in))
	var want []byte
	if wantErr == nil {
		want, wantErr = io.ReadAll(r)
	}
	if (err == io.EOF) != (wantErr == nil) {
		if zeros := bytes.TrimRight(in, "\x00"); err == io.EOF && len(zeros) < len(in) {
			return // which fill up
		}
		t.Fatalf("%x: %v, want %v", in, err, wantErr)
	}
	if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) || err == io.EOF && len(got) != len(want) {
		t.Fatalf("%x: %d bytes differ from %d", in, len(got), len(want))
	}
}

// TestChanged inflates what has another byte somewhere.
func TestChanged(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, level := range []int{gzip.NoCompression, gzip.HuffmanOnly, gzip.BestCompression} {
		in := deflate(t, level, texts()["lines"][:3000], texts()["skewed"][:1000])
		for i := 10; i < len(in); i++ {
			changed := bytes.Clone(in)
			changed[i] ^= byte(1 << r.IntN(8))
			same(t, changed)
		}
	}
}

func FuzzInflate(f *testing.F) {
	for _, text := range texts() {
		f.Add(deflate(f, 6, text[:min(len(text), 500)]))
		f.Add(deflate(f, gzip.HuffmanOnly, text[:min(len(text), 500)], text[:min(len(text), 10)]))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > 3 && in[3]&headerCheck != 0 {
			return // which is not checked
		}
		same(t, in)
	})
}

// BenchmarkInflate inflates the file that INFLATE_BENCH names.
func BenchmarkInflate(b *testing.B) {
	in := deflate(b, 6, texts()["lines"])
	if path := os.Getenv("INFLATE_BENCH"); path != "" {
		var err error
		if in, err = os.ReadFile(path); err != nil {
			b.Fatal(err)
		}
	}
	out := make([]byte, 1<<28)
	n := 0
	for b.Loop() {
		z := New(in, out)
		for err := error(nil); err == nil; {
			n, err = z.Step(n + 1<<18)
		}
		n, _ = z.Step(0)
	}
	b.SetBytes(int64(n))
}
