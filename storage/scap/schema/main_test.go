package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The generated files are those of the JSON files beside the generator.
func TestUpToDate(t *testing.T) {
	files, err := generate(".")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is out of date: run go generate", name)
		}
	}
}

func TestNames(t *testing.T) {
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(camel("syscall_dup_1_x"), "SyscallDupV1X")
	f(camel("syscall_dup2_x"), "SyscallDup2X")
	f(camel("io_read"), "IORead")
	f(lowerCamel("file_flags"), "fileFlags")
}
