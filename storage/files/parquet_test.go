package files

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage"
)

const testdata = "../../testdata/files/"

// readAll reads all columns of a table that pass hints and returns the number of chunks
// and of rows.
func readAll(t storage.Table, preds ...storage.Pred) (chunks, rows int, err error) {
	opts := storage.ScanOptions{Limit: -1, Preds: preds}
	for _, f := range t.Schema().Fields() {
		opts.Columns = append(opts.Columns, f.Name)
	}
	s, err := t.Scan(context.Background(), opts)
	if err != nil {
		return 0, 0, err
	}
	defer s.Close()
	for {
		c, err := s.Next(context.Background())
		if err == io.EOF {
			return chunks, rows, nil
		}
		if err != nil {
			return chunks, rows, err
		}
		for i := range opts.Columns {
			if _, err := c.Column(i); err != nil {
				return chunks, rows, err
			}
		}
		chunks++
		rows += c.NumRows()
	}
}

func TestParquetRowGroupsAreLeftOut(t *testing.T) {
	table, err := Open(testdata+"steps.parquet", Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) arrow.Array { return kernel.OfString(s) }
	for _, test := range []struct {
		name   string
		preds  []storage.Pred
		chunks int
	}{
		{"none", nil, 3},
		{"in one", []storage.Pred{{Column: "id", Op: storage.PredEq, Value: kernel.OfInt64(2047)}}, 1},
		{"in two", []storage.Pred{{Column: "id", Op: storage.PredGe, Value: kernel.OfInt64(2048)}}, 2},
		{"beyond the greatest", []storage.Pred{{Column: "id", Op: storage.PredGt, Value: kernel.OfInt64(4999)}}, 0},
		{"below the least", []storage.Pred{{Column: "id", Op: storage.PredLt, Value: kernel.OfInt64(0)}}, 0},
		{"at the least", []storage.Pred{{Column: "id", Op: storage.PredLe, Value: kernel.OfInt64(0)}}, 1},
		{"text", []storage.Pred{{Column: "name", Op: storage.PredEq, Value: text("nobody")}}, 0},
		{"text that is there", []storage.Pred{{Column: "name", Op: storage.PredEq, Value: text("name 3")}}, 3},
	} {
		chunks, _, err := readAll(table, test.preds...)
		if err != nil || chunks != test.chunks {
			t.Errorf("%s: %d row groups, %v; want %d", test.name, chunks, err, test.chunks)
		}
	}
}

// Whatever is wrong with a file, reading it ends with an error or with rows.
func TestDamagedParquet(t *testing.T) {
	for _, name := range []string{"everything.parquet", "steps.parquet"} {
		whole, err := os.ReadFile(testdata + name)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			data := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				data[r.IntN(len(data))] ^= byte(1 + r.IntN(255))
			}
			if r.IntN(4) == 0 {
				data = data[r.IntN(len(data)):]
			}
			src, _ := readWhole("damaged", bytes.NewReader(data))
			if table, err := openParquet(src, Options{}); err == nil {
				readAll(table)
			}
		}
	}
}
