package functions

import (
	"slices"
	"strings"
	"sync"
)

// families are the definitions in the order of the documentation.
var families = [][]Def{
	arithmeticOperators,
	compareOperators,
	stringFunctions,
	splitFunctions,
	similarityFunctions,
	encodingFunctions,
	formatFunctions,
	barFunctions,
	patternFunctions,
	numericFunctions,
	mathFunctions,
	bitFunctions,
	conditionalFunctions,
	timeFunctions,
	calendarFunctions,
	monthFunctions,
	partFunctions,
	listFunctions,
	listSearchFunctions,
	listMemberFunctions,
	listOrderFunctions,
	listJoinFunctions,
	listZipFunctions,
	listAggregateFunctions,
	rangeFunctions,
	lambdaFunctions,
	structFunctions,
	structFindFunctions,
	mapFunctions,
	binFunctions,
	jsonFunctions,
	networkFunctions,
	traceFunctions,
	byteFunctions,

	countAggregates,
	sumAggregates,
	minMaxAggregates,
	firstAggregates,
	argAggregates,
	boolAggregates,
	stringAggregates,
	varianceAggregates,
	momentAggregates,
	pairAggregates,
	bitAggregates,
	quantileAggregates,
	tallyAggregates,
	histogramAggregates,
	jsonAggregates,
	deviationAggregates,
	listAggregates,
	approxAggregates,
	sparklineAggregates,

	rankWindows,
	valueWindows,

	gapFunctions,
	breakdownFunctions,
	fileFunctions,
	intervalFunctions,
}

// comparison is the family whose operands are converted as [ComparisonType] says.
const comparison = "comparison"

type registry struct {
	all    []*Def
	byName map[string]*Def
	tables map[string]*Def // table functions, which may be called as others are: glob
}

var load = sync.OnceValue(func() *registry {
	r := &registry{byName: map[string]*Def{}, tables: map[string]*Def{}}
	for _, family := range families {
		for i := range family {
			d := &family[i]
			r.all = append(r.all, d)
			for _, name := range append([]string{d.Name}, d.Aliases...) {
				if d.Kind == Table {
					r.tables[name] = d
				}
				if r.byName[name] == nil || d.Kind != Table {
					r.byName[name] = d
				}
			}
		}
	}
	return r
})

// Lookup finds a function, operator or aggregate by a name or alias, whatever its case.
func Lookup(name string) (*Def, bool) {
	r := load()
	if d, ok := r.byName[name]; ok {
		return d, true
	}
	d, ok := r.byName[strings.ToLower(name)]
	return d, ok
}

// LookupTable finds a table function by a name or alias, whatever its case.
func LookupTable(name string) (*Def, bool) {
	d, ok := load().tables[strings.ToLower(name)]
	return d, ok
}

// All lists the definitions in the order of the documentation.
func All() []*Def { return slices.Clone(load().all) }

// Names lists the names and aliases that can be written as a call, sorted.
func Names() []string {
	r := load()
	names := make([]string, 0, len(r.byName))
	for name, d := range r.byName {
		if !d.isOperator() && !strings.Contains(name, " ") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
