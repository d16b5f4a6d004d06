package state

import (
	"testing"

	"tq/storage/scap"
)

// fuzzTape makes a capture of the bytes of a fuzzer: sections, lists and events of every
// type with parameters that are right, wrong or missing.
func fuzzTape(data []byte) []byte {
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b)
	}
	numbers := []int{0, 1, 2, 3, 4, 5, 9, 63, 64, 4096, 1 << 20, 1 << 40, -1, -2, -100, -115, 1<<63 - 1, -1 << 63}
	tids := []int64{1, 2, 3, 4, 5, 6, 1 << 21, 1 << 22, 1 << 60, -1, -7}
	texts := []string{"", "/", "a", "../b", "/x//y/", "(NULL)", "<NA>", "/proc/3", "/proc/", "a\x00b\x00\x00c"}
	c := newTape()
	for len(data) > 0 {
		switch kind := next(); {
		case kind == 255:
			c.section()
		case kind >= 250:
			c.lists(tapeThreads, nil, listed(tids[next()%len(tids)], tids[next()%len(tids)], int64(next()%8), "c", texts[next()%len(texts)], "/"))
		case kind >= 245:
			head, n := le.AppendUint64(nil, uint64(next()%8)), next()
			n = min(n, len(data))
			c.block(tapeFDs, append(head, data[:n]...))
			data = data[n:]
		default:
			code := (next()<<8 | next()) % (len(scap.Types) + 2)
			if len(eventful) > 0 && kind < 200 {
				code = eventful[code%len(eventful)]
			}
			var params []any
			if code < len(scap.Types) {
				for range min(next()%36, len(scap.Types[code].Params)) {
					switch v := next(); {
					case v < 180:
						params = append(params, numbers[v%len(numbers)])
					case v < 220:
						params = append(params, texts[v%len(texts)])
					case v < 240:
						n := min(v-200, len(data))
						params = append(params, append([]byte{[]byte{1, 2, 10, 16}[v%4]}, data[:n]...))
						data = data[n:]
					default:
						params = append(params, nil)
					}
				}
			}
			c.ts += int64(kind) << 24
			c.on(uint16(kind%5), tids[kind%len(tids)], uint16(code), params...)
		}
	}
	return c.b
}

// eventful are the types of events that change the state.
var eventful = func() (codes []int) {
	for code := range len(scap.Types) {
		if allKinds().of(uint16(code)).rule != nil {
			codes = append(codes, code)
		}
	}
	return codes
}()

func FuzzTracker(f *testing.F) {
	f.Add([]byte("\x00\x00\x03\x05\x01\x02\x03\x04\x05\xff\xfb\x00\x00\x00"))
	for code := range 200 {
		seed := make([]byte, 0, 80)
		for i := range 80 {
			seed = append(seed, byte(i*code+code/3))
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		src, err := scap.NewSource("fuzz", fuzzTape(data))
		if err != nil {
			t.Fatal(err)
		}
		r, tr := scap.NewReader(src), New()
		var num uint32
		for {
			kind, err := r.Next()
			if err != nil {
				break
			}
			if kind != scap.KindEvent {
				tr.Block(kind, r)
				continue
			}
			num++
			tid := r.Event.TID
			row := tr.Event(&r.Event, num)
			checkRow(t, tr, row, tid, num)
		}
		for _, p := range tr.processes {
			if p.open < 0 {
				t.Fatalf("%d descriptors open", p.open)
			}
		}
		for _, l := range tr.Lives() {
			if l.End != 0 && l.End < l.Start {
				t.Fatalf("life %+v ends before it starts", l)
			}
		}
	})
}

func checkRow(t *testing.T, tr *Tracker, row Row, tid int64, num uint32) {
	if int(row.Life) >= len(tr.lives) || row.EnterAt < 0 {
		t.Fatalf("event %d: row is %+v", num, row)
	}
	if row.Thread == NoThread {
		return
	}
	v := tr.View()
	th := &v.Threads[row.Thread]
	if th.Tid != tid || th.Life != row.Life || th.Since > num {
		t.Fatalf("event %d of thread %d: %+v is of %+v", num, tid, row, th)
	}
	if got := v.ThreadAt(tid, num); got != row.Thread {
		t.Fatalf("event %d of thread %d: history has %d, row %d", num, tid, got, row.Thread)
	}
	v.ParentPID(row.Thread, num)
	v.FDAt(row.Thread, row.FD, num)
	v.Ends(row.FDRef)
	v.L4(row.FDRef)
	if row.FDRef != NoFDRef {
		_ = v.Names[v.FDs[row.FDRef].Name]
	}
}
