package sem

import "tq/lang/ast"

// Frame is the resolved frame of a window call. The default, as in SQL, is RANGE from
// unbounded preceding to the current row with an ORDER BY, else the whole partition.
type Frame struct {
	Unit    ast.FrameUnit
	Start   Bound
	End     Bound
	Exclude ast.FrameExclude
}

// DefaultFrame is the frame of a window that gives none.
func DefaultFrame(ordered bool) Frame {
	f := Frame{Unit: ast.Range, Start: Bound{Kind: ast.UnboundedPreceding}, End: Bound{Kind: ast.CurrentRow}}
	if !ordered {
		f.End.Kind = ast.UnboundedFollowing
	}
	return f
}

// Bound is one end of a frame. Offset is set for PRECEDING and FOLLOWING: a row count
// for ROWS and GROUPS; for RANGE something that can be added to the order key.
type Bound struct {
	Kind   ast.BoundKind
	Offset Expr
}
