package exec

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/lang/plan"
	"tq/lang/sem"
)

// Build makes the operators of a plan. Closing the root closes them all.
func Build(node plan.Node, env *Env) (Operator, error) {
	q := &builder{
		env:          env,
		budget:       &budget{limit: env.Config.MemoryLimit},
		materialized: map[*plan.Materialized]*materialized{},
		lastRows:     map[*plan.Recursive][]*Batch{},
	}
	return q.build(node)
}

// builder is what the operators of one query share while they are built.
type builder struct {
	env          *Env
	budget       *budget
	materialized map[*plan.Materialized]*materialized
	lastRows     map[*plan.Recursive][]*Batch // that the step being built will read
}

// build makes the operator of a node, and those below it.
func (q *builder) build(node plan.Node) (Operator, error) {
	mem := q.budget.account("")
	op, err := q.operator(node, mem)
	if err != nil || q.env.Profile == nil {
		return op, err
	}
	stats, again := q.env.Profile.nodes[node]
	if !again {
		stats = &NodeStats{Threads: 1}
		q.env.Profile.nodes[node] = stats
	}
	return &measured{Operator: op, mem: mem, stats: stats}, nil
}

// operator is the one place where plan nodes become operators.
func (q *builder) operator(node plan.Node, mem *account) (Operator, error) {
	switch n := node.(type) {
	case *plan.Scan:
		return q.buildScan(n)
	case *plan.Filter:
		return q.buildFilter(n)
	case *plan.Unnest:
		return q.buildUnnest(n)
	case *plan.Around:
		return q.buildAround(n, mem.named("around"))
	case *plan.Project:
		return q.buildProject(n)
	case *plan.Aggregate:
		return q.buildAggregate(n, mem.named("hash aggregate"))
	case *plan.Window:
		return q.buildWindow(n, mem.named("window"))
	case *plan.Sort:
		return q.buildSort(n, mem.named("sort"))
	case *plan.TopN:
		return q.buildTopN(n, mem.named("top-n"))
	case *plan.Limit:
		return q.buildLimit(n, mem.named("limit"))
	case *plan.Distinct:
		return q.buildDistinct(n, mem.named("distinct"))
	case *plan.SetOp:
		return q.buildSetOp(n, mem.named("set operation"))
	case *plan.HashJoin:
		return q.buildHashJoin(n, mem.named("hash join"))
	case *plan.OverlapJoin:
		return q.buildOverlapJoin(n, mem.named("overlap join"))
	case *plan.AsofJoin:
		return q.buildAsofJoin(n, mem.named("asof join"))
	case *plan.RangeJoin:
		return q.buildRangeJoin(n, mem.named("range join"))
	case *plan.NestedLoopJoin:
		return q.buildNestedLoopJoin(n, mem.named("nested loop join"))
	case *plan.MaxOneRow:
		return q.buildMaxOneRow(n)
	case *plan.Values:
		return newValues(n, newCompiler(&q.env.Functions, nil), q.env.Config.batchRows())
	case *plan.TableFunc:
		return q.buildTableFunc(n)
	case *plan.Recursive:
		return q.buildRecursive(n, mem.named("recursive query "+n.Name))
	case *plan.LastRows:
		return &bufferReader{schema: schemaOf(n.Out), batches: q.lastRows[n.Of]}, nil
	case *plan.Materialized:
		return q.build(n.Input)
	case *plan.MaterializedScan:
		return q.buildMaterializedScan(n)
	}
	return nil, fmt.Errorf("plan node %T has no operator", node)
}

// schemaOf is the Arrow schema of plan columns.
func schemaOf(cols []sem.Column) *arrow.Schema {
	fields := make([]arrow.Field, len(cols))
	for i, c := range cols {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type, Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

// over builds the input of a node with one, and the compiler for expressions over it.
func (q *builder) over(node, input plan.Node) (oneInput, *compiler, error) {
	in, err := q.build(input)
	return oneInput{in, schemaOf(node.Columns())}, q.compilerOver(input), err
}

// overBoth builds the inputs of a node with two sides.
func (q *builder) overBoth(node, left, right plan.Node) (twoInputs, error) {
	l, err := q.build(left)
	if err != nil {
		return twoInputs{}, err
	}
	r, err := q.build(right)
	return twoInputs{l, r, schemaOf(node.Columns())}, err
}

// compilerOver is the compiler for expressions over the columns of nodes side by side.
func (q *builder) compilerOver(nodes ...plan.Node) *compiler {
	var cols []sem.Column
	for _, n := range nodes {
		cols = append(cols, n.Columns()...)
	}
	return newCompiler(&q.env.Functions, cols)
}

func (q *builder) buildScan(n *plan.Scan) (Operator, error) {
	table, ok := q.env.Catalog.Table(n.Table)
	if !ok {
		return nil, fmt.Errorf("there is no table %s", n.Table)
	}
	return newScan(n, table, q.env.Config.batchRows()), nil
}

func (q *builder) buildFilter(n *plan.Filter) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	cond, err := c.compileCondition(n.Cond)
	if err != nil {
		return nil, err
	}
	if _, stored := n.Input.(*plan.Scan); stored { // columns that are computed might fail
		cond = withMeasures(cond, n.Cond)
	}
	return newFilter(u, cond), nil
}

func (q *builder) buildProject(n *plan.Project) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	c.findRepeated(namedExprs(n.Exprs)...)
	exprs := make([]projection, 0, len(n.Exprs))
	for _, e := range n.Exprs {
		value, err := c.compile(e.Expr)
		if err != nil {
			return nil, err
		}
		exprs = append(exprs, newProjection(e.Expr, value))
	}
	return newProject(u, exprs), nil
}

func namedExprs(named []sem.NamedExpr) []sem.Expr {
	exprs := make([]sem.Expr, len(named))
	for i, e := range named {
		exprs[i] = e.Expr
	}
	return exprs
}

func (q *builder) buildAggregate(n *plan.Aggregate, mem *account) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	used := namedExprs(n.Groups)
	for i := range n.Aggs {
		used = append(used, n.Aggs[i].Args...)
	}
	c.findRepeated(used...)
	return newHashAggregate(n, u, c, mem, q.env.Config)
}

func (q *builder) buildWindow(n *plan.Window, mem *account) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	threads := q.env.Config.threads()
	w, err := newWindow(n, u, c, mem, threads)
	if err != nil || q.budget.limit == 0 {
		return w, err
	}
	w.spilled = &spilledWindow{window: w, config: q.env.Config, again: func(in Operator) (*window, error) {
		return newWindow(n, oneInput{in, w.schema}, c, q.budget.account("window"), threads)
	}}
	return w, nil
}

func (q *builder) buildSort(n *plan.Sort, mem *account) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	return q.newSort(u, c, n.Keys, mem)
}

func (q *builder) newSort(u oneInput, c *compiler, keys []sem.SortKey, mem *account) (Operator, error) {
	compiled, err := c.compileSortKeys(keys)
	return &sortOp{
		oneInput: u, columns: c.columnsIn(sortExprs(keys)...),
		rows: newRowSorter(u.schema, compiled, mem, q.env.Config),
	}, err
}

func (q *builder) buildTopN(n *plan.TopN, mem *account) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	skip, count := max(n.Offset, 0), max(n.Limit, 0)
	if skip > maxTopN || count > maxTopN-skip {
		sorted, err := q.newSort(u, c, n.Keys, mem)
		return &limit{oneInput: oneInput{sorted, u.schema}, skip: skip, left: count}, err
	}
	keys, err := c.compileSortKeys(n.Keys)
	return &topN{
		oneInput: u, keys: keys, mem: mem, size: q.env.Config.batchRows(),
		skip: int(skip), want: int(skip + count), threads: q.env.Config.threads(),
	}, err
}

func (q *builder) buildLimit(n *plan.Limit, mem *account) (Operator, error) {
	u, _, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	if !math.IsNaN(n.Percent) {
		return &percentLimit{oneInput: u, percent: n.Percent, skip: max(n.Offset, 0), mem: mem}, nil
	}
	return &limit{oneInput: u, skip: max(n.Offset, 0), left: n.Limit}, nil
}

func (q *builder) buildDistinct(n *plan.Distinct, mem *account) (Operator, error) {
	u, c, err := q.over(n, n.Input)
	if err != nil {
		return nil, err
	}
	if n.On == nil {
		return q.distinctRows(u, mem), nil
	}
	on, err := c.compileAll(n.On)
	return newDistinct(u, on, exprTypes(n.On), mem, q.env.Config), err
}

// distinctRows is the operator of the distinct rows of an input.
func (q *builder) distinctRows(u oneInput, mem *account) Operator {
	on := make([]evaluator, u.schema.NumFields())
	for i := range on {
		on[i] = &columnEval{i}
	}
	return newDistinct(u, on, fieldTypes(u.schema), mem, q.env.Config)
}

func (q *builder) buildSetOp(n *plan.SetOp, mem *account) (Operator, error) {
	b, err := q.overBoth(n, n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	switch n.Kind {
	case plan.UnionAll:
		return &unionAll{twoInputs: b}, nil
	case plan.UnionDistinct:
		return q.distinctRows(oneInput{&unionAll{twoInputs: b}, b.schema}, mem), nil
	}
	return newSetOp(b, n.Kind, mem, q.budget.account("set operation"), q.env.Config), nil
}

func (q *builder) buildMaxOneRow(n *plan.MaxOneRow) (Operator, error) {
	u, _, err := q.over(n, n.Input)
	return &maxOneRow{oneInput: u}, err
}

func (q *builder) buildTableFunc(n *plan.TableFunc) (Operator, error) {
	f, ok := q.env.TableFuncs[n.Fn.Name]
	if !ok {
		return nil, fmt.Errorf("there is no table function %s", n.Fn.Name)
	}
	evals, err := newCompiler(&q.env.Functions, nil).compileAll(n.Args)
	if err != nil {
		return nil, err
	}
	args, err := evalAll(evals, NewBatch(1))
	if err != nil {
		return nil, err
	}
	arrays := make([]arrow.Array, len(args))
	for i, v := range args {
		arrays[i] = v.Array
	}
	return f(arrays, schemaOf(n.Out))
}

func (q *builder) buildMaterializedScan(n *plan.MaterializedScan) (Operator, error) {
	source, err := q.share(n.Source)
	return &materializedScan{schema: schemaOf(n.Out), source: source}, err
}

// share returns the rows of a materialized query to one more reader.
func (q *builder) share(m *plan.Materialized) (*materialized, error) {
	source, ok := q.materialized[m]
	if !ok {
		in, err := q.build(m.Input)
		if err != nil {
			return nil, err
		}
		source = &materialized{input: in, mem: q.budget.account("materialized " + m.Name)}
		q.materialized[m] = source
	}
	source.readers++
	return source, nil
}
