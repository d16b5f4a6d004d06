// Command bench times tq on a capture that it grows to a useful size: beside sysdig, whole
// processes, and beside DuckDB, queries on tables in memory. It checks that the answers
// agree and prints Markdown tables. With -scale it shows how tq's own times grow with the
// capture and the threads. It must be run at the root of the project:
//
//	go run ./testdata/bench [-rounds 1300] [-runs 5] [-duckdb testdata/oracle] small.scap
//	go run ./testdata/bench -scale 0.25,1,4,16 small.scap
//
// The capture must be one that the installed sysdig can read. DuckDB is the npm package
// @duckdb/node-api, which "npm install" in testdata/oracle brings.
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// options is what the command line says.
type options struct {
	rounds, runs, threads int
	peers                 string
	duckdb                string
	only                  string
	lazy                  bool
	scale                 string
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 1300, "how often the capture's events are repeated")
	flag.IntVar(&o.runs, "runs", 5, "how often each command or query is run")
	flag.IntVar(&o.threads, "threads", 2, "threads for queries on tables in memory")
	flag.StringVar(&o.peers, "peers", "sysdig,duckdb", "whom to compare with")
	flag.StringVar(&o.duckdb, "duckdb", "testdata/oracle", "the folder whose node_modules holds @duckdb/node-api")
	flag.StringVar(&o.only, "only", "", "ask only the questions whose name contains this")
	flag.BoolVar(&o.lazy, "lazy", false, "ask tq about the capture's own tables, not about copies of them")
	flag.StringVar(&o.scale, "scale", "", "time tq on captures of so many million events instead, such as 0.25,1,4,16")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./testdata/bench [flags] small.scap")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(small string, o options) error {
	dir, err := os.MkdirTemp("", "tq-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tq, capture := filepath.Join(dir, "tq"), filepath.Join(dir, "large.scap")
	if out, err := exec.Command("go", "build", "-o", tq, "./cmd/tq").CombinedOutput(); err != nil {
		return fmt.Errorf("building tq: %w\n%s", err, out)
	}
	if o.scale != "" {
		return acrossSizes(dir, tq, small, o)
	}
	if err := growInto(capture, small, o.rounds); err != nil {
		return err
	}
	busiest, err := busiestCall(tq, capture)
	if err != nil {
		return err
	}
	if strings.Contains(o.peers, "sysdig") {
		if err := besideSysdig(tq, capture, busiest, o); err != nil {
			return err
		}
	}
	if strings.Contains(o.peers, "duckdb") {
		return besideDuckDB(dir, tq, capture, busiest, o)
	}
	return nil
}

func besideSysdig(tq, capture string, busiest call, o options) error {
	if err := exec.Command("gzip", "-1", "-k", capture).Run(); err != nil {
		return fmt.Errorf("compressing the capture: %w", err)
	}
	stays, err := staysOnCPU(tq, capture)
	if err != nil {
		return err
	}
	var results []result
	for _, work := range workloads(tq, capture, busiest, stays) {
		r, err := compare(work, o.runs)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	return report(os.Stdout, capture, results)
}

func besideDuckDB(dir, tq, capture string, busiest call, o options) error {
	b := tablesBench{dir: dir, tq: tq, capture: capture, duckdb: o.duckdb, threads: o.threads, runs: o.runs, lazy: o.lazy}
	for _, q := range questions(busiest) {
		if strings.Contains(q.name, o.only) {
			b.questions = append(b.questions, q)
		}
	}
	answers, err := b.run()
	if err != nil {
		return err
	}
	return reportAnswers(os.Stdout, answers)
}

func acrossSizes(dir, tq, small string, o options) error {
	sizes, err := parseSizes(o.scale)
	if err != nil {
		return err
	}
	s := scaling{dir: dir, tq: tq, small: small, sizes: sizes, runs: o.runs}
	results, err := s.run()
	if err != nil {
		return err
	}
	return reportScaling(os.Stdout, results)
}

func growInto(capture, small string, rounds int) error {
	f, err := os.Create(capture)
	if err != nil {
		return err
	}
	if err := grow(f, small, rounds); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// call is a process and one of its system calls.
type call struct{ proc, typ string }

// busiestCall asks tq for the process and call with the most enter events, so that the
// filters that are timed have something to find.
func busiestCall(tq, capture string) (call, error) {
	out, err := exec.Command(tq, "-o", "csv", "--no-header", "-e",
		`SELECT proc, type FROM events WHERE dir = '>' AND proc <> '' AND fd IS NOT NULL
		 GROUP BY ALL ORDER BY count(*) DESC, proc, type LIMIT 1`, capture).Output()
	if err != nil {
		return call{}, fmt.Errorf("tq: %w", err)
	}
	rec, err := csv.NewReader(strings.NewReader(string(out))).Read()
	if err != nil || len(rec) != 2 {
		return call{}, fmt.Errorf("no call found in %s", capture)
	}
	return call{rec[0], rec[1]}, nil
}

// staysOnCPU returns how a query gets at the stays of threads on CPUs: from the table
// sched, or, for a capture that was filtered so that its switches don't fit each other,
// as the script of the peer does, between one switch of a CPU and the next.
func staysOnCPU(tq, capture string) (string, error) {
	out, err := exec.Command(tq, "-o", "csv", "--no-header", "-e", "SELECT count(dur) FROM sched", capture).Output()
	if err != nil {
		return "", fmt.Errorf("tq: %w", err)
	}
	if strings.TrimSpace(string(out)) != "0" {
		return "sched", nil
	}
	return "(SELECT tid, LAG(ts) OVER (PARTITION BY cpu ORDER BY num) AS ts, ts AS end_ts FROM events WHERE type = 'switch') s", nil
}

// workload is one question put to tq and to its peer. Both are shell commands that print
// a line for each row found.
type workload struct {
	name     string
	tq, peer string
}

func workloads(tq, capture string, c call, stays string) []workload {
	filter := fmt.Sprintf(`"proc.name=%s and evt.type=%s and evt.dir='>'"`, c.proc, c.typ)
	where := fmt.Sprintf(`proc = '%s' AND type = '%s' AND dir = '>'`, c.proc, c.typ)
	rows := ` -o tsv --no-header -e "SELECT num, ts, cpu, proc, tid, dir, type, args FROM events WHERE ` + where + `" `
	fresh, cached := tq+` --no-cache`+rows, tq+` --cache-dir `+capture+`.cache`+rows
	return []workload{
		{"filter by process, call and direction", fresh + capture, "sysdig -r " + capture + " " + filter},
		{"the same on gzip", fresh + capture + ".gz", "sysdig -r " + capture + ".gz " + filter},
		{"the same, opened before", cached + capture, "sysdig -r " + capture + " " + filter},
		{"the same on gzip, opened before", cached + capture + ".gz", "sysdig -r " + capture + ".gz " + filter},
		{"every event, as sysdig prints it",
			tq + ` --no-cache -o sysdig -e "FROM events" ` + capture, "sysdig -r " + capture},
		{"count by process and call",
			tq + ` --no-cache -o tsv --no-header -e "SELECT proc, type, count(*) FROM events WHERE proc <> '' GROUP BY ALL" ` + capture,
			"sysdig -r " + capture + ` -p "%proc.name %evt.type" proc.name exists | sort | uniq -c`},
		{"gaps between the calls of one process, who ran meanwhile",
			tq + ` --no-cache -o tsv --no-header -e "` + culprits(where, stays) + `" ` + capture,
			culpritsByScript(capture, filter)},
	}
}

// culprits asks who was on a CPU in the five longest silences between the calls.
func culprits(where, stays string) string {
	return `WITH gap AS (SELECT num, LAG(ts) OVER (ORDER BY ts) AS since, ts AS until, until - since AS length FROM events
	WHERE ` + where + ` ORDER BY length DESC LIMIT 5)
	SELECT gap.num, tid, sum(overlap(ts, end_ts, since, until)) AS on_cpu
	FROM gap JOIN ` + stays + ` ON (ts, end_ts) OVERLAPS (since, until) GROUP BY ALL`
}

// culpritsByScript is what people do without tq: list the calls, list the switches, and
// put them together in a script.
func culpritsByScript(capture, filter string) string {
	return `sysdig -r ` + capture + ` -p "%evt.num %evt.rawtime" ` + filter + ` > ` + capture + `.calls;
	sysdig -r ` + capture + ` -p "%evt.cpu %evt.rawtime %thread.tid" evt.type=switch > ` + capture + `.switches;
	python3 testdata/bench/culprits.py ` + capture + `.calls ` + capture + `.switches`
}
