package scap

import (
	"fmt"
	"io"
)

// Reader walks the blocks of a source.
type Reader struct {
	// What the last block held; valid after Next has returned its kind, until it is
	// called again.
	Event      Event
	Section    Section
	Machine    Machine
	Threads    []Thread
	FDs        FDList
	Interfaces []Interface
	Users      []User
	Groups     []Group

	source      *Source
	data        []byte // of the payload, what there is so far
	pos         int64
	swapped     bool
	touched     byte // nothing; see lookAhead
	counts      *counts
	events      bool // an event was read in this section
	earlier     bool // or in one before
	ended       bool
	warnings    []Warning
	truncatedAt int64
}

// NewReader returns a reader at the start of s.
func NewReader(s *Source) *Reader {
	return &Reader{source: s, data: s.wait(0), counts: newCounts(), truncatedAt: -1}
}

// Next reads the next block of a known kind and returns the kind, or io.EOF at the end.
// It never returns another error: damage becomes a [Warning], and where reading cannot
// go on is the end.
func (r *Reader) Next() (Kind, error) {
	for !r.ended {
		if r.Usual(&r.Event) {
			return KindEvent, nil
		}
		b := r.data[r.pos:]
		if len(b) < minBlock {
			r.end(b)
			continue
		}
		typ, n := u32(b, r.swapped), u32(b[4:], r.swapped)
		if typ == blockSection {
			if r.section(b) {
				return KindSection, nil
			}
			continue
		}
		if n < minBlock || uint64(n) > uint64(len(b)) {
			r.end(b)
			continue
		}
		block := b[:n]
		switch typ {
		case blockEventV1Int:
			typ = blockEventV1
			fallthrough
		case blockEventV1, blockFlagsEventV1, blockEventV2, blockFlagsEventV2,
			blockEventLarge, blockFlagsEventLarge:
			if r.event(block, typ) {
				return KindEvent, nil
			}
		default:
			if kind, ok := r.metadata(block, published(typ)); ok {
				return kind, nil
			}
		}
	}
	return 0, io.EOF
}

// Payload returns the bytes of the source that have been read so far: all blocks that
// Next has returned lie in it. Later ones begin with the same bytes at the same address.
func (r *Reader) Payload() []byte { return r.data }

// event reads an event block; false when the event is not usable.
func (r *Reader) event(block []byte, typ uint32) bool {
	n := uint32(len(block))
	if u32(block[n-trailerLen:], r.swapped) != n {
		if n != eventBlockLen(block, typ, r.swapped) || !startsBlock(r.ahead(int(n) + minBlock)[n:], r.swapped) {
			r.pass("event block of a wrong length")
			return false
		}
		r.warn(WarnTrailer, r.pos, "an event block's two lengths differ")
	}
	r.Event.Offset = r.pos
	r.pos += int64(n)
	fault := r.Event.decode(block, typ, r.swapped)
	if n%4 != 0 {
		fault = "block length is no multiple of four"
	}
	if fault != "" {
		r.warn(WarnEvent, r.Event.Offset, fault)
		return false
	}
	r.events = true
	r.counts.learn(r.Event.Type, r.Event.NParams)
	if r.Event.Type == SyscallSetpgidX && r.Event.NParams == 1 && r.Section.Minor == 0 {
		r.Event.Type = SyscallSeccompX // see renameEarly
	}
	return true
}

// section starts a new section at b; false ends reading.
func (r *Reader) section(b []byte) bool {
	swapped, ok := sectionOrder(b)
	if !ok {
		r.pass("section header without a byte order")
		return false
	}
	n := u32(b[4:], swapped)
	if n < minBlock || uint64(n) > uint64(len(b)) {
		r.end(b)
		return false
	}
	s, fault := parseSection(b[:n], r.pos, swapped)
	if fault != "" {
		r.pass(fault)
		return false
	}
	if s.Major > newestMajor {
		r.stop(WarnBlock, fmt.Sprintf("section of the newer format %d.%d", s.Major, s.Minor))
		return false
	}
	if u32(b[n-trailerLen:], swapped) != n {
		r.warn(WarnTrailer, r.pos, "a section header's two lengths differ")
	}
	r.Section, r.swapped = s, swapped
	r.pos += int64(n)
	r.earlier = r.earlier || r.events
	r.events = false
	return true
}

// metadata reads a block that holds no event. It returns false for one that it skips.
func (r *Reader) metadata(block []byte, typ uint32) (Kind, bool) {
	offset := r.pos
	kind, known := blockKind(typ)
	block = r.wholeBlock(block, typ)
	if block == nil {
		return 0, false
	}
	r.pos += int64(len(block))
	switch {
	case !known && foreignBlock(typ):
		r.warn(WarnUnknownBlock, offset, fmt.Sprintf("block of type %#x skipped", typ))
		return 0, false
	case !known:
		r.warnSkipped(WarnBlock, offset, fmt.Sprintf("block of type %#x, which no program writes", typ), int64(len(block)))
		return 0, false
	}
	fault := r.parse(block[8:len(block)-trailerLen], typ, kind)
	switch {
	case fault != "" && r.events: // rather an event whose type is damaged
		r.warnSkipped(WarnBlock, offset, fmt.Sprintf("block of type %#x after events: %s", typ, fault), int64(len(block)))
		return 0, false
	case fault != "":
		r.warn(WarnBlock, offset, fault)
	case r.events:
		r.warn(WarnLateBlock, offset, fmt.Sprintf("block of type %#x after events", typ))
	}
	return kind, true
}

// parse reads the body of a block into the field for its kind.
func (r *Reader) parse(body []byte, typ uint32, kind Kind) (fault string) {
	switch kind {
	case KindMachine:
		r.Machine, fault = parseMachine(body, r.swapped)
	case KindThreads:
		r.Threads, fault = parseThreads(body, typ, r.swapped)
	case KindFDs:
		r.FDs, fault = parseFDs(body, typ, r.swapped)
	case KindInterfaces:
		r.Interfaces, fault = parseInterfaces(body, typ, r.swapped)
	case KindUsers:
		r.Users, r.Groups, fault = parseUsers(body, typ, r.swapped)
	}
	return fault
}

// wholeBlock checks that the length at the end of a block is that at its start. Where
// it is not, the block counts if a known block follows; else it returns nil and has
// passed over the damage.
//
// Libraries that rewrite an old capture give a block of interfaces too small a length,
// four bytes for each interface. The block then ends at the next place where a known
// block follows the same length.
func (r *Reader) wholeBlock(block []byte, typ uint32) []byte {
	n := uint32(len(block))
	if u32(block[n-trailerLen:], r.swapped) == n {
		return block
	}
	rest := r.ahead(int(n) + maxRecovery + minBlock)
	if typ == blockInterfacesV2 {
		for end := int(n) + 4; end <= len(rest) && end-int(n) <= maxRecovery; end += 4 {
			if u32(rest[end-trailerLen:], r.swapped) == n && startsBlock(rest[end:], r.swapped) {
				return rest[:end]
			}
		}
	}
	if !startsBlock(rest[n:], r.swapped) {
		r.pass(fmt.Sprintf("block of type %#x has no end", typ))
		return nil
	}
	r.warn(WarnTrailer, r.pos, fmt.Sprintf("the two lengths of a block of type %#x differ", typ))
	return block
}

// maxRecovery is how much longer than its length a block may be.
const maxRecovery = 1 << 16

// ahead returns the payload from the current block on, n bytes at least if it has them.
func (r *Reader) ahead(n int) []byte {
	for len(r.data)-int(r.pos) < n {
		more := r.source.wait(len(r.data))
		if len(more) == len(r.data) {
			break
		}
		r.data = more
	}
	return r.data[r.pos:]
}

// end ends reading at b, which is no whole block, unless more of the payload has come or
// blocks follow behind b.
func (r *Reader) end(b []byte) {
	if more := r.source.wait(len(r.data)); len(more) > len(r.data) {
		r.data = more
		return
	}
	if len(b) == 0 {
		r.finish()
		return
	}
	message := r.damagedBlock(b)
	if message == "" && r.nextBlock() == 0 {
		message = fmt.Sprintf("capture truncated at offset %d", r.pos)
		if w, broken := r.source.damage(); broken {
			message = fmt.Sprintf("%s: %s", message, w.Message)
		}
		r.stop(WarnTruncated, message)
		return
	}
	if message == "" {
		message = fmt.Sprintf("block of type %#x longer than the rest of the capture", u32(b, r.swapped))
	}
	r.pass(message)
}

// stop ends reading because of damage at the current block.
func (r *Reader) stop(kind, message string) {
	r.truncatedAt = r.pos
	r.warn(kind, r.pos, message)
	r.finish()
}

// finish ends reading.
func (r *Reader) finish() {
	r.ended = true
	switch w, broken := r.source.damage(); {
	case w == nil, broken && r.truncatedAt >= 0: // and said so
	case broken:
		r.truncatedAt = r.pos
		fallthrough
	default:
		r.warnings = append(r.warnings, *w)
	}
	if !r.events && !r.earlier {
		r.warn(WarnNoEvents, r.pos, "the capture holds no events")
	}
}
