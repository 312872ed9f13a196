/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include "core/program.h"

#include "core/restart.h"

void
restart_reset(struct restart *rs)
{
	*rs = (struct restart){ 0 };
}

bool
restart_expected(const struct program *p, int status)
{
	return (WIFEXITED(status) && program_expects(p, WEXITSTATUS(status)));
}

/* 1, 2, 4, 8, 10, 10 ... seconds. */
static int64_t
fork_wait_ms(unsigned failures)
{
	int64_t ms =
	    failures > 4 ? RESTART_FORK_WAIT_MAX_MS : (int64_t)500 << failures;

	return (ms > RESTART_FORK_WAIT_MAX_MS ? RESTART_FORK_WAIT_MAX_MS : ms);
}

/* The program never came up. */
static enum restart_verdict
failed_start(struct restart *rs, const struct program *p, int64_t *wait_ms)
{
	if (rs->retries >= p->startretries)
		return (RESTART_GIVE_UP);
	rs->retries++;
	*wait_ms = (int64_t)1000 * rs->retries;
	return (RESTART_RETRY);
}

enum restart_verdict
restart_decide(struct restart *rs, const struct program *p,
    const struct restart_end *end, int64_t *wait_ms)
{
	if (end->no_means) {
		if (rs->fork_failures < 5)
			rs->fork_failures++;
		*wait_ms = fork_wait_ms(rs->fork_failures);
		return (RESTART_RETRY);
	}
	rs->fork_failures = 0;
	if (!end->up)
		return (failed_start(rs, p, wait_ms));
	rs->retries = 0;
	if (end->lived_ms >= RESTART_QUICK_MS)
		rs->burst = 0;
	else if (rs->burst < RESTART_BURST + 1)
		rs->burst++;
	if (p->autorestart == AUTORESTART_NEVER ||
	    (p->autorestart == AUTORESTART_UNEXPECTED &&
		restart_expected(p, end->status)))
		return (RESTART_STAY);
	if (rs->burst <= RESTART_BURST)
		return (RESTART_AT_ONCE);
	*wait_ms = RESTART_QUICK_MS;
	return (RESTART_THROTTLE);
}
