package storage

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"tq/storage/state"
)

// containerFacts is what events tell of a container.
type containerFacts struct {
	state.Container
	containerDetails
}

// containerDetails is what the JSON of a container event holds that state does not need.
type containerDetails struct {
	ImageRepo   string            `json:"imagerepo"`
	ImageTag    string            `json:"imagetag"`
	ImageDigest string            `json:"imagedigest"`
	Privileged  *bool             `json:"privileged"`
	IP          string            `json:"ip"`
	Labels      map[string]string `json:"labels"`
	Mounts      []containerMount  `json:"Mounts"`
}

type containerMount struct {
	Source      string
	Destination string
	Mode        string
	RW          bool
	Propagation string
}

// mounts is the mounts of a container as one text.
func (c *containerFacts) mounts() string {
	var b strings.Builder
	for i, m := range c.Mounts {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.Join([]string{
			m.Source, m.Destination, m.Mode, strconv.FormatBool(m.RW), m.Propagation,
		}, ":"))
	}
	return b.String()
}

// containerBook is what a capture tells of containers, by their ids in the order told.
type containerBook struct {
	facts []containerFacts
	byID  map[string][]int32
}

func newContainerBook(told []state.Container) *containerBook {
	book := &containerBook{byID: make(map[string][]int32)}
	for i, c := range told {
		facts := containerFacts{Container: c}
		var doc struct {
			Container *containerDetails `json:"container"`
		}
		doc.Container = &facts.containerDetails
		// What does not fit stays unknown; state has warned of nothing worse.
		_ = json.Unmarshal([]byte(c.JSON), &doc)
		book.facts = append(book.facts, facts)
		book.byID[c.ID] = append(book.byID[c.ID], int32(i))
	}
	return book
}

// Containers that facts do not tell of.
const (
	noContainer   = -1
	onHost        = -2
	hostContainer = ""
)

// at returns which of the facts hold for a container at an event, or noContainer or onHost.
func (b *containerBook) at(id string, num uint32) int32 {
	if id == hostContainer {
		return onHost
	}
	told := b.byID[id]
	i, ok := searchLast(len(told), func(i int) bool { return b.facts[told[i]].Since <= num })
	if !ok {
		return noContainer
	}
	return told[i]
}

// host is the name and type of what runs in no container.
const host = "host"

func orHost(container string) string {
	if container == hostContainer {
		return host
	}
	return container
}

// containerTexts builds the column of a text of containers; onHost is that of threads in
// none. Empty texts are NULL.
func containerTexts(ofHost string, text func(*containerFacts) string) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		book, threads, nums := r.containers(), r.threads(), r.nums()
		of := func(i int32) string {
			if i == onHost {
				return ofHost
			}
			return text(&book.facts[i])
		}
		return fieldSymbols(r, key).column(len(threads),
			func(i int) (int64, bool) {
				if threads[i] < 0 {
					return 0, false
				}
				at := book.at(r.Threads[threads[i]].Container, nums[i])
				return int64(at), at != noContainer && of(at) != ""
			},
			func(at int64) string { return of(int32(at)) })
	}
}

func containersPrivileged(r eventRows) arrow.Array {
	book, nums := r.containers(), r.nums()
	out := newNullable[int32](r.len())
	for i, id := range r.threads() {
		if id < 0 {
			continue
		}
		at := book.at(r.Threads[id].Container, nums[i])
		if at < 0 || book.facts[at].Privileged == nil {
			continue
		}
		flag := int32(0)
		if *book.facts[at].Privileged {
			flag = 1
		}
		out.set(i, flag)
	}
	return nullableBools(out)
}

var containerTypes = [...]string{
	"docker", "lxc", "libvirt-lxc", "mesos", "rkt", "custom", "cri", "containerd", "cri-o",
	"bpm", "static", "podman",
}

func containerType(n int) string {
	if n < 0 || n >= len(containerTypes) {
		return ""
	}
	return containerTypes[n]
}

// userTexts builds the column of a text of users.
func userTexts(text func(*state.User) string) func(eventRows) arrow.Array {
	key := newFieldKey()
	return func(r eventRows) arrow.Array {
		return ownerColumn(r, fieldSymbols(r, key), func(t *state.Thread, num uint32) (string, bool) {
			u, ok := r.UserAt(t.Container, t.UID, num)
			return text(&u), ok
		})
	}
}

// loginNames is the names of the users that logged in.
func loginNames(r eventRows) arrow.Array {
	return ownerColumn(r, fieldSymbols(r, loginNameKey), func(t *state.Thread, num uint32) (string, bool) {
		if t.LoginUID == noOwner {
			return "", false
		}
		return r.UserName(t.Container, t.LoginUID, num)
	})
}

var loginNameKey = newFieldKey()
