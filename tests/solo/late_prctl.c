/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: prctl() waits until the parent of this process has ended, which
 * LATE_PARENT names and who waits for LATE_MARK.  So the race between them is
 * always lost.
 */
#include <sys/syscall.h>

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

int prctl(int, ...);

int
prctl(int option, ...)
{
	const char *parent = getenv("LATE_PARENT");
	unsigned long arg;
	va_list ap;

	va_start(ap, option);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	if (parent != NULL)
		(void)close(creat(getenv("LATE_MARK"), 0600));
	while (parent != NULL && getppid() == strtol(parent, NULL, 10))
		(void)poll(NULL, 0, 1);
	return ((int)syscall(SYS_prctl, option, arg, 0, 0, 0));
}
