package state

import (
	"sync"

	"tq/storage/scap"
)

// User is a user as known from event Since up to, not including, event Until, which is 0
// to the end.
type User struct {
	Container         string // "" on the host
	UID, GID          uint32
	Name, Home, Shell string
	Since, Until      uint32
}

// Group is a group, likewise.
type Group struct {
	Container    string
	GID          uint32
	Name         string
	Since, Until uint32
}

// owners are the users and groups of the machine and its containers.
type owners struct {
	mu       sync.RWMutex // of all below, as readers go on while events tell of users
	users    []User
	groups   []Group
	userIDs  map[ownerKey][]int32 // of a user, oldest first
	groupIDs map[ownerKey][]int32
	// What stands before these belongs to earlier sections.
	firstUser, firstGroup int
}

type ownerKey struct {
	container string
	id        uint32
}

func newOwners() *owners {
	return &owners{userIDs: make(map[ownerKey][]int32), groupIDs: make(map[ownerKey][]int32)}
}

// Users returns all users ever known.
func (t *Tracker) Users() []User { return t.owners.users }

// Groups returns all groups ever known.
func (t *Tracker) Groups() []Group { return t.owners.groups }

// UserAt returns who had a user's number at event num.
func (v View) UserAt(container string, uid, num uint32) (User, bool) {
	o := v.owners
	o.mu.RLock()
	defer o.mu.RUnlock()
	ids := o.userIDs[ownerKey{container, uid}]
	for i := len(ids) - 1; i >= 0; i-- {
		if u := o.users[ids[i]]; u.Since <= num {
			return u, u.Until == 0 || num < u.Until
		}
	}
	return User{}, false
}

// GroupAt returns which group had a number at event num.
func (v View) GroupAt(container string, gid, num uint32) (Group, bool) {
	o := v.owners
	o.mu.RLock()
	defer o.mu.RUnlock()
	ids := o.groupIDs[ownerKey{container, gid}]
	for i := len(ids) - 1; i >= 0; i-- {
		if g := o.groups[ids[i]]; g.Since <= num {
			return g, g.Until == 0 || num < g.Until
		}
	}
	return Group{}, false
}

// UserName returns a user's name at event num as user.name prints it; false when there is
// none. The superuser needs no entry.
func (v View) UserName(container string, uid, num uint32) (string, bool) {
	if u, ok := v.UserAt(container, uid, num); ok {
		return u.Name, true
	}
	return "root", uid == 0
}

// GroupName is [View.UserName] for groups.
func (v View) GroupName(container string, gid, num uint32) (string, bool) {
	if g, ok := v.GroupAt(container, gid, num); ok {
		return g.Name, true
	}
	return "root", gid == 0
}

func (o *owners) addUser(u User) {
	o.dropUser(u.Container, u.UID, u.Since)
	k := ownerKey{u.Container, u.UID}
	o.userIDs[k] = append(o.userIDs[k], int32(len(o.users)))
	o.users = append(o.users, u)
}

func (o *owners) dropUser(container string, uid, num uint32) {
	if ids := o.userIDs[ownerKey{container, uid}]; len(ids) > 0 {
		if u := &o.users[ids[len(ids)-1]]; u.Until == 0 {
			u.Until = num
		}
	}
}

func (o *owners) addGroup(g Group) {
	o.dropGroup(g.Container, g.GID, g.Since)
	k := ownerKey{g.Container, g.GID}
	o.groupIDs[k] = append(o.groupIDs[k], int32(len(o.groups)))
	o.groups = append(o.groups, g)
}

func (o *owners) dropGroup(container string, gid, num uint32) {
	if ids := o.groupIDs[ownerKey{container, gid}]; len(ids) > 0 {
		if g := &o.groups[ids[len(ids)-1]]; g.Until == 0 {
			g.Until = num
		}
	}
}

// list takes over the users and groups at the start of a section.
func (o *owners) list(users []scap.User, groups []scap.Group, num uint32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, u := range users {
		o.addUser(User{UID: u.UID, GID: u.GID, Name: u.Name, Home: u.Home, Shell: u.Shell, Since: num})
	}
	for _, g := range groups {
		o.addGroup(Group{GID: g.GID, Name: g.Name, Since: num})
	}
}

// reset ends what is known, as another machine's section begins.
func (o *owners) reset(num uint32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.users[o.firstUser:] {
		if u := &o.users[o.firstUser+i]; u.Until == 0 {
			u.Until = num
		}
	}
	for i := range o.groups[o.firstGroup:] {
		if g := &o.groups[o.firstGroup+i]; g.Until == 0 {
			g.Until = num
		}
	}
	o.firstUser, o.firstGroup = len(o.users), len(o.groups)
}

func (c *call) user() {
	uid, ok := c.e.Int(0)
	if !ok {
		return
	}
	container, _ := c.e.Str(5)
	c.t.owners.mu.Lock()
	defer c.t.owners.mu.Unlock()
	if c.e.Type == scap.UserDeletedE {
		c.t.owners.dropUser(container, uint32(uid), c.t.num)
		return
	}
	u := User{Container: container, UID: uint32(uid), Since: c.t.num}
	gid, _ := c.e.Int(1)
	u.GID = uint32(gid)
	u.Name, _ = c.e.Str(2)
	u.Home, _ = c.e.Str(3)
	u.Shell, _ = c.e.Str(4)
	c.t.owners.addUser(u)
}

func (c *call) group() {
	gid, ok := c.e.Int(0)
	if !ok {
		return
	}
	container, _ := c.e.Str(2)
	c.t.owners.mu.Lock()
	defer c.t.owners.mu.Unlock()
	if c.e.Type == scap.GroupDeletedE {
		c.t.owners.dropGroup(container, uint32(gid), c.t.num)
		return
	}
	name, _ := c.e.Str(1)
	c.t.owners.addGroup(Group{Container: container, GID: uint32(gid), Name: name, Since: c.t.num})
}
