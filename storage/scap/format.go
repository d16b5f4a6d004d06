package scap

// FormatError says that a file is no capture and what it is instead.
type FormatError struct {
	Name   string // the file
	Format string // what it is: "a pcap packet capture", "empty", …
}

func (e *FormatError) Error() string {
	return e.Name + ": not a system-call capture: the file is " + e.Format
}

// byteOrderMagic stands in a section's header as its writer's machine writes it.
const byteOrderMagic = 0x1A2B3C4D

// sniff checks that data starts like a capture.
func sniff(name string, data []byte) error {
	if len(data) == 0 {
		return &FormatError{name, "empty"}
	}
	if len(data) < 12 || u32(data, false) != blockSection {
		return &FormatError{name, "of an unknown format"}
	}
	return nil
}
