"""The system calls that a submission may make: those named here, and no others.

The table lists what Python, NumPy, pandas, matplotlib, threads, multiprocessing and subprocess need. A call that is not
listed fails with ENOSYS, as on a kernel that does not have it, so libraries fall back to older calls. In particular, there
is no memory that the limits cannot count (System V segments, message queues, memfd, pages lent to pipes), no new
namespace, no mount, no tracing, no key ring, and no io_uring, bpf, perf or userfaultfd.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable

# Each entry: the name, its number on x86_64, its number on aarch64; "-" where the architecture does not have it.
ALLOWED = """
# files that are open
read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69, pwritev 296 70,
preadv2 327 286, pwritev2 328 287, lseek 8 62, close 3 57, close_range 436 436, dup 32 23, dup2 33 -,
dup3 292 24, flock 73 32, fsync 74 82, fdatasync 75 83, ftruncate 77 46, fallocate 285 47,
fadvise64 221 223, getdents 78 -, getdents64 217 61,
# files by name
open 2 -, openat 257 56, creat 85 -, stat 4 -, fstat 5 80, lstat 6 -, newfstatat 262 79, statx 332 291,
statfs 137 43, fstatfs 138 44, access 21 -, faccessat 269 48, faccessat2 439 439, readlink 89 -,
readlinkat 267 78, getcwd 79 17, chdir 80 49, fchdir 81 50, mkdir 83 -, mkdirat 258 34, rmdir 84 -,
unlink 87 -, unlinkat 263 35, rename 82 -, renameat 264 38, renameat2 316 276, link 86 -, linkat 265 37,
symlink 88 -, symlinkat 266 36, mknod 133 -, mknodat 259 33, truncate 76 45, umask 95 166,
# owners, rights and times of one's own files
chmod 90 -, fchmod 91 52, fchmodat 268 53, chown 92 -, fchown 93 55, lchown 94 -, fchownat 260 54, utime 132 -,
utimes 235 -, futimesat 261 -, utimensat 280 88, getxattr 191 8, lgetxattr 192 9, fgetxattr 193 10,
listxattr 194 11, llistxattr 195 12, flistxattr 196 13, setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7,
removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16,
# pipes, waiting, events
pipe 22 -, pipe2 293 59, poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, epoll_create 213 -,
epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441,
eventfd 284 -, eventfd2 290 19, signalfd 282 -, signalfd4 289 74, timerfd_create 283 85,
timerfd_settime 286 86, timerfd_gettime 287 87, inotify_init 253 -, inotify_init1 294 26,
inotify_add_watch 254 27, inotify_rm_watch 255 28,
# memory
brk 12 214, mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, madvise 28 233, msync 26 227,
mincore 27 232, membarrier 324 283,
# processes and threads
fork 57 -, vfork 58 -, execve 59 221, exit 60 93, exit_group 231 94, wait4 61 260, waitid 247 95,
getpid 39 172, getppid 110 173, gettid 186 178, getpgrp 111 -, getpgid 121 155, setpgid 109 154,
getsid 124 156, setsid 112 157, set_tid_address 218 96, set_robust_list 273 99, get_robust_list 274 100,
futex 202 98, futex_waitv 449 449, rseq 334 293, arch_prctl 158 -, pidfd_open 434 434,
# signals
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigsuspend 130 133,
rt_sigtimedwait 128 137, sigaltstack 131 132, pause 34 -, restart_syscall 219 128,
# time
time 201 -, gettimeofday 96 169, clock_gettime 228 113, clock_getres 229 114, nanosleep 35 101,
clock_nanosleep 230 115, alarm 37 -, getitimer 36 102, setitimer 38 103, timer_create 222 107,
timer_settime 223 110, timer_gettime 224 108, timer_getoverrun 225 109, timer_delete 226 111, times 100 153,
# who and where
getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getresuid 118 148, getresgid 120 150,
getgroups 115 158, capget 125 90, uname 63 160, sysinfo 99 179, getcpu 309 168, getrandom 318 278,
getrusage 98 165, getrlimit 97 163, setrlimit 160 164, getpriority 140 141,
sched_yield 24 124, sched_getaffinity 204 123,
sched_getparam 143 121, sched_getscheduler 145 120, sched_get_priority_max 146 125,
sched_get_priority_min 147 126,
# sockets between processes of one submission
bind 49 200, listen 50 201, accept 43 202, accept4 288 242, connect 42 203, shutdown 48 210,
getsockname 51 204, getpeername 52 205, getsockopt 55 209, sendto 44 206, recvfrom 45 207, sendmsg 46 211,
recvmsg 47 212, sendmmsg 307 269, recvmmsg 299 243,
"""

# A program of the Berkeley Packet Filter: (code, steps to skip if true, steps to skip if false, value).
Step = tuple[int, int, int, int]
_LOAD, _EQUAL, _GREATER, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # places in struct seccomp_data
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def one_of(values: Iterable[int], error: int) -> list[Step]:
    """Allow these values of the argument; fail with `error` for any other."""
    steps: list[Step] = []
    for value in values:
        steps += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    return [*steps, (_RETURN, 0, 0, _FAIL | error)]


def not_one_of(values: Iterable[int], error: int) -> list[Step]:
    """Fail with `error` for these values of the argument; allow any other."""
    steps: list[Step] = []
    for value in values:
        steps += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _FAIL | error)]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def none_of(bits: int, error: int) -> list[Step]:
    """Fail with `error` if any of these bits is set."""
    return [(_ANY_BIT, 0, 1, bits), (_RETURN, 0, 0, _FAIL | error), (_RETURN, 0, 0, _ALLOW)]


# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, and CLONE_PARENT: a child that is not one's own.
_NAMESPACES = 0x7E020000 | 0x8000
# Signal at a parent's end, name, timer slack, capability set, no_new_privs, names of memory. Not: being undumpable,
# which would hide memory from whoever counts it.
_PRCTL = (1, 2, 3, 15, 16, 21, 23, 29, 30, 38, 39, 0x53564D41)
# TCGETS, TCGETS2, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_IOCTL = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# SO_REUSEADDR, KEEPALIVE, LINGER, PASSCRED, RCVTIMEO, SNDTIMEO. Not: larger buffers.
_SETSOCKOPT = (2, 9, 13, 16, 20, 21)
_AF_UNIX = 1
# Where a jail has no process IDs of its own, whoever watches a submission's memory can be sent signals: ending it ends the
# submission, too, but stopping it would leave nobody who counts. Nor may its limits or its processors be changed.
_STOPS = (19, 20, 21, 22)  # SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU
_F_SETSIG = 10  # another signal than SIGIO for what happens to a file
_ITSELF = (0,)

# Allowed for some values of one argument: the entry as above, the argument, and what is done with it.
CHOSEN = (
    ("clone 56 220", 0, none_of(_NAMESPACES, errno.EPERM)),  # clone3 hides its flags in memory: it is not listed
    ("socket 41 198", 0, one_of([_AF_UNIX], errno.EAFNOSUPPORT)),
    ("socketpair 53 199", 0, one_of([_AF_UNIX], errno.EAFNOSUPPORT)),
    ("setsockopt 54 208", 2, one_of(_SETSOCKOPT, errno.ENOPROTOOPT)),
    ("prctl 157 167", 0, one_of(_PRCTL, errno.EINVAL)),
    ("ioctl 16 29", 1, one_of(_IOCTL, errno.ENOTTY)),
    ("kill 62 129", 1, not_one_of(_STOPS, errno.EPERM)),
    ("tkill 200 130", 1, not_one_of(_STOPS, errno.EPERM)),
    ("tgkill 234 131", 2, not_one_of(_STOPS, errno.EPERM)),
    ("rt_sigqueueinfo 129 138", 1, not_one_of(_STOPS, errno.EPERM)),
    ("pidfd_send_signal 424 424", 1, not_one_of(_STOPS, errno.EPERM)),
    ("fcntl 72 25", 1, not_one_of([_F_SETSIG], errno.EINVAL)),
    ("prlimit64 302 261", 0, one_of(_ITSELF, errno.EPERM)),
    ("sched_setaffinity 203 122", 0, one_of(_ITSELF, errno.EPERM)),
)


def numbers(machine: str) -> dict[str, int]:
    """The numbers of the calls that are allowed whatever their arguments are."""
    lines = (line for line in ALLOWED.splitlines() if not line.startswith("#"))
    entries = (entry for line in lines for entry in line.split(",") if entry.strip())
    return dict(named for entry in entries for named in _entry(entry, machine))


def _entry(entry: str, machine: str) -> list[tuple[str, int]]:
    name, *of_machines = entry.split()
    number = of_machines[list(ARCHITECTURES).index(machine)]
    return [] if number == "-" else [(name, int(number))]


def program(machine: str) -> bytes:
    """The filter for seccomp. Raises KeyError for a machine that the table does not know."""
    unknown: Step = (_RETURN, 0, 0, _FAIL | errno.ENOSYS)
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, ARCHITECTURES[machine]), unknown, (_LOAD, 0, 0, _NUMBER)]
    for entry, argument, decide in CHOSEN:
        for _, number in _entry(entry, machine):
            decided = [(_LOAD, 0, 0, _ARGUMENTS + 8 * argument), *decide]
            steps += [(_EQUAL, 0, len(decided), number), *decided]
    for first, last in _ranges(numbers(machine).values()):
        steps += [(_AT_LEAST, 1, 0, first), unknown, (_GREATER, 1, 0, last), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in [*steps, unknown])


def _ranges(values: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers taken together, in ascending order: (first, last)."""
    found: list[tuple[int, int]] = []
    for value in sorted(values):
        if found and value == found[-1][1] + 1:
            found[-1] = (found[-1][0], value)
        else:
            found.append((value, value))
    return found
