/* SPDX-License-Identifier: MIT */
/*
 * recorder: a command which tells which signals it got, and its opposite.
 *
 *	recorder record FILE N	write "ready" to FILE, then each signal that
 *				comes, "NUMBER VALUE", until there were N
 *	recorder both FILE N	the same, with a child in our group which does
 *				it with FILE.2
 *	recorder flood FILE N	write "ready"; when N real-time signals have
 *				come, and nothing more for a while, write their
 *				values in their order, then "usr1 NANOSECONDS"
 *				of the latest USR1
 *	recorder send PID ID N	queue N real-time signals for PID, values
 *				ID * 1000000 and up, as fast as it goes, an
 *				USR1 with each; print "usr1 NANOSECONDS", the
 *				clock just before the last of these
 *	recorder die SIG	die by SIG
 *	recorder pong		print the clock at each USR1, in a handler
 *	recorder ping N ...	execute that with `recorder pong' added, and
 *				print for N signals how many nanoseconds passed
 *				from the kill() to the handler, one a line
 *
 * All signals are blocked where they are read, also those which the C library
 * hides; that is why there are bare system calls.
 */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FLOOD_SIGNAL (SIGRTMIN + 3)
#define SENDER       1000000

static void
die(const char *what)
{
	perror(what);
	exit(65);
}

static int64_t
now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

static void
block_all(void)
{
	uint64_t all = ~UINT64_C(0);

	if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8) == -1)
		die("sigprocmask");
}

/* The next signal, or 0 when ${ms} have passed; below 0: no limit. */
static int
next_signal(siginfo_t *info, int ms)
{
	uint64_t all = ~UINT64_C(0);
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };
	int signo;

	do
		signo = (int)syscall(
		    SYS_rt_sigtimedwait, &all, info, ms < 0 ? NULL : &ts, 8);
	while (signo == -1 && errno == EINTR);
	return (signo == -1 ? 0 : signo);
}

static int
record(const char *path, int n)
{
	FILE *f = fopen(path, "w");
	siginfo_t info;

	if (f == NULL)
		die(path);
	(void)fprintf(f, "ready %d\n", (int)getpid());
	(void)fflush(f);
	while (n > 0) {
		(void)next_signal(&info, -1);
		/* The end of the child of "both". */
		if (info.si_signo == SIGCHLD)
			continue;
		(void)fprintf(f, "%d %d\n", info.si_signo,
		    info.si_code == SI_QUEUE ? info.si_value.sival_int : 0);
		(void)fflush(f);
		n--;
	}
	return (fclose(f) == 0 ? 0 : 1);
}

static int
record_both(const char *path, int n)
{
	char second[4096];
	int status, code;
	pid_t pid;

	(void)snprintf(second, sizeof(second), "%s.2", path);
	if ((pid = fork()) == -1)
		die("fork");
	if (pid == 0)
		_exit(record(second, n));
	code = record(path, n);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return (1);
	return (code);
}

static int
flood(const char *path, int n)
{
	int32_t *values = calloc((size_t)n, sizeof(*values));
	int64_t usr1 = 0;
	FILE *f = fopen(path, "w");
	siginfo_t info;
	int i, signo, got = 0;

	if (f == NULL || values == NULL)
		die(path);
	(void)fprintf(f, "ready\n");
	(void)fflush(f);
	while ((signo = next_signal(&info, got < n ? -1 : 500)) != 0) {
		if (signo == SIGUSR1)
			usr1 = now_ns();
		else if (signo == FLOOD_SIGNAL && got < n)
			values[got++] = info.si_value.sival_int;
		else if (signo == SIGTERM)
			break;
		else
			(void)fprintf(f, "surprise %d\n", signo);
	}
	for (i = 0; i < got; i++)
		(void)fprintf(f, "%" PRId32 "\n", values[i]);
	(void)fprintf(f, "usr1 %" PRId64 "\n", usr1);
	free(values);
	return (fclose(f) == 0 ? 0 : 1);
}

static int
send_flood(pid_t pid, int id, int n)
{
	union sigval v;
	int64_t usr1 = 0;
	int i;

	for (i = 0; i < n; i++) {
		v.sival_int = id * SENDER + i;
		while (sigqueue(pid, FLOOD_SIGNAL, v) == -1)
			if (errno != EAGAIN)
				die("sigqueue");
		usr1 = now_ns();
		if (kill(pid, SIGUSR1) == -1)
			die("kill");
	}
	(void)printf("usr1 %" PRId64 "\n", usr1);
	return (0);
}

static int
die_by(int signo)
{
	struct rlimit none = { 0, 0 };
	uint64_t nothing = 0;

	(void)setrlimit(RLIMIT_CORE, &none);
	/* A sanitizer has put handlers of its own on the faults. */
	(void)signal(signo, SIG_DFL);
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &nothing, NULL, 8);
	(void)kill(getpid(), signo);
	return (66);
}

static void
say_now(int signo)
{
	int64_t now = now_ns();

	(void)signo;
	(void)!write(STDOUT_FILENO, &now, sizeof(now));
}

static _Noreturn void
pong(void)
{
	struct sigaction sa = { .sa_handler = say_now };
	int64_t ready = 0;

	(void)sigaction(SIGUSR1, &sa, NULL);
	(void)!write(STDOUT_FILENO, &ready, sizeof(ready));
	for (;;)
		(void)pause();
}

/* Execute ${argv}, which has room for two more, with stdout to ${fd}. */
static void
exec_pong(char **argv, int argc, char *self, int fd)
{
	char word[] = "pong";

	argv[argc] = self;
	argv[argc + 1] = word;
	if (dup2(fd, STDOUT_FILENO) == -1)
		_exit(65);
	(void)execvp(argv[0], argv);
	_exit(65);
}

static int
ping(int n, char **command, int argc, char *self)
{
	char **argv = calloc((size_t)argc + 3, sizeof(*argv));
	int64_t start, end;
	int fds[2];
	pid_t pid;

	if (argv == NULL || pipe(fds) == -1)
		die("pipe");
	memcpy(argv, command, (size_t)argc * sizeof(*argv));
	if ((pid = fork()) == 0)
		exec_pong(argv, argc, self, fds[1]);
	(void)close(fds[1]);
	if (read(fds[0], &end, sizeof(end)) != sizeof(end))
		die("pong");
	for (; n > 0; n--) {
		start = now_ns();
		if (kill(pid, SIGUSR1) == -1 ||
		    read(fds[0], &end, sizeof(end)) != sizeof(end))
			die("ping");
		(void)printf("%" PRId64 "\n", end - start);
	}
	(void)kill(pid, SIGTERM);
	(void)waitpid(pid, NULL, 0);
	free(argv);
	return (0);
}

static int
is_mode(int argc, char **argv, const char *mode, int args)
{
	return (strcmp(argv[1], mode) == 0 && argc >= args + 2);
}

/* Digits only come from our own tests. */
static int
number(const char *text)
{
	return ((int)strtol(text, NULL, 10));
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return (64);
	if (is_mode(argc, argv, "die", 1))
		return (die_by(number(argv[2])));
	if (is_mode(argc, argv, "pong", 0))
		pong();
	if (is_mode(argc, argv, "ping", 1))
		return (ping(number(argv[2]), argv + 3, argc - 3, argv[0]));
	if (is_mode(argc, argv, "send", 3))
		return (send_flood(
		    number(argv[2]), number(argv[3]), number(argv[4])));
	block_all();
	if (is_mode(argc, argv, "record", 2))
		return (record(argv[2], number(argv[3])));
	if (is_mode(argc, argv, "both", 2))
		return (record_both(argv[2], number(argv[3])));
	if (is_mode(argc, argv, "flood", 2))
		return (flood(argv[2], number(argv[3])));
	return (64);
}
