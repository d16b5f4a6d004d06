package storage

import (
	"math"

	"tq/storage/scap"
	"tq/storage/state"
	"tq/storage/transcript"
)

// batchRows is how many rows a batch has at most. [rowRef] relies on it.
const batchRows = 1 << 16

// passingRows is how many rows a batch has at most that is gone once it was seen: so few
// that they, and what is made of them, stay in the caches.
const passingRows = 1 << 13

// batchRows is how many rows the batches of a reading have at most.
func (r *reading) batchRows() int {
	if r.keeps.kept || r.zoned {
		return batchRows
	}
	return passingRows
}

// eventBatch is a run of native rows: what the pass over a capture keeps of each event
// that sysdig prints. It does not change once it is published.
type eventBatch struct {
	nativeColumns

	base      int64
	swapped   bool
	section   int              // that the events are of, counted from 1
	wideFDs   map[uint32]int64 // by num, numbers of file descriptors beyond 32 bits
	farEnters map[uint32]int64 // by num, offsets of enter events beyond 32 bits
	*known

	zone         *zone // nil where it is not asked for
	minTS, maxTS int64
	ascending    bool // by ts
}

// nativeColumns are the columns of native rows.
type nativeColumns struct {
	num    []uint32
	ts     []int64
	offset []uint32 // of the event's block, from the batch's base on
	enter  []uint32 // of an exit event: how far before that the paired enter event's block is, farEnter or 0
	thread []int32  // state.ThreadID; negative for a [stranger]
	fdRef  []int32  // state.FDID
	fd     []int32  // noFD, wideFD or the number
	kind   []uint16 // index of an [eventKind]
	cpu    []uint16
}

// newNativeColumns makes columns of n rows.
func newNativeColumns(n int) nativeColumns {
	return nativeColumns{
		num: make([]uint32, n), ts: make([]int64, n), offset: make([]uint32, n), enter: make([]uint32, n),
		thread: make([]int32, n), fdRef: make([]int32, n), fd: make([]int32, n),
		kind: make([]uint16, n), cpu: make([]uint16, n),
	}
}

// first returns the first n rows.
func (c *nativeColumns) first(n int) nativeColumns {
	return nativeColumns{
		num: c.num[:n], ts: c.ts[:n], offset: c.offset[:n], enter: c.enter[:n],
		thread: c.thread[:n], fdRef: c.fdRef[:n], fd: c.fd[:n],
		kind: c.kind[:n], cpu: c.cpu[:n],
	}
}

// known is what is known when a batch is complete, enough to build every column of its
// rows while the pass goes on. All lists only grow.
type known struct {
	state.View
	kinds     []eventKind
	strangers []int64       // tids by life, of threads of which only switches were seen
	batches   []*eventBatch // all up to this one
	drops     []int64       // offsets of events at which the recorder lost others
	payload   []byte

	transcript *transcript.Transcript // nil for other captures
}

const (
	noFD   = math.MinInt32
	wideFD = math.MinInt32 + 1

	farEnter = math.MaxUint32
)

// noThread is the thread of rows that belong to none, and noTid its id.
const (
	noThread = math.MinInt32
	noTid    = math.MinInt64
)

// stranger is the thread of a row of which only the tid is known.
func stranger(life state.LifeID) int32 { return ^int32(life) }

// strangerLife is the inverse of stranger.
func strangerLife(thread int32) state.LifeID { return state.LifeID(^thread) }

// rowRef says where a row is: the batch's index, then 16 bits for the row in it.
type rowRef uint32

// noRow refers to no row.
const noRow rowRef = math.MaxUint32

func refOf(batch, row int) rowRef { return rowRef(batch<<16 | row) }

func (r rowRef) batch() int { return int(r >> 16) }
func (r rowRef) row() int   { return int(r & (batchRows - 1)) }

// find returns the row with the given num.
func (k *known) find(num uint32) (rowRef, bool) {
	b, ok := searchLast(len(k.batches), func(i int) bool { return k.batches[i].num[0] <= num })
	if !ok {
		return noRow, false
	}
	nums := k.batches[b].num
	i, ok := searchLast(len(nums), func(i int) bool { return nums[i] <= num })
	if !ok || nums[i] != num {
		return noRow, false
	}
	return refOf(b, i), true
}

// searchLast returns the last of n elements for which a condition holds that holds for
// all before it; false when it holds for none.
func searchLast(n int, holds func(int) bool) (int, bool) {
	lo, hi := 0, n
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if holds(mid) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1, lo > 0
}

// offsetOf returns where the block of a row's event begins.
func (b *eventBatch) offsetOf(row int) int64 { return b.base + int64(b.offset[row]) }

// enterOf returns where the block of the enter event begins that is paired with a row's.
func (b *eventBatch) enterOf(row int) (offset int64, ok bool) {
	switch back := b.enter[row]; back {
	case 0:
		return 0, false
	case farEnter:
		return b.farEnters[b.num[row]], true
	default:
		return b.offsetOf(row) - int64(back), true
	}
}

// setEnter pairs a row whose number and offset are set with the enter event at an offset.
func (b *eventBatch) setEnter(row int, offset int64) {
	if back := b.offsetOf(row) - offset; back < farEnter {
		b.enter[row] = uint32(back)
		return
	}
	if b.farEnters == nil {
		b.farEnters = make(map[uint32]int64)
	}
	b.enter[row] = farEnter
	b.farEnters[b.num[row]] = offset
}

// read decodes the event of a row again into e.
func (b *eventBatch) read(row int, payload []byte, e *scap.Event) bool {
	return e.Read(payload, b.offsetOf(row), b.swapped)
}

// fdOf returns the number of the file descriptor of a row.
func (b *eventBatch) fdOf(row int) (int64, bool) {
	switch fd := b.fd[row]; fd {
	case noFD:
		return 0, false
	case wideFD:
		return b.wideFDs[b.num[row]], true
	default:
		return int64(fd), true
	}
}

// eventRows is a run of events: rows of one batch, or rows from anywhere.
type eventRows struct {
	reading *reading
	*known
	batch *eventBatch
	rows  []int32  // of the batch; nil for all
	refs  []rowRef // instead of batch and rows

	pruned bool // it is empty, as none of the batch's rows can pass
}

func (r eventRows) leftOut() bool { return r.pruned }

func (r eventRows) len() int {
	switch {
	case r.batch == nil:
		return len(r.refs)
	case r.rows == nil:
		return len(r.batch.num)
	}
	return len(r.rows)
}

func (r eventRows) pick(rows []int32) eventRows {
	if r.batch == nil {
		r.refs = gather(r.refs, rows)
	} else if r.rows == nil {
		r.rows = rows
	} else {
		r.rows = gather(r.rows, rows)
	}
	return r
}

// native returns a native column for the rows of a run.
func native[T any](r eventRows, of func(*eventBatch) []T) []T {
	if r.batch != nil {
		return gather(of(r.batch), r.rows)
	}
	out := make([]T, len(r.refs))
	var src []T
	batch := -1
	for i, ref := range r.refs {
		if b := ref.batch(); b != batch {
			batch, src = b, of(r.batches[b])
		}
		out[i] = src[ref.row()]
	}
	return out
}

func (r eventRows) nums() []uint32 { return native(r, func(b *eventBatch) []uint32 { return b.num }) }
func (r eventRows) times() []int64 { return native(r, func(b *eventBatch) []int64 { return b.ts }) }
func (r eventRows) threads() []int32 {
	return native(r, func(b *eventBatch) []int32 { return b.thread })
}
func (r eventRows) fdRefs() []int32 { return native(r, func(b *eventBatch) []int32 { return b.fdRef }) }
func (r eventRows) kindIDs() []uint16 {
	return native(r, func(b *eventBatch) []uint16 { return b.kind })
}
func (r eventRows) cpus() []uint16 { return native(r, func(b *eventBatch) []uint16 { return b.cpu }) }

// at returns where row i of the run is.
func (r eventRows) at(i int) (*eventBatch, int) {
	if r.batch == nil {
		ref := r.refs[i]
		return r.batches[ref.batch()], ref.row()
	}
	if r.rows == nil {
		return r.batch, i
	}
	return r.batch, int(r.rows[i])
}

// each decodes the events of the rows whose kind is wanted, one after the other.
func (r eventRows) each(wanted func(*eventKind) bool, f func(i int, e *scap.Event)) {
	want := make([]bool, len(r.kinds))
	for k := range r.kinds {
		want[k] = wanted(&r.kinds[k])
	}
	e := new(scap.Event)
	for i, n := 0, r.len(); i < n; i++ {
		b, row := r.at(i)
		if want[b.kind[row]] && b.read(row, r.payload, e) {
			f(i, e)
		}
	}
}
