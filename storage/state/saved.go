package state

import (
	"errors"
	"fmt"
	"net/netip"

	"tq/storage/cache"
)

// What a tracker knows is saved in sections of a cache entry: lists of values without
// pointers as they are, which are used where they are mapped; the others as lists of such,
// in which numbers stand for texts and images.

// savedThread is a [Thread].
type savedThread struct {
	Tid, Pid, Ptid, Vtid, Vpid, Sid, Vpgid, Pgid, FDLimit, CloneTS, NamespaceTS int64
	CapInheritable, CapPermitted, CapEffective                                  uint64
	Comm, Cwd, Root, Container                                                  uint32 // texts
	Image                                                                       int32  // -1 for none
	UID, GID, LoginUID, Tty, Flags                                              uint32
	Life                                                                        LifeID
	Process                                                                     ProcessID
	Parent, Heir                                                                LifeID
	Since                                                                       uint32
	Origin                                                                      Origin
	_                                                                           [7]byte
}

// savedImage is an [Image].
type savedImage struct {
	ExeIno, ExeCtime, ExeMtime       uint64
	ExecTS                           int64
	Exe, ExePath, Args, Env, Cgroups uint32 // texts
	VMSize                           uint32
	ExeFlags                         ExeFlags
	_                                [7]byte
}

// savedTid is a slot of the history of thread ids.
type savedTid struct {
	Tid   int64
	Point int32
	_     int32
}

// savedLeaf is where a leaf of a process's descriptors hangs.
type savedLeaf struct {
	Process ProcessID
	Leaf    int32
	First   int64 // number of its first descriptor
}

// savedFar is a descriptor with a number beyond the leaves.
type savedFar struct {
	Num     int64
	Process ProcessID
	Point   int32
}

// savedRest is what there is little of.
type savedRest struct {
	Processes  int
	Points     int32
	Networks   []savedNetwork
	Users      []User
	Groups     []Group
	Containers []Container
}

type savedNetwork struct {
	Addrs4, Masks4 [][4]byte
	Addrs6         []netip.Addr
	Since          uint32
}

// Save writes what is known to a cache.
func (m *Archive) Save(w *cache.Writer) error {
	m.saveThreads(w)
	w.Write("fds", cache.Bytes(m.FDs))
	w.Write("sockets", cache.Bytes(m.Sockets))
	w.Write("lives", cache.Bytes(m.Lives))
	var names cache.Texts
	for _, name := range m.Names {
		names.Add(name)
	}
	names.Write(w, "names")
	m.saveSlots(w)
	rest := savedRest{
		Processes: len(m.processes), Points: m.history.n,
		Users: m.Users, Groups: m.Groups, Containers: m.Containers,
	}
	for i, chunk := range *m.history.dir.Load() {
		w.Write(pointSection(i), cache.Bytes(chunk[:]))
	}
	for _, n := range m.networks {
		s := savedNetwork{Addrs6: n.v6, Since: n.since}
		for _, net := range n.v4 {
			s.Addrs4, s.Masks4 = append(s.Addrs4, net.addr), append(s.Masks4, net.mask)
		}
		rest.Networks = append(rest.Networks, s)
	}
	return w.WriteValue("state", rest)
}

func pointSection(chunk int) string { return fmt.Sprint("points.", chunk) }

func (m *Archive) saveThreads(w *cache.Writer) {
	var (
		texts   cache.Texts
		ids     = make(map[*Image]int32)
		images  []savedImage
		threads = make([]savedThread, len(m.Threads))
	)
	for i := range m.Threads {
		t := &m.Threads[i]
		image, known := ids[t.Image]
		if !known {
			image = -1
			if p := t.Image; p != nil {
				image = int32(len(images))
				images = append(images, savedImage{
					ExeIno: p.ExeIno, ExeCtime: p.ExeCtime, ExeMtime: p.ExeMtime, ExecTS: p.ExecTS,
					Exe: texts.ID(p.Exe), ExePath: texts.ID(p.ExePath), Args: texts.ID(string(p.Args)),
					Env: texts.ID(string(p.Env)), Cgroups: texts.ID(string(p.Cgroups)),
					VMSize: p.VMSize, ExeFlags: p.ExeFlags,
				})
			}
			ids[t.Image] = image
		}
		threads[i] = savedThread{
			Tid: t.Tid, Pid: t.Pid, Ptid: t.Ptid, Vtid: t.Vtid, Vpid: t.Vpid, Sid: t.Sid,
			Vpgid: t.Vpgid, Pgid: t.Pgid, FDLimit: t.FDLimit, CloneTS: t.CloneTS, NamespaceTS: t.NamespaceTS,
			CapInheritable: t.CapInheritable, CapPermitted: t.CapPermitted, CapEffective: t.CapEffective,
			Comm: texts.ID(t.Comm), Cwd: texts.ID(t.Cwd), Root: texts.ID(t.Root), Container: texts.ID(t.Container),
			Image: image, UID: t.UID, GID: t.GID, LoginUID: t.LoginUID, Tty: t.Tty, Flags: t.Flags,
			Life: t.Life, Process: t.Process, Parent: t.Parent, Heir: t.Heir, Since: t.Since, Origin: t.Origin,
		}
	}
	w.Write("threads", cache.Bytes(threads))
	w.Write("images", cache.Bytes(images))
	texts.Write(w, "texts")
}

// saveSlots writes the newest points of all slots. Leaves that processes share are written
// once.
func (m *Archive) saveSlots(w *cache.Writer) {
	var tids []savedTid
	m.tids.each(func(tid int64, e *tidEntry) { tids = append(tids, savedTid{Tid: tid, Point: e.point}) })
	w.Write("tids", cache.Bytes(tids))
	var (
		ids    = make(map[*slotLeaf]int32)
		leaves []slotLeaf
		hung   []savedLeaf
		far    []savedFar
	)
	for _, p := range m.processes {
		p.fds.eachLeaf(func(first int64, leaf *slotLeaf) {
			id, known := ids[leaf]
			if !known {
				id = int32(len(leaves))
				ids[leaf] = id
				leaves = append(leaves, *leaf)
			}
			hung = append(hung, savedLeaf{p.id, id, first})
		})
		if f := p.fds.far.Load(); f != nil {
			for num, point := range f.point {
				far = append(far, savedFar{num, p.id, point})
			}
		}
	}
	w.Write("leaves", cache.Bytes(leaves))
	w.Write("hung", cache.Bytes(hung))
	w.Write("far", cache.Bytes(far))
}

// errInconsistent is what restoring ends with where parts do not fit each other.
var errInconsistent = errors.New("the saved state contradicts itself")

// Restore returns what [Archive.Save] has written. It must not be used once the entry is
// closed.
func Restore(e *cache.Entry) (*Archive, error) {
	var rest savedRest
	if err := e.Value("state", &rest); err != nil {
		return nil, err
	}
	m := &Archive{Users: rest.Users, Groups: rest.Groups, Containers: rest.Containers}
	var errs [6]error
	m.FDs, errs[0] = cache.Slice[FD](e.Section("fds"))
	m.Sockets, errs[1] = cache.Slice[Socket](e.Section("sockets"))
	m.Lives, errs[2] = cache.Slice[Life](e.Section("lives"))
	m.Names, errs[3] = e.Texts("names")
	errs[4] = m.restoreThreads(e)
	errs[5] = m.restoreSlots(e, &rest)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	m.lives = m.Lives
	for _, s := range rest.Networks {
		n := network{v6: s.Addrs6, since: s.Since}
		for i := range s.Addrs4 {
			n.v4 = append(n.v4, subnet{s.Addrs4[i], s.Masks4[i]})
		}
		m.networks = append(m.networks, n)
	}
	m.owners = restoredOwners(rest.Users, rest.Groups)
	return m, nil
}

func (m *Archive) restoreThreads(e *cache.Entry) error {
	threads, err1 := cache.Slice[savedThread](e.Section("threads"))
	images, err2 := cache.Slice[savedImage](e.Section("images"))
	texts, err3 := e.Texts("texts")
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	made := make([]Image, len(images))
	for i := range images {
		p := &images[i]
		made[i] = Image{
			Exe: texts[p.Exe], ExePath: texts[p.ExePath], Args: List(texts[p.Args]), Env: List(texts[p.Env]),
			Cgroups: List(texts[p.Cgroups]), VMSize: p.VMSize, ExeFlags: p.ExeFlags,
			ExeIno: p.ExeIno, ExeCtime: p.ExeCtime, ExeMtime: p.ExeMtime, ExecTS: p.ExecTS,
		}
	}
	m.Threads = make([]Thread, len(threads))
	for i := range threads {
		s := &threads[i]
		t := &m.Threads[i]
		*t = Thread{
			Tid: s.Tid, Pid: s.Pid, Ptid: s.Ptid, Vtid: s.Vtid, Vpid: s.Vpid, Sid: s.Sid,
			Vpgid: s.Vpgid, Pgid: s.Pgid, FDLimit: s.FDLimit, CloneTS: s.CloneTS, NamespaceTS: s.NamespaceTS,
			CapInheritable: s.CapInheritable, CapPermitted: s.CapPermitted, CapEffective: s.CapEffective,
			Comm: texts[s.Comm], Cwd: texts[s.Cwd], Root: texts[s.Root], Container: texts[s.Container],
			UID: s.UID, GID: s.GID, LoginUID: s.LoginUID, Tty: s.Tty, Flags: s.Flags,
			Life: s.Life, Process: s.Process, Parent: s.Parent, Heir: s.Heir, Since: s.Since, Origin: s.Origin,
		}
		if s.Image >= 0 {
			t.Image = &made[s.Image]
		}
	}
	return nil
}

func (m *Archive) restoreSlots(e *cache.Entry, rest *savedRest) error {
	var dir []*pointChunk
	for i := 0; i<<pointChunkBits < int(rest.Points); i++ {
		points, err := cache.Slice[point](e.Section(pointSection(i)))
		if err != nil || len(points) != pointChunkLen {
			return errInconsistent
		}
		dir = append(dir, (*pointChunk)(points))
	}
	m.history = &history{n: rest.Points}
	m.history.dir.Store(&dir)

	tids_, err1 := cache.Slice[savedTid](e.Section("tids"))
	leaves, err2 := cache.Slice[slotLeaf](e.Section("leaves"))
	hung, err3 := cache.Slice[savedLeaf](e.Section("hung"))
	far, err4 := cache.Slice[savedFar](e.Section("far"))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	m.tids = new(tids)
	for _, s := range tids_ {
		m.tids.ensure(s.Tid).point = s.Point
	}
	processes := make([]process, rest.Processes)
	m.processes = make([]*process, len(processes))
	for i := range processes {
		processes[i].id = ProcessID(i)
		m.processes[i] = &processes[i]
	}
	for _, h := range hung {
		m.processes[h.Process].fds.hang(h.First, &leaves[h.Leaf])
	}
	for _, f := range far {
		m.processes[f.Process].fds.setFar(f.Num, f.Point)
	}
	return nil
}

// restoredOwners makes the index of users and groups.
func restoredOwners(users []User, groups []Group) *owners {
	o := newOwners()
	o.users, o.groups = users, groups
	for i, u := range users {
		k := ownerKey{u.Container, u.UID}
		o.userIDs[k] = append(o.userIDs[k], int32(i))
	}
	for i, g := range groups {
		k := ownerKey{g.Container, g.GID}
		o.groupIDs[k] = append(o.groupIDs[k], int32(i))
	}
	return o
}
