package storage

import (
	"tq/functions/digits"
	"tq/functions/kernel"
	"tq/storage/scap"
)

// eventTexts print the columns that a line of sysdig is made of, as the columns of these
// names have them.
var eventTexts = map[string]func(eventRows) kernel.Text{
	"num":  numText,
	"cpu":  cpuText,
	"proc": procText,
	"tid":  tidText,
	"dir":  dirText,
	"type": typeText,
	"args": argsText,
}

func numText(r eventRows) kernel.Text {
	return func(dst []byte, i int) []byte {
		b, row := r.at(i)
		return digits.AppendUint(dst, uint64(b.num[row]))
	}
}

func cpuText(r eventRows) kernel.Text {
	return func(dst []byte, i int) []byte {
		b, row := r.at(i)
		if cpu := b.cpu[row]; r.hasCPU(cpu) {
			return digits.AppendUint(dst, uint64(cpu))
		}
		return dst
	}
}

func procText(r eventRows) kernel.Text {
	return func(dst []byte, i int) []byte {
		b, row := r.at(i)
		if id := b.thread[row]; id >= 0 {
			return append(dst, commOf(&r.Threads[id])...)
		}
		return dst
	}
}

func tidText(r eventRows) kernel.Text {
	return func(dst []byte, i int) []byte {
		b, row := r.at(i)
		if id := b.thread[row]; id != noThread {
			return digits.AppendInt(dst, r.tid(id))
		}
		if tid := r.carriedTID(i); tid >= 0 {
			return digits.AppendInt(dst, tid)
		}
		return dst
	}
}

func dirText(r eventRows) kernel.Text {
	return func(dst []byte, i int) []byte {
		b, row := r.at(i)
		return append(dst, r.kinds[b.kind[row]].dir()...)
	}
}

func typeText(r eventRows) kernel.Text {
	return func(dst []byte, i int) []byte {
		b, row := r.at(i)
		return append(dst, r.kinds[b.kind[row]].name...)
	}
}

// argsText prints all arguments as evt.args does.
func argsText(r eventRows) kernel.Text {
	res, e := &resolver{eventRows: r}, new(scap.Event)
	return func(dst []byte, i int) []byte {
		if res.read(i, e) {
			return res.appendArgs(dst, e)
		}
		return dst
	}
}
