package transcript

import (
	"slices"
	"sync"

	"tq/storage/scap"
)

// layout is how the arguments of a type of event stand in a line.
type layout struct {
	code   uint16
	params []scap.ParamDef
	labels [][]byte // " name=" of each
}

// version is the enter and the exit event of a call as recorders of some years wrote
// them. Of events that just happen there is only one.
type version struct{ enter, exit *layout }

func (v version) layout(enter bool) *layout {
	if enter {
		return v.enter
	}
	return v.exit
}

// knownTypes is the event table by the names that lines show: the versions of each type,
// the newest first, and the numbers of the system calls whose events are generic.
var knownTypes = sync.OnceValue(func() (known struct {
	versions map[string][]version
	calls    map[string]uint16
}) {
	known.versions = make(map[string][]version)
	for code := 0; code < len(scap.Types); code += 2 {
		for _, name := range [...]string{scap.Types[code].Name, scap.Types[code+1].Name} {
			v := version{layoutOf(code, name), layoutOf(code+1, name)}
			list := known.versions[name]
			if v == (version{}) || len(list) > 0 && list[len(list)-1].covers(code) {
				continue
			}
			known.versions[name] = append(list, v)
		}
	}
	for _, list := range known.versions {
		slices.Reverse(list)
		slices.SortStableFunc(list, func(a, b version) int { return a.age() - b.age() })
	}
	known.calls = make(map[string]uint16)
	for id := range uint16(len(scap.Types)) {
		if name := scap.SyscallName(id); name != "" {
			known.calls[name] = id
		}
	}
	return known
})

// layoutOf returns the layout of a type if its events have the name and are shown.
func layoutOf(code int, name string) *layout {
	t := &scap.Types[code]
	if t.Name != name || t.Source == scap.SourceNone || t.Category == scap.CategoryInternal || code <= scap.GenericX {
		return nil
	}
	l := &layout{code: uint16(code), params: t.Params}
	for i := range t.Params {
		l.labels = append(l.labels, []byte(" "+t.Params[i].Name+"="))
	}
	return l
}

// covers reports whether the version is that of the enter event with the given code.
func (v version) covers(code int) bool {
	return v.enter != nil && int(v.enter.code) == code || v.exit != nil && int(v.exit.code) == code+1
}

// age is 1 for a version that another has taken the place of. Enter events are no sign:
// the newest recorders have given up most of them.
func (v version) age() int {
	l := v.exit
	if l == nil {
		l = v.enter
	}
	if scap.Types[l.code].Flags&scap.FlagOldVersion != 0 {
		return 1
	}
	return 0
}

// firstUnknown is the first of the codes for types that the event table does not know.
// They come in pairs like all others, the enter event's first.
const firstUnknown = 1 << 10

// maxUnknown limits how many such types are told apart.
const maxUnknown = 1 << 10

// meaning is what the lines of one type name are.
type meaning struct {
	versions []version // that fit the lines so far
	call     uint16    // of generic events
	generic  bool
	unknown  uint16 // code of the enter event of a type the table does not know, or 0
	bare     bool   // an exit event shows no arguments
	full     bool   // an exit event shows some
}

// meanings finds out what the names of types mean in a transcript.
type meanings struct {
	types   map[string]*meaning
	unknown []string
	split   splitter
}

// newMeanings looks at all lines: which version of a type a transcript has shows where
// its lines do not fit the others.
func newMeanings(lines []line) *meanings {
	m := &meanings{types: make(map[string]*meaning)}
	for i := range lines {
		m.look(&lines[i])
	}
	for name, t := range m.types {
		t.settle(name)
		if len(t.versions) == 0 && !t.generic {
			t.unknown = m.number(name)
		}
	}
	return m
}

// settle decides between generic events, which show no arguments, and those of a type of
// their own.
func (t *meaning) settle(name string) {
	t.call, t.generic = knownTypes().calls[name]
	if t.full || !t.bare {
		t.generic = t.generic && len(t.versions) == 0
		return
	}
	for _, v := range t.versions {
		if v.exit != nil && len(v.exit.params) == 0 {
			t.generic = false
		}
	}
}

// look takes over what a line shows of its type.
func (m *meanings) look(l *line) {
	t := m.types[string(l.typ)]
	if t == nil {
		t = &meaning{versions: knownTypes().versions[string(l.typ)]}
		m.types[string(l.typ)] = t
	}
	if !l.enter {
		t.bare = t.bare || len(l.args) == 0
		t.full = t.full || len(l.args) > 0
	}
	if len(t.versions) < 2 || len(l.args) == 0 {
		return
	}
	var fit []version
	for _, v := range t.versions {
		if at := v.layout(l.enter); at != nil {
			if _, ok := m.split.split(l.args, at); ok {
				fit = append(fit, v)
			}
		}
	}
	if len(fit) > 0 {
		t.versions = fit
	}
}

// number returns the code that stands for the enter event of a type of unknown name.
func (m *meanings) number(name string) uint16 {
	i := slices.Index(m.unknown, name)
	if i < 0 {
		if i = len(m.unknown); i == maxUnknown {
			i--
		} else {
			m.unknown = append(m.unknown, name)
		}
	}
	return firstUnknown + 2*uint16(i)
}

// typeOf returns the layout of a line's event; nil and a code when that is generic or
// unknown.
func (m *meanings) typeOf(l *line) (at *layout, code uint16) {
	t := m.types[string(l.typ)]
	direction := uint16(1)
	if l.enter {
		direction = 0
	}
	if t.generic {
		return nil, scap.GenericE | direction
	}
	for _, v := range t.versions {
		if at := v.layout(l.enter); at != nil {
			return at, at.code
		}
	}
	if t.unknown == 0 {
		t.unknown = m.number(string(l.typ))
	}
	return nil, t.unknown | direction
}
