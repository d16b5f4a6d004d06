package files

import (
	"errors"
	"io"
	"sync"

	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/pierrec/lz4/v4"
)

// lz4Raw is the number of Parquet's codec LZ4_RAW, which Arrow's reader lacks.
const lz4Raw compress.Compression = 7

// addCodecs makes codecs known to Arrow's reader that it lacks.
var addCodecs = sync.OnceFunc(func() { compress.RegisterCodec(lz4Raw, lz4Codec{}) })

// lz4Codec decodes pages that are one block of LZ4, without a frame. They are only read.
type lz4Codec struct{}

// Decode fills dst, which has the size that the page should have.
func (lz4Codec) Decode(dst, src []byte) []byte {
	n, err := lz4.UncompressBlock(src, dst)
	if err != nil {
		panic(err)
	}
	return dst[:n]
}

var errOnlyRead = errors.New("LZ4 is only read")

func (lz4Codec) NewReader(io.Reader) io.ReadCloser                     { panic(errOnlyRead) }
func (lz4Codec) NewWriter(io.Writer) io.WriteCloser                    { panic(errOnlyRead) }
func (lz4Codec) NewWriterLevel(io.Writer, int) (io.WriteCloser, error) { return nil, errOnlyRead }
func (lz4Codec) Encode(_, _ []byte) []byte                             { panic(errOnlyRead) }
func (lz4Codec) EncodeLevel(_, _ []byte, _ int) []byte                 { panic(errOnlyRead) }
func (lz4Codec) CompressBound(int64) int64                             { panic(errOnlyRead) }
