package storage

import (
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
)

// argFamilies are the fields of single arguments.
var argFamilies = []fieldFamily{
	{argPrefix, "", "NAME", fromFDs, argDoc, nil, argument},
	{"evt.arg.", "", "NAME", fromFDs, "An argument as text: what it stands for, if it stands for something.", varchar, argumentText},
	{"evt.arg[", "]", "N", fromFDs, "Argument number N, counted from 0, as text.", varchar, argumentAt},
	{"evt.rawarg.", "", "NAME", fromRow, "An argument as it was recorded: a number, also where it stands for something, else text.", nil, rawArgument},
	{typeIsPrefix, "", "NAME", fromRow, "1 for events of this type, 0 for others.", bigint, typeIs},
}

// argPrefix begins the names of single arguments.
const argPrefix = "arg."

// typeIsPrefix begins the names of the fields that tell events of one type.
const typeIsPrefix = "evt.type.is."

const argDoc = "An argument of the event: a number where it is one in every type of event that has it, else text."

// ArgumentNames lists the arguments that events of a type have, in their order, whatever
// the age of the recorder.
func ArgumentNames(typ string) []string {
	var names []string
	for i := range scap.Types {
		t := &scap.Types[i]
		if t.Name != typ {
			continue
		}
		for _, p := range t.Params {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// argField is the column of an argument under some name.
func argField(name, param string) (column[eventRows], bool) {
	typ, build, ok := argument(param)
	return column[eventRows]{name, typ, hidden, argDoc, build}, ok
}

// argument is the column of an argument: a number where it is one in every type of event
// that has it, else text.
func argument(name string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	switch argumentClass(name) {
	case noArgument:
		return nil, nil, false
	case numberArgument:
		return bigint, argNumbers(name), true
	}
	return argumentText(name)
}

func argumentText(name string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	build := func(r eventRows) arrow.Array {
		at := r.positions(name)
		res := &resolver{eventRows: r}
		return argTexts(r, func(kind uint16) int { return int(at[kind]) }, res)
	}
	return varchar, build, argumentClass(name) != noArgument
}

func argumentAt(index string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	n, err := strconv.ParseUint(index, 10, 16)
	build := func(r eventRows) arrow.Array {
		return argTexts(r, func(uint16) int { return int(n) }, &resolver{eventRows: r})
	}
	return varchar, build, err == nil
}

func rawArgument(name string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	switch argumentClass(name) {
	case noArgument:
		return nil, nil, false
	case textArgument:
		return varchar, func(r eventRows) arrow.Array {
			at := r.positions(name)
			return argTexts(r, func(kind uint16) int { return int(at[kind]) }, nil)
		}, true
	}
	return bigint, argNumbers(name), true
}

// typeIs is the column of 1 for events with a name. There must be such events.
func typeIs(name string) (arrow.DataType, func(eventRows) arrow.Array, bool) {
	build := func(r eventRows) arrow.Array {
		which := r.kindsThat(func(k *eventKind) bool { return k.name == name })
		out := make([]int64, r.len())
		for i, k := range r.kindIDs() {
			if which[k] {
				out[i] = 1
			}
		}
		return kernel.FromValues(bigint, out, kernel.Validity{})
	}
	return bigint, build, isEventName(name)
}

func isEventName(name string) bool {
	for i := range scap.Types {
		if scap.Types[i].Name == name {
			return true
		}
	}
	for id := range uint16(maxSyscalls) {
		if scap.SyscallName(id) == name {
			return true
		}
	}
	return false
}

// maxSyscalls is more than there are system calls.
const maxSyscalls = 1 << 10

// argClass is what the values of an argument are.
type argClass uint8

const (
	noArgument argClass = iota
	numberArgument
	symbolArgument // numbers that stand for something in every type of event that has it
	textArgument
)

func argumentClass(param string) argClass {
	class := noArgument
	for i := range scap.Types {
		for j := range scap.Types[i].Params {
			if p := &scap.Types[i].Params[j]; p.Name == param {
				class = max(class, classOf(p.Type))
			}
		}
	}
	return class
}

func classOf(t scap.ParamType) argClass {
	switch t {
	case scap.ParamInt8, scap.ParamInt16, scap.ParamInt32, scap.ParamInt64,
		scap.ParamUint8, scap.ParamUint16, scap.ParamUint32, scap.ParamUint64,
		scap.ParamErrno, scap.ParamFD, scap.ParamFD32, scap.ParamPID, scap.ParamPID32,
		scap.ParamUID, scap.ParamGID, scap.ParamPort, scap.ParamBool, scap.ParamMode,
		scap.ParamRelTime, scap.ParamAbsTime, scap.ParamSyscallID:
		return numberArgument
	case scap.ParamFlags8, scap.ParamFlags16, scap.ParamFlags32,
		scap.ParamEnumflags8, scap.ParamEnumflags16, scap.ParamEnumflags32,
		scap.ParamSigType, scap.ParamSigSet:
		return symbolArgument
	}
	return textArgument
}

// positions returns where a parameter stands, by kind; -1 where a kind lacks it.
func (k *known) positions(param string) []int8 {
	at := make([]int8, len(k.kinds))
	for i := range k.kinds {
		at[i] = -1
		for j, p := range k.kinds[i].Params {
			if p.Name == param {
				at[i] = int8(j)
				break
			}
		}
	}
	return at
}

// argNumbers builds the column of a parameter that is a number.
func argNumbers(param string) func(eventRows) arrow.Array {
	return func(r eventRows) arrow.Array {
		c := argInts(r, param)
		return c.array(bigint)
	}
}

func argInts(r eventRows, param string) nullable[int64] {
	out := newNullable[int64](r.len())
	at := r.positions(param)
	var e scap.Event
	for i := range out.values {
		b, row := r.at(i)
		p := at[b.kind[row]]
		if p < 0 {
			continue
		}
		if b.read(row, r.payload, &e) {
			if v, ok := e.Int(int(p)); ok {
				out.set(i, v)
			}
		}
	}
	return out
}

// argTexts builds the column of a parameter as text, which stands at some place by the
// event's kind, or nowhere when that is negative. Without a resolver it is as recorded.
func argTexts(r eventRows, at func(kind uint16) int, res *resolver) arrow.Array {
	b, e := kernel.NewStringBuilder(r.len()), new(scap.Event)
	for i := range r.len() {
		batch, row := r.at(i)
		text, ok := []byte(nil), false
		if p := at(batch.kind[row]); p >= 0 {
			if there := batch.read(row, r.payload, e); there && res != nil {
				res.turnTo(batch, row)
				text, ok = printer.AppendArg(b.Buffer(), e, p, res)
			} else if there {
				text, ok = printer.AppendArg(b.Buffer(), e, p, nil)
			}
		}
		if ok {
			b.SetBuffer(text)
		} else {
			b.AppendNull()
		}
	}
	return finish(b, varchar)
}
