package storage

import "tq/storage/state"

// userFields are sysdig's fields of the user and group that a thread acts as.
var userFields = []field{
	{"user.uid", bigint, fromRow, "Id of the user; 4294967295 where the capture does not tell.", threadNumbers(bigint, func(t *state.Thread) (int64, bool) { return some(int64(t.UID)) })},
	{"user.name", symbol, fromRow, "Name of the user.", eventUser},
	{"user.homedir", symbol, fromRow, "Home directory of the user.", userTexts(func(u *state.User) string { return u.Home })},
	{"user.shell", symbol, fromRow, "Shell of the user.", userTexts(func(u *state.User) string { return u.Shell })},
	{"user.loginuid", bigint, fromRow, "Id of the user that logged in, -1 for none.", threadNumbers(bigint, func(t *state.Thread) (int64, bool) { return some(int64(int32(t.LoginUID))) })},
	{"user.loginname", symbol, fromRow, "Name of the user that logged in.", loginNames},
	{"group.gid", bigint, fromRow, "Id of the group, likewise.", threadNumbers(bigint, func(t *state.Thread) (int64, bool) { return some(int64(t.GID)) })},
	{"group.name", symbol, fromRow, "Name of the group.", eventGroup},
}

// containerFields are sysdig's fields of the container that a thread runs in.
var containerFields = []field{
	{"container.id", symbol, fromRow, "Id of the container; 'host' for threads that run in none.", threadTexts(func(t *state.Thread) (string, bool) { return orHost(t.Container), true })},
	{"container.full_id", symbol, fromEnd, "Id of the container at full length.", containerTexts("", func(c *containerFacts) string { return c.FullID })},
	{"container.name", symbol, fromEnd, "Name of the container; 'host' likewise.", containerTexts(host, func(c *containerFacts) string { return c.Name })},
	{"container.type", symbol, fromEnd, "What runs the container, such as docker; 'host' likewise.", containerTexts(host, func(c *containerFacts) string { return containerType(c.Type) })},
	{"container.image", symbol, fromEnd, "Image of the container.", containerTexts("", func(c *containerFacts) string { return c.Image })},
	{"container.image.id", symbol, fromEnd, "Id of the image.", containerTexts("", func(c *containerFacts) string { return c.ImageID })},
	{"container.image.repository", symbol, fromEnd, "Repository of the image.", containerTexts("", func(c *containerFacts) string { return c.ImageRepo })},
	{"container.image.tag", symbol, fromEnd, "Tag of the image.", containerTexts("", func(c *containerFacts) string { return c.ImageTag })},
	{"container.image.digest", symbol, fromEnd, "Digest of the image.", containerTexts("", func(c *containerFacts) string { return c.ImageDigest })},
	{"container.privileged", boolean, fromEnd, "Whether the container is privileged.", containersPrivileged},
	{"container.mounts", symbol, fromEnd, "What is mounted in the container: source:destination:mode:rdwr:propagation, separated by blanks.", containerTexts("", (*containerFacts).mounts)},
	{"container.ip", symbol, fromEnd, "Address of the container.", containerTexts("", func(c *containerFacts) string { return c.IP })},
	{"k8s.pod.name", symbol, fromEnd, "Name of the Kubernetes pod, from the container's labels.", containerTexts("", func(c *containerFacts) string { return c.Labels["io.kubernetes.pod.name"] })},
	{"k8s.pod.id", symbol, fromEnd, "Id of the pod.", containerTexts("", func(c *containerFacts) string { return c.Labels["io.kubernetes.pod.uid"] })},
	{"k8s.pod.uid", symbol, fromEnd, "Id of the pod.", containerTexts("", func(c *containerFacts) string { return c.Labels["io.kubernetes.pod.uid"] })},
	{"k8s.ns.name", symbol, fromEnd, "Namespace of the pod.", containerTexts("", func(c *containerFacts) string { return c.Labels["io.kubernetes.pod.namespace"] })},
}
