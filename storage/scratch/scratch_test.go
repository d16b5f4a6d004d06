package scratch

import (
	"bytes"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// open makes a file in a folder of the test's, where it has no name.
func open(t *testing.T) *File {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f, err := Create()
	if err != nil {
		t.Fatal(err)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) > 0 {
		t.Errorf("the file has the name %v; %v", names, err)
	}
	return f
}

func TestKeep(t *testing.T) {
	f := open(t)
	long := bytes.Repeat([]byte("0123456789"), 1000)
	check := func(want []byte, parts ...[]byte) {
		t.Helper()
		if got, err := f.Keep(parts...); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes, want %d; %v", len(got), len(want), err)
		}
	}
	check(nil)
	check([]byte("abc"), []byte("a"), nil, []byte("bc"))
	check(append([]byte("x"), long...), []byte("x"), long)
	check([]byte("last"), []byte("last"))
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestReplace(t *testing.T) {
	f := open(t)
	const pages = 5
	memory, err := unix.Mmap(-1, 0, pages*pageSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	for i := range memory {
		memory[i] = byte(i % 251)
	}
	want := bytes.Clone(memory)
	replace := func(from, to, settled int) {
		t.Helper()
		if n, err := f.Replace(memory[from:to]); err != nil || n != settled {
			t.Errorf("bytes %d to %d: %d settled, want %d; %v", from, to, n, settled, err)
		}
		if !bytes.Equal(memory, want) {
			t.Fatal("the memory has changed")
		}
	}
	replace(0, 100, 0)
	replace(0, 2*pageSize+100, 2*pageSize)
	replace(2*pageSize+1, 4*pageSize-1, 0)
	replace(2*pageSize+1, 4*pageSize, 2*pageSize-1)
	memory[4*pageSize], want[4*pageSize] = 7, 7 // what was not replaced can be written
	replace(4*pageSize, 5*pageSize, pageSize)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	replaced := bytes.Clone(memory)
	if err := unix.Munmap(memory); err != nil || !bytes.Equal(replaced, want) {
		t.Error("what was replaced went with the file;", err)
	}
}
