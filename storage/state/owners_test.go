package state

import (
	"strings"
	"testing"

	"tq/storage/scap"
)

func TestUsersOverTime(t *testing.T) {
	c := newTape()
	user := append(le.AppendUint32(le.AppendUint32([]byte{0}, 1000), 1000), lstr(lstr(lstr(nil, "ann"), "/home/ann"), "/bin/sh")...)
	group := lstr(le.AppendUint32([]byte{1}, 1000), "staff")
	c.lists(tapeUsers, nil, user, group)
	c.event(-1, scap.UserAddedE, 5, 5, "early", "/", "/", "")
	c.event(9, scap.SyscallSetuidX, 0, 1000)
	c.event(-1, scap.UserAddedE, 1000, 1000, "bob", "/home/bob", "/bin/sh", "")
	c.event(9, scap.SyscallSetresgidX, 0, 7, 1000, 7)
	c.event(-1, scap.UserDeletedE, 1000, 1000, "bob", "", "", "")
	c.event(-1, scap.UserAddedE, 1000, 1000, "boxed", "", "", "abcdef")
	c.event(9, scap.SyscallCloseE, 1)
	tr, rows := c.play(t)
	v := tr.View()
	for num, want := range map[uint32]string{1: "ann", 2: "ann", 3: "bob", 4: "bob", 5: "", 7: ""} {
		if u, _ := v.UserAt("", 1000, num); u.Name != want && want != "" {
			t.Errorf("event %d: user is %q, want %q", num, u.Name, want)
		}
		if _, ok := v.UserAt("", 1000, num); ok != (want != "") {
			t.Errorf("event %d: user known is %v", num, ok)
		}
	}
	if name, _ := v.UserName("abcdef", 1000, 7); name != "boxed" {
		t.Errorf("user in the container is %q", name)
	}
	if name, ok := v.UserName("", 0, 1); name != "root" || !ok {
		t.Errorf("the superuser is %q", name)
	}
	th := tr.Threads()[rows[6].Thread]
	if name, _ := v.GroupName("", th.GID, 7); th.UID != 1000 || name != "staff" {
		t.Errorf("user %d, group %d %q", th.UID, th.GID, name)
	}
	if rows[0].Printed || !rows[2].Printed {
		t.Error("users are to be shown once events have begun, not before")
	}
}

func TestContainerIDs(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	f := func(cgroup, want string) {
		t.Helper()
		var n containers
		for range 2 {
			if got := n.idOf(List("cpu=/\x00mem=" + cgroup + "\x00")); got != want {
				t.Errorf("%s: %q, want %q", cgroup, got, want)
			}
		}
	}
	f("/", "")
	f("/user.slice/user-1000.slice/session-1.scope", "")
	f("/docker/"+id, "0123456789ab")
	f("/kubepods/besteffort/pod12/"+id, "0123456789ab")
	f("/system.slice/docker-"+id+".scope", "0123456789ab")
	f("/machine.slice/libpod-"+id+".scope/container", "0123456789ab")
	f("/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:"+id, "0123456789ab")
	f("/kubepods.slice/crio-"+id, "0123456789ab")
	f("/kubepods.slice/crio-"+id+".scope", "0123456789ab")
	f("/docker/"+strings.ToUpper(id), "")
	f("/lxc/web", "web")
	f("/lxc.payload/web/init.scope", "web")
	f("/libvirt/lxc/db", "db")
	f("/machine/vm1.libvirt-lxc", "vm1")
	f("/mesos/"+strings.Repeat("x", 36)+"/y", strings.Repeat("x", 36))
	f("/system.slice/bpm-job.scope", "job")
}

func TestContainerEvents(t *testing.T) {
	c := newTape()
	c.event(9, scap.SyscallCloseE, 1)
	c.event(-1, scap.ContainerJsonE, `{"container":{"id":"a1","name":"web","type":0,"image":"nginx"}}`)
	c.event(-1, scap.ContainerJsonE, `{"container":{"id":"b2","lookup_state":0}}`)
	c.event(-1, scap.ContainerJsonE, `{"container":`)
	c.event(-1, scap.ContainerE, "c3", 1, "old", "img")
	tr, rows := c.play(t)
	all := tr.Containers()
	if len(all) != 3 || all[0].Name != "web" || all[0].Type != 0 || all[1].Type != -1 || all[2].Image != "img" {
		t.Errorf("containers are %+v", all)
	}
	for i, want := range []bool{true, true, false, true, false} {
		if rows[i].Printed != want {
			t.Errorf("event %d: shown is %v, want %v", i+1, rows[i].Printed, want)
		}
	}
}
