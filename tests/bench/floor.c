/* SPDX-License-Identifier: MIT */
/*
 * floor N COMMAND [ARG...]: what any supervisor must at least do, and nothing
 * else: fork N times, exec, wait, and fork again what has ended.  It reads no
 * file, says nothing, knows no groups and cleans nothing up between fork and
 * exec.  TERM ends its children and then itself.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define CHILDREN_MAX 100000

static pid_t children[CHILDREN_MAX];
static volatile sig_atomic_t stopping;

static void
on_term(int signo)
{
	size_t i;

	(void)signo;
	stopping = 1;
	for (i = 0; i < CHILDREN_MAX; i++)
		if (children[i] > 0)
			(void)kill(children[i], SIGTERM);
}

static void
start(size_t i, char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)signal(SIGTERM, SIG_DFL);
		(void)execv(argv[0], argv);
		_exit(127);
	}
	if (pid == -1)
		_exit(1);
	children[i] = pid;
	/* The signal may have come before we knew of it. */
	if (stopping)
		(void)kill(pid, SIGTERM);
}

int
main(int argc, char **argv)
{
	size_t i, n;
	pid_t pid;

	n = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	if (n == 0 || n > CHILDREN_MAX)
		return (2);
	(void)signal(SIGTERM, on_term);
	for (i = 0; i < n && !stopping; i++)
		start(i, argv + 2);
	for (;;) {
		pid = waitpid(-1, NULL, 0);
		if (pid == -1 && errno == ECHILD)
			return (0);
		for (i = 0; pid > 0 && i < n; i++) {
			if (children[i] != pid)
				continue;
			children[i] = 0;
			if (!stopping)
				start(i, argv + 2);
			break;
		}
	}
}
