package inflate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Errors of what is not gzip, or not as it was written. What breaks off is
// [io.ErrUnexpectedEOF].
var (
	ErrHeader   = errors.New("the header of the compressed data makes no sense")
	ErrNotGzip  = errors.New("what follows the compressed data is not gzip")
	ErrChecksum = errors.New("the checksum of the compressed data is wrong")
	ErrFull     = errors.New("the payload does not fit in memory")
)

// CorruptError is the place in the input where it makes no sense.
type CorruptError int64

func (e CorruptError) Error() string {
	return fmt.Sprintf("the compressed data is damaged at offset %d", int64(e))
}

// Inflater decompresses gzip members that follow each other.
type Inflater struct {
	in   []byte
	pos  int
	bits uint64 // that were read, but not used
	n    uint   // how many

	out   []byte
	at    int // where the next byte goes
	start int // of the present member

	part   part
	first  bool   // no member has begun
	final  bool   // the present block is its member's last
	stored int    // bytes of a stored block to come
	sum    uint32 // of the member so far

	literals [literalRoom]entry
	dists    [distRoom]entry
}

// part is a part of a member.
type part uint8

const (
	header part = iota
	blockStart
	storedBlock
	codedBlock
	trailer
)

// New returns an inflater from in to out.
func New(in, out []byte) *Inflater { return &Inflater{in: in, out: out, first: true} }

// Step inflates until out holds n bytes, or somewhat more, and returns how many it holds.
// The error is io.EOF behind the last byte. What was inflated before any other error is
// good as far as can be told.
func (z *Inflater) Step(n int) (int, error) {
	for z.at < n {
		from := z.at
		err := z.do(n)
		z.sum = crc32.Update(z.sum, crc32.IEEETable, z.out[from:z.at])
		if err != nil {
			return z.at, err
		}
	}
	return z.at, nil
}

// do reads a part of a member, or inflates some of it, up to n bytes of output.
func (z *Inflater) do(n int) error {
	switch z.part {
	case header:
		return z.header()
	case blockStart:
		return z.block()
	case storedBlock:
		return z.copyStored(n)
	case codedBlock:
		return z.decode(n)
	}
	return z.trailer()
}

// The flags of a member's header.
const (
	headerCheck = 1 << 1
	headerExtra = 1 << 2
	headerName  = 1 << 3
	headerNote  = 1 << 4
)

// header reads the header of a member. Zeros behind the last one fill up.
func (z *Inflater) header() error {
	b := z.in[z.pos:]
	if !z.first {
		for len(b) > 0 && b[0] == 0 {
			b = b[1:]
		}
		if len(b) == 0 {
			return io.EOF
		}
	}
	const fixed, magic, method = 10, "\x1f\x8b", 8
	switch n := min(len(b), len(magic)); {
	case string(b[:n]) != magic[:n] && z.first:
		return ErrHeader
	case string(b[:n]) != magic[:n]:
		return ErrNotGzip
	case len(b) > n && b[n] != method:
		return ErrHeader
	}
	z.first = false
	if len(b) < fixed {
		return io.ErrUnexpectedEOF
	}
	flags := b[3]
	b = b[fixed:]
	if flags&headerExtra != 0 {
		if len(b) < 2 || len(b)-2 < int(binary.LittleEndian.Uint16(b)) {
			return io.ErrUnexpectedEOF
		}
		b = b[2+int(binary.LittleEndian.Uint16(b)):]
	}
	for _, text := range [...]byte{headerName, headerNote} {
		if flags&text == 0 {
			continue
		}
		for {
			if len(b) == 0 {
				return io.ErrUnexpectedEOF
			}
			last := b[0] == 0
			if b = b[1:]; last {
				break
			}
		}
	}
	if flags&headerCheck != 0 {
		if len(b) < 2 {
			return io.ErrUnexpectedEOF
		}
		b = b[2:]
	}
	z.pos = len(z.in) - len(b)
	z.bits, z.n, z.sum, z.start, z.part = 0, 0, 0, z.at, blockStart
	return nil
}

// trailer checks the length and the checksum of a member.
func (z *Inflater) trailer() error {
	z.toByte()
	b := z.in[z.pos:]
	if len(b) < 8 {
		return io.ErrUnexpectedEOF
	}
	z.pos += 8
	if binary.LittleEndian.Uint32(b) != z.sum || binary.LittleEndian.Uint32(b[4:]) != uint32(z.at-z.start) {
		return ErrChecksum
	}
	z.part = header
	return nil
}

// toByte goes on at the next whole byte of the input.
func (z *Inflater) toByte() {
	z.pos -= int(z.n / 8)
	z.bits, z.n = 0, 0
}

// fill reads bits as long as there is room for a byte of them, and there is one.
func (z *Inflater) fill() {
	for z.n <= 56 && z.pos < len(z.in) {
		z.bits |= uint64(z.in[z.pos]) << z.n
		z.pos++
		z.n += 8
	}
}

// take takes k bits, at most 32.
func (z *Inflater) take(k uint) (v int, err error) {
	if z.n < k {
		if z.fill(); z.n < k {
			return 0, io.ErrUnexpectedEOF
		}
	}
	v = int(z.bits & (1<<k - 1))
	z.bits >>= k
	z.n -= k
	return v, nil
}

// corrupt is the error for input that makes no sense.
func (z *Inflater) corrupt() error { return CorruptError(z.pos - int(z.n/8)) }

// block reads what stands before the data of a block.
func (z *Inflater) block() error {
	if z.final {
		z.final, z.part = false, trailer
		return nil
	}
	head, err := z.take(3)
	if err != nil {
		return err
	}
	z.final = head&1 != 0
	z.part = codedBlock
	switch head >> 1 {
	case 0:
		z.toByte()
		b := z.in[z.pos:]
		if len(b) < 4 {
			return io.ErrUnexpectedEOF
		}
		n := binary.LittleEndian.Uint16(b)
		if n != ^binary.LittleEndian.Uint16(b[2:]) {
			return z.corrupt()
		}
		z.pos += 4
		z.stored, z.part = int(n), storedBlock
		return nil
	case 1:
		return z.setCodes(fixedLengths[:literalLen], fixedLengths[literalLen:])
	case 2:
		return z.readCodes()
	}
	return z.corrupt()
}

// copyStored copies the bytes of a stored block.
func (z *Inflater) copyStored(n int) error {
	want := min(z.stored, n-z.at)
	got := copy(z.out[z.at:min(z.at+want, len(z.out))], z.in[z.pos:])
	z.at += got
	z.pos += got
	z.stored -= got
	switch {
	case got < want && z.at == len(z.out):
		return ErrFull
	case got < want:
		return io.ErrUnexpectedEOF
	case z.stored == 0:
		z.part = blockStart
	}
	return nil
}

// fixedLengths are the lengths of the codes that blocks of type 1 have.
var fixedLengths = func() (list [literalLen + distLen]uint8) {
	for i := range list {
		switch {
		case i < 144:
			list[i] = 8
		case i < 256:
			list[i] = 9
		case i < 280:
			list[i] = 7
		case i < literalLen:
			list[i] = 8
		default:
			list[i] = 5
		}
	}
	return list
}()

func (z *Inflater) setCodes(literals, dists []uint8) error {
	if !build(z.literals[:], literalBits, literals, literalEntries[:]) ||
		!build(z.dists[:], distBits, dists, distEntries[:]) {
		return z.corrupt()
	}
	return nil
}

// lengthOrder is the order in which the lengths of the codes stand that code lengths.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// readCodes reads the codes of a block of type 2.
func (z *Inflater) readCodes() error {
	counts, err := z.take(5 + 5 + 4)
	if err != nil {
		return err
	}
	numLiterals, numDists, numOrder := counts&31+257, counts>>5&31+1, counts>>10+4
	if numLiterals > 286 || numDists > 30 {
		return z.corrupt()
	}
	var order [19]uint8
	for _, symbol := range lengthOrder[:numOrder] {
		n, err := z.take(3)
		if err != nil {
			return err
		}
		order[symbol] = uint8(n)
	}
	const orderBits = 7
	var table [1 << orderBits]entry
	if !build(table[:], orderBits, order[:], orderEntries[:]) {
		return z.corrupt()
	}
	var lengths [literalLen + distLen]uint8
	for i := 0; i < numLiterals+numDists; {
		z.fill()
		e := table[z.bits&(1<<orderBits-1)]
		if e == invalid {
			return z.corrupt()
		}
		if _, err := z.take(e.codeLen()); err != nil {
			return err
		}
		n := e.value()
		if n < 16 {
			lengths[i] = uint8(n)
			i++
			continue
		}
		times, value, err := z.repeat(n)
		if err != nil {
			return err
		}
		if n == 16 {
			if i == 0 {
				return z.corrupt()
			}
			value = lengths[i-1]
		}
		if i+times > numLiterals+numDists {
			return z.corrupt()
		}
		for range times {
			lengths[i] = value
			i++
		}
	}
	if lengths[256] == 0 {
		return z.corrupt() // the block would have no end
	}
	return z.setCodes(lengths[:numLiterals], lengths[numLiterals:numLiterals+numDists])
}

// repeat reads how often symbol 16, 17 or 18 repeats a length.
func (z *Inflater) repeat(symbol int) (times int, value uint8, err error) {
	switch symbol {
	case 16:
		times, err = z.take(2)
		return times + 3, 0, err
	case 17:
		times, err = z.take(3)
		return times + 3, 0, err
	}
	times, err = z.take(7)
	return times + 11, 0, err
}
