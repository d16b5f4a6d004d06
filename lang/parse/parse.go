package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"tq/lang/ast"
	"tq/lang/source"
)

// Limits of what is parsed. What works on trees calls itself at each level, so that
// their depth is bounded too: by far more than people write, and by far less than a
// stack holds.
const (
	maxTreeDepth = 100_000
	maxErrors    = 10
)

// Parse parses the statements of a text. Its errors are [*source.Error] or, when
// several statements are wrong, [source.ErrorList]; there is no script then.
func Parse(file *source.File) (*ast.Script, error) {
	p, err := newParser(file)
	if err != nil {
		return nil, err
	}
	script := &ast.Script{Pos: ast.Pos{At: source.Span{End: len(file.Text)}}}
	var errs source.ErrorList
	for {
		for p.acceptOp(";") {
			continue
		}
		if p.is(lexer.EOF) {
			break
		}
		stmt, err := p.statement()
		if err != nil {
			errs = append(errs, inWords(file, err))
			if len(errs) == maxErrors {
				break
			}
			p.skipStatement()
			continue
		}
		script.Stmts = append(script.Stmts, stmt)
	}
	if err := oneOrAll(errs); err != nil {
		return nil, err
	}
	if err := p.checkDepth(script); err != nil {
		return nil, err
	}
	return script, nil
}

// ParseExpr parses a text that is one expression.
func ParseExpr(file *source.File) (ast.Expr, error) {
	p, err := newParser(file)
	if err != nil {
		return nil, err
	}
	x, err := p.expr(ast.LevelNone)
	if err == nil && !p.is(lexer.EOF) {
		err = &syntaxError{found: *p.Peek()}
	}
	if err != nil {
		return nil, inWords(file, err)
	}
	if err := p.checkDepth(x); err != nil {
		return nil, err
	}
	return x, nil
}

// newParser splits the text of a file into tokens.
func newParser(file *source.File) (parser, error) {
	lx, err := lexer.Upgrade(&tokens{scanner: scanner{text: file.Text}})
	if err != nil {
		return parser{}, err
	}
	return parser{lx}, nil
}

// statement reads one statement up to its semicolon or the end.
func (p parser) statement() (ast.Stmt, error) {
	start := p.here()
	before := p.Cursor()
	s, err := run(p, &grammar.statement)
	if err != nil {
		if p.Cursor() == before {
			if _, own := err.(*source.Error); !own {
				return nil, &syntaxError{found: *p.Peek(), statement: true}
			}
		}
		return nil, err
	}
	if !p.isOp(";") && !p.is(lexer.EOF) {
		return nil, &syntaxError{found: *p.Peek()}
	}
	return s.toAST(p.since(start))
}

func (p parser) skipStatement() {
	for !p.isOp(";") && !p.is(lexer.EOF) {
		p.Next()
	}
}

// checkDepth refuses trees that are too deep. A tree can't be deeper than its text has
// tokens, so that ordinary ones aren't looked at.
func (p parser) checkDepth(tree ast.Node) error {
	if p.Cursor() > maxTreeDepth && ast.Depth(tree) > maxTreeDepth {
		return source.Errorf(tree.Span(), "this nests more than %d operators deep", maxTreeDepth)
	}
	return nil
}

func oneOrAll(errs source.ErrorList) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errs.Err()
}
