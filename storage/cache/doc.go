// Package cache keeps what was found out about files, so that it need not be found out
// again when they are opened next. It knows nothing of what that is.
//
// A [Dir] is a folder of entries. An [Entry] is sections of bytes under names, written by
// a [Writer] and mapped into memory when it is read; [Bytes] and [Slice] turn lists of
// values without pointers into sections and back without copying.
//
//	key, err := cache.KeyOf("incident.scap")
//	entry, err := dir.Open(key)
//	if err != nil { // not there, or damaged
//		w, err := dir.Create(key, "incident.scap", size)
//		err = w.Write("rows", cache.Bytes(rows))
//		err = w.Commit()
//	}
//	rows, err := cache.Slice[row](entry.Section("rows"))
//
// What an entry is of is told by its [Key]: it says what is in a file, not where it is.
// Entries appear whole, under their names, or not at all; each section has a checksum. A
// folder may be used by any number of processes at the same time: one that writes an entry
// keeps others from writing the same. When a folder becomes too large, entries that were
// not used for the longest time go.
package cache
