package files

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions"
	"tq/functions/kernel"
)

// csvColumn is how the texts of a column are converted.
type csvColumn struct {
	typ     arrow.DataType
	guessed *csvType // nil: the type is given
	dates   dateOrder
}

// csvType is a type that a column may be found to have.
type csvType struct {
	typ   arrow.DataType
	looks func(string) bool // only such texts are meant, though a cast takes others too
}

// csvTypes are tried in this order. What none of them fits is VARCHAR.
var csvTypes = []csvType{
	{functions.Boolean, regexp.MustCompile(`(?i)^(true|false|t|f|yes|no)$`).MatchString},
	{functions.BigInt, looksWhole},
	{functions.Double, looksNumber},
	{functions.Time, regexp.MustCompile(`^ *[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? *$`).MatchString},
	{functions.Date, datePattern.MatchString},
	{functions.Timestamp, regexp.MustCompile(`^ *[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,2}[ T][0-9]{1,2}:[0-9]{2}.*$`).MatchString},
}

var datePattern = regexp.MustCompile(`^ *([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4}) *$`)

// looksWhole reports whether a text is digits without zeros before them, perhaps behind a
// minus sign, or hexadecimal ones.
func looksWhole(s string) bool {
	s = strings.TrimPrefix(strings.Trim(s, " "), "-")
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		return hex != "" && strings.Trim(hex, "0123456789abcdefABCDEF") == ""
	}
	n := digits(s)
	return n > 0 && n == len(s) && (s[0] != '0' || n == 1)
}

// looksNumber reports whether a text is a number without zeros before it.
func looksNumber(s string) bool {
	s = strings.TrimPrefix(strings.Trim(s, " "), "-")
	whole := digits(s)
	if whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	fraction := 0
	if strings.HasPrefix(s, ".") {
		fraction = digits(s[1:])
		s = s[1+fraction:]
	}
	if whole+fraction == 0 {
		return strings.EqualFold(s, "nan")
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	if s = s[1:]; s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

// digits is how many digits a text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// dateOrder is the order of the parts of a date.
type dateOrder uint8

const (
	yearFirst dateOrder = iota
	dayFirst
	monthFirst
)

var dateOrders = []dateOrder{yearFirst, dayFirst, monthFirst}

// isoDates writes dates with the year first, in four digits. What is no date stays.
func isoDates(a arrow.Array, order dateOrder) (arrow.Array, error) {
	s, v := kernel.StringsOf(a), kernel.ValidityOf(a)
	b := kernel.NewStringBuilder(a.Len())
	for i := range a.Len() {
		if !v.Valid(i) {
			b.AppendNull()
			continue
		}
		m := datePattern.FindStringSubmatch(s.At(i))
		if m == nil {
			b.Append(s.At(i))
			continue
		}
		year, month, day := m[1], m[2], m[3]
		switch order {
		case dayFirst:
			year, month, day = m[3], m[2], m[1]
		case monthFirst:
			year, month, day = m[3], m[1], m[2]
		}
		if len(year) == 2 { // as strptime reads %y
			if year < "69" {
				year = "20" + year
			} else {
				year = "19" + year
			}
		}
		b.Append(year + "-" + month + "-" + day)
	}
	return b.Finish(functions.Varchar)
}

// convert converts texts. It returns the first row whose text is no value of the type,
// which becomes NULL, or -1.
func (c *csvColumn) convert(texts arrow.Array) (a arrow.Array, bad int, err error) {
	if c.typ.ID() == arrow.STRING {
		return texts, -1, nil
	}
	given := texts
	if c.guessed != nil && c.typ.ID() == arrow.DATE32 {
		if texts, err = isoDates(texts, c.dates); err != nil {
			return nil, -1, err
		}
	}
	v, err := functions.Cast(kernel.Col(texts), c.typ, true, &functions.Env{}, texts.Len())
	if err != nil {
		return nil, -1, err
	}
	bad = -1
	valid, s, out := kernel.ValidityOf(given), kernel.StringsOf(given), kernel.ValidityOf(v.Array)
	if c.guessed != nil || out.Nulls != valid.Nulls {
		for i := range given.Len() {
			if valid.Valid(i) && (!out.Valid(i) || c.guessed != nil && !c.guessed.looks(s.At(i))) {
				bad = i
				break
			}
		}
	}
	return v.Array, bad, nil
}

// refuse is the error for a value that is none of the column's type.
func (c *csvColumn) refuse(t *csvTable, column int, rec *csvRecords, row int) error {
	name := t.schema.Field(column).Name
	err := fmt.Errorf("%s: line %d: column %s: %q is no %s", t.src.path, rec.lines[row], name, rec.field(row, column), functions.TypeName(c.typ))
	if c.guessed == nil {
		return err
	}
	return fmt.Errorf("%w, which the rows before it are; say what it is: read_csv('…', types => '%s VARCHAR')", err, name)
}

// sniffColumns finds the types of the columns, their names and whether the first row is a
// header: it is one when it does not fit the types of the others, and when all is text.
func (t *csvTable) sniffColumns(rows *csvRecords) (names []string, header bool) {
	first := t.shape.skip
	n := rows.len()
	t.columns = make([]csvColumn, t.shape.width)
	names = make([]string, t.shape.width)
	sampleFrom := first + 1
	if t.options.Header != nil && !*t.options.Header || n == first+1 && t.options.Header == nil {
		sampleFrom = first
	}
	allText, fits, allNull := true, true, true
	var order *dateOrder
	for j := range t.columns {
		names[j] = fmt.Sprintf("column%d", j)
		t.columns[j] = t.sniffColumn(rows, j, sampleFrom, &order)
		if first >= n || j >= rows.width(first) {
			continue
		}
		head := rows.field(first, j)
		allNull = allNull && t.options.isNull(head)
		if t.columns[j].typ.ID() == arrow.STRING {
			continue
		}
		allText = false
		a := kernel.OfString(string(head))
		if _, bad, err := t.columns[j].convert(a); err != nil || bad >= 0 || t.options.isNull(head) {
			fits = fits && t.options.isNull(head)
		}
	}
	header = first < n && (!fits || allText || allNull)
	if t.options.Header != nil {
		header = *t.options.Header && first < n
	}
	if header {
		for j := range min(rows.width(first), len(names)) {
			if name := strings.TrimSpace(string(rows.field(first, j))); name != "" {
				names[j] = name
			}
		}
	}
	if header && n == first+1 { // there are no rows
		for j := range t.columns {
			t.columns[j] = csvColumn{typ: functions.Varchar}
		}
	}
	return names, header
}

// sniffColumn finds the type of a column by the rows from one on. The order of the parts
// of dates is the same in the whole file.
func (t *csvTable) sniffColumn(rows *csvRecords, column, from int, order **dateOrder) csvColumn {
	text := csvColumn{typ: functions.Varchar}
	if t.options.AllText {
		return text
	}
	b := kernel.NewStringBuilder(0)
	for i := from; i < rows.len(); i++ {
		if column < rows.width(i) && !t.options.isNull(rows.field(i, column)) {
			b.AppendBytes(rows.field(i, column))
		}
	}
	values, err := b.Finish(functions.Varchar)
	if err != nil || values.Len() == 0 {
		return text
	}
	for i := range csvTypes {
		c := csvColumn{typ: csvTypes[i].typ, guessed: &csvTypes[i]}
		if c.typ.ID() != arrow.DATE32 {
			if _, bad, err := c.convert(values); err == nil && bad < 0 {
				return c
			}
			continue
		}
		for _, c.dates = range dateOrders {
			if *order != nil && **order != c.dates && c.dates != yearFirst {
				continue
			}
			if _, bad, err := c.convert(values); err == nil && bad < 0 {
				if c.dates != yearFirst {
					found := c.dates
					*order = &found
				}
				return c
			}
		}
	}
	return text
}
