package state

import (
	"net/netip"

	"tq/storage/scap"
)

// network is the addresses of the machine's network interfaces from event since on.
type network struct {
	v4    []subnet
	v6    []netip.Addr
	since uint32
}

// networkAt returns the network at event num.
func networkAt(all []network, num uint32) *network {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].since <= num {
			return &all[i]
		}
	}
	return &network{}
}

// subnet is an address and the bits of it that its network shares.
type subnet struct{ addr, mask [4]byte }

func newNetwork(list []scap.Interface, since uint32) network {
	n := network{since: since}
	for _, i := range list {
		switch {
		case i.Addr.Is4():
			n.v4 = append(n.v4, subnet{i.Addr.As4(), i.Mask.As4()})
		case i.Addr.Is6():
			n.v6 = append(n.v6, i.Addr)
		}
	}
	return n
}

// local reports whether an address is one of the machine's.
func (n *network) local(a Address, typ scap.FDType) bool {
	if typ == scap.FDIPv4 || typ == scap.FDIPv4Server {
		for _, i := range n.v4 {
			if i.addr == [4]byte(a[:4]) {
				return true
			}
		}
		return false
	}
	for _, i := range n.v6 {
		if sameSubnet(i, netip.AddrFrom16(a)) {
			return true
		}
	}
	return false
}

// complete puts the machine's address in place of the unspecified one at an end of a
// socket: the address that is the other end's, else one of its network, else the first
// that is no loopback.
func (n *network) complete(s *Socket, typ scap.FDType) {
	end, other := &s.Src, s.Dst
	if *end != (Address{}) {
		if end, other = &s.Dst, s.Src; *end != (Address{}) {
			return
		}
	}
	var own Address
	if typ == scap.FDIPv4 {
		own = n.infer4([4]byte(other[:4]))
	} else {
		own = n.infer6(netip.AddrFrom16(other))
	}
	if own == other && s.SrcPort == s.DstPort {
		return
	}
	*end = own
}

func (n *network) infer4(a [4]byte) (own Address) {
	found := func(i subnet) Address { copy(own[:], i.addr[:]); return own }
	for _, i := range n.v4 {
		if i.addr == a {
			return found(i)
		}
	}
	for _, i := range n.v4 {
		if i.and(i.addr) == i.and(a) {
			return found(i)
		}
	}
	for _, i := range n.v4 {
		if i.addr != [4]byte{127, 0, 0, 1} {
			return found(i)
		}
	}
	return own
}

func (s subnet) and(a [4]byte) [4]byte {
	for i := range a {
		a[i] &= s.mask[i]
	}
	return a
}

func (n *network) infer6(a netip.Addr) Address {
	for _, i := range n.v6 {
		if i == a {
			return i.As16()
		}
	}
	for _, i := range n.v6 {
		if sameSubnet(i, a) {
			return i.As16()
		}
	}
	for _, i := range n.v6 {
		if i != netip.IPv6LinkLocalAllNodes() && i != netip.IPv6Loopback() {
			return i.As16()
		}
	}
	return Address{}
}

// sameSubnet reports whether two addresses share the 64 bits that name the network.
func sameSubnet(a, b netip.Addr) bool {
	x, y := a.As16(), b.As16()
	return [8]byte(x[:8]) == [8]byte(y[:8])
}
