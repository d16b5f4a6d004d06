package functions

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
)

// typeOf reads a type name for tests, with DECIMAL's parameters.
func typeOf(t *testing.T, name string) arrow.DataType {
	t.Helper()
	base, rest, ok := strings.Cut(name, "(")
	var args []int
	if ok {
		for _, s := range strings.Split(strings.TrimSuffix(rest, ")"), ",") {
			n := 0
			for _, c := range s {
				n = n*10 + int(c-'0')
			}
			args = append(args, n)
		}
	}
	if base == "VARCHAR_DICT" {
		return DictVarchar
	}
	dt, err := ParseType(base, args)
	if err != nil {
		t.Fatal(err)
	}
	return dt
}

func TestParseType(t *testing.T) {
	f := func(name string, args []int, want string) {
		t.Helper()
		dt, err := ParseType(name, args)
		got := ""
		if err != nil {
			got = "!" + err.Error()
		} else {
			got = TypeName(dt)
		}
		if got != want {
			t.Errorf("%s%v is %s instead of %s", name, args, got, want)
		}
	}
	f("int", nil, "INTEGER")
	f("INT8", nil, "BIGINT")
	f("Text", nil, "VARCHAR")
	f("varchar", []int{20}, "VARCHAR")
	f("character  varying", nil, "VARCHAR")
	f("INTERVAL", nil, "INTERVAL")
	f("decimal", nil, "DECIMAL(18,3)")
	f("numeric", []int{9}, "DECIMAL(9,0)")
	f("DECIMAL", []int{38, 0}, "HUGEINT")
	f("double precision", nil, "DOUBLE")
	f("bigint[][]", nil, "BIGINT[][]")
	f("DECIMAL[]", []int{4, 2}, "DECIMAL(4,2)[]")
	f("decimal", []int{39, 1}, "!the width of DECIMAL must be between 1 and 38")
	f("decimal", []int{4, 5}, "!the scale of DECIMAL must be between 0 and its width")
	f("bigint", []int{4}, "!the type BIGINT has no parameters")
	f("money", nil, "!there is no type MONEY")
	for _, name := range TypeNames() {
		dt, err := ParseType(name, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if again := typeOf(t, TypeName(dt)); !Same(dt, again) {
			t.Errorf("%s: the name %s is another type", name, TypeName(dt))
		}
	}
}

func TestCommonType(t *testing.T) {
	f := func(a, b, want, compared string) {
		t.Helper()
		name := func(dt arrow.DataType, ok bool) string {
			if !ok {
				return "-"
			}
			return TypeName(dt)
		}
		for range 2 {
			if got := name(CommonType(typeOf(t, a), typeOf(t, b))); got != want {
				t.Errorf("%s and %s have %s in common instead of %s", a, b, got, want)
			}
			if got := name(ComparisonType(typeOf(t, a), typeOf(t, b))); got != compared {
				t.Errorf("%s and %s are compared as %s instead of %s", a, b, got, compared)
			}
			a, b = b, a
		}
	}
	f("INTEGER", "BIGINT", "BIGINT", "BIGINT")
	f("UINTEGER", "INTEGER", "BIGINT", "BIGINT")
	f("UTINYINT", "TINYINT", "SMALLINT", "SMALLINT")
	f("UBIGINT", "BIGINT", "HUGEINT", "HUGEINT")
	f("UBIGINT", "TINYINT", "HUGEINT", "HUGEINT")
	f("BIGINT", "HUGEINT", "HUGEINT", "HUGEINT")
	f("BIGINT", "DOUBLE", "DOUBLE", "DOUBLE")
	f("BIGINT", "FLOAT", "FLOAT", "FLOAT")
	f("DECIMAL(4,2)", "INTEGER", "DECIMAL(12,2)", "DECIMAL(12,2)")
	f("DECIMAL(4,2)", "DECIMAL(9,5)", "DECIMAL(9,5)", "DECIMAL(9,5)")
	f("DECIMAL(4,2)", "DOUBLE", "DOUBLE", "DOUBLE")
	f("DATE", "TIMESTAMP", "TIMESTAMP", "TIMESTAMP")
	f("VARCHAR", "VARCHAR_DICT", "VARCHAR", "VARCHAR")
	f("VARCHAR", "BIGINT", "VARCHAR", "BIGINT")
	f("VARCHAR_DICT", "TIMESTAMP", "VARCHAR", "TIMESTAMP")
	f("VARCHAR", "DURATION", "VARCHAR", "DURATION")
	f("VARCHAR", "BOOLEAN", "VARCHAR", "BOOLEAN")
	f("NULL", "DURATION", "DURATION", "DURATION")
	f("BOOLEAN", "INTEGER", "INTEGER", "INTEGER")
	f("BOOLEAN", "DOUBLE", "-", "DOUBLE")
	f("DURATION", "BIGINT", "-", "-")
	f("DURATION", "INTERVAL", "INTERVAL", "INTERVAL")
	f("TIMESTAMP", "BIGINT", "-", "-")
	f("TIMESTAMP", "DURATION", "-", "-")
	f("INTEGER[]", "DOUBLE[]", "DOUBLE[]", "DOUBLE[]")
	f("INTEGER[]", "DATE[]", "-", "-")
}

func TestResolve(t *testing.T) {
	f := func(name, args, want string) {
		t.Helper()
		def, ok := Lookup(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		var given []arrow.DataType
		for _, a := range strings.Fields(args) {
			given = append(given, typeOf(t, a))
		}
		_, coerced, ret, err := Resolve(def, given)
		got := ""
		if err != nil {
			got = "!" + err.Error()
		} else {
			for _, c := range coerced {
				got += TypeName(c) + " "
			}
			got += "→ " + TypeName(ret)
		}
		if got != want {
			t.Errorf("%s(%s) is resolved as %s instead of %s", name, args, got, want)
		}
	}
	f("+", "INTEGER INTEGER", "INTEGER INTEGER → INTEGER")
	f("+", "INTEGER BIGINT", "BIGINT BIGINT → BIGINT")
	f("+", "UBIGINT BIGINT", "HUGEINT HUGEINT → HUGEINT")
	f("+", "BIGINT DOUBLE", "DOUBLE DOUBLE → DOUBLE")
	f("+", "DECIMAL(4,2) DECIMAL(4,1)", "DECIMAL(4,2) DECIMAL(4,1) → DECIMAL(6,2)")
	f("+", "DECIMAL(18,2) DECIMAL(18,2)", "DECIMAL(18,2) DECIMAL(18,2) → DECIMAL(18,2)")
	f("+", "INTEGER DECIMAL(2,1)", "DECIMAL(10,0) DECIMAL(2,1) → DECIMAL(12,1)")
	f("*", "DECIMAL(4,2) DECIMAL(4,1)", "DECIMAL(4,2) DECIMAL(4,1) → DECIMAL(8,3)")
	f("/", "INTEGER INTEGER", "DOUBLE DOUBLE → DOUBLE")
	f("/", "DURATION INTEGER", "DURATION BIGINT → DURATION")
	f("/", "DURATION DURATION", "DURATION DURATION → DOUBLE")
	f("//", "INTEGER SMALLINT", "INTEGER INTEGER → INTEGER")
	f("-", "TIMESTAMP TIMESTAMP", "TIMESTAMP TIMESTAMP → DURATION")
	f("-", "TIMESTAMP DATE", "TIMESTAMP TIMESTAMP → DURATION")
	f("-", "DATE DATE", "DATE DATE → BIGINT")
	f("-", "DATE INTEGER", "DATE BIGINT → DATE")
	f("-", "SMALLINT", "SMALLINT → SMALLINT")
	f("-", "DURATION", "DURATION → DURATION")
	f("+", "TIMESTAMP INTERVAL", "TIMESTAMP INTERVAL → TIMESTAMP")
	f("-", "DATE INTERVAL", "TIMESTAMP INTERVAL → TIMESTAMP")
	f("+", "DURATION INTERVAL", "INTERVAL INTERVAL → INTERVAL")
	f("*", "INTERVAL INTEGER", "INTERVAL BIGINT → INTERVAL")
	f("*", "DURATION DECIMAL(2,1)", "DURATION DOUBLE → DURATION")
	f("+", "TIMESTAMP TIMESTAMP", "!two timestamps cannot be added; a timestamp plus a duration, or the difference of two timestamps, has a meaning")
	f(">", "DURATION INTEGER", "!> cannot be applied to a duration and a bare number; give the number a unit, as in 1s or 250ms")
	f("+", "TIMESTAMP INTEGER", "!+ cannot be applied to a timestamp and a bare number; give the number a unit, as in 1s or 250ms")
	f("+", "BOOLEAN INTEGER", "!+ cannot be applied to BOOLEAN and INTEGER")
	f("=", "VARCHAR_DICT BIGINT", "BIGINT BIGINT → BOOLEAN")
	f("=", "VARCHAR_DICT VARCHAR", "VARCHAR VARCHAR → BOOLEAN")
	f("coalesce", "INTEGER NULL DOUBLE", "DOUBLE DOUBLE DOUBLE → DOUBLE")
	f("coalesce", "NULL NULL", "NULL NULL → NULL")
	f("concat", "INTEGER VARCHAR", "INTEGER VARCHAR → VARCHAR")
	f("||", "VARCHAR INTEGER", "VARCHAR VARCHAR → VARCHAR")
	f("length", "VARCHAR_DICT", "VARCHAR → BIGINT")
	f("length", "INTEGER[]", "INTEGER[] → BIGINT")
	f("abs", "SMALLINT", "SMALLINT → SMALLINT")
	f("abs", "DECIMAL(4,2)", "DECIMAL(4,2) → DECIMAL(4,2)")
	f("sum", "INTEGER", "INTEGER → HUGEINT")
	f("sum", "HUGEINT", "HUGEINT → HUGEINT")
	f("sum", "DURATION", "DURATION → DURATION")
	f("sum", "DECIMAL(4,2)", "DECIMAL(4,2) → DECIMAL(38,2)")
	f("sum", "FLOAT", "DOUBLE → DOUBLE")
	f("avg", "TIMESTAMP", "TIMESTAMP → TIMESTAMP")
	f("avg", "SMALLINT", "SMALLINT → DOUBLE")
	f("median", "INTEGER", "DOUBLE → DOUBLE")
	f("median", "DATE", "TIMESTAMP → TIMESTAMP")
	f("min", "VARCHAR_DICT", "VARCHAR → VARCHAR")
	f("count", "", "→ BIGINT")
	f("list", "VARCHAR_DICT", "VARCHAR → VARCHAR[]")
	f("lag", "INTEGER INTEGER BIGINT", "INTEGER BIGINT BIGINT → INTEGER")
	f("list_contains", "INTEGER[] DOUBLE", "DOUBLE[] DOUBLE → BOOLEAN")
	f("upper", "", "!upper does not take (); it takes upper(VARCHAR) → VARCHAR")
	f("substr", "VARCHAR", "!substr does not take (VARCHAR); it takes substr(VARCHAR, BIGINT [, BIGINT]) → VARCHAR")
	f("sum", "VARCHAR_DICT", "!sum does not take (VARCHAR); it takes sum(integer) → HUGEINT or sum(BOOLEAN) → HUGEINT or sum(DECIMAL) or sum(DOUBLE) → DOUBLE or sum(DURATION) → DURATION or sum(INTERVAL) → INTERVAL")
}
