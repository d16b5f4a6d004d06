package inflate

import (
	"encoding/binary"
	"io"
)

const (
	maxMatch = 258
	// outRoom is how many bytes beyond the present one decodeFast may write.
	outRoom = maxMatch + 2 + 8
	// inRoom is how many bytes of input it may read without looking whether they are there.
	inRoom = 2 * 8
)

// decode inflates some of a block of codes.
func (z *Inflater) decode(n int) error {
	if z.pos+inRoom <= len(z.in) && z.at+outRoom <= len(z.out) && z.n < 64 {
		return z.decodeFast(min(n, len(z.out)-outRoom+1))
	}
	return z.decodeOne()
}

// decodeFast inflates until there are n bytes, the block ends, or the end of the input is
// near.
func (z *Inflater) decodeFast(n int) error {
	var (
		in, out   = z.in, z.out
		pos, at   = z.pos, z.at
		buf, have = z.bits, z.n
		literals  = &z.literals
		dists     = &z.dists
		err       error
		last      = len(in) - inRoom
	)
	for at < n && pos <= last {
		buf |= binary.LittleEndian.Uint64(in[pos:]) << (have & 63)
		pos += int((63 - have) >> 3)
		have |= 56
		e := literals[buf&(1<<literalBits-1)]
		if e&isLiteral != 0 {
			out[at] = byte(e >> 16)
			at++
			buf >>= e & 15
			have -= uint(e & 15)
			e = literals[buf&(1<<literalBits-1)]
			if e&isLiteral != 0 {
				out[at] = byte(e >> 16)
				at++
				buf >>= e & 15
				have -= uint(e & 15)
				e = literals[buf&(1<<literalBits-1)]
				if e&isLiteral != 0 {
					out[at] = byte(e >> 16)
					at++
					buf >>= e & 15
					have -= uint(e & 15)
					continue
				}
			}
			buf |= binary.LittleEndian.Uint64(in[pos:]) << (have & 63)
			pos += int((63 - have) >> 3)
			have |= 56
		}
		if e&isOdd != 0 {
			if e&isLonger != 0 {
				buf >>= literalBits
				have -= literalBits
				e = literals[e.value()+int(buf&(1<<e.bits()-1))]
				if e&isLiteral != 0 {
					out[at] = byte(e >> 16)
					at++
					buf >>= e & 15
					have -= uint(e & 15)
					continue
				}
			}
			if e&isOdd != 0 {
				if e&isEnd == 0 {
					err = errInvalid
					break
				}
				buf >>= e & 15
				have -= uint(e & 15)
				z.part = blockStart
				break
			}
		}
		was := buf
		buf >>= e.bits()
		have -= e.bits()
		length := e.value() + int(was&(1<<e.bits()-1)>>e.codeLen())

		e = dists[buf&(1<<distBits-1)]
		if e&isOdd != 0 {
			if e&isLonger != 0 {
				buf >>= distBits
				have -= distBits
				e = dists[e.value()+int(buf&(1<<e.bits()-1))]
			}
			if e&isOdd != 0 {
				err = errInvalid
				break
			}
		}
		was = buf
		buf >>= e.bits()
		have -= e.bits()
		dist := e.value() + int(was&(1<<e.bits()-1)>>e.codeLen())
		if dist > at-z.start {
			err = errInvalid
			break
		}
		at = copyMatch(out, at, dist, length)
	}
	z.pos, z.at, z.n = pos, at, have
	z.bits = buf & (1<<have - 1)
	if err != nil {
		return z.corrupt()
	}
	return nil
}

// errInvalid stands for [Inflater.corrupt] while the inflater's fields are out of date.
var errInvalid = io.ErrNoProgress

// copyMatch repeats what stands dist bytes before at, and returns where it ends. It may
// write up to eight bytes more.
func copyMatch(out []byte, at, dist, length int) int {
	end := at + length
	switch {
	case dist >= 8:
		for from := at - dist; at < end; from, at = from+8, at+8 {
			binary.LittleEndian.PutUint64(out[at:], binary.LittleEndian.Uint64(out[from:]))
		}
	case dist == 1:
		for v := uint64(out[at-1]) * 0x0101010101010101; at < end; at += 8 {
			binary.LittleEndian.PutUint64(out[at:], v)
		}
	default:
		for ; at < end; at++ {
			out[at] = out[at-dist]
		}
	}
	return end
}

// decodeOne inflates one symbol, looking at each step whether there is input and room.
func (z *Inflater) decodeOne() error {
	e, err := z.symbol(z.literals[:], literalBits)
	switch {
	case err != nil:
		return err
	case e&isEnd != 0:
		z.part = blockStart
		return nil
	case e&isLiteral != 0:
		if z.at == len(z.out) {
			return ErrFull
		}
		z.out[z.at] = byte(e >> 16)
		z.at++
		return nil
	}
	length, err := z.number(e)
	if err != nil {
		return err
	}
	if e, err = z.symbol(z.dists[:], distBits); err != nil {
		return err
	}
	dist, err := z.number(e)
	switch {
	case err != nil:
		return err
	case dist > z.at-z.start:
		return z.corrupt()
	case z.at+length > len(z.out):
		return ErrFull
	}
	for range length {
		z.out[z.at] = z.out[z.at-dist]
		z.at++
	}
	return nil
}

// symbol reads a code.
func (z *Inflater) symbol(table []entry, tableBits uint) (entry, error) {
	z.fill()
	e := table[z.bits&(1<<tableBits-1)]
	if e&isLonger != 0 {
		if _, err := z.take(tableBits); err != nil {
			return 0, err
		}
		e = table[e.value()+int(z.bits&(1<<e.bits()-1))]
	}
	if e&isOdd != 0 && e&isEnd == 0 {
		if z.n < maxCodeLen && z.pos == len(z.in) {
			return 0, io.ErrUnexpectedEOF
		}
		return 0, z.corrupt()
	}
	_, err := z.take(e.codeLen())
	return e, err
}

// number reads the bits that follow the code of a length or distance.
func (z *Inflater) number(e entry) (int, error) {
	extra, err := z.take(e.bits() - e.codeLen())
	return e.value() + extra, err
}
