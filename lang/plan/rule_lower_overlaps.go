package plan

import "tq/lang/sem"

// lowerOverlaps makes comparisons of every OVERLAPS that no join takes care of.
func lowerOverlaps(_ *optimizer, root Node) Node {
	return transform(root, func(n Node) Node {
		mapExprs(n, func(e sem.Expr) sem.Expr {
			return sem.Rewrite(e, func(x sem.Expr) sem.Expr {
				if o, ok := x.(*sem.Overlaps); ok {
					return o.Lower()
				}
				return x
			})
		})
		return n
	})
}
