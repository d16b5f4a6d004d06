package storage

import (
	"math"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
	"tq/storage/scap"
)

// printer writes arguments whole.
var printer scap.Printer

// argsRows is from how many rows on it is worth its while that another processor prints
// their arguments.
const argsRows = 4096

// eventArgs is all arguments as evt.args prints them: each processor prints a piece of a
// long run.
func eventArgs(r eventRows) arrow.Array {
	n := r.len()
	pieces := make([]argsPiece, max(min(runtime.GOMAXPROCS(0), n/argsRows), 1))
	ends := make([]int32, n+1)
	width := int(r.reading.argsWidth.Load())
	var all sync.WaitGroup
	for i := range pieces {
		p := &pieces[i]
		p.from, p.ends = i*n/len(pieces), ends[1+i*n/len(pieces):1+(i+1)*n/len(pieces)]
		if i == 0 { // It takes the others up.
			p.text = make([]byte, 0, n*width)
			continue
		}
		p.text = make([]byte, 0, len(p.ends)*width)
		all.Go(func() { p.print(r) })
	}
	pieces[0].print(r)
	all.Wait()
	text := join(pieces)
	if n > 0 {
		r.reading.argsWidth.Store(int64(len(text)/n + 1))
	}
	return kernel.FromOffsets(varchar, ends, text, kernel.Validity{})
}

// argsPiece is the arguments of some rows of a run.
type argsPiece struct {
	from  int // row
	ends  []int32
	text  []byte
	cause any // of a panic
}

func (p *argsPiece) print(r eventRows) {
	defer func() { p.cause = recover() }()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	res, e := resolver{eventRows: r}, new(scap.Event)
	for i := range p.ends {
		if res.read(p.from+i, e) {
			p.text = res.appendArgs(p.text, e)
		}
		p.ends[i] = int32(min(len(p.text), math.MaxInt32))
	}
}

// join joins the texts of pieces. What made one of them end early is raised again.
func join(pieces []argsPiece) []byte {
	text := pieces[0].text
	for i := range pieces {
		p := &pieces[i]
		if p.cause != nil {
			panic(p.cause)
		}
		if i > 0 {
			for j := range p.ends {
				p.ends[j] += int32(len(text))
			}
			text = append(text, p.text...)
		}
		if len(text) > math.MaxInt32 {
			panic(buildError{kernel.ErrTooLong})
		}
	}
	return text
}
