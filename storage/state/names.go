package state

// NameID is the index of a text in [Tracker.Names].
type NameID int32

// names numbers texts in the order of their first use.
type names struct {
	texts []string
	ids   map[string]NameID
}

func newNames() names {
	return names{texts: []string{""}, ids: map[string]NameID{"": 0}}
}

// intern returns the number of a text.
func (n *names) intern(s string) NameID {
	if id, ok := n.ids[s]; ok {
		return id
	}
	id := NameID(len(n.texts))
	n.texts = append(n.texts, s)
	n.ids[s] = id
	return id
}

// internBytes is intern for a text in a buffer that is used again.
func (n *names) internBytes(b []byte) NameID {
	if id, ok := n.ids[string(b)]; ok {
		return id
	}
	return n.intern(string(b))
}
