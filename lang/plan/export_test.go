package plan

import "tq/lang/sem"

// OptimizeLittle applies only the rule without which some plans cannot run.
func OptimizeLittle(n Node, ids *sem.IDs, env *sem.Env) Node {
	return eachTree(lowerOverlaps)(&optimizer{ids: ids, env: env.FunctionEnv()}, n)
}
