package scap

import "bytes"

// Section is the header of a run of blocks that one recorder wrote. A file made by
// concatenation has several.
type Section struct {
	Offset       int64
	Swapped      bool // recorded on a machine of the other byte order
	Major, Minor uint16
	Comments     []string
	Application  string // the program that rewrote the capture, when it says so
}

// byteOrderMagic stands in a section's header as its writer's machine writes it.
const byteOrderMagic = 0x1A2B3C4D

// sectionLen is the length of a section's header block without options.
const sectionLen = 28

// newestMajor is the format's major version; a greater one is not readable.
const newestMajor = 1

// sectionOrder returns the byte order of a section from its first twelve bytes; ok is
// false when they are none of a section's header.
func sectionOrder(b []byte) (swapped, ok bool) {
	if len(b) < 12 || u32(b, false) != blockSection {
		return false, false
	}
	switch {
	case u32(b[8:], false) == byteOrderMagic:
		return false, true
	case u32(b[8:], true) == byteOrderMagic:
		return true, true
	}
	return false, false
}

// parseSection reads a section's header block.
func parseSection(block []byte, offset int64, swapped bool) (s Section, fault string) {
	s = Section{Offset: offset, Swapped: swapped}
	if len(block) < sectionLen {
		return s, "section header too short"
	}
	s.Major = u16(block[12:], swapped)
	s.Minor = u16(block[14:], swapped)
	s.Comments, s.Application = options(block[24:len(block)-trailerLen], swapped)
	return s, ""
}

// The options that pcapng editors attach to sections and blocks.
const (
	optionEnd         = 0
	optionComment     = 1
	optionApplication = 4
)

// options reads the options that end a block's body: code, length, value padded to four
// bytes.
func options(b []byte, swapped bool) (comments []string, application string) {
	for len(b) >= 4 {
		code, n := u16(b, swapped), int(u16(b[2:], swapped))
		b = b[4:]
		if code == optionEnd || n > len(b) {
			break
		}
		switch code {
		case optionComment:
			comments = append(comments, string(b[:n]))
		case optionApplication:
			application = string(b[:n])
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return comments, application
}

// Machine is the machine that was recorded.
type Machine struct {
	CPUs     uint32
	Memory   uint64 // bytes
	Hostname string
	BootTime int64 // ns since the epoch, 0 when the capture does not say
}

const hostnameLen = 128

// parseMachine reads the body of a machine block.
func parseMachine(body []byte, swapped bool) (m Machine, fault string) {
	c := cursor{b: body, swapped: swapped}
	m.CPUs = c.u32()
	m.Memory = c.u64()
	c.u64() // the greatest process id, which recorders leave zero
	name := c.take(hostnameLen)
	if c.short {
		return m, "machine description too short"
	}
	if end := bytes.IndexByte(name, 0); end >= 0 {
		name = name[:end]
	}
	m.Hostname = string(name)
	m.BootTime = c.i64()
	return m, ""
}
