package plan

import (
	"github.com/apache/arrow/go/v17/arrow/array"

	"tq/functions"
	"tq/lang/sem"
)

// hintScans tells scans which of the conditions above them are about one column and
// constants, so that storage may leave out rows early. The filters stay.
func hintScans(_ *optimizer, root Node) Node {
	walk(root, func(n Node) {
		f, ok := n.(*Filter)
		if !ok {
			return
		}
		s, ok := f.Input.(*Scan)
		if !ok {
			return
		}
		names := map[sem.ColID]string{}
		for _, c := range s.Out {
			names[c.ID] = c.Name
		}
		for _, c := range conjuncts(f.Cond) {
			if p, ok := hint(c, names); ok {
				s.Preds = append(s.Preds, p)
			}
		}
	})
	return root
}

// hint recognises a condition on one column of a scan.
func hint(c sem.Expr, names map[sem.ColID]string) (Pred, bool) {
	switch c := c.(type) {
	case *sem.InList:
		col, ok := c.Arg.(*sem.ColRef)
		if !ok || c.Not || c.List.NullN() > 0 {
			return Pred{}, false
		}
		return Pred{Column: names[col.ID], Op: PredIn, Value: c.List}, names[col.ID] != ""
	case *sem.ColRef:
		return Pred{Column: names[c.ID], Op: PredEq, Value: boolConst(true).Value}, names[c.ID] != ""
	case *sem.Logic:
		if col, ok := c.Args[0].(*sem.ColRef); ok && c.Op == sem.Not {
			return Pred{Column: names[col.ID], Op: PredEq, Value: boolConst(false).Value}, names[col.ID] != ""
		}
	}
	col, op, value := columnOpConst(c)
	if value == nil || value.Value.IsNull(0) || names[col.ID] == "" {
		return Pred{}, false
	}
	return Pred{Column: names[col.ID], Op: op, Value: value.Value}, true
}

var predOps = map[string]PredOp{"is distinct from": PredDistinct, "=": PredEq, "<>": PredNe, "<": PredLt, "<=": PredLe, ">": PredGt, ">=": PredGe}

// mirrored is the operator with its sides exchanged.
var mirrored = map[PredOp]PredOp{PredDistinct: PredDistinct, PredEq: PredEq, PredNe: PredNe, PredLt: PredGt, PredLe: PredGe, PredGt: PredLt, PredGe: PredLe}

// columnOpConst takes apart a comparison of a column with a constant, in either order.
// The constant is nil if it isn't one.
func columnOpConst(e sem.Expr) (*sem.ColRef, PredOp, *sem.Const) {
	call, ok := e.(*sem.Call)
	if !ok || len(call.Args) != 2 {
		return nil, 0, nil
	}
	op, ok := predOps[call.Fn.Name]
	if !ok {
		return nil, 0, nil
	}
	l, r := call.Args[0], call.Args[1]
	if _, ok := l.(*sem.Const); ok {
		l, r, op = r, l, mirrored[op]
	}
	col, isCol := l.(*sem.ColRef)
	value, isConst := r.(*sem.Const)
	if !isCol || !isConst || !functions.Same(col.Typ, value.Typ) {
		return nil, 0, nil
	}
	if _, null := value.Value.(*array.Null); null {
		return nil, 0, nil
	}
	return col, op, value
}
