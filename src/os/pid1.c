/* SPDX-License-Identifier: MIT */
#include <sys/prctl.h>
#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/err.h"

#include "os/fds.h"
#include "os/pid1.h"
#include "os/signals.h"

bool
pid1_is(void)
{
	return (getpid() == 1);
}

int
pid1_stdio(struct err *err)
{
	int i, fd;

	for (i = 0; i < 3; i++) {
		if (fcntl(i, F_GETFD) != -1)
			continue;
		/* The lowest free number is taken, which is this one. */
		if ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1 &&
		    (fd = open("/", O_PATH | O_CLOEXEC)) == -1)
			return (err_set(err, errno, "cannot open /dev/null"));
	}
	return (0);
}

static void
hear_nothing(int signo)
{
	(void)signo;
}

void
pid1_signals(void)
{
	struct sigaction sa = { .sa_handler = hear_nothing };

	signals_heed();
	(void)sigaction(SIGPIPE, &sa, NULL);
	signals_unblock();
}

void
pid1_close_inherited(void)
{
	fds_close_from(3, -1);
}

int
pid1_subreaper(struct err *err)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1 && !pid1_is())
		return (err_set(err, errno, "cannot become a subreaper"));
	return (0);
}

unsigned long
pid1_raise_nofile(struct rlimit *old)
{
	struct rlimit raised;

	/* Cannot fail: the limit exists and the pointer is ours. */
	(void)getrlimit(RLIMIT_NOFILE, old);
	raised = *old;
	raised.rlim_cur = raised.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &raised) == -1)
		raised = *old;
	return ((unsigned long)raised.rlim_cur);
}

void
pid1_leave_directory(void)
{
	/* Where even "/" cannot be entered we are as well off as before. */
	(void)!chdir("/");
}
