package render

import "io"

// patientWriter keeps the first error for later: the writer of Parquet panics over one,
// that of Arrow wraps it.
type patientWriter struct {
	out io.Writer
	err error
}

func (w *patientWriter) Write(b []byte) (int, error) {
	if w.err == nil {
		_, w.err = w.out.Write(b)
	}
	return len(b), nil
}

// orElse returns the error that was kept, or else another one.
func (w *patientWriter) orElse(err error) error {
	if w.err != nil {
		return w.err
	}
	return err
}
