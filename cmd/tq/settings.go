package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tq/cmd/tq/render"
	"tq/lang/sem"
	"tq/lang/source"
)

// settings are what SET changes. They begin as the flags say.
type settings struct {
	zone        *time.Location
	format      string
	header      bool
	null        *string // nil: the format's own text
	maxRows     int     // that a table shows on a terminal; 0: all; autoRows: as paging has it
	width       int     // of tables on a terminal; 0: the terminal's
	pager       string
	memoryLimit int64
	timer       bool
}

// setting is one of them as SET, RESET and SHOW SETTINGS know it.
type setting struct {
	name string
	doc  string
	get  func(*settings) string
	set  func(*settings, string) error
}

// settingList lists the settings in the order of SHOW SETTINGS.
var settingList = []setting{
	{
		"timezone", "zone in which times are shown and read, such as Europe/Berlin",
		func(s *settings) string { return s.zone.String() },
		func(s *settings, v string) (err error) { s.zone, err = parseZone(v); return err },
	},
	{
		"output", "format of results: " + strings.Join(formatNames(), ", "),
		func(s *settings) string { return s.format },
		func(s *settings, v string) error { s.format = v; return checkFormat(v) },
	},
	{
		"header", "whether results begin with the names of their columns",
		func(s *settings) string { return strconv.FormatBool(s.header) },
		func(s *settings, v string) (err error) { s.header, err = parseSwitch(v); return err },
	},
	{
		"null_text", "text for NULL; 'default' is the format's own",
		func(s *settings) string {
			if s.null == nil {
				return "default"
			}
			return *s.null
		},
		func(s *settings, v string) error {
			s.null = &v
			if v == "default" {
				s.null = nil
			}
			return nil
		},
	},
	{
		"max_rows", "rows of a table that a terminal shows; 0 is all, 'auto' is all that a pager shows or else 100",
		func(s *settings) string {
			if s.maxRows == autoRows {
				return "auto"
			}
			return strconv.Itoa(s.maxRows)
		},
		func(s *settings, v string) (err error) { s.maxRows, err = parseMaxRows(v); return err },
	},
	{
		"pager", "whether results are shown in a pager: on, off, or 'auto', in the shell if longer than the screen",
		func(s *settings) string { return s.pager },
		func(s *settings, v string) (err error) { s.pager, err = parsePager(v); return err },
	},
	{
		"width", "columns in which a terminal shows tables; 0 is its own width",
		func(s *settings) string { return strconv.Itoa(s.width) },
		func(s *settings, v string) (err error) { s.width, err = parseCount(v); return err },
	},
	{
		"memory_limit", "memory that a query may hold, such as 2GiB; 0 is no limit",
		func(s *settings) string { return strconv.FormatInt(s.memoryLimit, 10) },
		func(s *settings, v string) (err error) { s.memoryLimit, err = parseSize(v); return err },
	},
	{
		"timer", "whether the time that statements take is shown",
		func(s *settings) string { return strconv.FormatBool(s.timer) },
		func(s *settings, v string) (err error) { s.timer, err = parseSwitch(v); return err },
	},
}

// findSetting finds a setting by its name, whatever its case.
func findSetting(name string) (*setting, error) {
	var names []string
	for i := range settingList {
		if strings.EqualFold(settingList[i].name, name) {
			return &settingList[i], nil
		}
		names = append(names, settingList[i].name)
	}
	hint := source.DidYouMean(name, names)
	if hint == "" {
		hint = "SHOW SETTINGS lists them"
	}
	return nil, fmt.Errorf("there is no setting %q; %s", name, hint)
}

// with returns the settings with one changed.
func (s settings) with(name, value string) (settings, error) {
	t, err := findSetting(name)
	if err != nil {
		return s, err
	}
	changed := s
	if err := t.set(&changed, value); err != nil {
		return s, fmt.Errorf("%s = %q: %w", t.name, value, err)
	}
	return changed, nil
}

// reset returns the settings with one as it is in start.
func (s settings) reset(name string, start *settings) (settings, error) {
	t, err := findSetting(name)
	if err != nil {
		return s, err
	}
	return s.with(name, t.get(start))
}

// list is what SHOW SETTINGS shows.
func (s *settings) list() []sem.Setting {
	var rows []sem.Setting
	for _, t := range settingList {
		rows = append(rows, sem.Setting{Name: t.name, Value: t.get(s), Doc: t.doc})
	}
	return rows
}

func formatNames() []string {
	var names []string
	for _, f := range render.Formats {
		names = append(names, f.Name)
	}
	return names
}

// checkFormat says what is wrong with the name of a format.
func checkFormat(name string) error {
	names := formatNames()
	if _, ok := render.Lookup(name); ok {
		return nil
	}
	if near := source.Suggest(name, names); near != "" {
		return fmt.Errorf("there is no such format; did you mean %s?", near)
	}
	return fmt.Errorf("there is no such format; there are %s", strings.Join(names, ", "))
}

func parseSwitch(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "on", "true", "yes", "1":
		return true, nil
	case "off", "false", "no", "0":
		return false, nil
	}
	return false, errors.New("it must be on or off")
}
