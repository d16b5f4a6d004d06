package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// scaling times tq on captures of several sizes with one and with two threads.
type scaling struct {
	dir, tq, small string
	sizes          []float64 // millions of events
	runs           int
}

// scalingWork is what is timed: the first statement that needs the events loads them, and
// what follows finds them there.
var scalingWork = []struct{ name, sql string }{
	{"load", "SELECT count(fd_name) FROM events"},
	{"filter", "SELECT count(*) FROM events WHERE proc = '$proc' AND type = '$type' AND dir = '>'"},
	{"group by", "SELECT proc, type, count(*), sum(bytes) FROM events GROUP BY ALL"},
	{"gaps", "SELECT count(*) FROM (SELECT epoch_ns(ts) - LAG(epoch_ns(ts)) OVER (PARTITION BY tid ORDER BY ts, num) AS gap FROM events) WHERE gap > 1000000"},
}

// scaled is how long each work took on a capture of so many events.
type scaled struct {
	events, threads int
	times           []time.Duration
}

// parseSizes reads a list such as "0.25,1,4".
func parseSizes(list string) ([]float64, error) {
	var sizes []float64
	for text := range strings.SplitSeq(list, ",") {
		size, err := strconv.ParseFloat(text, 64)
		if err != nil || !(size > 0) {
			return nil, fmt.Errorf("-scale: %q is not a number of millions of events", text)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

// run grows a capture of each size, once, and times all of the work on it.
func (s *scaling) run() ([]scaled, error) {
	perRound, err := s.count(s.small)
	if err != nil {
		return nil, err
	}
	capture := filepath.Join(s.dir, "scaled.scap")
	defer os.Remove(capture)
	var results []scaled
	for _, size := range s.sizes {
		if err := growInto(capture, s.small, max(1, int(size*1e6)/perRound)); err != nil {
			return nil, err
		}
		events, err := s.count(capture)
		if err != nil {
			return nil, err
		}
		busiest, err := busiestCall(s.tq, capture)
		if err != nil {
			return nil, err
		}
		for _, threads := range []int{1, 2} {
			times, err := s.time(capture, busiest, threads)
			if err != nil {
				return nil, err
			}
			results = append(results, scaled{events, threads, times})
		}
	}
	return results, nil
}

// count is the number of events in a capture.
func (s *scaling) count(capture string) (int, error) {
	out, err := exec.Command(s.tq, "--no-cache", "-o", "csv", "--no-header", "-e", "SELECT count(*) FROM events", capture).Output()
	if err != nil {
		return 0, fmt.Errorf("tq: %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

// time returns the fastest time of each work, of several processes. What is loaded already
// is asked twice, and the second time counts: columns are made when they are first asked
// for.
func (s *scaling) time(capture string, busiest call, threads int) ([]time.Duration, error) {
	names := strings.NewReplacer("$proc", busiest.proc, "$type", busiest.typ)
	args := []string{"--no-cache", "--threads", strconv.Itoa(threads), "--timer", "-o", "none"}
	for i, work := range scalingWork {
		args = append(args, "-e", names.Replace(work.sql))
		if i > 0 {
			args = append(args, "-e", names.Replace(work.sql))
		}
	}
	fastest := make([]time.Duration, len(scalingWork))
	for run := range s.runs {
		times, err := timesOf(s.tq, append(slices.Clone(args), capture))
		if err != nil {
			return nil, err
		}
		if len(times) != 2*len(scalingWork)-1 {
			return nil, fmt.Errorf("tq timed %d statements of %d", len(times), 2*len(scalingWork)-1)
		}
		for i := range fastest {
			if t := times[2*i]; run == 0 || t < fastest[i] {
				fastest[i] = t
			}
		}
	}
	return fastest, nil
}

// reportScaling prints the table: for each work the time, and the time per event, which
// stays the same where it grows with the capture.
func reportScaling(w io.Writer, results []scaled) error {
	var b strings.Builder
	b.WriteString("\n| events | threads |")
	for _, work := range scalingWork {
		fmt.Fprintf(&b, " %s, ms | ns per event |", work.name)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|---|", len(scalingWork)) + "\n")
	for _, r := range results {
		fmt.Fprintf(&b, "| %d | %d |", r.events, r.threads)
		for _, t := range r.times {
			fmt.Fprintf(&b, " %s | %.1f |", millis(t), float64(t)/float64(r.events))
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
