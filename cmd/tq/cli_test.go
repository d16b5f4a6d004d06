package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "tq" {
		os.Setenv("XDG_CACHE_HOME", os.DevNull) // what tests open is not cached
	}
	testscript.Main(m, map[string]func(){"tq": main})
}

// TestCLI runs the scripts of testdata/cli, whose language testdata/README.md describes.
func TestCLI(t *testing.T) {
	folder, err := filepath.Abs(captures)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Abs(tableFiles)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "../../testdata/cli",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("CAPTURES", folder)
			env.Setenv("FILES", tables)
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":     exits,
			"cut":       cut,
			"interrupt": interrupt,
		},
	})
}

// exits runs a command and checks its exit code: exits N COMMAND ARGS…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND ARGS…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// cut writes the first bytes of a file to another: cut FILE N NEW; a negative N counts
// from the end.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: cut FILE N NEW")
	}
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if n < 0 {
		n += len(data)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data[:min(max(n, 0), len(data))], 0o644))
}

// interrupt starts tq, waits until it has written something, presses Ctrl-C and checks the
// exit code: interrupt N ARGS…
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupt N ARGS…")
	}
	folder, _, _ := strings.Cut(ts.Getenv("PATH"), string(filepath.ListSeparator))
	cmd := exec.Command(filepath.Join(folder, "tq"), args[1:]...)
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	var errs strings.Builder
	cmd.Stderr = &errs
	ts.Check(cmd.Start())
	_, err = stdout.Read(make([]byte, 1))
	ts.Check(err)
	ts.Check(cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait() // the exit code is looked at instead
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("exit code %s, want %s\n%s", got, args[0], errs.String())
	}
}

// TestHelpTellsAll checks that every flag, format and exit code is in the help.
func TestHelpTellsAll(t *testing.T) {
	var b strings.Builder
	if err := writeHelp(&b); err != nil {
		t.Fatal(err)
	}
	words := formatNames()
	for _, name := range []string{
		"execute", "file", "param", "list", "output", "output-file", "no-header", "null", "tz", "max-rows", "color",
		"ascii", "threads", "memory-limit", "no-cache", "cache-dir", "safe", "timer", "bail", "no-bail", "version", "help",
	} {
		words = append(words, "--"+name)
	}
	for _, code := range []int{exitDone, exitFailed, exitUsage, exitInput, exitDamaged, exitInterrupted} {
		words = append(words, fmt.Sprintf("\n  %-3d ", code))
	}
	for _, word := range words {
		if !strings.Contains(b.String(), word) {
			t.Errorf("--help does not tell of %q", word)
		}
	}
}
