package source

import (
	"fmt"
	"strings"
)

// Error is a fault in query text. It implements error with the bare message; use
// [File.Render] to show it with its position, source line and caret.
type Error struct {
	Span Span
	Msg  string
	Hint string // what to do about it, such as `did you mean "proc"?`; may be empty
}

// Errorf returns an error at a span.
func Errorf(at Span, format string, args ...any) *Error {
	return &Error{Span: at, Msg: fmt.Sprintf(format, args...)}
}

// WithHint returns the error with its hint set.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

func (e *Error) Error() string { return e.Msg }

// ErrorList is several faults of one text, in the order of their spans.
type ErrorList []*Error

func (l ErrorList) Error() string {
	msgs := make([]string, len(l))
	for i, e := range l {
		msgs[i] = e.Msg
	}
	return strings.Join(msgs, "\n")
}

// Err returns the list as an error, or nil when it is empty.
func (l ErrorList) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}
