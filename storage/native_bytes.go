package storage

import (
	"errors"
	"unsafe"

	"tq/storage/cache"
)

// bytes returns the columns as they are in memory, those of the widest values first, so
// that each is aligned where all follow each other.
func (c *nativeColumns) bytes() [][]byte {
	return [][]byte{
		cache.Bytes(c.ts), cache.Bytes(c.num), cache.Bytes(c.offset), cache.Bytes(c.enter), cache.Bytes(c.thread),
		cache.Bytes(c.fdRef), cache.Bytes(c.fd), cache.Bytes(c.kind), cache.Bytes(c.cpu),
	}
}

// errOtherRows is what restoring ends with where there are not as many rows as there should
// be.
var errOtherRows = errors.New("a batch of saved rows has another length")

// restore sets the columns to what [nativeColumns.bytes] returned of n rows, without
// copying it.
func (c *nativeColumns) restore(all []byte, n int) error {
	var err error
	c.ts = takeColumn[int64](&all, n, &err)
	c.num = takeColumn[uint32](&all, n, &err)
	c.offset = takeColumn[uint32](&all, n, &err)
	c.enter = takeColumn[uint32](&all, n, &err)
	c.thread = takeColumn[int32](&all, n, &err)
	c.fdRef = takeColumn[int32](&all, n, &err)
	c.fd = takeColumn[int32](&all, n, &err)
	c.kind = takeColumn[uint16](&all, n, &err)
	c.cpu = takeColumn[uint16](&all, n, &err)
	if err == nil && len(all) > 0 {
		err = errOtherRows
	}
	return err
}

// takeColumn takes a column of n values off what is left of a batch.
func takeColumn[T any](all *[]byte, n int, err *error) (column []T) {
	var v T
	size := n * int(unsafe.Sizeof(v))
	if *err == nil && size > len(*all) {
		*err = errOtherRows
	}
	if *err != nil {
		return nil
	}
	column, *err = cache.Slice[T]((*all)[:size])
	*all = (*all)[size:]
	return column
}
