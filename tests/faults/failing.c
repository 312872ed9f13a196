/* SPDX-License-Identifier: MIT */
/*
 * What the kernel and the library may do to sigmund, made to happen: to be
 * preloaded.  It acts in the process it was loaded into, and in no child.
 *
 *	FAILING=malloc:17	the 17th call of malloc fails
 *	FAILING=fork@FILE	every call of fork fails while FILE exists
 *	FAILING_COUNT=FILE	at the end: how many calls of it there were
 *	FAILING_CLOCK=FILE	the wall clock is ahead by the seconds in FILE
 *	FAILING_EXEC_MS=N	in children: each exec takes N ms longer
 */
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	pid_t pid;
	char name[32];
	long at;
	long calls;
	const char *file;
	const char *count;
	const char *clock;
	int exec_ms;
} failing;

static pid_t
own_pid(void)
{
	return ((pid_t)syscall(SYS_getpid));
}

__attribute__((constructor)) static void
begin(void)
{
	const char *what = getenv("FAILING"), *exec_ms;
	size_t len;

	failing.count = getenv("FAILING_COUNT");
	failing.clock = getenv("FAILING_CLOCK");
	if ((exec_ms = getenv("FAILING_EXEC_MS")) != NULL)
		failing.exec_ms = atoi(exec_ms);
	/* For this process alone. */
	(void)unsetenv("LD_PRELOAD");
	if (what != NULL) {
		len = strcspn(what, ":@");
		(void)snprintf(
		    failing.name, sizeof(failing.name), "%.*s", (int)len, what);
		if (what[len] == ':')
			failing.at = atol(what + len + 1);
		else if (what[len] == '@')
			failing.file = what + len + 1;
	}
	failing.calls = 0;
	failing.pid = own_pid();
}

__attribute__((destructor)) static void
end(void)
{
	char text[24];
	int fd, len;

	if (failing.count == NULL || own_pid() != failing.pid)
		return;
	len = snprintf(text, sizeof(text), "%ld\n", failing.calls);
	failing.pid = 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, failing.count,
	    O_WRONLY | O_CREAT | O_TRUNC, 0666);
	(void)!syscall(SYS_write, fd, text, (size_t)len);
	(void)syscall(SYS_close, fd);
}

/* Is this the call of ${name} which fails, with ${code}? */
static bool
fails(const char *name, int code)
{
	int saved_errno = errno;
	bool now;

	if (failing.pid == 0 || strcmp(name, failing.name) != 0 ||
	    own_pid() != failing.pid)
		return (false);
	now = ++failing.calls == failing.at;
	if (failing.file != NULL)
		now = syscall(SYS_faccessat, AT_FDCWD, failing.file, F_OK) == 0;
	errno = now ? code : saved_errno;
	return (now);
}

#define REAL(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

/* A sanitizer has a malloc() of its own. */
#ifndef SANITIZED
/* Of what dlsym() itself asks for, before there is a malloc(). */
static char early[8192];
static size_t early_used;

static void *
take_early(size_t size)
{
	void *p = early + early_used;

	early_used += (size + 15) & ~(size_t)15;
	return (early_used > sizeof(early) ? NULL : p);
}

void *
malloc(size_t size)
{
	static void *(*real)(size_t);
	static bool asking;

	if (fails("malloc", ENOMEM))
		return (NULL);
	if (real == NULL) {
		if (asking)
			return (take_early(size));
		asking = true;
		real = REAL(malloc);
	}
	return (real(size));
}

void *
calloc(size_t n, size_t size)
{
	static void *(*real)(size_t, size_t);
	static bool asking;

	if (fails("malloc", ENOMEM))
		return (NULL);
	if (real == NULL) {
		if (asking)
			return (take_early(n * size));
		asking = true;
		real = REAL(calloc);
	}
	return (real(n, size));
}

void *
realloc(void *p, size_t size)
{
	static void *(*real)(void *, size_t);

	if (fails("malloc", ENOMEM))
		return (NULL);
	if (real == NULL)
		real = REAL(realloc);
	return (real(p, size));
}

void
free(void *p)
{
	static void (*real)(void *);

	if ((char *)p >= early && (char *)p < early + sizeof(early))
		return;
	if (real == NULL)
		real = REAL(free);
	real(p);
}
#endif /* !SANITIZED */

pid_t
fork(void)
{
	return (fails("fork", EAGAIN) ? -1 : REAL(fork)());
}

int
pipe2(int fds[2], int flags)
{
	return (fails("pipe2", EMFILE) ? -1 : REAL(pipe2)(fds, flags));
}

int
socket(int domain, int type, int protocol)
{
	return (fails("socket", EMFILE) ? -1
					: REAL(socket)(domain, type, protocol));
}

int
bind(int fd, const struct sockaddr *address, socklen_t len)
{
	return (fails("bind", EADDRINUSE) ? -1 : REAL(bind)(fd, address, len));
}

int
listen(int fd, int backlog)
{
	return (fails("listen", EADDRINUSE) ? -1 : REAL(listen)(fd, backlog));
}

int
accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
	return (fails("accept4", EMFILE)
		    ? -1
		    : REAL(accept4)(fd, address, len, flags));
}

ssize_t
send(int fd, const void *buf, size_t len, int flags)
{
	return (fails("send", ENOBUFS) ? -1 : REAL(send)(fd, buf, len, flags));
}

ssize_t
recv(int fd, void *buf, size_t len, int flags)
{
	return (fails("recv", ENOMEM) ? -1 : REAL(recv)(fd, buf, len, flags));
}

/* The loop wakes itself by eight bytes through an eventfd: that cannot fail. */
static bool
is_eventfd(size_t len)
{
	return (len == sizeof(uint64_t));
}

ssize_t
read(int fd, void *buf, size_t len)
{
	return (!is_eventfd(len) && fails("read", EIO)
		    ? -1
		    : REAL(read)(fd, buf, len));
}

ssize_t
write(int fd, const void *buf, size_t len)
{
	return (!is_eventfd(len) && fails("write", ENOSPC)
		    ? -1
		    : REAL(write)(fd, buf, len));
}

int
ftruncate(int fd, off_t len)
{
	return (fails("ftruncate", ENOSPC) ? -1 : REAL(ftruncate)(fd, len));
}

int
rename(const char *from, const char *to)
{
	return (fails("rename", EACCES) ? -1 : REAL(rename)(from, to));
}

int
mkdir(const char *path, mode_t mode)
{
	return (fails("mkdir", EACCES) ? -1 : REAL(mkdir)(path, mode));
}

void *
mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	if (fails("mmap", ENOMEM))
		return (MAP_FAILED);
	return ((void *)syscall(SYS_mmap, at, len, prot, flags, fd, offset));
}

int
epoll_create1(int flags)
{
	return (
	    fails("epoll_create1", EMFILE) ? -1 : REAL(epoll_create1)(flags));
}

/* Of the loop itself: what it is deaf to then, nobody can tell it. */
static bool
wakes_loop(int fd)
{
	char name[64], what[64] = "";

	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	(void)!readlink(name, what, sizeof(what) - 1);
	return (strstr(what, "eventfd") != NULL);
}

int
epoll_ctl(int fd, int op, int target, struct epoll_event *event)
{
	return (!wakes_loop(target) && fails("epoll_ctl", ENOMEM)
		    ? -1
		    : REAL(epoll_ctl)(fd, op, target, event));
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (fails("open", EMFILE))
		return (-1);
	return ((int)syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

/* The vDSO must be passed by as well: who asks for the time gets ours. */
int
clock_gettime(clockid_t which, struct timespec *ts)
{
	char text[24] = "";
	int fd, rc = (int)syscall(SYS_clock_gettime, which, ts);

	if (which != CLOCK_REALTIME || failing.clock == NULL)
		return (rc);
	fd = (int)syscall(SYS_openat, AT_FDCWD, failing.clock, O_RDONLY, 0);
	if (fd == -1)
		return (rc);
	(void)!syscall(SYS_read, fd, text, sizeof(text) - 1);
	(void)syscall(SYS_close, fd);
	ts->tv_sec += atol(text);
	return (rc);
}

int
execve(const char *path, char *const argv[], char *const envp[])
{
	if (failing.exec_ms > 0 && own_pid() != failing.pid)
		(void)poll(NULL, 0, failing.exec_ms);
	return ((int)syscall(SYS_execve, path, argv, envp));
}
