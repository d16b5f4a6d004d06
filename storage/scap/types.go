package scap

//go:generate go run ./schema

// EventType describes one type of event as the newest schema declares it.
type EventType struct {
	Code     uint16
	Name     string // what evt.type prints; all versions of a call's events share it
	Enter    bool   // an enter event; exit events have the next odd code
	Category Category
	Source   SourceKind
	Flags    TypeFlags
	Params   []ParamDef
	FD       int8 // index of the parameter with the fd the event is about, or -1
}

// ParamDef describes one parameter of an event type.
type ParamDef struct {
	Name     string
	Type     ParamType
	Format   Format
	DirFD    int8       // index of the parameter with the fd that a relative path starts from, or -1
	Flags    *FlagTable // names of the bits or values of a flags, enumflags or mode parameter
	Variants []ParamDef // what a dynamic parameter can be, by its leading byte

	label string // " name=", as it stands between the parameters of a line
}

// LargePayload reports whether the lengths of the type's parameters have four bytes.
func (t *EventType) LargePayload() bool { return t.Flags&FlagLargePayload != 0 }

// ShowsEnters reports whether an event of this type shows that its recorder wrote the
// enter event of every call. The newest recorders write only the exits, and the enters
// of the five calls whose arguments another thread could change meanwhile.
func (t *EventType) ShowsEnters() bool {
	switch t.Code {
	case SyscallOpenE, SyscallCreatE, SyscallOpenatV2E, SyscallOpenat2E, SocketConnectE:
		return false
	}
	return t.Enter && t.Source == SourceSyscall
}

// TypeFlags says what an event does.
type TypeFlags uint16

// The flags of event types.
const (
	FlagCreatesFD TypeFlags = 1 << iota
	FlagDestroysFD
	FlagUsesFD
	FlagReadsFromFD
	FlagWritesToFD
	FlagModifiesState
	FlagWaits
	FlagSkipParserReset // leaves the thread's last enter event alone
	FlagOldVersion      // a newer type has taken its place
	FlagLargePayload    // parameter lengths have four bytes
	FlagConverterManaged
	FlagUnused
)

// SourceKind says where an event type comes from.
type SourceKind uint8

// The sources of events.
const (
	SourceNone SourceKind = iota
	SourceSyscall
	SourceTracepoint
	SourceMeta
	SourcePlugin
	SourceIter
)

// Category is the kind of work an event stands for.
type Category uint8

// The categories of events. Those of input and output depend on the kind of the file
// descriptor: file, net or ipc.
const (
	CategoryUnknown Category = iota
	CategoryOther
	CategoryFile
	CategoryNet
	CategoryIPC
	CategoryWait
	CategorySignal
	CategorySleep
	CategoryTime
	CategoryProcess
	CategoryScheduler
	CategoryMemory
	CategoryUser
	CategorySystem
	CategoryInternal
	CategoryIORead
	CategoryIOWrite
	CategoryIOOther
)

var categoryNames = [...]string{
	CategoryUnknown:   "unknown",
	CategoryOther:     "other",
	CategoryFile:      "file",
	CategoryNet:       "net",
	CategoryIPC:       "IPC",
	CategoryWait:      "wait",
	CategorySignal:    "signal",
	CategorySleep:     "sleep",
	CategoryTime:      "time",
	CategoryProcess:   "process",
	CategoryScheduler: "scheduler",
	CategoryMemory:    "memory",
	CategoryUser:      "user",
	CategorySystem:    "system",
	CategoryInternal:  "internal",
	CategoryIORead:    "io_read",
	CategoryIOWrite:   "io_write",
	CategoryIOOther:   "io_other",
}

// String returns the category as evt.category prints it.
func (c Category) String() string { return categoryNames[c] }

// ParamType is the encoding of a parameter's value.
type ParamType uint8

// The types of parameters.
const (
	ParamNone ParamType = iota
	ParamInt8
	ParamInt16
	ParamInt32
	ParamInt64
	ParamUint8
	ParamUint16
	ParamUint32
	ParamUint64
	ParamErrno
	ParamFD
	ParamFD32
	ParamPID
	ParamPID32
	ParamCharBuf
	ParamFSPath
	ParamFSRelPath
	ParamByteBuf
	ParamSockAddr
	ParamSockTuple
	ParamFDList
	ParamSyscallID
	ParamSigType
	ParamSigSet
	ParamRelTime
	ParamAbsTime
	ParamFlags8
	ParamFlags16
	ParamFlags32
	ParamEnumflags8
	ParamEnumflags16
	ParamEnumflags32
	ParamMode
	ParamUID
	ParamGID
	ParamBool
	ParamPort
	ParamDyn
	ParamIPv4Addr
	ParamIPv6Addr
	ParamCharBufArray
	ParamCharBufPairArray
)

// Format is how sysdig writes an integer.
type Format uint8

// The formats of integers.
const (
	FormatNA Format = iota
	FormatDec
	FormatHex
	FormatOct
)

// FlagTable names the bits or the values of a parameter. Its order is that in which
// names are tried and printed.
type FlagTable []FlagName

// FlagName is one entry of a [FlagTable].
type FlagName struct {
	Name  string
	Value uint32
}

// SyscallName returns the name of the system call with the given ID, the first parameter
// of generic events. It is empty when the ID is unknown.
func SyscallName(id uint16) string {
	if int(id) >= len(syscallNames) {
		return ""
	}
	return syscallNames[id]
}
