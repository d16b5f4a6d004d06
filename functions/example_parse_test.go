package functions

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// exampleParser evaluates the examples of the definitions: constants, calls, operators,
// aggregates and windows over VALUES. The language's own parser cannot be used here,
// for it stands above this package.
type exampleParser struct {
	t      *testing.T
	tokens []string
	at     int
	env    *Env
	rows   map[string]kernel.Vec // the columns of VALUES
	n      int
	failed *error // if set, takes the first error of a call instead of failing the test
}

func (p *exampleParser) peek(ahead int) string {
	if p.at+ahead < len(p.tokens) {
		return p.tokens[p.at+ahead]
	}
	return ""
}

func (p *exampleParser) next() string {
	s := p.peek(0)
	p.at++
	return s
}

func (p *exampleParser) accept(word string) bool {
	if strings.EqualFold(p.peek(0), word) {
		p.at++
		return true
	}
	return false
}

func (p *exampleParser) expect(word string) {
	p.t.Helper()
	if !p.accept(word) {
		p.t.Fatalf("expected %s at %q", word, p.tokens[min(p.at, len(p.tokens)):])
	}
}

// scanExample splits an example into tokens; text keeps its quote at the front.
func scanExample(s string) []string {
	var out []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		n := 1
		switch c := s[0]; {
		case c == '\'':
			for n < len(s) && s[n] != '\'' {
				n++
			}
			out, s = append(out, s[:n]), s[n+1:]
			continue
		case c == '@' && len(s) > 1 && s[1] == '+':
			for n++; n < len(s) && (isWord(s[n]) || s[n] == '.'); n++ {
			}
		case isDigit(c):
			for n < len(s) && (isWord(s[n]) || s[n] == '.') {
				n++
			}
		case isWord(c):
			for n < len(s) && isWord(s[n]) {
				n++
			}
		case strings.ContainsRune("()[],;", rune(c)):
		default:
			for n < len(s) && strings.ContainsRune("<>=|*/!~^&@:", rune(s[n])) {
				n++
			}
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

func isWord(c byte) bool { return c == '_' || isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

func (p *exampleParser) call(name string, args []kernel.Vec) kernel.Vec {
	p.t.Helper()
	def, ok := Lookup(name)
	if !ok {
		p.t.Fatalf("there is no %s", name)
	}
	v, err := evalCall(def, args, p.env, max(p.n, 1))
	if err != nil && p.failed != nil {
		if *p.failed == nil {
			*p.failed = fmt.Errorf("%s: %w", name, err)
		}
		return kernel.Const(kernel.Nulls(Null, 1))
	}
	if err != nil {
		p.t.Fatalf("%s: %v", name, err)
	}
	return v
}

var exampleLevels = [][]string{
	{"IS"},
	{"=", "<>", "<", "<=", ">", ">=", "==", "!=", "LIKE", "ILIKE", "GLOB", "SIMILAR", "!~", "~"},
	{"||", "&", "|", "<<", ">>", "^@", "<@"},
	{"+", "-"},
	{"*", "/", "//", "%"},
}

func (p *exampleParser) binary(level int) kernel.Vec {
	if level == len(exampleLevels) {
		return p.unary()
	}
	left := p.binary(level + 1)
	for {
		found := ""
		for _, op := range exampleLevels[level] {
			if strings.EqualFold(op, p.peek(0)) {
				found = op
			}
		}
		if found == "" {
			return left
		}
		p.next()
		switch found {
		case "IS":
			left = p.is(left)
			continue
		case "SIMILAR":
			p.expect("TO")
			found = "similar to"
		}
		left = p.call(found, []kernel.Vec{left, p.binary(level + 1)})
	}
}

func (p *exampleParser) is(left kernel.Vec) kernel.Vec {
	name := "is "
	if p.accept("NOT") {
		name += "not "
	}
	switch word := strings.ToLower(p.next()); word {
	case "distinct":
		p.expect("FROM")
		return p.call(name+"distinct from", []kernel.Vec{left, p.binary(1)})
	default:
		return p.call(name+word, []kernel.Vec{left})
	}
}

func (p *exampleParser) unary() kernel.Vec {
	for _, op := range []string{"-", "+", "~"} {
		if p.accept(op) {
			return p.call(op, []kernel.Vec{p.unary()})
		}
	}
	v := p.atom()
	for p.accept("::") {
		v = p.cast(v, p.next())
	}
	return v
}

func (p *exampleParser) cast(v kernel.Vec, name string) kernel.Vec {
	p.t.Helper()
	to, err := ParseType(name, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	v, err = Cast(v, to, false, p.env, max(p.n, 1))
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

func (p *exampleParser) atom() kernel.Vec {
	p.t.Helper()
	token := p.next()
	switch {
	case token == "(":
		v := p.binary(0)
		p.expect(")")
		return v
	case token == "[":
		return p.call("list_value", p.list("]"))
	case token == "":
		p.t.Fatal("expected an expression")
	case token[0] == '\'':
		return kernel.Const(kernel.OfString(token[1:]))
	case token[0] == '@':
		d, err := ParseDuration(token[2:])
		if err != nil {
			p.t.Fatal(err)
		}
		return kernel.Const(kernel.OfTimestamp(d))
	case isDigit(token[0]):
		return p.number(token)
	case strings.EqualFold(token, "NULL"):
		return kernel.Const(kernel.Nulls(Null, 1))
	case strings.EqualFold(token, "TRUE"), strings.EqualFold(token, "FALSE"):
		return kernel.Const(kernel.OfBool(strings.EqualFold(token, "TRUE")))
	case p.peek(0) == "(":
		p.next()
		return p.call(token, p.list(")"))
	case strings.HasPrefix(p.peek(0), "'"):
		return p.cast(kernel.Const(kernel.OfString(p.next()[1:])), token)
	}
	v, ok := p.rows[token]
	if !ok {
		p.t.Fatalf("there is no column %s", token)
	}
	return v
}

func (p *exampleParser) number(token string) kernel.Vec {
	if strings.ContainsFunc(token, func(r rune) bool { return 'a' <= r && r <= 'z' }) && !strings.Contains(token, "e") {
		d, err := ParseDuration(token)
		if err != nil {
			p.t.Fatal(err)
		}
		return kernel.Const(kernel.OfDuration(d))
	}
	to := "INTEGER"
	switch {
	case strings.Contains(token, "."):
		whole, fraction, _ := strings.Cut(token, ".")
		v, err := Cast(kernel.Const(kernel.OfString(token)), decimalOf(len(whole)+len(fraction), len(fraction)), false, p.env, 1)
		if err != nil {
			p.t.Fatal(err)
		}
		return v
	case strings.Contains(token, "e"):
		to = "DOUBLE"
	case len(token) > 19:
		to = "HUGEINT"
	case len(token) > 10:
		to = "BIGINT"
	}
	return p.cast(kernel.Const(kernel.OfString(token)), to)
}

func (p *exampleParser) list(end string) []kernel.Vec {
	var out []kernel.Vec
	for !p.accept(end) {
		if len(out) > 0 {
			p.expect(",")
		}
		out = append(out, p.binary(0))
	}
	return out
}

// values reads FROM (VALUES (1, 'a'), …) t(x, y).
func (p *exampleParser) values() {
	for _, word := range []string{"FROM", "(", "VALUES"} {
		p.expect(word)
	}
	var rows [][]kernel.Vec
	for {
		p.expect("(")
		rows = append(rows, p.list(")"))
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	p.next()
	p.expect("(")
	for c := range rows[0] {
		if c > 0 {
			p.expect(",")
		}
		var parts []arrow.Array
		for _, r := range rows {
			parts = append(parts, r[c].Array)
		}
		a, err := kernel.Concat(parts)
		if err != nil {
			p.t.Fatal(err)
		}
		p.rows[p.next()] = kernel.Col(a)
	}
	p.expect(")")
	p.n = len(rows)
}

// over evaluates an aggregate or window function over the rows, in the order of the
// column it names, if any.
func (p *exampleParser) over(def *Def) kernel.Vec {
	p.next()
	p.expect("(")
	start := p.at
	for depth := 1; depth > 0; {
		switch p.next() {
		case "(":
			depth++
		case ")":
			depth--
		}
	}
	if p.accept("OVER") {
		for p.next() != ")" {
		}
	}
	p.values()
	p.at = start
	var args []kernel.Vec
	for p.peek(0) != ")" && !strings.EqualFold(p.peek(0), "ORDER") {
		if len(args) > 0 {
			p.expect(",")
		}
		args = append(args, p.binary(0))
	}
	if p.accept("ORDER") {
		p.expect("BY")
		key := p.rows[p.next()].Array
		order := orderOf(key)
		for i, a := range args {
			if !a.Const {
				args[i] = kernel.Col(kernel.Take(a.Array, order))
			}
		}
	}
	v, err := evalOver(def, args, p.env, p.n)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

func orderOf(key arrow.Array) []int32 {
	less := kernel.RowComparer(key, key, false, false)
	order := make([]int32, key.Len())
	for i := range order {
		order[i] = int32(i)
		for j := i; j > 0 && less(int(order[j]), int(order[j-1])) < 0; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	return order
}

// coerced resolves a call and casts its arguments.
func coerced(def *Def, args []kernel.Vec, env *Env, n int) (*Overload, *Call, []kernel.Vec, error) {
	given := make([]arrow.DataType, len(args))
	for i, a := range args {
		given[i] = a.DataType()
	}
	ov, want, ret, err := Resolve(def, given)
	if err != nil {
		return nil, nil, nil, err
	}
	out := make([]kernel.Vec, len(args))
	for i, a := range args {
		if out[i], err = Cast(a, want[i], false, env, n); err != nil {
			return nil, nil, nil, err
		}
	}
	return ov, &Call{Args: want, Ret: ret, Env: env}, out, nil
}

func evalCall(def *Def, args []kernel.Vec, env *Env, n int) (kernel.Vec, error) {
	ov, call, args, err := coerced(def, args, env, n)
	if err != nil {
		return kernel.Vec{}, err
	}
	v, err := ov.Eval(call, args, n)
	if err != nil {
		return kernel.Vec{}, err
	}
	if def.Nulls == NullIfAnyNull && len(args) > 0 {
		rows := rowCount([]kernel.Vec{v}, n)
		valid := kernel.RowValidity(v, rows)
		for _, a := range args {
			if v.Const && !a.Const && valid.Bits == nil {
				return kernel.Vec{}, fmt.Errorf("%s gave a constant for a column", def.Name)
			}
			valid = valid.And(kernel.RowValidity(a, rows), rows)
		}
		v.Array = kernel.WithValidity(v.Array, valid)
	}
	return v, nil
}

func evalOver(def *Def, args []kernel.Vec, env *Env, n int) (kernel.Vec, error) {
	ov, call, args, err := coerced(def, args, env, n)
	if err != nil {
		return kernel.Vec{}, err
	}
	if def.Kind == Window {
		a, err := ov.Window(call, wholePartition(n), args)
		return kernel.Col(a), err
	}
	acc := ov.Accumulate(call)
	acc.Grow(1)
	if err := acc.Update(nil, args, n); err != nil {
		return kernel.Vec{}, err
	}
	a, err := acc.Finish(1)
	return kernel.Col(a), err
}

// wholePartition is a partition of rows that are no peers, with the default frame.
func wholePartition(n int) *Partition {
	p := &Partition{N: n}
	for i := range int32(n) {
		p.Peer, p.PeerEnd = append(p.Peer, i), append(p.PeerEnd, i+1)
		p.Start, p.End = append(p.Start, 0), append(p.End, i+1)
	}
	return p
}

func evalExample(t *testing.T, d *Def) arrow.Array {
	t.Helper()
	env := &Env{Zone: time.UTC, Now: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)}
	p := &exampleParser{t: t, tokens: scanExample(d.Example), env: env, rows: map[string]kernel.Vec{}}
	if d.Kind != Scalar {
		return p.over(d).Array
	}
	v := p.binary(0)
	if p.at < len(p.tokens) {
		t.Fatalf("left over: %q", p.tokens[p.at:])
	}
	return v.Array
}

// asCSV writes row 0 as csv does.
func asCSV(a arrow.Array) string {
	v := kernel.Value(a, 0)
	if v == nil {
		return "NULL"
	}
	text := string(textOf(a, nil)(nil, 0))
	switch a.DataType().ID() {
	case arrow.DURATION:
		return strings.TrimSuffix(FormatDuration(kernel.Values[int64](a)[0]), "s")
	case arrow.TIMESTAMP:
		offset := ""
		if isZoned(a.DataType()) {
			text, offset = text[:len(text)-3], text[len(text)-3:]
		}
		clock, fraction, _ := strings.Cut(text, ".")
		return clock + "." + fraction + strings.Repeat("0", 9-len(fraction)) + offset
	}
	return text
}
