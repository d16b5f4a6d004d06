package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tq/cmd/tq/render"
	"tq/storage"
)

// errDamaged says that answers cover only what could be read.
var errDamaged = &exitError{exitDamaged, errors.New("a capture is damaged")}

// damage reports what is wrong with the captures and returns an error if that is damage.
func (s *session) damage() error {
	if s.reportDamage() {
		return errDamaged
	}
	return nil
}

// reportDamage says, once for each capture, what is damaged and where, and what is odd
// about it that is no damage.
func (s *session) reportDamage() bool {
	damaged := false
	for _, c := range s.catalog.Captures() {
		if !c.Loaded() {
			continue // no statement needed its end, so what is wrong there changed no answer
		}
		found := c.Damage()
		damaged = damaged || len(found) > 0
		found = append(found, c.Notes()...)
		if len(found) == 0 || s.warned[c.Name()] {
			continue
		}
		s.warned[c.Name()] = true
		var parts []string
		for _, w := range found {
			parts = append(parts, damageText(w))
		}
		s.tell("warning: %s: %s", c.Path(), strings.Join(parts, "; "))
	}
	return damaged
}

func damageText(w storage.Warning) string {
	text := w.Message
	if at := strconv.FormatInt(w.Offset, 10); w.Offset >= 0 && !strings.Contains(text, at) {
		text += " at byte " + at
	}
	if w.Count > 1 {
		text += fmt.Sprintf(" (and %d more of this kind)", w.Count-1)
	}
	return text
}

// tell writes a line about what was read to where errors go. In the shell it is broken
// between words where the terminal ends.
func (s *session) tell(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if s.typed {
		line = render.Wrap(line, s.terminal.width(), 2)
	}
	fmt.Fprintln(s.errs, line)
}
