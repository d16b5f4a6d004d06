package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
)

// Key says what is in a file, and which program looks at it: its size, when it was last
// written, and some of its bytes. A copy that keeps the time has the key of its original.
type Key string

// How many bytes of a file make its key: its start and its end, and samples between.
const (
	edgeLen   = 64 << 10
	sampleLen = 4 << 10
	samples   = 64
)

// KeyOf returns the key of a regular file.
func KeyOf(path string) (Key, error) {
	// A pipe must not even be opened: who writes to it would lose its reader.
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	size := info.Size()
	h := sha256.New()
	for _, n := range [...]int64{formatVersion, size, info.ModTime().UnixNano()} {
		binary.Write(h, binary.LittleEndian, n)
	}
	io.WriteString(h, program())
	sample := func(at, n int64) error {
		_, err := io.Copy(h, io.NewSectionReader(f, at, n))
		return err
	}
	err = sample(0, edgeLen)
	for i := int64(1); i < samples && err == nil; i++ {
		err = sample(size/samples*i, sampleLen)
	}
	if err == nil {
		err = sample(max(0, size-edgeLen), edgeLen)
	}
	return Key(hex.EncodeToString(h.Sum(nil)[:16])), err
}

// program tells this program from others, and from itself at other times: what one finds
// out another may not.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return path
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
})
