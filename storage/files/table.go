package files

import (
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage"
)

// rowDoc is the documentation of all tables that are files.
var rowDoc = storage.TableDoc{Row: "a row of the file"}

// columnsNamed returns the positions of columns in a schema.
func columnsNamed(schema *arrow.Schema, names []string) ([]int, error) {
	at := make([]int, len(names))
	for i, name := range names {
		found := schema.FieldIndices(name)
		if len(found) == 0 {
			return nil, fmt.Errorf("the table has no column %q", name)
		}
		at[i] = found[0]
	}
	return at, nil
}

// distinctNames tells columns of the same name apart as a, a_1, a_2, since names are the
// same in upper and lower case.
func distinctNames(fields []arrow.Field) []arrow.Field {
	taken := make(map[string]bool, len(fields))
	for i := range fields {
		name := fields[i].Name
		for n := 1; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s_%d", fields[i].Name, n)
		}
		taken[strings.ToLower(name)] = true
		fields[i].Name = name
	}
	return fields
}

// recovered turns a panic of a reader, which damaged files may provoke, into an error. It
// must be deferred.
func recovered(err *error) {
	switch r := recover().(type) {
	case nil:
	case error:
		*err = fmt.Errorf("the file is damaged: %w", r)
	default:
		*err = fmt.Errorf("the file is damaged: %v", r)
	}
}
