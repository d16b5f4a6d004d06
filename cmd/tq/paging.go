package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"tq/cmd/tq/shell"
)

// The values of the setting pager.
const (
	pagerAuto = "auto"
	pagerOn   = "on"
	pagerOff  = "off"
)

func parsePager(text string) (string, error) {
	if strings.EqualFold(text, pagerAuto) {
		return pagerAuto, nil
	}
	switch on, err := parseSwitch(text); {
	case err != nil:
		return "", errors.New("it must be auto, on or off")
	case on:
		return pagerOn, nil
	}
	return pagerOff, nil
}

const (
	// autoRows is the setting max_rows = auto.
	autoRows = -1
	// defaultMaxRows is how many rows of a table that means where no pager shows all.
	defaultMaxRows = 100
)

func parseMaxRows(text string) (int, error) {
	if strings.EqualFold(text, "auto") {
		return autoRows, nil
	}
	return parseCount(text)
}

// room is what results may take of the terminal before they are paged; ok is false if they
// are not.
func (s *session) room() (room shell.Room, ok bool) {
	switch {
	case !s.terminal.is, s.redirect != nil, s.settings.pager == pagerOff, shell.PagerCommand() == "":
		return shell.Room{}, false
	case s.settings.pager == pagerOn:
		return shell.Room{}, true
	case !s.typed:
		return shell.Room{}, false
	}
	width, height := s.terminal.size()
	return shell.Room{Width: width, Lines: height - 1, Wide: s.wide}, height > 1
}

// page shows what write writes, through a pager if it does not fit.
func (s *session) page(ctx context.Context, write func(ctx context.Context, out io.Writer) error) error {
	room, ok := s.room()
	if !ok {
		return write(ctx, s.out)
	}
	return shell.Page(ctx, s.out, s.errs, room, write)
}
