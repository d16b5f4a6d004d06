package cache

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

type pair struct {
	A int64
	B uint32
	C uint16
	D uint16
}

func write(t *testing.T, d *Dir, key Key, size int) {
	t.Helper()
	w, err := d.Create(key, "made.scap", uint64(size))
	if err != nil {
		t.Fatal(err)
	}
	w.Write("data", bytes.Repeat([]byte{7}, size))
	w.Write("empty", nil)
	w.Write("pairs", Bytes([]pair{{1, 2, 3, 4}, {-5, 6, 7, 8}}))
	var texts Texts
	if a, b, c := texts.ID("a"), texts.ID(""), texts.ID("a"); a != c || a == b {
		t.Errorf("texts have the numbers %d %d %d", a, b, c)
	}
	texts.Add("last")
	texts.Write(w, "texts")
	w.WriteValue("value", map[string]int{"one": 1})
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestEntry(t *testing.T) {
	d := New(filepath.Join(t.TempDir(), "made", "on demand"), 1<<30)
	if _, err := d.Open("key"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an entry that is not there: %v", err)
	}
	write(t, d, "key", 3*checkedLen+5)
	e, err := d.Open("key")
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if data := e.Section("data"); len(data) != 3*checkedLen+5 || data[0] != 7 || data[len(data)-1] != 7 {
		t.Errorf("%d bytes of data", len(data))
	}
	pairs, err := Slice[pair](e.Section("pairs"))
	if err != nil || !slices.Equal(pairs, []pair{{1, 2, 3, 4}, {-5, 6, 7, 8}}) {
		t.Errorf("%v %v", pairs, err)
	}
	if texts, err := e.Texts("texts"); err != nil || !slices.Equal(texts, []string{"a", "", "last"}) {
		t.Errorf("%q %v", texts, err)
	}
	if _, err := Slice[[3]uint64](e.Section("pairs")); err == nil {
		t.Error("32 bytes were read as values of 24")
	}
	var value map[string]int
	if err := e.Value("value", &value); err != nil || value["one"] != 1 {
		t.Errorf("%v %v", value, err)
	}
	if none, err := Slice[pair](e.Section("no such")); err != nil || none != nil {
		t.Errorf("%v %v", none, err)
	}
}

// TestDamage changes each byte of an entry, and cuts it short at each.
func TestDamage(t *testing.T) {
	d := New(t.TempDir(), 1<<30)
	write(t, d, "key", 100)
	whole, err := os.ReadFile(d.file("key"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.Open("key")
	if err != nil {
		t.Fatal(err)
	}
	filler := bytes.Repeat([]byte{1}, len(whole)) // 1 for each byte that fills up
	clear(filler[:headerSize])
	clear(filler[e.contents:])
	for _, section := range e.sections {
		clear(filler[bytes.Index(whole, section):][:len(section)])
	}
	e.Close()
	try := func(data []byte, what string, at int) {
		t.Helper()
		if err := os.WriteFile(d.file("key"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if e, err := d.Open("key"); err == nil {
			e.Close()
			t.Errorf("%s at %d went unnoticed", what, at)
		} else if _, err := os.Stat(d.file("key")); err == nil {
			t.Errorf("%s at %d: the entry is still there", what, at)
		}
	}
	for i := range whole {
		if filler[i] != 0 {
			continue
		}
		data := slices.Clone(whole)
		data[i] ^= 0x40
		try(data, "a changed byte", i)
		try(whole[:i], "the end", i)
	}
}

func TestOneWriter(t *testing.T) {
	d := New(t.TempDir(), 1<<30)
	w, err := d.Create("key", "a", 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Create("key", "a", 10); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second writer: %v", err)
	}
	if list, err := d.List(); err != nil || len(list) != 0 {
		t.Errorf("an entry is there before it is whole: %v %v", list, err)
	}
	w.Abort()
	w, err = d.Create("key", "a", 10)
	if err != nil {
		t.Fatal(err)
	}
	// One that has died leaves a draft, which is in the way for some time only.
	old := time.Now().Add(-2 * draftAge)
	if err := os.Chtimes(w.file.Name(), old, old); err != nil {
		t.Fatal(err)
	}
	write(t, d, "key", 10)
}

func TestLimit(t *testing.T) {
	d := New(t.TempDir(), 10000)
	if _, err := d.Create("key", "a", 6000); !errors.Is(err, ErrTooLarge) {
		t.Errorf("more than half of the room: %v", err)
	}
	w, err := d.Create("key", "a", 10)
	if err != nil {
		t.Fatal(err)
	}
	w.Write("data", make([]byte, 6000))
	if err := w.Commit(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("more than was said: %v", err)
	}
	for i, key := range []Key{"a", "b", "c", "d"} {
		write(t, d, key, 2500)
		used := time.Now().Add(time.Duration(i-10) * time.Minute)
		if key == "a" {
			used = time.Now() // again
		}
		if err := os.Chtimes(d.file(key), used, used); err != nil {
			t.Fatal(err)
		}
	}
	list, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	var keys []Key
	for _, l := range list {
		keys = append(keys, l.Key)
		if l.Path != "made.scap" || l.Written.IsZero() || l.Size < 2500 {
			t.Errorf("%+v", l)
		}
	}
	if !slices.Equal(keys, []Key{"a", "d", "c"}) {
		t.Errorf("the cache has %q", keys)
	}
	if n, size, err := d.Clear(); n != 3 || size < 7500 || err != nil {
		t.Errorf("%d entries of %d bytes removed: %v", n, size, err)
	}
}

func TestKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "capture")
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	stamp := time.Unix(1e9, 0)
	key := func(data []byte, stamp time.Time) Key {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, stamp, stamp); err != nil {
			t.Fatal(err)
		}
		k, err := KeyOf(path)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first := key(data, stamp)
	if key(data, stamp) != first {
		t.Error("the same file has another key")
	}
	if key(data, stamp.Add(time.Nanosecond)) == first {
		t.Error("a file that was written again has the same key")
	}
	if key(data[:len(data)-1], stamp) == first {
		t.Error("a shorter file has the same key")
	}
	for _, at := range []int{0, edgeLen - 1, len(data) / samples * 5, len(data) - 1} {
		changed := slices.Clone(data)
		changed[at]++
		if key(changed, stamp) == first {
			t.Errorf("a file with another byte at %d has the same key", at)
		}
	}
	if _, err := KeyOf(filepath.Dir(path)); err == nil {
		t.Error("a folder has a key")
	}
	pipe := path + ".pipe"
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := KeyOf(pipe); err == nil {
		t.Error("a pipe has a key")
	}
	if _, err := KeyOf(path + ".not"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}
