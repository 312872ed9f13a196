/* SPDX-License-Identifier: MIT */
/*
 * beat: the service of the benchmark.  It tells the FIFO which $BEAT names
 * that it runs and since when, and then does what "sleep 1000" does.  Whoever
 * reads the FIFO need not look for it, nor look often: the time is in the
 * message.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SLEEP_S 1000

struct beat {
	int64_t pid;
	int64_t ns; /* CLOCK_MONOTONIC */
};

int
main(void)
{
	const char *path = getenv("BEAT");
	struct timespec ts;
	struct beat beat;
	int fd;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	beat.pid = getpid();
	beat.ns = (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
	/* Without a reader the benchmark is over, and so are we. */
	if (path == NULL || (fd = open(path, O_WRONLY | O_NONBLOCK)) == -1)
		return (1);
	if (write(fd, &beat, sizeof(beat)) != (ssize_t)sizeof(beat))
		return (1);
	(void)close(fd);
	(void)alarm(SLEEP_S);
	for (;;)
		(void)pause();
}
