package storage

import (
	"bytes"
	"os"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/scap"
	"tq/storage/transcript"
)

// A transcript, the text that sysdig prints, is converted to a capture when it is first
// read. What such a capture's payload cannot hold is asked for here.

// openSource opens a capture or a transcript.
func openSource(path string) (source *scap.Source, isTranscript bool, err error) {
	if source, err = scap.OpenFile(path); err != nil {
		return nil, false, err
	}
	if err = source.Check(); err == nil {
		return source, false, nil
	}
	if transcript.Recognise(source.Head(transcript.HeadLen)) {
		return source, true, nil
	}
	if info, statErr := os.Stat(path); path == "-" || statErr == nil && !info.Mode().IsRegular() {
		err = &StreamError{Content: bytes.Clone(source.Bytes()), err: err}
	}
	source.Close()
	return nil, false, err
}

// StreamError says that standard input, or another pipe, is no capture. What it is has been
// read, and cannot be read again.
type StreamError struct {
	Content []byte
	err     error
}

func (e *StreamError) Error() string { return e.err.Error() }
func (e *StreamError) Unwrap() error { return e.err }

// converted returns what the source's text was converted to, or nil for a capture proper.
func (c *Capture) converted() *transcript.Transcript {
	if !c.isTranscript {
		return nil
	}
	return c.transcript.get(func() *transcript.Transcript {
		t := transcript.Convert(c.source.Bytes())
		c.source.Convert(t.Payload)
		return t
	})
}

// open begins to read the capture, or the one that is made of a transcript.
func (p *pass) open() {
	t := p.reading.converted()
	p.transcript, p.sieve.kinds.transcript = t, t
	if t != nil && p.reading.keeps.fds {
		p.tracker.InferNoFDs()
	}
	p.reader = scap.NewReader(p.reading.source)
}

// number numbers the event that is the latest counted.
func (p *pass) number() {
	p.num = p.count
	if p.transcript != nil {
		p.num = p.transcript.Num(int(p.count) - 1)
	}
}

// appendArgs appends the arguments of an event of the row that was read last.
func (s *resolver) appendArgs(dst []byte, e *scap.Event) []byte {
	if s.transcript != nil {
		return append(dst, s.transcript.Args(s.num)...)
	}
	return printer.AppendArgs(dst, e, s)
}

// hasCPU reports whether the number of a CPU is one and does not stand for a column that
// a line lacks.
func (k *known) hasCPU(cpu uint16) bool { return k.transcript == nil || cpu != transcript.NoCPU }

// cpuColumn builds a column of CPUs.
func (k *known) cpuColumn(cpus []uint16) arrow.Array {
	if k.transcript == nil {
		return widened[int32](integer, cpus)
	}
	out := newNullable[int32](len(cpus))
	for i, cpu := range cpus {
		if k.hasCPU(cpu) {
			out.set(i, int32(cpu))
		}
	}
	return out.array(integer)
}

// describeTranscript puts what the text is like in the place of what its payload is like.
func (r *reading) describeTranscript(f *Facts) {
	t := r.last.transcript
	if t == nil {
		return
	}
	f.Transcript, f.Version = true, ""
	f.Bytes, f.Events = int64(t.Len), int64(t.Lines)
	if f.TruncatedAt >= 0 {
		f.TruncatedAt = f.Bytes
	}
}

// transcriptWarnings returns what is wrong with the text. Of what the decoder says about
// the payload, only what happened to the text counts.
func (p *pass) transcriptWarnings() []scap.Warning {
	var out []scap.Warning
	for _, w := range p.reader.Warnings() {
		if w.Kind == scap.WarnStream {
			out = append(out, w)
		}
	}
	return append(out, p.transcript.Warnings...)
}
