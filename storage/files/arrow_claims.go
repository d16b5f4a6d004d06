package files

import (
	"encoding/binary"
	"errors"
	"fmt"

	flatbuffers "github.com/google/flatbuffers/go"
)

// Slots of the tables of Arrow's metadata, as its format (Schema.fbs, Message.fbs,
// File.fbs) numbers them: the first field of a table is in slot 4, each is 2 further.
const (
	slotMessageHeaderType = 6
	slotMessageHeader     = 8
	slotFooterSchema      = 6
	slotSchemaFields      = 6
	slotSchemaMetadata    = 8
	slotFieldChildren     = 14
	slotFieldMetadata     = 16
)

// headerIsSchema is the type of the message that a stream begins with.
const headerIsSchema = 1

// continuation stands before the length of a message since version 0.15 of the format.
const continuation = 0xffffffff

// maxMetadata bounds the bytes of a schema, far above what any has.
const maxMetadata = 256 << 20

// fieldSize is the least number of bytes that a field of a schema takes.
const fieldSize = 8

// errNoArrow is what is said of files whose metadata cannot be found.
var errNoArrow = errors.New("it is no Arrow file")

// checkClaims finds out whether the schema of a file can have as many fields as it says,
// which Arrow's reader takes room for without asking. What else is wrong with it, the
// reader tells.
func checkClaims(src *source, stream bool) error {
	meta, err := schemaMetadata(src, stream)
	if err != nil {
		return err
	}
	root := flatbuffers.Table{Bytes: meta, Pos: flatbuffers.GetUOffsetT(meta)}
	slot := flatbuffers.VOffsetT(slotFooterSchema)
	if stream {
		kind := flatbuffers.UOffsetT(root.Offset(slotMessageHeaderType))
		if kind == 0 || root.GetByte(root.Pos+kind) != headerIsSchema {
			return errNoArrow
		}
		slot = slotMessageHeader
	}
	at := flatbuffers.UOffsetT(root.Offset(slot))
	if at == 0 {
		return errNoArrow
	}
	c := claims{left: len(meta) / fieldSize}
	schema := flatbuffers.Table{Bytes: meta, Pos: root.Indirect(root.Pos + at)}
	if err := c.vector(schema, slotSchemaMetadata, nil); err != nil {
		return err
	}
	return c.vector(schema, slotSchemaFields, c.field)
}

// schemaMetadata returns the bytes that hold a file's schema: its footer, or the first
// message of a stream.
func schemaMetadata(src *source, stream bool) ([]byte, error) {
	if !stream {
		tail := int64(4 + len(arrowMagic))
		size, err := uint32At(src, src.Size()-tail)
		if err != nil || int64(size) > src.Size()-tail {
			return nil, errNoArrow
		}
		return bytesAt(src, src.Size()-tail-int64(size), size)
	}
	at := int64(0)
	size, err := uint32At(src, at)
	if err == nil && size == continuation {
		at += 4
		size, err = uint32At(src, at)
	}
	if err != nil {
		return nil, errNoArrow
	}
	return bytesAt(src, at+4, size)
}

func uint32At(src *source, at int64) (uint32, error) {
	b, err := bytesAt(src, at, 4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

func bytesAt(src *source, at int64, n uint32) ([]byte, error) {
	if at < 0 || n < 4 || int64(n) > min(src.Size()-at, maxMetadata) {
		return nil, errNoArrow
	}
	b := make([]byte, n)
	if _, err := src.ReadAt(b, at); err != nil {
		return nil, err
	}
	return b, nil
}

// claims follows the fields of a schema.
type claims struct {
	left int // how many more fields there is room for
}

func (c *claims) field(t flatbuffers.Table) error {
	if c.left--; c.left < 0 {
		return errors.New("its schema says that it has more fields than it has room for")
	}
	if err := c.vector(t, slotFieldMetadata, nil); err != nil {
		return err
	}
	return c.vector(t, slotFieldChildren, c.field)
}

// vector checks the length of a vector of tables, and the tables themselves unless check
// is nil.
func (c *claims) vector(t flatbuffers.Table, slot flatbuffers.VOffsetT, check func(flatbuffers.Table) error) error {
	at := flatbuffers.UOffsetT(t.Offset(slot))
	if at == 0 {
		return nil
	}
	n, start := t.VectorLen(at), t.Vector(at)
	if n < 0 || int64(start)+4*int64(n) > int64(len(t.Bytes)) {
		return fmt.Errorf("its schema says that a list in it has %d parts", n)
	}
	for i := 0; check != nil && i < n; i++ {
		part := flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(start + flatbuffers.UOffsetT(4*i))}
		if err := check(part); err != nil {
			return err
		}
	}
	return nil
}
