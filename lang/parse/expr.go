package parse

import (
	"tq/lang/ast"
	"tq/lang/source"
)

// expr reads an expression whose operators bind at least as tightly as floor.
func (p parser) expr(floor ast.Level) (ast.Expr, error) {
	start := p.here()
	left, err := p.prefix()
	if err != nil {
		return nil, err
	}
	return p.climb(left, start, floor)
}

// climb reads the infix operators behind left, which began at start, and their right
// sides, as long as they bind at least as tightly as floor.
func (p parser) climb(left ast.Expr, start source.Span, floor ast.Level) (ast.Expr, error) {
	chained := ast.LevelNone // the level of the last operator if it doesn't chain
	for {
		op, ok := p.infixOp()
		if !ok || op.level < floor {
			return left, nil
		}
		if op.level == chained {
			return nil, p.noChain(op)
		}
		var err error
		if left, err = p.infix(left, start, op); err != nil {
			return nil, err
		}
		chained = ast.LevelNone
		if op.level == ast.LevelCompare || op.level == ast.LevelTest && op.form != formIn {
			chained = op.level
		}
	}
}

func (p parser) noChain(op infixOp) error {
	err := source.Errorf(p.here(), "%s can't follow another operator of its kind without parentheses", op.text)
	if op.level == ast.LevelCompare {
		err.Hint = "comparisons don't chain: write a < b AND b < c"
	}
	return err
}

// prefix reads an operand with the prefix operators before it. It keeps them in a
// slice: there may be more of them than a function may call itself.
func (p parser) prefix() (ast.Expr, error) {
	var ops []*ast.Unary
	for {
		op := prefixOf(p.Peek())
		if op == "" {
			break
		}
		ops = append(ops, &ast.Unary{Pos: posOf(*p.Next()), Op: op})
	}
	start := p.here()
	x, err := p.atom()
	for i := len(ops) - 1; i >= 0 && err == nil; i-- {
		op := ops[i]
		if op.X, err = p.climb(x, start, prefixFloors[op.Op]); err != nil {
			break
		}
		start = op.At
		op.Pos = p.since(start)
		x = op
	}
	if err != nil {
		return nil, err
	}
	return x, nil
}
