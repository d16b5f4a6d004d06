package scap

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps a regular file for reading.
func mapFile(f *os.File, size int) ([]byte, error) {
	if size == 0 {
		return nil, nil
	}
	return unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_PRIVATE)
}

// reserve reserves a range of memory that takes no room until it is written. Where the
// system does not allow so much, the range is shorter.
func reserve(size int) (b []byte, err error) {
	const least = 64 << 20
	for {
		b, err = unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE,
			unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
		if err == nil || size <= least {
			return b, err
		}
		size /= 2
	}
}

func unmap(b []byte) error {
	if b == nil {
		return nil
	}
	return unix.Munmap(b)
}
