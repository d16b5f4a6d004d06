package scap

import (
	"slices"
	"testing"
)

func TestSection(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(2, c.option(1, "a comment"), c.option(4, "editor"), c.fields(uint32(0)))
		c.close(0)
		var got Section
		r := read(t, c.buf, func(kind Kind, r *Reader) {
			if kind == KindSection {
				got = r.Section
			}
		})
		if got.Swapped != c.big || got.Major != 1 || got.Minor != 2 {
			t.Errorf("section = %+v", got)
		}
		if !slices.Equal(got.Comments, []string{"a comment"}) || got.Application != "editor" {
			t.Errorf("options = %q, %q", got.Comments, got.Application)
		}
		if len(r.Warnings()) != 0 {
			t.Errorf("warnings = %+v", r.Warnings())
		}
	})
}

func TestMachine(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(2)
		host := make([]byte, hostnameLen)
		copy(host, "lb01")
		c.block(blockMachine, c.fields(uint32(4), uint64(8<<30), uint64(0), host,
			uint64(1690556576768000000), uint64(0), uint64(0), uint64(0)))
		read(t, c.buf, func(kind Kind, r *Reader) {
			want := Machine{CPUs: 4, Memory: 8 << 30, Hostname: "lb01", BootTime: 1690556576768000000}
			if kind == KindMachine && r.Machine != want {
				t.Errorf("machine = %+v", r.Machine)
			}
		})
	})
}

// Sections that follow one another may have different byte orders.
func TestConcatenatedSections(t *testing.T) {
	little, big := &capture{}, &capture{big: true}
	big.section(0)
	big.close(1)
	little.section(2)
	little.block(blockUsersV1) // not late: no event of its section came before
	little.close(2)
	little.section(2) // and one without events
	var results []int64
	r := read(t, append(big.buf, little.buf...), func(kind Kind, r *Reader) {
		if kind == KindEvent {
			n, _ := r.Event.Int(0)
			results = append(results, n)
		}
	})
	if !slices.Equal(results, []int64{1, 2}) || len(r.Warnings()) != 0 {
		t.Errorf("results = %v, warnings %+v", results, r.Warnings())
	}
}

func TestInterfaces(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(0)
		ip4 := []byte{127, 0, 0, 1}
		ip6 := make([]byte, 16)
		ip6[15] = 1
		v4 := c.fields(uint16(1), uint16(2), ip4, ip4, ip4, uint64(1000), []byte("lo"))
		v6 := c.fields(uint16(2), uint16(2), ip6, ip6, ip6, uint64(1000), []byte("lo"))
		early := c.fields(uint16(3), uint16(4), ip4, ip4, ip4, []byte("eth0"))
		c.block(blockInterfacesV1, v4, v6, early)
		c.block(blockInterfacesV1Int, early)
		c.block(blockInterfacesV2,
			c.fields(uint32(len(v4)+3), v4, []byte("new")), // a longer record of later years
			c.fields(uint32(len(v6)), v6))
		var lists [][]Interface
		r := read(t, c.buf, func(kind Kind, r *Reader) {
			if kind == KindInterfaces {
				lists = append(lists, r.Interfaces)
			}
		})
		if len(lists) != 3 || len(lists[0]) != 3 || len(lists[1]) != 1 || len(lists[2]) != 2 {
			t.Fatalf("lists = %+v, warnings %+v", lists, r.Warnings())
		}
		if got := lists[0][0]; got.Name != "lo" || got.Addr.String() != "127.0.0.1" || got.LinkSpeed != 1000 {
			t.Errorf("IPv4 = %+v", got)
		}
		if got := lists[2][1]; got.Name != "lo" || got.Addr.String() != "::1" {
			t.Errorf("IPv6 = %+v", got)
		}
		if got := lists[0][2]; got.Name != "eth0" || got.LinkSpeed != 0 {
			t.Errorf("without link speed = %+v", got)
		}
	})
}

func TestUsers(t *testing.T) {
	both(t, func(t *testing.T, c *capture) {
		c.section(0)
		user := c.fields(uint8(0), uint32(7), uint32(8), "ann", "/home/ann", "/bin/sh")
		group := c.fields(uint8(1), uint32(8), "staff")
		c.block(blockUsersV1, user, group)
		c.block(blockUsersV2, c.counted(append(user, 1, 2, 3)), c.counted(group))
		n := 0
		r := read(t, c.buf, func(kind Kind, r *Reader) {
			if kind != KindUsers {
				return
			}
			n++
			if !slices.Equal(r.Users, []User{{7, 8, "ann", "/home/ann", "/bin/sh"}}) ||
				!slices.Equal(r.Groups, []Group{{8, "staff"}}) {
				t.Errorf("users %+v, groups %+v", r.Users, r.Groups)
			}
		})
		if n != 2 || warned(r, WarnBlock) != nil {
			t.Errorf("%d blocks, warnings %+v", n, r.Warnings())
		}
	})
}
