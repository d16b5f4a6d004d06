package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// chisel is a chisel of sysdig with the built-in query of its name.
type chisel struct {
	params []string
	header int                                // lines that a chisel prints before its rows
	top    string                             // parameter that lifts the query's limit, since chisels choose among equals
	line   func(row map[string]string) string // a row as the chisel prints it, blanks folded
}

// chisels are those whose figures are compared.
var chisels = map[string]chisel{
	"topfiles_bytes":  {header: 2, top: "top", line: valueLine(size, "bytes", "fd_name")},
	"topfiles_time":   {header: 2, top: "top", line: valueLine(interval, "time", "fd_name")},
	"topfiles_errors": {header: 2, top: "top", line: valueLine(plain, "errors", "fd_name")},
	"topprocs_file":   {header: 2, top: "top", line: valueLine(size, "bytes", "proc", "pid")},
	"topprocs_net":    {header: 2, top: "top", line: valueLine(size, "bytes", "proc", "pid")},
	"topprocs_errors": {header: 2, top: "top", line: valueLine(plain, "errors", "proc", "pid")},
	"topconns":        {header: 2, top: "top", line: valueLine(size, "bytes", "l4proto", "connection")},
	"topports_server": {header: 2, top: "top", line: valueLine(size, "bytes", "server_port")},
	"topscalls":       {header: 2, top: "top", line: valueLine(plain, "events", "type")},
	"topscalls_time":  {header: 2, top: "top", line: valueLine(interval, "time", "type")},
	"fdbytes_by":      {header: 2, top: "top", line: valueLine(size, "bytes", "key")},
	"fdtime_by":       {header: 2, top: "top", line: valueLine(interval, "time", "key")},
	"fdcount_by":      {top: "top", line: valueLine(plain, "key", "fds")},
	"httptop":         {header: 2, top: "top", line: valueLine(plain, "calls", "method", "url")},
	"bottlenecks": {top: "top", line: func(r map[string]string) string {
		return fmt.Sprintf("%s) %s %s (%s) < %s", r["exit_num"], r["dur"], r["proc"], r["tid"], r["name"])
	}},
	"scallslower": {header: 2, params: []string{"min=10ms"}, line: func(r map[string]string) string {
		return fmt.Sprintf("%.23s %s %s %s", r["ts"], r["proc"], milliseconds(r["latency"]), r["type"])
	}},
	"fileslower": {header: 2, line: slowerLine},
	"netlower":   {header: 2, line: slowerLine},
	"proc_exec_time": {header: 2, line: func(r map[string]string) string {
		return fmt.Sprintf("%s %.12s %s", interval(r["duration"]), r["proc"], r["args"])
	}},
	"httplog": {line: func(r map[string]string) string {
		arrow := map[string]string{"server": "<", "client": ">"}[r["side"]]
		return fmt.Sprintf("%s %s method=%s url=%s response_code=%s latency=%dms size=%sB",
			r["ts"], arrow, r["method"], r["url"], r["code"], nanoseconds(r["latency"])/1e6, r["size"])
	}},
	"iobytes":      {line: periodLine},
	"iobytes_file": {line: periodLine},
	"iobytes_net":  {line: periodLine},
	"spy_users": {line: func(r map[string]string) string {
		return fmt.Sprintf("%s %s %s) %s", r["login_shell"], r["ts"][11:19], r["user"], r["command"])
	}},
	"list_login_shells": {header: 1, line: valueLine(plain, "login_shell")},
	"lsof": {header: 1, line: func(r map[string]string) string {
		return fmt.Sprintf("%s %s %s %s %s %s %s", r["command"], r["pid"], r["pid"], r["user"], r["fd"], r["type"], r["name"])
	}},
	"netstat": {header: 1, line: func(r map[string]string) string {
		client := r["client"]
		if client == "" {
			client = "0.0.0.0:*"
		}
		return fmt.Sprintf("%s %s %s %s %s/%s/%s", r["proto"], r["server"], client, r["state"], r["pid"], r["pid"], r["program"])
	}},
	"ps": {header: 1, line: func(r map[string]string) string {
		kB, _ := strconv.Atoi(r["vm_size"])
		return fmt.Sprintf("%s %s %s %s %s", r["tid"], r["pid"], r["user"], size(strconv.Itoa(kB<<10)), r["name"])
	}},
}

// TestChisels holds built-in queries against what the chisels of their names printed.
func TestChisels(t *testing.T) {
	const folder = "../../testdata/chisels"
	paths, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < len(chisels) {
		t.Fatalf("%d recordings for %d chisels", len(paths), len(chisels))
	}
	for _, path := range paths {
		capture, name, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".txt"), ".")
		c, ok := chisels[name]
		if !ok {
			t.Errorf("%s: nothing is compared with it", path)
			continue
		}
		t.Run(capture+"/"+name, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			compareChisel(t, chiselLines(name, string(text), c.header), chiselRows(t, capture, name, c))
		})
	}
}

// compareChisel requires every line of a chisel to be a row of the query, in its place as
// far as the values go that both are ordered by.
func compareChisel(t *testing.T, want, got []string) {
	left := slices.Clone(got)
	for _, line := range want {
		i := slices.Index(left, line)
		if i < 0 {
			t.Errorf("no row for the line %q", line)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	if t.Failed() {
		t.Logf("%d lines, %d rows; rows without a line: %q", len(want), len(got), left[:min(len(left), 20)])
	}
}

var (
	colour = regexp.MustCompile("\x1b\\[[0-9;]*m")
	blanks = regexp.MustCompile(`\s+`)
)

// chiselLines are the rows that a chisel printed, each as chisel.line writes it.
func chiselLines(name, text string, header int) []string {
	var lines []string
	for i, line := range strings.Split(colour.ReplaceAllString(text, ""), "\n") {
		line = strings.TrimSpace(blanks.ReplaceAllString(line, " "))
		if i < header || line == "" {
			continue
		}
		if strings.HasSuffix(line, " switch") { // Its latency is left over from the call before it.
			continue
		}
		switch name {
		case "bottlenecks": // Two lines a call, of which the second tells more; its arguments are those of the end alone.
			if i%2 == 0 {
				continue
			}
			line = strings.Join(strings.Fields(line)[:6], " ")
		case "ps": // The resident size and the limit are not compared: one is not kept, one is cut.
			f := strings.Fields(line)
			line = strings.Join([]string{f[0], f[1], f[2], f[3], f[6]}, " ")
		case "iobytes", "iobytes_file", "iobytes_net":
			// The chisel's clock is not exact to the second, and it prints empty periods.
			if line = line[9:]; line == "in:0 out:0 tot:0" {
				continue
			}
		case "scallslower":
			f := strings.Fields(line)
			ms, _ := strconv.ParseFloat(f[3], 64)
			f[3] = milliseconds(strconv.FormatFloat(ms/1e3, 'f', 9, 64))
			line = strings.Join(f, " ")
		case "list_login_shells": // It prints one session, as often as a bug of its own wants.
			if slices.Contains(lines, line) {
				continue
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// chiselRows runs a built-in query and writes its rows as the chisel would.
func chiselRows(t *testing.T, capture, name string, c chisel) []string {
	args := []string{"-f", ":" + name, "-o", "csv", captures + "/" + capture + ".scap"}
	for _, p := range c.params {
		args = append(args, "-p", p)
	}
	if c.top != "" {
		args = append(args, "-p", c.top+"=1000000")
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "rows"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	var errs bytes.Buffer
	if code := run(args, os.Stdin, out, &errs); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if _, err := out.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, record := range records[1:] {
		row := make(map[string]string)
		for i, column := range records[0] {
			row[column] = record[i]
		}
		lines = append(lines, strings.TrimSpace(blanks.ReplaceAllString(c.line(row), " ")))
	}
	return lines
}

// valueLine makes a line of a value, scaled as a chisel does, and keys.
func valueLine(scale func(string) string, columns ...string) func(map[string]string) string {
	return func(r map[string]string) string {
		parts := []string{scale(r[columns[0]])}
		for _, c := range columns[1:] {
			parts = append(parts, r[c])
		}
		return strings.Join(parts, " ")
	}
}

func slowerLine(r map[string]string) string {
	return fmt.Sprintf("%.23s %.12s %s %d %s", r["ts"], r["proc"], r["type"], nanoseconds(r["latency"])/1e6, r["fd_name"])
}

func periodLine(r map[string]string) string {
	return fmt.Sprintf("in:%s out:%s tot:%s", r["read"], r["written"], r["bytes"])
}

func plain(v string) string { return v }

// nanoseconds reads seconds with nine digits.
func nanoseconds(v string) int64 {
	d, _ := time.ParseDuration(v + "s")
	return int64(d)
}

// milliseconds writes seconds as a number of milliseconds to the microsecond: chisels
// print a float's fourteen digits.
func milliseconds(v string) string {
	return strconv.FormatFloat(float64(nanoseconds(v))/1e6, 'f', 6, 64)
}

// size scales a number of bytes as chisels do.
func size(v string) string {
	n, _ := strconv.ParseFloat(v, 64)
	for i, unit := range []string{"P", "T", "G", "M", "KB"} {
		if scale := math.Pow(1024, float64(5-i)); n > scale {
			return fmt.Sprintf("%.2f%s", n/scale, unit)
		}
	}
	return v + "B"
}

// interval scales seconds as chisels do, which cut digits off.
func interval(v string) string {
	n := nanoseconds(v)
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%d.%02ds", n/1e9, n%1e9/1e7)
	case n >= 1e7:
		return fmt.Sprintf("%dms", n/1e6)
	case n >= 1e6:
		return fmt.Sprintf("%d.%02dms", n/1e6, n%1e6/1e4)
	case n >= 1e4:
		return fmt.Sprintf("%dus", n/1e3)
	case n >= 1e3:
		return fmt.Sprintf("%d.%02dus", n/1e3, n%1e3/10)
	}
	return fmt.Sprintf("%dns", n)
}
