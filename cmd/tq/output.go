package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// outputFile is a file that appears under its name only when it is complete: until then
// what is written goes to a file beside it.
type outputFile struct {
	path string // what is to be replaced
	tmp  *os.File
	*bufio.Writer
}

// createOutput begins a file. What is no regular file, such as a pipe or /dev/null,
// can't be replaced and is written to as it stands.
func createOutput(path string) (*outputFile, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // replace what a link points to, not the link
	}
	mode := fs.FileMode(0o666)
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a directory", path)
		}
		if !info.Mode().IsRegular() {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return nil, err
			}
			return &outputFile{tmp: f, Writer: bufio.NewWriter(f)}, nil
		}
		mode = info.Mode().Perm()
	}
	dir, base := filepath.Split(path)
	for range 100 {
		name := filepath.Join(dir, fmt.Sprintf(".%s.%08x", base, rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return &outputFile{path: path, tmp: f, Writer: bufio.NewWriter(f)}, nil
	}
	return nil, fmt.Errorf("no free name for a temporary file beside %s", path)
}

// fill lets write fill the file, which takes its place if that succeeds: also when a
// damaged capture is all that went wrong.
func (f *outputFile) fill(write func(out io.Writer) error) error {
	err := write(f)
	if code := exitCode(err); code != exitDone && code != exitDamaged {
		return errors.Join(err, f.discard())
	}
	if e := f.commit(); e != nil {
		return e
	}
	return err
}

// commit puts the file in its place.
func (f *outputFile) commit() error {
	err := f.Flush()
	if f.path != "" {
		err = errors.Join(err, f.tmp.Sync())
	}
	err = errors.Join(err, f.tmp.Close())
	if f.path == "" {
		return err
	}
	if err == nil {
		err = os.Rename(f.tmp.Name(), f.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.tmp.Name()))
	}
	return nil
}

// discard leaves everything as it was before.
func (f *outputFile) discard() error {
	err := f.tmp.Close()
	if f.path == "" {
		return err
	}
	return errors.Join(err, os.Remove(f.tmp.Name()))
}
