package scap

import (
	"fmt"
	"net/netip"
)

// Interface is a network interface of the machine.
type Interface struct {
	Name                  string
	Addr, Mask, Broadcast netip.Addr
	LinkSpeed             uint64
}

// The types of interface records.
const (
	interfaceIPv4 = 1 + iota
	interfaceIPv6
	interfaceIPv4Early // without a link speed
	interfaceIPv6Early
)

// parseInterfaces reads the body of a block of interfaces. What was read before a fault
// is good.
func parseInterfaces(body []byte, typ uint32, swapped bool) (list []Interface, fault string) {
	c := cursor{b: body, swapped: swapped}
	for len(c.b) >= 4 {
		rec := c
		if typ == blockInterfacesV2 {
			n := c.u32() // does not count itself, unlike the lengths of other records
			if n == 0 || uint64(n) > uint64(len(c.b)) {
				return list, "interface record length does not fit"
			}
			rec = cursor{b: c.take(int(n)), swapped: swapped}
		}
		kind, nameLen := rec.u16(), int(rec.u16())
		var itf Interface
		switch kind {
		case interfaceIPv4, interfaceIPv4Early:
			itf.Addr, itf.Mask, itf.Broadcast = rec.ipv4(), rec.ipv4(), rec.ipv4()
		case interfaceIPv6, interfaceIPv6Early:
			itf.Addr, itf.Mask, itf.Broadcast = rec.ipv6(), rec.ipv6(), rec.ipv6()
		default:
			if typ == blockInterfacesV2 {
				continue
			}
			return list, fmt.Sprintf("interface of unknown type %d", kind)
		}
		if kind == interfaceIPv4 || kind == interfaceIPv6 {
			itf.LinkSpeed = rec.u64()
		}
		itf.Name = string(rec.take(nameLen))
		if rec.short {
			return list, "interface record does not fit"
		}
		if typ != blockInterfacesV2 {
			c = rec
		}
		list = append(list, itf)
	}
	return list, ""
}
