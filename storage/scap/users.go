package scap

// User is a user of the machine.
type User struct {
	UID, GID          uint32
	Name, Home, Shell string
}

// Group is a group of the machine.
type Group struct {
	GID  uint32
	Name string
}

// maxText is the limit of texts that have none of their own.
const maxText = 1<<16 - 1

// parseUsers reads the body of a block of users and groups. What was read before a
// fault is good.
func parseUsers(body []byte, typ uint32, swapped bool) (users []User, groups []Group, fault string) {
	c := cursor{b: body, swapped: swapped}
	for len(c.b) >= 4 {
		rec := c
		if typ == blockUsersV2 {
			var ok bool
			if rec, ok = c.record(); !ok {
				return users, groups, "user record length does not fit"
			}
		}
		const isUser = 0
		if rec.u8() == isUser {
			u := User{UID: rec.u32(), GID: rec.u32()}
			u.Name, u.Home, u.Shell = rec.text(maxText), rec.text(maxText), rec.text(maxText)
			if !rec.short {
				users = append(users, u)
			}
		} else {
			g := Group{GID: rec.u32(), Name: rec.text(maxText)}
			if !rec.short {
				groups = append(groups, g)
			}
		}
		if rec.short {
			return users, groups, "user record does not fit"
		}
		if typ != blockUsersV2 {
			c = rec
		}
	}
	return users, groups, ""
}
