package exec

import (
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// noGroup is the number of a key that the table doesn't hold.
const noGroup = noCode

// maxDenseBits bounds the array that maps packed codes straight to group numbers.
const maxDenseBits = 20

// keyTable numbers the distinct keys of one or more columns 0, 1, 2 … in order of first
// appearance; NULLs are equal to each other. GROUP BY, DISTINCT, set operations, window
// partitions and joins all work on these numbers.
//
// Each column is encoded to small dense codes first. The number of a key of one column
// is its code. The codes of several columns are packed into one word of just the bits
// they need: a short word indexes an array, a longer one a hash table, so dictionaries
// and small integers are grouped without any hashing or comparing. When the codes need
// more than 64 bits, pairs of columns are numbered first.
type keyTable struct {
	encoders []keyEncoder
	codes    [][]uint32 // of the rows in work, by column
	scratch  [][]uint32 // for codes
	sizes    []int      // how many codes each encoder has given out

	packer *codePacker // nil for one column
	any    bool        // without columns: there is a key
}

func newKeyTable(types []arrow.DataType) *keyTable {
	t := &keyTable{encoders: make([]keyEncoder, len(types)), codes: make([][]uint32, len(types)), scratch: make([][]uint32, len(types)), sizes: make([]int, len(types))}
	for i, dt := range types {
		t.encoders[i] = newKeyEncoder(dt)
	}
	if len(types) > 1 {
		t.packer = newCodePacker(len(types))
	}
	return t
}

// insert writes the number of each row's key to ids, numbering new keys.
func (t *keyTable) insert(keys []kernel.Vec, ids []uint32) { t.number(keys, ids, true) }

// find writes the number of each row's key to ids, noGroup for keys not in the table.
func (t *keyTable) find(keys []kernel.Vec, ids []uint32) { t.number(keys, ids, false) }

// split tells rows whose keys are in the table from the others.
func (t *keyTable) split(keys []kernel.Vec, n int) (known, unknown []int32) {
	ids := make([]uint32, n)
	t.find(keys, ids)
	for i, id := range ids {
		if id == noGroup {
			unknown = append(unknown, int32(i))
		} else {
			known = append(known, int32(i))
		}
	}
	return known, unknown
}

// freeze says that no more keys are inserted.
func (t *keyTable) freeze() {
	for _, e := range t.encoders {
		if f, ok := e.(freezer); ok {
			f.freeze()
		}
	}
}

// reader returns a table that finds the keys of t, which must not change any more. Each
// goroutine needs its own, for the scratch space.
func (t *keyTable) reader() *keyTable {
	r := &keyTable{
		encoders: make([]keyEncoder, len(t.encoders)), codes: make([][]uint32, len(t.codes)), scratch: make([][]uint32, len(t.codes)), sizes: make([]int, len(t.sizes)),
		packer: t.packer.reader(), any: t.any,
	}
	for i, e := range t.encoders {
		r.encoders[i] = e.reader()
	}
	return r
}

// groups is the number of distinct keys.
func (t *keyTable) groups() int {
	switch {
	case t.packer != nil:
		return t.packer.groups()
	case len(t.encoders) == 0:
		return int(bit(t.any))
	}
	return t.encoders[0].size()
}

func (t *keyTable) bytes() int64 {
	var n int64
	for _, e := range t.encoders {
		n += e.bytes()
	}
	if t.packer != nil {
		n += t.packer.bytes()
	}
	return n
}

func (t *keyTable) number(keys []kernel.Vec, ids []uint32, add bool) {
	if len(t.encoders) == 0 {
		clear(ids) // without columns all keys are equal
		t.any = t.any || add && len(ids) > 0
		return
	}
	if t.packer == nil {
		encodeVec(t.encoders[0], keys[0], ids, add)
		return
	}
	for i, key := range keys {
		t.codes[i] = t.encode(i, key, len(ids), add)
		t.sizes[i] = t.encoders[i].size()
	}
	t.packer.pack(t.codes, t.sizes, ids, add)
}

// encode returns the codes of n rows of a column, one of several: any small numbers will do.
func (t *keyTable) encode(column int, key kernel.Vec, n int, add bool) []uint32 {
	if names, ok := t.encoders[column].(*stringEncoder); ok && !key.Const && kernel.KindOf(key.DataType()) == kernel.Dict {
		if _, dict := kernel.Codes(key.Array); add {
			names.adopt(dict)
		}
		if codes, ok := names.coded(key.Array); ok {
			return codes
		}
	}
	t.scratch[column] = resize(t.scratch[column], n)
	encodeVec(t.encoders[column], key, t.scratch[column], add)
	return t.scratch[column]
}

// newGroups appends to rows those rows at which a group appeared for the first time;
// known is the number of groups before them.
func newGroups(ids []uint32, known int, rows []int32) []int32 {
	next := uint32(known)
	for i, id := range ids {
		if id == next {
			rows = append(rows, int32(i))
			next++
		}
	}
	return rows
}

// codePacker numbers rows of codes.
type codePacker struct {
	columns int
	widths  []uint     // bits of each column
	stored  [][]uint32 // the codes of each group, by column

	dense []uint32   // group + 1 by packed word
	table *wordTable // by packed word, when that is too long for dense

	// When 64 bits are too few the columns are split: the first half is numbered by
	// left, the second by right, and this packer sees two columns.
	left, right *codePacker
	halves      [2][]uint32

	packed []uint64 // scratch
}

func newCodePacker(columns int) *codePacker {
	return &codePacker{
		columns: columns,
		widths:  make([]uint, columns),
		stored:  make([][]uint32, columns),
		dense:   make([]uint32, 1),
	}
}

// reader is that of a [keyTable].
func (p *codePacker) reader() *codePacker {
	if p == nil {
		return nil
	}
	r := *p
	r.left, r.right, r.halves, r.packed = p.left.reader(), p.right.reader(), [2][]uint32{}, nil
	return &r
}

func (p *codePacker) groups() int { return len(p.stored[0]) }

func (p *codePacker) bytes() int64 {
	n := int64(4*len(p.dense)) + int64(len(p.stored)*4*cap(p.stored[0]))
	if p.table != nil {
		n += p.table.bytes()
	}
	if p.left != nil {
		n += p.left.bytes() + p.right.bytes()
	}
	return n
}

// pack writes the number of each row to ids; sizes bounds the codes of each column. A
// row with an unknown code is unknown.
func (p *codePacker) pack(codes [][]uint32, sizes []int, ids []uint32, add bool) {
	if add && p.left == nil && !p.fit(sizes) {
		p.split(sizes)
	}
	if p.left != nil {
		codes = p.packHalves(codes, sizes, len(ids), add)
		if add {
			p.fit([]int{p.left.groups(), p.right.groups()})
		}
	}
	if add {
		p.insertRows(codes, ids)
	} else {
		p.findRows(codes, ids)
	}
}

// fit widens the columns to hold codes below sizes; it reports false if a word would
// become too long.
func (p *codePacker) fit(sizes []int) bool {
	var total uint
	grown := false
	for i, size := range sizes {
		if need := uint(bits.Len(uint(max(size, 1) - 1))); need > p.widths[i] {
			p.widths[i] = need
			grown = true
		}
		total += p.widths[i]
	}
	if grown && total <= 64 {
		p.layOut(total)
	}
	return total <= 64
}

// layOut rebuilds the index for the present widths.
func (p *codePacker) layOut(total uint) {
	groups := p.groups()
	if total <= maxDenseBits {
		p.dense = make([]uint32, 1<<total)
	} else {
		p.dense, p.table = nil, newWordTable(groups)
	}
	for g := range groups {
		var word uint64
		for i, w := range p.widths {
			word = word<<w | uint64(p.stored[i][g])
		}
		if p.dense != nil {
			p.dense[word] = uint32(g) + 1
		} else {
			p.table.insert(word, uint32(g))
		}
	}
}

// split goes over to numbering the columns in two halves.
func (p *codePacker) split(sizes []int) {
	half := p.columns / 2
	p.left, p.right = newCodePacker(half), newCodePacker(p.columns-half)
	stored, groups := p.stored, p.groups()
	p.widths, p.stored = make([]uint, 2), make([][]uint32, 2)
	p.dense, p.table = make([]uint32, 1), nil
	p.pack(stored, sizes, make([]uint32, groups), true)
}

// packHalves returns the two columns of numbers that stand for the columns of codes.
func (p *codePacker) packHalves(codes [][]uint32, sizes []int, n int, add bool) [][]uint32 {
	half := p.left.columns
	for i := range p.halves {
		p.halves[i] = resize(p.halves[i], n)
	}
	p.left.pack(codes[:half], sizes[:half], p.halves[0], add)
	p.right.pack(codes[half:], sizes[half:], p.halves[1], add)
	return p.halves[:]
}

// words packs rows of codes, of up to three columns in one go.
func (p *codePacker) words(codes [][]uint32, n int) []uint64 {
	p.packed = resize(p.packed, n)
	words, first := p.packed, codes[0][:n]
	done := min(len(codes), 3)
	switch done {
	case 1:
		for i, c := range first {
			words[i] = uint64(c)
		}
	case 2:
		second, width := codes[1][:n], p.widths[1]
		for i, c := range first {
			words[i] = uint64(c)<<width | uint64(second[i])
		}
	case 3:
		second, third := codes[1][:n], codes[2][:n]
		widths := [...]uint{p.widths[1], p.widths[2]}
		for i, c := range first {
			words[i] = (uint64(c)<<widths[0]|uint64(second[i]))<<widths[1] | uint64(third[i])
		}
	}
	for k := done; k < len(codes); k++ {
		width := p.widths[k]
		for i, c := range codes[k][:n] {
			words[i] = words[i]<<width | uint64(c)
		}
	}
	return words
}

func (p *codePacker) insertRows(codes [][]uint32, ids []uint32) {
	if p.dense != nil && len(codes) == 2 {
		p.insertPairs(codes, ids)
		return
	}
	words := p.words(codes, len(ids))
	next := uint32(p.groups())
	if p.dense == nil {
		for i, word := range words {
			ids[i] = p.table.insert(word, next)
			if ids[i] == next {
				p.store(codes, i)
				next++
			}
		}
		return
	}
	dense := p.dense
	for i, word := range words {
		id := dense[word]
		if id == 0 {
			next++
			id = next
			dense[word] = id
			p.store(codes, i)
		}
		ids[i] = id - 1
	}
}

// insertPairs is insertRows for two columns of few values, in one go.
func (p *codePacker) insertPairs(codes [][]uint32, ids []uint32) {
	dense, width, next := p.dense, p.widths[1], uint32(p.groups())
	second := codes[1][:len(ids)]
	for i, c := range codes[0][:len(ids)] {
		word := c<<width | second[i]
		id := dense[word]
		if id == 0 {
			next++
			id = next
			dense[word] = id
			p.store(codes, i)
		}
		ids[i] = id - 1
	}
}

func (p *codePacker) store(codes [][]uint32, row int) {
	for k := range p.stored {
		p.stored[k] = append(p.stored[k], codes[k][row])
	}
}

func (p *codePacker) findRows(codes [][]uint32, ids []uint32) {
	words := p.words(codes, len(ids))
	for i, word := range words {
		ids[i] = noGroup
		if !p.holds(codes, i) {
			continue
		}
		if p.dense != nil {
			ids[i] = p.dense[word] - 1
		} else {
			ids[i] = p.table.find(word)
		}
	}
}

// holds reports whether the codes of a row fit the widths; unknown codes never do.
func (p *codePacker) holds(codes [][]uint32, row int) bool {
	for k, width := range p.widths {
		if codes[k][row]>>width != 0 {
			return false
		}
	}
	return true
}
