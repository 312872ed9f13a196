/* SPDX-License-Identifier: MIT */
#ifndef CORE_RESTART_H
#define CORE_RESTART_H

#include <stdbool.h>
#include <stdint.h>

/* Opaque types. */
struct program;

/*
 * What follows when a run has ended by itself.  supervisord's rules: a start
 * which fails (the program ends before startsecs, whatever its exit code) is
 * tried again after 1, 2, 3 ... seconds, startretries times; a program which
 * ends after it was up follows autorestart, at once.  Two rules are ours: a
 * start which failed for want of a pid, a descriptor or memory says nothing
 * about the program and is tried again for ever; and a program which ends
 * within a second of each start is held to one start a second after five.
 */

/* A run shorter than this counts towards the burst. */
#define RESTART_QUICK_MS         1000
#define RESTART_BURST            5
/* The longest wait after a fork which failed. */
#define RESTART_FORK_WAIT_MAX_MS 10000

/* The counters which the rules need; a part of the service's state. */
struct restart {
	unsigned retries;       /* Failed starts in a row. */
	unsigned fork_failures; /* Starts in a row without means. */
	unsigned burst;         /* Quick ends in a row. */
};

/* How a run ended. */
struct restart_end {
	bool up;          /* It had been proved up. */
	bool no_means;    /* Not even a process: our lack, not its fault. */
	int status;       /* As wait(2) gives it. */
	int64_t lived_ms; /* From fork to exit. */
};

enum restart_verdict {
	RESTART_STAY,     /* EXITED, and not started again. */
	RESTART_AT_ONCE,  /* EXITED, then started. */
	RESTART_THROTTLE, /* EXITED too often: BACKOFF. */
	RESTART_RETRY,    /* BACKOFF. */
	RESTART_GIVE_UP   /* FATAL. */
};

/**
 * restart_reset(rs):
 * Forget all failures: an operator has asked for a start.
 */
void restart_reset(struct restart *);

/**
 * restart_decide(rs, p, end, wait_ms):
 * Return what follows the ${end} of a run of ${p}, and count it in ${rs}.
 * THROTTLE and RETRY set ${wait_ms}, counted from the end of the run.
 */
enum restart_verdict restart_decide(struct restart *, const struct program *,
    const struct restart_end *, int64_t *);

/**
 * restart_expected(p, status):
 * Was ending with ${status} an exit with one of ${p}'s exitcodes?
 */
bool restart_expected(const struct program *, int);

#endif /* !CORE_RESTART_H */
