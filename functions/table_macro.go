package functions

import (
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// TableMacro is a table function that stands for a query over the queries it is given.
// It is bound in the place of the call, so that it is planned like what people write.
//
// In the text that SQL returns, each given query is a table named as its parameter, and
// $name is the value of a parameter. Tables of the catalog can be read too; what the
// session defines is out of sight.
//
// One with a Format stands for what is in files instead: its first parameter names them,
// the others say how they are to be read.
type TableMacro struct {
	Params []Param
	SQL    func(a *TableArgs) string
	Format string
}

// ParamKind is what a parameter of a table macro takes.
type ParamKind uint8

// The kinds of parameters.
const (
	QueryParam   ParamKind = iota // a table's name, or a query in parentheses
	ValueParam                    // a value without columns, converted to Type
	ColumnParam                   // the name of a column that all the given queries have
	ColumnsParam                  // one or more such names: a, or (a, b)
)

// Param is a parameter of a table macro. It is given by its position or its name.
type Param struct {
	Name string
	Kind ParamKind
	// Type is the type of a value; nil: any. A column must have one of Types, if there
	// are any.
	Type  arrow.DataType
	Types []arrow.DataType
	// Takes describes the values of a parameter that takes any type.
	Takes string
	// Default is the column that is meant when none is given.
	Default string
	// Required parameters must be given. Queries always must.
	Required bool
}

// TableColumn is a column of a query that a table macro is given. Hidden ones are those
// that * leaves out.
type TableColumn struct {
	Name   string
	Type   arrow.DataType
	Hidden bool
}

// TableArgs is what the text of a table macro may depend on: which parameters are given
// and what columns there are. A name that it returns is quoted where SQL wants that.
type TableArgs struct {
	Queries map[string][]TableColumn // by parameter
	Named   map[string][]string      // the columns that column parameters name
	Given   map[string]bool          // the parameters that the call gives a value
}

// Has reports whether a query has a column.
func (a *TableArgs) Has(query, column string) bool {
	for _, c := range a.Queries[query] {
		if strings.EqualFold(c.Name, column) {
			return true
		}
	}
	return false
}

// Column returns the column that a parameter names, qualified by the query.
func (a *TableArgs) Column(query, param string) string {
	return query + "." + quoteIdent(a.Named[param][0])
}

// Keys returns the names of the columns that tell apart which rows of a query belong
// together: those that a parameter names, and the capture that a row comes from where the
// query has it.
func (a *TableArgs) Keys(query, param string) []string {
	var keys []string
	if a.Has(query, captureColumn) {
		keys = append(keys, captureColumn)
	}
	for _, name := range a.Named[param] {
		if !strings.EqualFold(name, captureColumn) {
			keys = append(keys, name)
		}
	}
	return keys
}

// captureColumn is the first column of every table that a capture feeds. Numbers and ids
// mean something within one capture only.
const captureColumn = "capture"

// quoteIdent writes a name as SQL.
func quoteIdent(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// signature is how a macro is called.
func (m *TableMacro) signature(name string) string {
	params := make([]string, len(m.Params))
	for i := range m.Params {
		params[i] = m.Params[i].signature()
	}
	return name + "(" + strings.Join(params, ", ") + ")"
}

func (p *Param) signature() string {
	var takes string
	switch p.Kind {
	case QueryParam:
		return p.Name
	case ValueParam:
		takes = p.Takes
		if p.Type != nil {
			takes = TypeName(p.Type)
		}
	case ColumnParam:
		takes = "column"
	case ColumnsParam:
		takes = "columns"
	}
	s := p.Name + " => " + takes
	if !p.Required {
		s = "[" + s + "]"
	}
	return s
}
