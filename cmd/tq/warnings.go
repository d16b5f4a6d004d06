package main

import (
	"errors"
	"fmt"
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

// reportDamage says, once for each capture, where it is damaged.
func (s *session) reportDamage() bool {
	damaged := false
	for _, c := range s.catalog.Captures() {
		if !c.Loaded() {
			continue // no statement needed its end, so what is wrong there changed no answer
		}
		for _, w := range c.Damage() {
			damaged = true
			key := fmt.Sprint(c.Path(), w.Offset, w.Kind)
			if s.warned[key] {
				continue
			}
			s.warned[key] = true
			fmt.Fprintf(s.errs, "warning: %s: at byte %d: %s", c.Path(), w.Offset, w.Message)
			if w.Count > 1 {
				fmt.Fprintf(s.errs, " (and %d more of this kind)", w.Count-1)
			}
			fmt.Fprintln(s.errs)
		}
	}
	return damaged
}
