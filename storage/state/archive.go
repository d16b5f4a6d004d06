package state

// Archive is what a tracker knows at the end of a capture.
type Archive struct {
	View
	Lives      []Life
	Users      []User
	Groups     []Group
	Containers []Container
}

// Archive returns what is known. The tracker must not go on.
func (t *Tracker) Archive() *Archive {
	lives := t.Lives()
	return &Archive{
		View: t.View(), Lives: lives, Users: t.owners.users, Groups: t.owners.groups,
		Containers: t.containers.all,
	}
}
