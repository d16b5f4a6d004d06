package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"tq/lang/source"
)

// options is the command line.
type options struct {
	inputs  []input
	scripts []script
	params  map[string]string // values for PARAMs by name in lower case

	help, version, list bool
	cacheCommand        string // list or clear, or "" for none

	format     string
	outputFile string
	noHeader   bool
	null       *string
	zone       *time.Location
	maxRows    int // 0: all; or autoRows
	color      string
	ascii      bool

	threads     int
	memoryLimit int64
	noCache     bool
	cacheDir    string // "": where the system keeps caches
	safe        bool
	timer       bool
	noBail      bool
}

// input is a file to ask questions of.
type input struct {
	name string
	path string // "-" is standard input
}

// script is statements given with -e, or with -f the name of a file that holds them.
type script struct {
	text string
	path string
}

// parseFlags reads the command line. Its errors are usage errors.
func parseFlags(args []string) (*options, error) {
	o := &options{params: map[string]string{}, format: "table", zone: time.UTC, maxRows: autoRows, color: "auto"}
	flags := pflag.NewFlagSet("tq", pflag.ContinueOnError)
	for _, g := range o.flagGroups() {
		flags.AddFlagSet(g.FlagSet)
	}
	if err := fromEnvironment(flags); err != nil {
		return nil, err
	}
	if err := flags.Parse(args); err != nil {
		return nil, explainFlag(err, flags)
	}
	if o.takeCommand(flags.Args()) {
		return o, nil
	}
	for _, arg := range flags.Args() {
		in, err := parseInput(arg)
		if err != nil {
			return nil, err
		}
		o.inputs = append(o.inputs, in)
	}
	return o, o.check()
}

// lasting are the flags that the environment may give as well, as TQ_TZ gives --tz: those
// that say how somebody likes to work, not what is to be done.
var lasting = []string{
	"output", "no-header", "null", "tz", "max-rows", "color", "ascii", "timer",
	"threads", "memory-limit", "no-cache", "cache-dir", "safe",
}

// variable is the environment variable that stands for a flag.
func variable(flag string) string {
	return "TQ_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment sets flags as the environment says; the command line goes before it.
func fromEnvironment(flags *pflag.FlagSet) error {
	for _, name := range lasting {
		value, ok := os.LookupEnv(variable(name))
		if !ok || value == "" {
			continue
		}
		if err := flags.Set(name, value); err != nil {
			return usagef("%s=%s: %v", variable(name), value, errors.Unwrap(err))
		}
	}
	return nil
}

// check finds what is wrong with the command line as a whole.
func (o *options) check() error {
	stdin := 0
	names := map[string]string{}
	for _, in := range o.inputs {
		if in.path == "-" {
			stdin++
		}
		key := strings.ToLower(in.name)
		if other, taken := names[key]; taken {
			return usagef("%s and %s would both be called %s; name one of them: NAME=FILE", other, in.path, in.name)
		}
		names[key] = in.path
	}
	for _, s := range o.scripts {
		if s.path == "-" {
			stdin++
		}
	}
	if stdin > 1 {
		return usagef("standard input (-) can be read only once")
	}
	return nil
}

// reads tells whether an input is the given path.
func (o *options) reads(path string) bool {
	return slices.ContainsFunc(o.inputs, func(in input) bool { return in.path == path })
}

// nameBefore is the NAME= of an input.
var nameBefore = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)=(.*)$`)

func parseInput(arg string) (input, error) {
	in := input{path: arg}
	if m := nameBefore.FindStringSubmatch(arg); m != nil {
		in.name, in.path = m[1], m[2]
	}
	if in.path == "" {
		return in, usagef("%q names no file", arg)
	}
	if in.name == "" {
		in.name = nameOf(in.path)
	}
	return in, nil
}

// nameOf is what an input is called that is given no name: the file's, without its
// extension. Files that sysdig rotates, trace.scap0 and so on, keep their numbers.
func nameOf(path string) string {
	if path == "-" {
		return "stdin"
	}
	base := filepath.Base(path)
	ext := filepath.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	if stem == "" {
		return base
	}
	if m := rotated.FindStringSubmatch(ext); m != nil {
		stem += m[1]
	}
	return stem
}

// rotated is the extension of a file that sysdig began when the one before was full.
var rotated = regexp.MustCompile(`^\.scap([0-9]+)$`)

// flagGroup is flags that help shows under one title.
type flagGroup struct {
	title string
	*pflag.FlagSet
}

// flagGroups defines the flags, which set o when they are parsed.
func (o *options) flagGroups() []flagGroup {
	what := newGroup("What to run")
	what.FuncP("execute", "e", "run `SQL` statements; repeatable, in order with -f", o.addStatements)
	what.FuncP("file", "f", "run a saved query `FILE`; :NAME is a built-in one, - standard input", o.addFile)
	what.FuncP("param", "p", "give `NAME=VALUE` to a PARAM of a saved query; repeatable", o.addParam)
	what.BoolVarP(&o.list, "list", "l", false, "list the built-in queries; tq -f :NAME --help tells more of one")
	what.BoolFunc("bail", "stop at the first statement that fails (the default)", o.setBail)
	what.BoolFunc("no-bail", "go on with the next statement", o.setNoBail)

	output := newGroup("Output")
	output.FuncP("output", "o", "write results as `FORMAT` (default table), see below", o.setFormat)
	output.StringVarP(&o.outputFile, "output-file", "O", "", "write results to `FILE`, which appears complete or not at all")
	output.BoolVar(&o.noHeader, "no-header", false, "leave out the names of the columns")
	output.Func("null", "show NULL as `TEXT`", o.setNull)
	output.Func("tz", "show and read times in `ZONE`, such as Europe/Berlin or Local (default UTC)", o.setZone)
	output.Func("max-rows", "show `N` rows of a table on a terminal; 0 shows all (default 100, or all that a pager shows)", o.setMaxRows)
	output.Func("color", "colour tables `WHEN`: auto, always or never", o.setColor)
	output.BoolVar(&o.ascii, "ascii", false, "draw tables, bars and lines with ASCII characters only")
	output.BoolVar(&o.timer, "timer", false, "say on standard error how long each statement took")

	resources := newGroup("Resources")
	resources.Func("threads", "use at most `N` threads (default all processors)", o.setThreads)
	resources.Func("memory-limit", "let a query hold at most `SIZE`, such as 500MB or 2GiB: more is sorted, grouped and joined on disk, or fails", o.setMemoryLimit)
	resources.BoolVar(&o.noCache, "no-cache", false, "neither use nor write the cache of large captures opened before")
	resources.Func("cache-dir", "keep that cache in `DIR` (default ~/.cache/tq); tq cache list shows it, clear empties it", o.setCacheDir)
	resources.BoolVar(&o.safe, "safe", false, "let statements neither read nor write files")

	about := newGroup("About tq")
	about.BoolVar(&o.version, "version", false, "print the version")
	about.BoolVarP(&o.help, "help", "h", false, "print this, or with -f what the saved query is for")
	return []flagGroup{what, output, resources, about}
}

func newGroup(title string) flagGroup {
	set := pflag.NewFlagSet(title, pflag.ContinueOnError)
	set.SortFlags = false
	return flagGroup{title, set}
}

func (o *options) addStatements(sql string) error {
	o.scripts = append(o.scripts, script{text: sql})
	return nil
}

func (o *options) addFile(path string) error {
	if path == "" {
		return errors.New("it names no file")
	}
	o.scripts = append(o.scripts, script{path: path})
	return nil
}

func (o *options) addParam(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return errors.New("it must be NAME=VALUE")
	}
	o.params[strings.ToLower(name)] = value
	return nil
}

func (o *options) setBail(value string) error {
	bail, err := strconv.ParseBool(value)
	o.noBail = !bail
	return err
}

func (o *options) setNoBail(value string) (err error) {
	o.noBail, err = strconv.ParseBool(value)
	return err
}

func (o *options) setFormat(name string) error {
	o.format = name
	return checkFormat(name)
}

func (o *options) setNull(text string) error {
	o.null = &text
	return nil
}

func (o *options) setZone(name string) (err error) {
	o.zone, err = parseZone(name)
	return err
}

func (o *options) setMaxRows(text string) (err error) {
	o.maxRows, err = parseMaxRows(text)
	return err
}

func (o *options) setColor(when string) error {
	switch when {
	case "auto", "always", "never":
		o.color = when
		return nil
	}
	return errors.New("it must be auto, always or never")
}

// settings are what the statements of the run begin with.
func (o *options) settings() settings {
	return settings{
		zone: o.zone, format: o.format, header: !o.noHeader, null: o.null,
		maxRows: o.maxRows, pager: pagerAuto, memoryLimit: o.memoryLimit, timer: o.timer,
	}
}

func (o *options) setThreads(text string) error {
	n, err := parseCount(text)
	if err == nil && n == 0 {
		err = errors.New("it must be at least 1")
	}
	o.threads = n
	return err
}

func (o *options) setMemoryLimit(text string) (err error) {
	o.memoryLimit, err = parseSize(text)
	return err
}

func (o *options) setCacheDir(path string) (err error) {
	o.cacheDir, err = filepath.Abs(path)
	return err
}

// explainFlag turns what the flag parser says into a usage error that names the flag as
// it was written, and a near one when there is none of that name.
func explainFlag(err error, flags *pflag.FlagSet) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &invalid):
		return usagef("--%s %s: %v", invalid.GetFlag().Name, invalid.GetValue(), errors.Unwrap(invalid))
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := source.Suggest(unknown.GetSpecifiedName(), names); near != "" {
			return usagef("%v; did you mean --%s?", err, near)
		}
	}
	return usagef("%v", err)
}
