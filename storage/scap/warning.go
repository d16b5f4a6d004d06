package scap

import (
	"fmt"
	"slices"
)

// Warning is a kind of damage, with the place of its first occurrence.
type Warning struct {
	Offset  int64 // in the payload, which for a compressed file is what it inflates to
	Kind    string
	Message string // of the first occurrence, with how much was skipped at all of them
	Count   int

	first   string // the message without that
	skipped int64  // bytes
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
	r.warnSkipped(kind, offset, message, 0)
}

// warnSkipped counts an occurrence of a kind of damage, for which so many bytes had to be
// skipped.
func (r *Reader) warnSkipped(kind string, offset int64, message string, bytes int64) {
	i := slices.IndexFunc(r.warnings, func(w Warning) bool { return w.Kind == kind })
	if i < 0 {
		i = len(r.warnings)
		r.warnings = append(r.warnings, Warning{Offset: offset, Kind: kind, Message: message, first: message})
	}
	w := &r.warnings[i]
	w.Count++
	if w.skipped += bytes; w.skipped > 0 {
		w.Message = fmt.Sprintf("%s; %d bytes skipped", w.first, w.skipped)
	}
}

// Warnings returns what was found wrong so far, one entry a kind.
func (r *Reader) Warnings() []Warning { return r.warnings }

// TruncatedAt returns the payload offset at which the capture breaks off, or -1.
func (r *Reader) TruncatedAt() int64 { return r.truncatedAt }
