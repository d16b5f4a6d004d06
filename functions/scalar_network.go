package functions

import (
	"fmt"
	"net/netip"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/functions/kernel"
)

const networkFamily = "network"

var networkFunctions = []Def{
	scalar(networkFamily, "in_subnet", "Whether an IP address, or one of a list of them, is in one of the networks, which are written as 10.0.0.0/8 or fe80::/10. False for what is no address.",
		"in_subnet('10.1.2.3', '10.0.0.0/8')", "true",
		Overload{Args: types(Varchar, Varchar), Variadic: true, Ret: Boolean, Eval: onValues(inSubnet)},
		Overload{Args: types(arrow.ListOf(Varchar), Varchar), Variadic: true, Ret: Boolean, Eval: anyInSubnet}),
}

func parseNetwork(text, _ string) (netip.Prefix, error) {
	n, err := netip.ParsePrefix(text)
	if err != nil {
		return n, fmt.Errorf("%q is no IP network such as 10.0.0.0/8", text)
	}
	return n.Masked(), nil
}

// networkTest returns the test whether an address is in one of the networks of a row.
func networkTest(args []kernel.Vec) func(address string, row int) (bool, error) {
	networks := make([]texts, len(args))
	caches := make([]compiled[netip.Prefix], len(args))
	for i, a := range args {
		networks[i], caches[i].make = textsOf(a), parseNetwork
	}
	return func(address string, row int) (bool, error) {
		a, err := netip.ParseAddr(address)
		known := err == nil
		found := false
		for i := range networks {
			n, err := caches[i].of(networks[i].at(row), "")
			if err != nil {
				return false, err
			}
			found = found || known && n.Contains(a)
		}
		return found, nil
	}
}

func inSubnet(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	address, test := textsOf(args[0]), networkTest(args[1:])
	return boolRows(c, args, n, func(i int) (bool, error) { return test(address.at(i), i) })
}

func anyInSubnet(c *Call, args []kernel.Vec, n int) (kernel.Vec, error) {
	if anyNullConst(args) {
		return nullOf(c), nil
	}
	offsets, values := kernel.ListParts(args[0].Array)
	addresses, some := kernel.StringsOf(values), kernel.ValidityOf(values)
	test, m := networkTest(args[1:]), step(args[0])
	return boolRows(c, args, n, func(i int) (bool, error) {
		for j := int(offsets[i&m]); j < int(offsets[i&m+1]); j++ {
			if !some.Valid(j) {
				continue
			}
			if in, err := test(addresses.At(j), i); in || err != nil {
				return in, err
			}
		}
		return false, nil
	})
}
