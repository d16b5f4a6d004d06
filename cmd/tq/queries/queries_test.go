package queries

import "testing"

func TestAllHaveTitles(t *testing.T) {
	all := All()
	if len(all) == 0 {
		t.Fatal("no queries")
	}
	for _, q := range all {
		if Title(q.Text) == "" {
			t.Errorf("%s has no title", q.Name)
		}
	}
}

func TestComment(t *testing.T) {
	const text = "#!/usr/bin/env -S tq -f\n-- Title of it\n--\n-- More,\n-- and more.\nSELECT 1; -- not this\n"
	if got := Title(text); got != "Title of it" {
		t.Errorf("title %q", got)
	}
	if got := Doc(text); got != "More,\nand more." {
		t.Errorf("doc %q", got)
	}
	if got := Title("SELECT 1;"); got != "" {
		t.Errorf("title %q of a text without comment", got)
	}
	if _, ok := Find("nothing"); ok {
		t.Error("found a query that is not there")
	}
}
