package scap

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

func isGzip(data []byte) bool {
	return len(data) >= 2 && data[0] == 0x1f && data[1] == 0x8b
}

// inflate returns the concatenated contents of a gzip file's members, as far as they can
// be had.
func inflate(data []byte) ([]byte, *Warning) {
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, &Warning{Kind: WarnGzip, Message: err.Error()}
	}
	var out bytes.Buffer
	_, err = io.Copy(&out, zr)
	if err == nil {
		return out.Bytes(), nil
	}
	msg := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		msg = "compressed data ends early"
	}
	return out.Bytes(), &Warning{Offset: int64(out.Len()), Kind: WarnGzip, Message: msg}
}
