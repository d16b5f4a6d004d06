package scap

import (
	"path"
	"strconv"
)

// atFDCWD stands for the working directory where a directory's file descriptor is
// expected.
const atFDCWD = -100

// appendResolved appends what the value stands for, or nothing.
func (x *value) appendResolved(dst []byte, res Resolver) []byte {
	if x.absent {
		return dst
	}
	switch x.typ {
	case ParamErrno, ParamFD, ParamFD32, ParamPID, ParamPID32:
		return appendMeaning(dst, x.typ, x.n, res)
	case ParamFlags8, ParamFlags16, ParamFlags32, ParamMode:
		return x.def.Flags.appendBits(dst, uint32(x.n))
	case ParamEnumflags8, ParamEnumflags16, ParamEnumflags32:
		return x.def.Flags.appendValues(dst, uint32(x.n))
	case ParamUID:
		if uint32(x.n) == noID {
			return append(dst, "<NONE>"...)
		}
		if res != nil {
			name, ok := res.User(uint32(x.n))
			return appendID(dst, name, ok)
		}
	case ParamGID:
		if uint32(x.n) == noID {
			return append(dst, "<NONE>"...)
		}
		if res != nil {
			name, ok := res.Group(uint32(x.n))
			return appendID(dst, name, ok)
		}
	case ParamSyscallID:
		return append(dst, SyscallName(uint16(x.n))...)
	case ParamSigType:
		return append(dst, SignalName(uint8(x.n))...)
	case ParamRelTime:
		if x.n != -1 {
			dst = strconv.AppendFloat(dst, float64(uint64(x.n))/1e9, 'g', 6, 64)
			return append(dst, 's')
		}
	case ParamFSPath, ParamFSRelPath:
		if res != nil {
			return x.appendPath(dst, res)
		}
	}
	return dst
}

// appendMeaning appends what an error's number, a file descriptor or the id of a thread
// stands for, or nothing.
func appendMeaning(dst []byte, typ ParamType, n int64, res Resolver) []byte {
	switch typ {
	case ParamErrno:
		if n < 0 {
			return append(dst, ErrnoName(n)...)
		}
	case ParamFD, ParamFD32:
		return appendFD(dst, n, res)
	case ParamPID, ParamPID32:
		if res != nil {
			if comm, ok := res.Comm(n); ok {
				return append(dst, comm...)
			}
		}
	}
	return dst
}

// noID is the user or group that says there is none.
const noID = 1<<32 - 1

func appendID(dst []byte, name string, ok bool) []byte {
	if !ok || name == "" {
		return append(dst, "<NA>"...)
	}
	return appendSanitized(dst, []byte(name))
}

// appendFD appends <type>name for an open file descriptor, and the name of an error or
// of the working directory for what stands in place of one.
func appendFD(dst []byte, num int64, res Resolver) []byte {
	switch {
	case num == atFDCWD:
		return append(dst, "AT_FDCWD"...)
	case num < 0:
		return append(dst, ErrnoName(num)...)
	case res == nil:
		return dst
	}
	fd, ok := res.FD(num)
	if !ok {
		return dst
	}
	dst = append(dst, '<', fd.Type.Char())
	switch fd.Type {
	case FDIPv4, FDIPv6, FDIPv4Server, FDIPv6Server:
		switch fd.L4 {
		case L4TCP:
			dst = append(dst, 't')
		case L4UDP:
			dst = append(dst, 'u')
		case L4ICMP:
			dst = append(dst, 'i')
		case L4Raw:
			dst = append(dst, 'r')
		}
	}
	dst = append(dst, '>')
	return appendSanitized(dst, []byte(fd.Name))
}

// appendPath appends the absolute path that a relative one meant.
func (x *value) appendPath(dst []byte, res Resolver) []byte {
	if len(x.v) == 0 || x.v[0] == '/' || string(x.v) == "<NA>" {
		return dst
	}
	base := ""
	if dir, ok := x.e.dirFD(x.def); ok && dir != atFDCWD {
		if fd, ok := res.FD(dir); ok {
			base = fd.Name
		}
	} else {
		base = res.Cwd()
	}
	abs := path.Join(base, string(x.v))
	if abs == "." {
		return dst // nothing is known of where it is
	}
	return appendSanitized(dst, []byte(abs))
}

// dirFD returns the file descriptor that the paths of a parameter start from.
func (e *Event) dirFD(def *ParamDef) (int64, bool) {
	if def.Type != ParamFSRelPath || def.DirFD < 0 {
		return 0, false
	}
	return e.Int(int(def.DirFD))
}

// appendBits appends the names of the bits that are set. A name that stands for several
// bits takes them all, so the order of the table matters; bits without a name are left
// out.
func (t *FlagTable) appendBits(dst []byte, bits uint32) []byte {
	if t == nil {
		return dst
	}
	rest, mark := bits, len(dst)
	for _, f := range *t {
		if rest&f.Value != f.Value || f.Value == 0 && bits != 0 {
			continue
		}
		if len(dst) > mark {
			dst = append(dst, '|')
		}
		dst = append(dst, f.Name...)
		rest &^= f.Value
		if f.Value == bits {
			break
		}
	}
	return dst
}

// appendValues appends every name of exactly this value.
func (t *FlagTable) appendValues(dst []byte, v uint32) []byte {
	if t == nil {
		return dst
	}
	mark := len(dst)
	for _, f := range *t {
		if f.Value != v {
			continue
		}
		if len(dst) > mark {
			dst = append(dst, '|')
		}
		dst = append(dst, f.Name...)
	}
	return dst
}
