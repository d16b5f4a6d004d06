package state

import "math"

// ThreadID is the index of a version of a thread in [Tracker.Threads].
type ThreadID int32

// NoThread stands for a thread that the capture says nothing of.
const NoThread ThreadID = -1

// FDID is the index of a version of a file descriptor in [Tracker.FDs].
type FDID int32

const (
	// NoFDRef stands for no file descriptor.
	NoFDRef FDID = -1
	// UnknownFD is the version that a system call is about whose descriptor the capture
	// says nothing of. Its name is empty, which is what sysdig prints then.
	UnknownFD FDID = 0
)

// NoFD is the number of no file descriptor. Negative numbers proper occur: -1 for a
// call that failed to make one, -100 for the working directory.
const NoFD int64 = math.MinInt64

// LifeID is the index of a thread's life in [Tracker.Lives]. It tells apart the threads
// that have had one tid.
type LifeID int32

// NoLife stands for an event that belongs to no thread.
const NoLife LifeID = -1

// ProcessID numbers processes. It tells apart those that have had one pid.
type ProcessID int32

// Row is what an event's place in the capture says of it.
type Row struct {
	FD      int64    // number of the descriptor the event is about, or NoFD
	EnterAt int64    // of an exit event: offset of the paired enter event's block, or 0
	Thread  ThreadID // as the event leaves it; NoThread when only its tid is known
	Life    LifeID   // of the thread, also when only its tid is known
	FDRef   FDID     // gives the descriptor's name, type and addresses
	Printed bool     // sysdig shows the event
}
