package parse_test

import (
	"testing"

	"tq/lang/parse"
	"tq/lang/source"
)

func TestParses(t *testing.T) {
	f := func(text string) {
		t.Helper()
		file := &source.File{Text: text}
		if _, err := parse.Parse(file); err != nil {
			t.Errorf("%s\n%s", text, file.Render(err))
		}
	}
	f("")
	f("SELECT proc, count(*) AS calls FROM events WHERE type = 'sendmsg' GROUP BY proc HAVING calls > 10 ORDER BY calls DESC LIMIT 5;")
}
