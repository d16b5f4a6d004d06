package scap

import "fmt"

// pass goes on reading behind the damage at the current block, at the next place where
// blocks follow one another again, or ends reading where there is none.
func (r *Reader) pass(message string) {
	r.readAll()
	n := r.nextBlock()
	if n == 0 {
		r.stop(WarnBlock, message)
		return
	}
	r.warnSkipped(WarnBlock, r.pos, message, n)
	r.pos += n
}

// readAll waits for the whole payload.
func (r *Reader) readAll() {
	for {
		more := r.source.wait(len(r.data))
		if len(more) == len(r.data) {
			return
		}
		r.data = more
	}
}

// nextBlock returns how far behind the current block's start another begins, 0 for
// nowhere. Lengths are multiples of four, but bytes may be missing.
func (r *Reader) nextBlock() int64 {
	b := r.data[r.pos:]
	for at := 1; at+minBlock <= len(b); at++ {
		if r.isBlock(b[at:]) {
			return int64(at)
		}
	}
	return 0
}

// isBlock reports whether a block of a known kind is at b: its length stands at both of
// its ends, and what follows it is the start of another or nothing.
func (r *Reader) isBlock(b []byte) bool {
	typ, swapped := u32(b, r.swapped), r.swapped
	kind, known := blockKind(published(typ))
	if !known {
		return false
	}
	if kind == KindSection {
		var ok bool
		if swapped, ok = sectionOrder(b); !ok {
			return false
		}
	}
	n := u32(b[4:], swapped)
	if n < minBlock || n%4 != 0 || n > longestBlock(published(typ)) || uint64(n) > uint64(len(b)) {
		return false
	}
	return u32(b[n-trailerLen:], swapped) == n && startsBlock(b[n:], swapped)
}

// startsBlock reports whether a block of a known kind, or nothing, is at b.
func startsBlock(b []byte, swapped bool) bool {
	if len(b) == 0 {
		return true
	}
	if len(b) < minBlock {
		return false
	}
	_, ok := blockKind(published(u32(b, swapped)))
	return ok
}

// Lengths beyond which a block is rather damaged than long.
const (
	maxEventBlock    = 1<<16 + 8
	maxMetadataBlock = 256 << 20
)

// longestBlock returns the greatest length of a block of a published type.
func longestBlock(typ uint32) uint32 {
	switch kind, known := blockKind(typ); {
	case typ == blockEventLarge || typ == blockFlagsEventLarge:
		return 1<<32 - 1
	case known && kind == KindEvent:
		return maxEventBlock
	}
	return maxMetadataBlock
}

// foreignBlock reports whether pcapng leaves a type of blocks to other programs, or to
// those that record captures in times to come: such a block may stand between others.
func foreignBlock(typ uint32) bool {
	const (
		firstPacket, lastPacket     = 1, 0xB
		firstHone, lastHone         = 0x101, 0x10F
		firstRecorder, lastRecorder = blockFlagsEventLarge + 1, 0x22F
		custom, customNotCopied     = 0xBAD, 0x40000BAD
		firstOwn                    = 0x80000000
	)
	return typ >= firstPacket && typ <= lastPacket || typ >= firstHone && typ <= lastHone ||
		typ >= firstRecorder && typ <= lastRecorder || typ == custom || typ == customNotCopied ||
		typ >= firstOwn
}

// damagedBlock says what is wrong with the block that begins with b, which is no whole
// block; "" if it only breaks off.
func (r *Reader) damagedBlock(b []byte) string {
	if len(b) < 8 {
		return ""
	}
	swapped := r.swapped
	if order, ok := sectionOrder(b); ok {
		swapped = order
	}
	typ, n := u32(b, swapped), u32(b[4:], swapped)
	if n >= minBlock && n <= longestBlock(published(typ)) {
		return ""
	}
	return fmt.Sprintf("block of type %#x with the length %d", typ, n)
}

// eventBlockLen returns the length that an event block of the given type has by that of
// its event; 0 if there is no room for one.
func eventBlockLen(block []byte, typ uint32, swapped bool) uint32 {
	head := uint32(eventHead)
	if typ == blockFlagsEventV1 || typ == blockFlagsEventV2 || typ == blockFlagsEventLarge {
		head += flagsLen
	}
	if uint32(len(block)) < head+eventV1Len+trailerLen {
		return 0
	}
	body := head - 8 + u32(block[head+16:], swapped)
	return (body+3)&^3 + minBlock
}
