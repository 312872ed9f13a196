/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/signame.h"

/* The first name of a number is the one which is printed. */
static const struct {
	const char *name;
	int signo;
} names[] = {
	{ "HUP", SIGHUP },
	{ "INT", SIGINT },
	{ "QUIT", SIGQUIT },
	{ "ILL", SIGILL },
	{ "TRAP", SIGTRAP },
	{ "ABRT", SIGABRT },
	{ "BUS", SIGBUS },
	{ "FPE", SIGFPE },
	{ "KILL", SIGKILL },
	{ "USR1", SIGUSR1 },
	{ "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE },
	{ "ALRM", SIGALRM },
	{ "TERM", SIGTERM },
	{ "STKFLT", SIGSTKFLT },
	{ "CHLD", SIGCHLD },
	{ "CONT", SIGCONT },
	{ "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU },
	{ "URG", SIGURG },
	{ "XCPU", SIGXCPU },
	{ "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },
	{ "WINCH", SIGWINCH },
	{ "IO", SIGIO },
	{ "PWR", SIGPWR },
	{ "SYS", SIGSYS },
	/* Synonyms. */
	{ "IOT", SIGIOT },
	{ "CLD", SIGCHLD },
	{ "POLL", SIGPOLL },
};
#define NNAMES (sizeof(names) / sizeof(names[0]))

/* All of ${text} as a decimal number from ${lo} to ${hi}, or -1. */
static int
number(const char *text, int lo, int hi)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)text[0]))
		return (-1);
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || n < lo || n > hi)
		return (-1);
	return ((int)n);
}

/* RTMIN, RTMIN+n, RTMAX, RTMAX-n. */
static int
realtime(const char *text)
{
	int n, span = SIGRTMAX - SIGRTMIN;

	if (strncasecmp(text, "RTMIN", 5) == 0) {
		if (text[5] == '\0')
			return (SIGRTMIN);
		n = text[5] == '+' ? number(text + 6, 0, span) : -1;
		return (n < 0 ? -1 : SIGRTMIN + n);
	}
	if (strncasecmp(text, "RTMAX", 5) == 0) {
		if (text[5] == '\0')
			return (SIGRTMAX);
		n = text[5] == '-' ? number(text + 6, 0, span) : -1;
		return (n < 0 ? -1 : SIGRTMAX - n);
	}
	return (-1);
}

int
signame_number(const char *text)
{
	size_t i;

	if (isdigit((unsigned char)text[0]))
		return (number(text, 1, SIGRTMAX));
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (i = 0; i < NNAMES; i++)
		if (strcasecmp(text, names[i].name) == 0)
			return (names[i].signo);
	return (realtime(text));
}

const char *
signame_text(int signo, char buf[SIGNAME_MAX])
{
	size_t i;

	for (i = 0; i < NNAMES; i++) {
		if (names[i].signo == signo) {
			(void)snprintf(buf, SIGNAME_MAX, "%s", names[i].name);
			return (buf);
		}
	}
	if (signo >= SIGRTMIN && signo <= SIGRTMAX)
		(void)snprintf(
		    buf, SIGNAME_MAX, "RTMIN+%d", (signo - SIGRTMIN) & 63);
	else
		(void)snprintf(buf, SIGNAME_MAX, "%d", signo);
	return (buf);
}
