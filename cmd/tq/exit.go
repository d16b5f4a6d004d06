package main

import (
	"context"
	"errors"
	"fmt"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1 // a statement failed, or an ASSERT did
	exitUsage       = 2 // the command line is wrong
	exitInput       = 3 // a file could not be opened or is no capture
	exitDamaged     = 4 // done, but a capture was damaged
	exitInterrupted = 130
)

// exitError is an error that decides the exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

func inputError(err error) error { return &exitError{exitInput, err} }

// errFailed says that a statement failed whose error has been shown already.
var errFailed = errors.New("a statement failed")

// exitCode returns what an error of a run means for the exit code.
func exitCode(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &e):
		return e.code
	}
	return exitFailed
}
