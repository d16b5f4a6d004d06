package cache

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Dir is a folder of entries.
type Dir struct {
	path  string
	limit uint64 // bytes of all entries
}

// DefaultPath is the folder that XDG provides for tq.
func DefaultPath() (string, error) {
	base, err := os.UserCacheDir()
	return filepath.Join(base, "tq"), err
}

// New returns the folder at path whose entries may take limit bytes. It is made when the
// first entry is written.
func New(path string, limit uint64) *Dir { return &Dir{path, limit} }

// Path is where the folder is.
func (d *Dir) Path() string { return d.path }

const (
	entrySuffix = ".tqcache"
	draftSuffix = ".draft"
	// draftAge is how old the draft of an entry is that nobody writes any more.
	draftAge = 10 * time.Minute
)

func (d *Dir) file(key Key) string { return filepath.Join(d.path, string(key)+entrySuffix) }

// Open opens the entry for a key and checks it. One that is damaged goes.
func (d *Dir) Open(key Key) (*Entry, error) {
	path := d.file(key)
	e, err := openEntry(path)
	if err == nil {
		if err = e.check(); err != nil {
			e.Close()
		}
	}
	if err != nil {
		if errors.Is(err, errDamaged) {
			os.Remove(path)
		}
		return nil, err
	}
	now := time.Now()
	os.Chtimes(path, now, now) // it was used
	return e, nil
}

// Create begins the entry for the key of the file at path, which will take about size
// bytes, unless there is no room for it or another process is at it.
func (d *Dir) Create(key Key, path string, size uint64) (*Writer, error) {
	if err := os.MkdirAll(d.path, 0o700); err != nil {
		return nil, err
	}
	if size > d.room() {
		return nil, ErrTooLarge
	}
	draft := d.file(key) + draftSuffix
	removeOld(draft)
	f, err := os.OpenFile(draft, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Writer{
		dir: d, key: key, file: f, out: bufio.NewWriterSize(f, 1<<20), limit: d.room(),
		contents: contents{Info: Info{Path: path, Written: time.Now()}},
	}
	w.put(make([]byte, headerLen))
	return w, nil
}

// removeOld removes a draft that nobody writes any more.
func removeOld(draft string) {
	if info, err := os.Stat(draft); err == nil && time.Since(info.ModTime()) > draftAge {
		os.Remove(draft)
	}
}

// room returns how large an entry may become: half of the folder, and of what the disk
// has left.
func (d *Dir) room() uint64 {
	var disk unix.Statfs_t
	if unix.Statfs(d.path, &disk) != nil {
		return d.limit / 2
	}
	return min(d.limit, disk.Bavail*uint64(disk.Bsize)) / 2
}

// Listed is an entry in a list of them.
type Listed struct {
	Info
	Key  Key
	Size int64
	Used time.Time
}

// List returns the entries, those used last first.
func (d *Dir) List() ([]Listed, error) {
	files, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []Listed
	for _, f := range files {
		key, ok := strings.CutSuffix(f.Name(), entrySuffix)
		info, infoErr := f.Info()
		if !ok || infoErr != nil {
			continue
		}
		l := Listed{Key: Key(key), Size: info.Size(), Used: info.ModTime()}
		if e, err := openEntry(d.file(l.Key)); err == nil {
			l.Info = e.info
			e.Close()
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b Listed) int { return b.Used.Compare(a.Used) })
	return list, err
}

// Clear removes all entries and returns how many there were, and their bytes.
func (d *Dir) Clear() (entries int, bytes int64, err error) {
	list, err := d.List()
	for _, l := range list {
		if e := os.Remove(d.file(l.Key)); e != nil {
			err = errors.Join(err, e)
			continue
		}
		entries++
		bytes += l.Size
	}
	drafts, _ := filepath.Glob(filepath.Join(d.path, "*"+draftSuffix))
	for _, path := range drafts {
		err = errors.Join(err, os.Remove(path))
	}
	return entries, bytes, err
}

// prune removes entries until the others fit, those used last and the given one staying,
// and drafts that nobody writes any more.
func (d *Dir) prune(keep Key) {
	drafts, _ := filepath.Glob(filepath.Join(d.path, "*"+draftSuffix))
	for _, path := range drafts {
		removeOld(path)
	}
	list, err := d.List()
	if err != nil {
		return
	}
	total := uint64(0)
	for _, l := range list {
		if l.Key == keep {
			total += uint64(l.Size)
		}
	}
	for _, l := range list {
		if l.Key == keep {
			continue
		}
		if total += uint64(l.Size); total > d.limit {
			os.Remove(d.file(l.Key))
			total -= uint64(l.Size)
		}
	}
}
