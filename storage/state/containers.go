package state

import (
	"encoding/json"
	"strings"
)

// Container is what a capture tells of a container.
type Container struct {
	ID, FullID, Name string
	Type             int // -1 unknown
	Image            string
	ImageID          string
	JSON             string // all of it, as recorded
	Since            uint32
}

// containers are those that events have told of, and what control groups tell of ids.
type containers struct {
	all   []Container
	cache map[string]string // from a control group's path to the id it tells
}

// Containers returns the containers that events have told of, in their order.
func (t *Tracker) Containers() []Container { return t.containers.all }

// idOf returns the id of the container that control groups tell of, or "".
func (n *containers) idOf(cgroups List) string {
	for g := range cgroups.All() {
		path := g[strings.LastIndexByte(g, '=')+1:]
		if len(path) < len("/lxc/") {
			continue
		}
		id, ok := n.cache[path]
		if !ok {
			id = containerID(path)
			if n.cache == nil {
				n.cache = make(map[string]string)
			}
			if len(n.cache) < maxCachedPaths {
				n.cache[path] = id
			}
		}
		if id != "" {
			return id
		}
	}
	return ""
}

// maxCachedPaths limits the paths whose ids are kept.
const maxCachedPaths = 1 << 14

// The forms in which control groups name containers by long ids, before and after them.
var longForms = [...]struct{ before, after string }{
	{"/docker-", ".scope"},
	{"/libpod-", ".scope"},
	{"/libpod-", ".scope/container"},
	{"/cri-containerd-", ".scope"},
	{":cri-containerd:", ""},
	{"/crio-", ".scope"},
	{"/crio-", ""},
	{"/", ""}, // docker, containerd's default namespace, kubernetes
}

const (
	longID  = 64
	shortID = 12
)

// containerID returns the id that a control group's path tells, or "".
func containerID(path string) string {
	for _, f := range longForms {
		rest, ok := strings.CutSuffix(path, f.after)
		if !ok || len(rest) < len(f.before)+longID {
			continue
		}
		id := rest[len(rest)-longID:]
		if strings.HasSuffix(rest[:len(rest)-longID], f.before) && isHex(id) {
			return id[:shortID]
		}
	}
	return namedContainer(path)
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// namedContainer returns the id of a container that is no long number.
func namedContainer(path string) string {
	for _, before := range [...]string{"/lxc.payload/", "/libvirt/lxc/", "/lxc/"} {
		if i := strings.Index(path, before); i >= 0 {
			name, _, _ := strings.Cut(path[i+len(before):], "/")
			return name
		}
	}
	if name, ok := strings.CutSuffix(path, ".libvirt-lxc"); ok {
		return name[strings.LastIndexByte(name, '/')+1:]
	}
	if i := strings.Index(path, `-lxc\x2`); i >= 0 && strings.HasSuffix(path, ".scope") {
		return strings.TrimSuffix(path[i+len(`-lxc\x2`):], ".scope")
	}
	const mesos, uuid = "/mesos/", 36
	if i := strings.Index(path, mesos); i >= 0 && len(path) >= i+len(mesos)+uuid {
		return path[i+len(mesos):][:uuid]
	}
	const bpm = "bpm-"
	if name := path[strings.LastIndexByte(path, '/')+1:]; strings.HasPrefix(name, bpm) {
		return strings.TrimSuffix(name[len(bpm):], ".scope")
	}
	return ""
}

// container takes over an early event about a container.
func (c *call) container() {
	var n Container
	n.ID, _ = c.e.Str(0)
	typ, ok := c.e.Int(1)
	if n.Type = int(typ); !ok {
		n.Type = -1
	}
	n.Name, _ = c.e.Str(2)
	n.Image, _ = c.e.Str(3)
	c.addContainer(n)
}

func (c *call) containerJSON() {
	if text, ok := c.e.Str(0); ok {
		c.readContainer(text)
	}
}

// async takes over what the container plugin of the newest recorders tells.
func (c *call) async() {
	if name, _ := c.e.Str(1); name == "container" {
		if text, ok := c.e.Str(2); ok {
			c.readContainer(text)
		}
	}
}

// lookupDone is the state of a container that its recorder knows all about.
const lookupDone = 1

func (c *call) readContainer(text string) {
	var doc struct {
		Container struct {
			ID      string `json:"id"`
			FullID  string `json:"full_id"`
			Type    *int   `json:"type"`
			Name    string `json:"name"`
			Image   string `json:"image"`
			ImageID string `json:"imageid"`
			Lookup  *int   `json:"lookup_state"`
		} `json:"container"`
	}
	if json.Unmarshal([]byte(text), &doc) != nil {
		return
	}
	d := &doc.Container
	n := Container{ID: d.ID, FullID: d.FullID, Name: d.Name, Image: d.Image, ImageID: d.ImageID, Type: -1, JSON: text}
	if d.Type != nil {
		n.Type = *d.Type
	}
	if d.Lookup != nil && *d.Lookup != lookupDone {
		c.printed = false
	}
	c.addContainer(n)
}

func (c *call) addContainer(n Container) {
	n.Since = c.t.num
	c.t.containers.all = append(c.t.containers.all, n)
}
