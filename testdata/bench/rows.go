package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// sameRows checks that two CSV files hold the same rows, in whatever order, and returns
// how many. Numbers with a fraction are compared to twelve digits, as sums of them depend
// on their order.
func sameRows(tq, peer string) (int, error) {
	a, rows, example, err := digest(tq)
	if err != nil {
		return 0, err
	}
	b, peerRows, peerExample, err := digest(peer)
	if err != nil {
		return 0, err
	}
	if rows != peerRows || a != b {
		return 0, fmt.Errorf("the answers differ: tq has %d rows such as %q, DuckDB %d such as %q", rows, example, peerRows, peerExample)
	}
	return rows, nil
}

// digest is the sum of the hashes of the rows of a CSV file, their number, and the least
// of them as text.
func digest(path string) (sum uint64, rows int, example string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, "", err
	}
	defer f.Close()
	in := csv.NewReader(bufio.NewReaderSize(f, 1<<20))
	in.ReuseRecord, in.FieldsPerRecord = true, -1
	for {
		rec, err := in.Read()
		if err == io.EOF {
			return sum, rows, example, nil
		}
		if err != nil {
			return 0, 0, "", fmt.Errorf("%s: %w", path, err)
		}
		h := fnv.New64a()
		for i, cell := range rec {
			rec[i] = canonical(cell)
			io.WriteString(h, rec[i])
			h.Write([]byte{0})
		}
		sum += h.Sum64()
		rows++
		if text := strings.Join(rec, ","); rows == 1 || text < example {
			example = text
		}
	}
}

// canonical writes fractions with twelve digits, leaves out the last zeros of times, and
// changes nothing else.
func canonical(cell string) string {
	if !strings.ContainsAny(cell, ".e") || strings.ContainsAny(cell, "/") {
		return cell
	}
	if _, err := time.Parse(time.DateTime, cell); err == nil {
		whole, fraction, _ := strings.Cut(cell, ".")
		return strings.TrimSuffix(whole+"."+strings.TrimRight(fraction, "0"), ".")
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	return strconv.FormatFloat(v, 'g', 12, 64)
}
