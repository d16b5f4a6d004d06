package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// result is what came out of a workload: times of the peers and how many rows each gave.
type result struct {
	workload
	tqTimes, peerTimes []time.Duration
	tqRows, peerRows   int
}

// compare runs both commands in turn, so that a busy moment of the machine meets both.
// The first run of each is not counted: it fills the page cache.
func compare(w workload, runs int) (result, error) {
	r := result{workload: w}
	for i := range runs + 1 {
		tq, rows, err := timeCommand(w.tq)
		if err != nil {
			return r, err
		}
		peer, peerRows, err := timeCommand(w.peer)
		if err != nil {
			return r, err
		}
		r.tqRows, r.peerRows = rows, peerRows
		if i > 0 {
			r.tqTimes = append(r.tqTimes, tq)
			r.peerTimes = append(r.peerTimes, peer)
		}
	}
	slices.Sort(r.tqTimes)
	slices.Sort(r.peerTimes)
	return r, nil
}

// timeCommand runs a shell command and counts the lines that it prints.
func timeCommand(command string) (time.Duration, int, error) {
	var lines lineCounter
	var errs bytes.Buffer
	cmd := exec.Command("bash", "-c", command)
	cmd.Stdout, cmd.Stderr = &lines, &errs
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w\n%s", command, err, errs.String())
	}
	return took, int(lines), nil
}

// lineCounter counts the lines written to it.
type lineCounter int

func (c *lineCounter) Write(p []byte) (int, error) {
	*c += lineCounter(bytes.Count(p, []byte("\n")))
	return len(p), nil
}

// report prints the table. The ratio is tq's median against the peer's fastest run,
// whose own times tend to fall into two groups.
func report(w io.Writer, capture string, results []result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", filepath.Base(capture))
	b.WriteString("| work | rows | tq, median | sysdig, median | sysdig, fastest | tq / fastest |\n|---|---|---|---|---|---|\n")
	for _, r := range results {
		rows := fmt.Sprint(r.tqRows)
		if r.tqRows != r.peerRows {
			rows += fmt.Sprintf(" (sysdig %d)", r.peerRows)
		}
		tq, peer := r.tqTimes[len(r.tqTimes)/2], r.peerTimes[len(r.peerTimes)/2]
		fmt.Fprintf(&b, "| %s | %s | %d ms | %d ms | %d ms | %.2f |\n", r.name, rows,
			tq.Milliseconds(), peer.Milliseconds(), r.peerTimes[0].Milliseconds(), float64(tq)/float64(r.peerTimes[0]))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// reportAnswers prints the table of questions about tables in memory: the fastest run of
// each, and how many times faster tq is.
func reportAnswers(w io.Writer, answers []answer) error {
	var b strings.Builder
	b.WriteString("\n| question | rows | tq | DuckDB | × | DuckDB, ENUM | × |\n|---|---|---|---|---|---|---|\n")
	var varchar, enums float64
	for _, a := range answers {
		v, e := float64(a.varchar[0])/float64(a.tq[0]), float64(a.enums[0])/float64(a.tq[0])
		varchar, enums = varchar+math.Log(v), enums+math.Log(e)
		fmt.Fprintf(&b, "| %s | %d | %s ms | %s ms | %.1f | %s ms | %.1f |\n",
			a.name, a.rows, millis(a.tq[0]), millis(a.varchar[0]), v, millis(a.enums[0]), e)
	}
	n := float64(len(answers))
	fmt.Fprintf(&b, "| geometric mean | | | | %.1f | | %.1f |\n", math.Exp(varchar/n), math.Exp(enums/n))
	_, err := io.WriteString(w, b.String())
	return err
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/1e6) }
