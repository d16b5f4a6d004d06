package exec

import (
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

// noCode stands for a value that an encoder doesn't know.
const noCode = math.MaxUint32

// keyEncoder numbers the distinct values of one key column 0, 1, 2 … in order of first
// appearance. NULL is a value like any other.
type keyEncoder interface {
	// encode writes the code of each row to codes. With add unset, values not seen
	// before become noCode instead of new codes.
	encode(arr arrow.Array, codes []uint32, add bool)
	// reader returns an encoder that knows the same values and adds none; this one must
	// not change any more. Each goroutine needs its own, for the scratch space.
	reader() keyEncoder
	// size is the number of codes given out.
	size() int
	// bytes is the memory held.
	bytes() int64
}

// freezer is an encoder that can get ready for many values that it doesn't know, when none
// are added any more.
type freezer interface{ freeze() }

// newKeyEncoder makes the encoder for the values of a type, or of any type that is
// comparable with it (both forms of strings, all widths of integers).
func newKeyEncoder(dt arrow.DataType) keyEncoder {
	switch dt.ID() {
	case arrow.STRING, arrow.DICTIONARY:
		return newStringEncoder()
	case arrow.BOOL, arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64,
		arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64,
		arrow.DATE32, arrow.TIME64, arrow.TIMESTAMP, arrow.DURATION,
		arrow.FLOAT32, arrow.FLOAT64:
		return newWordEncoder()
	}
	return newBytesEncoder()
}

// encodeVec encodes a column of n rows, constant or not.
func encodeVec(e keyEncoder, v kernel.Vec, codes []uint32, add bool) {
	if !v.Const {
		e.encode(v.Array, codes, add)
		return
	}
	if len(codes) == 0 {
		return
	}
	e.encode(v.Array, codes[:1], add)
	for i := range codes {
		codes[i] = codes[0]
	}
}

// coder gives out codes; every encoder embeds it.
type coder struct {
	next uint32
	null uint32 // the code of NULL
}

func (c *coder) size() int { return int(c.next) }

func (c *coder) new() uint32 {
	c.next++
	return c.next - 1
}

// nullCode returns the code of NULL.
func (c *coder) nullCode(add bool) uint32 {
	if c.null == noCode && add {
		c.null = c.new()
	}
	return c.null
}

// stringEncoder encodes VARCHAR in both forms. Codes of a dictionary are translated
// through a table, filled for the values that occur, so a row costs no hashing. As values
// of a dictionary are distinct, neither do they, until other strings have to be compared
// with them.
type stringEncoder struct {
	coder
	codes map[string]uint32 // nil while all values are those of dict
	held  int64

	dict   arrow.Array    // the dictionary that trans belongs to
	values kernel.Strings // its values
	trans  []uint32       // code + 2 by dictionary code; 0: not looked up yet, 1: none
	frozen bool           // no values are added: what is not found never will be
	same   int            // so many values of dict have their dictionary codes here, too
}

func newStringEncoder() *stringEncoder {
	return &stringEncoder{coder: coder{null: noCode}}
}

func (e *stringEncoder) reader() keyEncoder {
	return &stringEncoder{
		coder: e.coder, codes: e.codes, dict: e.dict, values: e.values, trans: slices.Clone(e.trans), frozen: true,
		same: e.same,
	}
}

func (e *stringEncoder) bytes() int64 { return e.held + int64(4*len(e.trans)) }

func (e *stringEncoder) encode(arr arrow.Array, codes []uint32, add bool) {
	switch kernel.KindOf(arr.DataType()) {
	case kernel.Dict:
		indices, dict := kernel.Codes(arr)
		if len(codes) >= dict.Len()/16 || e.knows(dict) {
			e.use(dict)
			e.translate(indices, kernel.ValidityOf(arr), codes, add)
			return
		}
		fallthrough // too few rows to be worth a table
	case kernel.String:
		e.index()
		strs, valid := kernel.StringsOf(arr), kernel.ValidityOf(arr)
		for i := range codes {
			if valid.Valid(i) {
				codes[i] = e.intern(strs.At(i), add)
			} else {
				codes[i] = e.nullCode(add)
			}
		}
	default: // NULLs without a type
		for i := range codes {
			codes[i] = e.nullCode(add)
		}
	}
}

// smallDictionary is how many values are given codes that may not occur.
const smallDictionary = 1 << 8

// adopt gives the values of a small dictionary, if it is the first, the codes that they have
// there, whether they occur or not.
func (e *stringEncoder) adopt(dict arrow.Array) {
	if e.size() > 0 || e.codes != nil || dict.Len() > smallDictionary {
		return
	}
	e.use(dict)
	e.same, e.next = dict.Len(), uint32(dict.Len())
	for at := range e.same {
		e.trans[at] = uint32(at) + 2
	}
}

// coded returns the codes of a column as they stand there, if they are those of its values
// here; for that the encoder must have adopted its dictionary.
func (e *stringEncoder) coded(arr arrow.Array) ([]uint32, bool) {
	if e.same == 0 || kernel.KindOf(arr.DataType()) != kernel.Dict || kernel.ValidityOf(arr).Bits != nil {
		return nil, false
	}
	indices, dict := kernel.Codes(arr)
	if e.dict == nil || !samePrefix(e.dict, dict) || dict.Len() > e.same {
		return nil, false
	}
	return kernel.Unsigned(indices), true
}

// translate encodes the codes of the dictionary in use.
func (e *stringEncoder) translate(indices []int32, valid kernel.Validity, codes []uint32, add bool) {
	trans := e.trans
	if valid.Bits == nil {
		for i, at := range indices {
			c := trans[at]
			if c == 0 {
				c = e.look(at, add)
			}
			codes[i] = c - 2
		}
		return
	}
	for i := range codes {
		if !valid.Valid(i) {
			codes[i] = e.nullCode(add)
			continue
		}
		c := trans[indices[i]]
		if c == 0 {
			c = e.look(indices[i], add)
		}
		codes[i] = c - 2
	}
}

// look finds what trans says of a dictionary value that it doesn't know yet.
func (e *stringEncoder) look(at int32, add bool) uint32 {
	c := uint32(noCode)
	switch {
	case e.codes != nil:
		c = e.intern(e.values.At(int(at)), add)
	case add:
		c = e.new()
	}
	c += 2
	if add || e.frozen {
		e.trans[at] = c
	}
	return c
}

// index makes the map of the values seen.
func (e *stringEncoder) index() {
	if e.codes != nil {
		return
	}
	e.codes = make(map[string]uint32, e.size())
	for at, c := range e.trans {
		if c > 1 {
			e.put(e.values.At(at), c-2)
		}
	}
}

func (e *stringEncoder) put(s string, code uint32) {
	e.codes[strings.Clone(s)] = code // s is cut out of an array that it would keep alive
	e.held += int64(len(s)) + 40
}

// knows reports whether trans serves a dictionary, its own or a longer one that starts
// with the same values.
func (e *stringEncoder) knows(dict arrow.Array) bool {
	return e.dict != nil && samePrefix(e.dict, dict)
}

// use makes trans serve a dictionary.
func (e *stringEncoder) use(dict arrow.Array) {
	if e.dict != nil && !e.knows(dict) {
		e.index()
		clear(e.trans)
		e.dict, e.same = nil, 0
	}
	if e.dict == nil || dict.Len() > e.dict.Len() {
		e.dict, e.values = dict, kernel.StringsOf(dict)
	}
	if missing := dict.Len() - len(e.trans); missing > 0 {
		e.trans = append(e.trans, make([]uint32, missing)...)
	}
}

// intern returns the code of a string.
func (e *stringEncoder) intern(s string, add bool) uint32 {
	c, ok := e.codes[s]
	if ok {
		return c
	}
	if !add {
		return noCode
	}
	c = e.new()
	e.put(s, c)
	return c
}

// bytesEncoder encodes every other type by the bytes of its values.
type bytesEncoder struct {
	coder
	codes map[string]uint32
	held  int64
	key   []byte
}

func newBytesEncoder() *bytesEncoder {
	return &bytesEncoder{coder: coder{null: noCode}, codes: map[string]uint32{}}
}

func (e *bytesEncoder) reader() keyEncoder { return &bytesEncoder{coder: e.coder, codes: e.codes} }

func (e *bytesEncoder) bytes() int64 { return e.held }

func (e *bytesEncoder) encode(arr arrow.Array, codes []uint32, add bool) {
	for i := range codes {
		if arr.IsNull(i) {
			codes[i] = e.nullCode(add)
			continue
		}
		e.key = appendKeyBytes(e.key[:0], arr, i)
		c, ok := e.codes[string(e.key)]
		if !ok {
			c = noCode
			if add {
				c = e.new()
				e.codes[string(e.key)] = c
				e.held += int64(len(e.key)) + 40
			}
		}
		codes[i] = c
	}
}
