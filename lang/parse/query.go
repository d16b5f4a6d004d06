package parse

import (
	"tq/lang/ast"
)

// startsQuery reports whether the next token begins a query without parentheses.
func (p parser) startsQuery() bool {
	switch p.Peek().Type {
	case kwSelect, kwWith, kwFrom:
		return true
	case kwValues:
		return p.secondIsOp("(")
	case kwPivot, kwUnpivot:
		return p.startsPivot()
	case kwTable:
		second := p.second()
		return second.Type == tokName || second.Type == tokQuoted || second.Type == tokString
	}
	return false
}

// query reads a query.
func (p parser) query() (*ast.Query, error) {
	q, err := run(p, &grammar.query)
	if err != nil {
		return nil, err
	}
	return q.toAST(), nil
}

// continueQuery reads what follows a query in parentheses: set operations, ORDER BY,
// LIMIT. Without any it is the query itself.
func (p parser) continueQuery(first *ast.Subquery) (*ast.Query, error) {
	switch p.Peek().Type {
	case kwUnion, kwExcept, kwIntersect, kwOrder, kwLimit, kwOffset, kwFetch:
	default:
		return first.Query, nil
	}
	tail, err := run(p, &grammar.queryTail)
	if err != nil {
		return nil, err
	}
	q := &ast.Query{Pos: p.since(first.At)}
	tail.apply(q, unwrap(first.Query))
	return q, nil
}

// unwrap returns the body of a query that has nothing else, so that parentheses that
// change nothing leave no trace.
func unwrap(q *ast.Query) ast.QueryBody {
	if q.With == nil && q.OrderBy == nil && q.OrderAll == nil && q.Limit == nil && q.Offset == nil {
		return q.Body
	}
	return q
}
