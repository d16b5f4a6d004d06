package storage

import "tq/storage/scap"

// patience is how likely a thread that leaves a CPU during a call is to wait for what the
// call is about.
type patience uint8

const (
	seldom    patience = iota // it may wait for memory or a lock of the kernel's
	sometimes                 // where data or room for them are not there at once
	often                     // to wait is what it is made for
)

// patienceOf tells how patient a kind of call is.
func patienceOf(k *eventKind) patience {
	if k.is(scap.FlagWaits) {
		return often
	}
	return patientCalls[k.name]
}

// patientCalls are the calls that wait often or sometimes, beyond those that the event table
// says it of.
var patientCalls = func() map[string]patience {
	calls := map[string]patience{}
	for p, names := range map[patience][]string{
		often: {
			"nanosleep", "clock_nanosleep", "pause", "rt_sigsuspend", "sigsuspend", "rt_sigtimedwait",
			"poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2",
			"wait4", "waitid", "waitpid", "vfork",
			"flock", "semop", "semtimedop", "msgrcv", "mq_timedreceive",
			"fsync", "fdatasync", "sync", "syncfs", "sync_file_range", "msync",
			"io_getevents", "io_pgetevents", "io_uring_enter",
		},
		sometimes: {
			"read", "readv", "pread", "pread64", "preadv", "preadv2", "readahead", "getdents", "getdents64",
			"write", "writev", "pwrite", "pwrite64", "pwritev", "pwritev2", "sendfile", "splice", "tee", "copy_file_range",
			"recv", "recvfrom", "recvmsg", "recvmmsg", "send", "sendto", "sendmsg", "sendmmsg",
			"accept", "accept4", "connect", "shutdown", "close", "msgsnd", "mq_timedsend",
			"futex", "futex_wait", "futex_waitv", "fcntl",
			"open", "openat", "openat2", "creat", "stat", "lstat", "fstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
			"unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat",
			"mkdir", "mkdirat", "rmdir", "truncate", "ftruncate", "fallocate", "mount", "umount", "umount2",
			"execve", "execveat", "clone", "clone3", "fork", "exit", "exit_group", "ptrace",
		},
	} {
		for _, name := range names {
			calls[name] = p
		}
	}
	return calls
}()
