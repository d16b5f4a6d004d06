package sem

import "github.com/apache/arrow/go/v17/arrow"

// Catalog is what name resolution asks of the storage. storage.Catalog satisfies it
// without knowing this package: only Arrow's types cross the border.
type Catalog interface {
	// TableNames lists the tables, for suggestions and SHOW TABLES.
	TableNames() []string
	// TableSchema returns the columns of a table in order. qualifier is the name of one
	// capture, or empty. A field whose metadata holds [HiddenKey] is left out of *.
	TableSchema(qualifier, table string) (*arrow.Schema, bool)
	// DynamicField resolves a dotted name that isn't a declared column, such as evt.num
	// or arg.size. The scan is asked for the field under the same name.
	DynamicField(table, name string) (arrow.Field, bool)
	// FieldNames lists the dotted names of a table, for suggestions; where an argument
	// stands in a name, it has a word in capitals.
	FieldNames(table string) []string
	// TimeRange is the first and last time stamp of the loaded captures, in ns since the
	// epoch; time points such as @17:01 and @+12.5s refer to it.
	TimeRange() (first, last int64, ok bool)
}

// Estimator is a [Catalog] that can tell about how many rows a table has, which decides
// on the side of a join that is kept in memory. A negative number means that it can't.
type Estimator interface {
	TableRows(qualifier, table string) int64
}

// HiddenKey marks, in a field's metadata, a column that SELECT * leaves out.
const HiddenKey = "hidden"
