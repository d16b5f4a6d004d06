package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed duckdb.mjs
var duckdbScript string

// tablesBench compares tq and DuckDB on tables in memory.
type tablesBench struct {
	dir, tq, capture string
	duckdb           string // the folder whose node_modules holds @duckdb/node-api
	threads, runs    int
	questions        []question
	lazy             bool // ask tq about the capture's own tables, not about copies
}

// answer is how long a question took in each engine, runs in ascending order.
type answer struct {
	question
	rows               int
	tq, varchar, enums []time.Duration
}

// run asks all questions. Each engine is one process, so they don't take turns by the
// question; their fastest runs are compared, which other work disturbs least.
func (b *tablesBench) run() ([]answer, error) {
	if err := b.export(); err != nil {
		return nil, err
	}
	answers := make([]answer, len(b.questions))
	for i, q := range b.questions {
		answers[i].question = q
	}
	tq, err := b.timeTQ()
	if err != nil {
		return nil, err
	}
	varchar, err := b.timeDuckDB(false)
	if err != nil {
		return nil, err
	}
	enums, err := b.timeDuckDB(true)
	if err != nil {
		return nil, err
	}
	for i := range answers {
		a := &answers[i]
		a.tq, a.varchar, a.enums = tq[i], varchar[i], enums[i]
		if a.rows, err = sameRows(b.rowsFile("tq", i), b.rowsFile("duckdb", i)); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", a.name, err, a.forTQ())
		}
	}
	return answers, nil
}

func (b *tablesBench) rowsFile(engine string, i int) string {
	return filepath.Join(b.dir, fmt.Sprintf("%s-%d.csv", engine, i))
}

// export writes the tables as CSV for DuckDB.
func (b *tablesBench) export() error {
	for _, t := range memTables {
		var cols []string
		for _, c := range t.columns {
			if c.isDuration() {
				cols = append(cols, "epoch_ns("+c.name+")")
			} else {
				cols = append(cols, c.name)
			}
		}
		query := "SELECT " + strings.Join(cols, ", ") + " FROM " + t.from
		out, err := exec.Command(b.tq, "--no-cache", "-o", "csv", "--no-header", "-O", filepath.Join(b.dir, t.name+".csv"), "-e", query, b.capture).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", query, err, out)
		}
	}
	return nil
}

// timeTQ runs all questions in one process, after its tables were made.
func (b *tablesBench) timeTQ() ([][]time.Duration, error) {
	args := []string{"--no-cache", "--threads", strconv.Itoa(b.threads)}
	for _, t := range memTables {
		var cols []string
		for _, c := range t.columns {
			cols = append(cols, c.name)
		}
		kind := "TABLE"
		if b.lazy {
			kind = "VIEW"
		}
		args = append(args, "-e", fmt.Sprintf("CREATE %s %s AS SELECT %s FROM %s", kind, t.name, strings.Join(cols, ", "), t.from))
	}
	timed := slices.Clone(args)
	timed = append(timed, "--timer", "-o", "none")
	for _, q := range b.questions {
		for range b.runs + 1 {
			timed = append(timed, "-e", q.forTQ())
		}
	}
	times, err := timesOf(b.tq, append(timed, b.capture))
	if err != nil {
		return nil, err
	}
	asked := len(b.questions) * (b.runs + 1)
	if len(times) < asked {
		return nil, fmt.Errorf("tq timed %d statements of %d", len(times), asked)
	}
	times = times[len(times)-asked:] // before them tables were made
	perQuestion := make([][]time.Duration, len(b.questions))
	for i := range perQuestion {
		perQuestion[i] = times[i*(b.runs+1)+1 : (i+1)*(b.runs+1)]
		slices.Sort(perQuestion[i])
	}
	return perQuestion, b.writeRows(args)
}

// marker stands between the rows of two questions.
const marker = "-- the next question --"

// writeRows has tq answer each question once and splits the answers into files.
func (b *tablesBench) writeRows(args []string) error {
	all := filepath.Join(b.dir, "tq.csv")
	args = append(args, "-o", "csv", "--no-header", "-O", all)
	for _, q := range b.questions {
		args = append(args, "-e", q.forTQ(), "-e", "SELECT '"+marker+"'")
	}
	if out, err := exec.Command(b.tq, append(args, b.capture)...).CombinedOutput(); err != nil {
		return fmt.Errorf("tq: %w\n%s", err, out)
	}
	text, err := os.ReadFile(all)
	if err != nil {
		return err
	}
	for i := range b.questions {
		rows, rest, ok := bytes.Cut(text, []byte(marker))
		if !ok {
			return fmt.Errorf("tq answered %d questions of %d", i, len(b.questions))
		}
		if err := os.WriteFile(b.rowsFile("tq", i), bytes.TrimSpace(rows), 0o600); err != nil {
			return err
		}
		text = rest
	}
	return os.Remove(all)
}

// timesOf runs tq and returns the times that it tells, one for each statement.
func timesOf(tq string, args []string) ([]time.Duration, error) {
	cmd := exec.Command(tq, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("tq: %w\n%s", err, errs.String())
	}
	return timerLines(errs.String())
}

// timerLines reads what --timer writes, such as "time: 3.947 ms".
func timerLines(text string) ([]time.Duration, error) {
	var times []time.Duration
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "time: ")
		if !ok {
			continue
		}
		d, err := time.ParseDuration(strings.ReplaceAll(rest, " ", ""))
		if err != nil {
			return nil, fmt.Errorf("--timer says %q", line)
		}
		times = append(times, d)
	}
	return times, nil
}

// duckdbJob is what duckdb.mjs reads.
type duckdbJob struct {
	Module  string        `json:"module"`
	Threads int           `json:"threads"`
	Runs    int           `json:"runs"`
	Setup   []string      `json:"setup"`
	Queries []duckdbQuery `json:"queries"`
}

type duckdbQuery struct {
	SQL  string `json:"sql"`
	File string `json:"file,omitempty"`
}

// timeDuckDB asks DuckDB, whose columns of few values are ENUMs or VARCHAR. The rows are
// written for the comparison by the run with VARCHAR.
func (b *tablesBench) timeDuckDB(enums bool) ([][]time.Duration, error) {
	module, err := filepath.Abs(filepath.Join(b.duckdb, "package.json"))
	if err != nil {
		return nil, err
	}
	job := duckdbJob{Module: module, Threads: b.threads, Runs: b.runs}
	for _, t := range memTables {
		job.Setup = append(job.Setup, t.load(filepath.Join(b.dir, t.name+".csv")))
		if enums {
			job.Setup = append(job.Setup, t.useEnums()...)
		}
	}
	for i, q := range b.questions {
		query := duckdbQuery{SQL: q.forDuckDB()}
		if !enums {
			query.File = b.rowsFile("duckdb", i)
		}
		job.Queries = append(job.Queries, query)
	}
	in, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	script := filepath.Join(b.dir, "duckdb.mjs")
	if err := os.WriteFile(script, []byte(duckdbScript), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("node", script)
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &errs
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("duckdb: %w\n%s", err, errs.String())
	}
	var times [][]time.Duration
	if err := json.Unmarshal(out, &times); err != nil {
		return nil, err
	}
	for _, t := range times {
		slices.Sort(t)
	}
	return times, nil
}

// load is the statement that reads the table into DuckDB.
func (t memTable) load(file string) string {
	var types []string
	for _, c := range t.columns {
		types = append(types, fmt.Sprintf("'%s': '%s'", c.name, c.duckdb))
	}
	return fmt.Sprintf("CREATE TABLE %s AS SELECT * FROM read_csv('%s', header = false, allow_quoted_nulls = false, delim = ',', quote = '\"', escape = '\"', columns = {%s})",
		t.name, file, strings.Join(types, ", "))
}

// useEnums are the statements that make ENUMs of the table's names.
func (t memTable) useEnums() []string {
	var out []string
	for _, c := range t.columns {
		if c.isEnum() {
			enum := t.name + "_" + c.name
			out = append(out,
				fmt.Sprintf("CREATE TYPE %s AS ENUM (SELECT DISTINCT %s FROM %s WHERE %s IS NOT NULL)", enum, c.name, t.name, c.name),
				fmt.Sprintf("ALTER TABLE %s ALTER %s TYPE %s", t.name, c.name, enum))
		}
	}
	return out
}
