/* SPDX-License-Identifier: MIT */
#ifndef CLI_GOAL_H
#define CLI_GOAL_H

#include <stdbool.h>
#include <stdint.h>

/* Opaque types. */
struct wire_service;

/*
 * What sigctl waits for.  sigmund tells the states of a service, first as it
 * was before the command and then each change; when that is what was asked
 * for is decided here.
 */
enum goal {
	GOAL_UP,      /* start: it is proved up, or has done its work. */
	GOAL_RENEWED, /* restart: so is a later run. */
	GOAL_SETTLED, /* update: likewise, but is not given a second try. */
	GOAL_DOWN,    /* stop: nothing of it runs. */
	GOAL_GONE,    /* update: it is no more. */
	GOAL_READY,   /* wait: it is ready, whoever starts it. */
	GOAL_ENDED    /* wait: the run that was there has ended. */
};

enum verdict {
	VERDICT_OPEN,
	VERDICT_MET,
	VERDICT_FAILED /* It will not come about by itself. */
};

/* One look at a service. */
struct sight {
	const struct wire_service *service;
	uint64_t run_before; /* Only a later run counts as started. */
	bool first;          /* This is how it was then. */
	bool gone;           /* The service is no more. */
};

/**
 * goal_judge(goal, sight):
 * Return what ${sight} means for ${goal}.
 */
enum verdict goal_judge(enum goal, const struct sight *);

#endif /* !CLI_GOAL_H */
