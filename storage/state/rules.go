package state

import "tq/storage/scap"

// rules says what events of some types do to the state. Most do nothing.
type rules map[int]func(*call)

// threadRules are about threads, users and containers.
var threadRules = rules{
	scap.SyscallCloneV11X: (*call).clone,
	scap.SyscallCloneV16X: (*call).clone,
	scap.SyscallCloneV17X: (*call).clone,
	scap.SyscallCloneV20X: (*call).clone,
	scap.SyscallClone3X:   (*call).clone,
	scap.SyscallForkX:     (*call).clone,
	scap.SyscallForkV17X:  (*call).clone,
	scap.SyscallForkV20X:  (*call).clone,
	scap.SyscallVforkX:    (*call).clone,
	scap.SyscallVforkV17X: (*call).clone,
	scap.SyscallVforkV20X: (*call).clone,

	scap.SyscallExecveV8X:  (*call).exec,
	scap.SyscallExecveV13X: (*call).exec,
	scap.SyscallExecveV14X: (*call).exec,
	scap.SyscallExecveV15X: (*call).exec,
	scap.SyscallExecveV16X: (*call).exec,
	scap.SyscallExecveV17X: (*call).exec,
	scap.SyscallExecveV18X: (*call).exec,
	scap.SyscallExecveV19X: (*call).exec,
	scap.SyscallExecveatX:  (*call).exec,

	scap.ProcexitE:   (*call).exit,
	scap.ProcexitV1E: (*call).exit,
	scap.SwitchV1E:   (*call).switchOut,
	scap.SwitchE:     (*call).switchOut,

	scap.SyscallChdirX:     (*call).chdir,
	scap.SyscallGetcwdX:    (*call).chdir,
	scap.SyscallChrootX:    (*call).chroot,
	scap.SyscallSetuidX:    (*call).setuid,
	scap.SyscallSetreuidX:  (*call).setresuid,
	scap.SyscallSetresuidX: (*call).setresuid,
	scap.SyscallSetgidX:    (*call).setgid,
	scap.SyscallSetregidX:  (*call).setresgid,
	scap.SyscallSetresgidX: (*call).setresgid,
	scap.SyscallSetsidX:    (*call).setsid,
	scap.SyscallCapsetX:    (*call).capset,
	scap.SyscallUnshareX:   (*call).unshare,
	scap.SyscallSetnsX:     (*call).unshare,
	scap.SyscallGetrlimitX: (*call).rlimit,
	scap.SyscallSetrlimitX: (*call).rlimit,
	scap.SyscallPrlimitX:   (*call).prlimit,
	scap.SyscallPrctlX:     (*call).prctl,

	scap.UserAddedE:       (*call).user,
	scap.UserDeletedE:     (*call).user,
	scap.GroupAddedE:      (*call).group,
	scap.GroupDeletedE:    (*call).group,
	scap.ContainerE:       (*call).container,
	scap.ContainerJsonE:   (*call).containerJSON,
	scap.ContainerJsonV2E: (*call).containerJSON,
	scap.AsynceventE:      (*call).async,
}

// fdRules are about file descriptors, or follow from one.
var fdRules = rules{
	scap.SyscallOpenX:           (*call).open,
	scap.SyscallCreatX:          (*call).open,
	scap.SyscallOpenatX:         (*call).open,
	scap.SyscallOpenatV2X:       (*call).open,
	scap.SyscallOpenat2X:        (*call).open,
	scap.SyscallOpenByHandleAtX: (*call).open,

	scap.SyscallCloseX:      (*call).close,
	scap.SyscallCloseRangeX: (*call).closeRange,
	scap.SyscallDupX:        (*call).dup,
	scap.SyscallDupV1X:      (*call).dup,
	scap.SyscallDup2X:       (*call).dup,
	scap.SyscallDup3X:       (*call).dup,
	scap.SyscallFcntlX:      (*call).fcntl,

	scap.SyscallPipeX:          (*call).pipe,
	scap.SyscallPipe2X:         (*call).pipe,
	scap.SyscallEventfdX:       (*call).eventfd,
	scap.SyscallEventfd2X:      (*call).eventfd,
	scap.SyscallSignalfdX:      (*call).signalfd,
	scap.SyscallSignalfd4X:     (*call).signalfd,
	scap.SyscallTimerfdCreateX: (*call).timerfd,
	scap.SyscallInotifyInitX:   (*call).inotify,
	scap.SyscallInotifyInit1X:  (*call).inotify,
	scap.SyscallEpollCreateX:   (*call).epoll,
	scap.SyscallEpollCreate1X:  (*call).epoll,
	scap.SyscallUserfaultfdX:   (*call).userfaultfd,
	scap.SyscallIOUringSetupX:  (*call).ioUring,
	scap.SyscallBpfX:           (*call).bpf,
	scap.SyscallBpfV2X:         (*call).bpf,
	scap.SyscallMemfdCreateX:   (*call).memfd,
	scap.SyscallPidfdOpenX:     (*call).pidfdOpen,
	scap.SyscallPidfdGetfdX:    (*call).pidfdGetfd,

	scap.SocketSocketX:     (*call).socket,
	scap.SocketSocketpairX: (*call).socketpair,
	scap.SocketBindX:       (*call).bind,
	scap.SocketConnectE:    (*call).connecting,
	scap.SocketConnectX:    (*call).connect,
	scap.SocketAcceptX:     (*call).accept,
	scap.SocketAcceptV5X:   (*call).accept,
	scap.SocketAccept4X:    (*call).accept,
	scap.SocketAccept4V5X:  (*call).accept,
	scap.SocketAccept4V6X:  (*call).accept,
	scap.SocketSendtoE:     (*call).sending,
	scap.SocketSendmsgE:    (*call).sending,
	scap.SocketSendX:       (*call).send,
	scap.SocketSendtoX:     (*call).send,
	scap.SocketSendmsgX:    (*call).send,
	scap.SocketSendmmsgX:   (*call).send,
	scap.SocketRecvX:       (*call).receive,
	scap.SocketRecvfromX:   (*call).receive,
	scap.SocketRecvmsgX:    (*call).receive,
	scap.SocketRecvmmsgX:   (*call).receive,

	scap.SyscallFchdirX: (*call).fchdir,
}

// storedEnters are the enter events whose parameters recorders of some years gave only
// there, or there in a form that the program could not change meanwhile.
var storedEnters = []int{
	scap.SyscallOpenE, scap.SyscallCreatE, scap.SyscallOpenatE, scap.SyscallOpenatV2E,
	scap.SyscallOpenat2E, scap.SyscallExecveV18E, scap.SyscallExecveV19E,
	scap.SyscallExecveatE, scap.SocketConnectE, scap.SocketSocketE, scap.SocketSendtoE,
	scap.SocketSendmsgE, scap.SyscallFcntlE, scap.SyscallSetuidE, scap.SyscallSetgidE,
	scap.SyscallSetresuidE, scap.SyscallSetresgidE, scap.SyscallUnshareE,
	scap.SyscallSetnsE, scap.SyscallGetrlimitE, scap.SyscallSetrlimitE,
	scap.SyscallPrlimitE,
}
