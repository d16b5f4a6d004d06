package scap

// Warning is a kind of damage, with the place of its first occurrence.
type Warning struct {
	Offset  int64 // in the payload, which for a compressed file is what it inflates to
	Kind    string
	Message string // of the first occurrence
	Count   int
}

// The kinds of warnings.
const (
	WarnTruncated    = "truncated"
	WarnStream       = "damaged input"
	WarnBlock        = "damaged block"
	WarnTrailer      = "trailer mismatch"
	WarnUnknownBlock = "unknown block"
	WarnLateBlock    = "late block"
	WarnEvent        = "invalid event"
	WarnNoEvents     = "no events"
)

// warn counts an occurrence of a kind of damage.
func (r *Reader) warn(kind string, offset int64, message string) {
	for i := range r.warnings {
		if r.warnings[i].Kind == kind {
			r.warnings[i].Count++
			return
		}
	}
	r.warnings = append(r.warnings, Warning{Offset: offset, Kind: kind, Message: message, Count: 1})
}

// Warnings returns what was found wrong so far, one entry a kind.
func (r *Reader) Warnings() []Warning { return r.warnings }

// TruncatedAt returns the payload offset at which the capture breaks off, or -1.
func (r *Reader) TruncatedAt() int64 { return r.truncatedAt }
