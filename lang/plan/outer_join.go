package plan

import (
	"tq/functions/kernel"
	"tq/lang/sem"
)

// narrowed is the kind that an outer join can have when the conditions above it remove
// rows that have no match: those in which one side is all NULL.
func (o *optimizer) narrowed(kind JoinKind, left, right Node, conds []sem.Expr) JoinKind {
	if kind != Left && kind != Right && kind != Full {
		return kind
	}
	keepsLeft := kind == Left || kind == Full   // left rows without a match
	keepsRight := kind == Right || kind == Full // right rows without a match
	for _, c := range conds {
		keepsLeft = keepsLeft && !o.rejectsNulls(c, right)
		keepsRight = keepsRight && !o.rejectsNulls(c, left)
	}
	switch {
	case keepsLeft && keepsRight:
		return Full
	case keepsLeft:
		return Left
	case keepsRight:
		return Right
	}
	return Inner
}

// rejectsNulls reports whether a condition never holds when all columns of a side are
// NULL.
func (o *optimizer) rejectsNulls(c sem.Expr, side Node) bool {
	nulls := map[sem.ColID]sem.Expr{}
	for _, col := range side.Columns() {
		nulls[col.ID] = &sem.Const{Typed: sem.Typed{Typ: col.Type}, Value: kernel.Nulls(col.Type, 1)}
	}
	uses := false
	sem.References(c, func(id sem.ColID) { uses = uses || nulls[id] != nil })
	if !uses || volatile(c) {
		return false
	}
	holds, constant := truth(sem.Rewrite(substitute(c, nulls), o.simplify))
	return constant && !holds
}
