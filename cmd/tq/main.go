package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/term"

	"tq/lang/source"
	"tq/storage"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(args []string, stdin, stdout *os.File, stderr io.Writer) int {
	err := dispatch(args, stdin, stdout, stderr)
	code := exitCode(err)
	if err != nil && !errors.Is(err, errFailed) && code != exitInterrupted && code != exitDamaged {
		fmt.Fprintln(stderr, "tq:", err)
		if code == exitUsage {
			fmt.Fprintln(stderr, "tq --help tells how tq is used.")
		}
	}
	return code
}

// dispatch does what the command line asks for.
func dispatch(args []string, stdin, stdout *os.File, stderr io.Writer) error {
	if c, ok := findSubcommand(args); ok {
		return c.run(args[1:], stdout)
	}
	o, err := parseFlags(args)
	if err != nil {
		return err
	}
	switch {
	case o.version:
		return writeVersion(stdout)
	case o.list:
		return listQueries(stdout)
	case o.help && len(o.scripts) == 0:
		return writeHelp(stdout)
	}
	if o.cacheCommand != "" {
		return runCache(o.cache(), o.cacheCommand, stdout)
	}
	var files []*source.File
	for _, s := range o.scripts {
		file, err := s.load(stdin)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	if o.help {
		return helpSaved(stdout, files)
	}
	if o.threads > 0 {
		runtime.GOMAXPROCS(o.threads)
	}
	catalog, err := openInputs(o)
	if err != nil {
		return err
	}
	defer catalog.Close()
	defer saveCaptures(catalog, stdout)
	if o.outputFile != "" {
		file, err := createOutput(o.outputFile)
		if err != nil {
			return usagef("--output-file: %v", err)
		}
		return file.fill(func(out io.Writer) error {
			return serve(o, files, catalog, stdin, out, stderr)
		})
	}
	return serve(o, files, catalog, stdin, stdout, stderr)
}

// serve runs what there is to run: the scripts, or else standard input, by hand if it is
// a terminal.
func serve(o *options, files []*source.File, catalog *storage.Catalog,
	stdin *os.File, out, stderr io.Writer) error {
	s := newSession(catalog, o.settings(), out, stderr)
	s.given, s.bail, s.safe = o.params, !o.noBail, o.safe
	s.terminal = terminalOf(out, o)
	if len(files) == 0 && term.IsTerminal(int(stdin.Fd())) {
		s.bail = false
		return s.interact(context.Background()) // Ctrl-C is for what runs in it
	}
	if len(files) == 0 && o.reads("-") {
		return usagef("standard input is a capture; give statements with -e or -f")
	}
	defer paceGC()()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	var err error
	if len(files) > 0 {
		err = s.runAll(ctx, files)
	} else {
		err = s.runLines(ctx, stdin)
	}
	if err == nil {
		err = s.damage()
	} else {
		s.reportDamage()
	}
	return err
}

// runAll runs the scripts of the command line in their order.
func (s *session) runAll(ctx context.Context, files []*source.File) error {
	if err := checkGiven(s.given, files); err != nil {
		return err
	}
	var failed error
	for i, file := range files {
		s.final = i == len(files)-1
		if err := s.Run(ctx, file); err != nil {
			if failed = err; s.bail || errors.Is(err, context.Canceled) {
				return failed
			}
		}
	}
	return failed
}
