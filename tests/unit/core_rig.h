/* SPDX-License-Identifier: MIT */
#ifndef UNIT_CORE_RIG_H
#define UNIT_CORE_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/program.h"
#include "core/run.h"
#include "core/service.h"
#include "core/supervisor.h"

/*
 * A supervisor with time by hand.  Its services are a, b, c ..., each a
 * program of its own with supervisord's defaults, which a test changes before
 * rig_start().  What the supervisor wants is written down in words:
 *
 *	a:STARTING	the state was announced
 *	a:fork		ACTION_FORK; answered by FORKED and EXECED, see below
 *	a:TERM/leader	ACTION_SIGNAL and its scope: leader, group, tree
 *	a:KILL/tree	ACTION_KILL
 *	a:left a:stuck a:gone done=0
 */

#define RIG_MAX 8

struct rig {
	struct program programs[RIG_MAX];
	struct service_def defs[RIG_MAX];
	struct fleet fleet;
	struct supervisor *sv;
	int64_t now;
	bool no_fork; /* Do not answer ACTION_FORK at all. */
	bool no_exec; /* Answer it by FORKED alone. */
	char text[4096];
	size_t len;
	_Alignas(16) char block[16384];
	_Alignas(16) char other[16384]; /* For updates and loads. */
};

/**
 * rig_init(r, n):
 * Make ${r} a fleet of ${n} services, not yet started.
 */
void rig_init(struct rig *, size_t);

/**
 * rig_start(r):
 * Boot at time 0 and do what follows.  Nothing of it is in the next
 * rig_said().
 */
void rig_start(struct rig *);

/**
 * rig_post(r, ev):
 * rig_command(r, type, i):
 * rig_exit(r, i, status, left):
 * Post an event, a command, or the exit of service ${i}'s run, and do what
 * follows.
 */
void rig_post(struct rig *, struct event);
void rig_command(struct rig *, enum event_type, uint32_t);
void rig_exit(struct rig *, uint32_t, int, unsigned);

/**
 * rig_event(r, type, i):
 * Return an event of that type about service ${i}'s present run.
 */
struct event rig_event(const struct rig *, enum event_type, uint32_t);

/**
 * rig_hear(r, ev):
 * Post ${ev} and do nothing of what follows; rig_drain(r) does it.
 */
void rig_hear(struct rig *, struct event);
void rig_drain(struct rig *);

/**
 * rig_until(r, ms):
 * Let time pass until ${ms}, with each deadline on its minute.
 */
void rig_until(struct rig *, int64_t);

/**
 * rig_update(r, next):
 * Let ${r} go on with the fleet of ${next}, and do what follows.
 */
void rig_update(struct rig *, const struct rig *);

/**
 * rig_said(r):
 * Return the words since the last call.
 */
const char *rig_said(struct rig *);

/**
 * rig_state(r, i):
 * rig_service(r, i):
 * Return the word for the state of service ${i}; the service.
 */
const char *rig_state(const struct rig *, uint32_t);
struct service *rig_service(struct rig *, uint32_t);

#define EXIT_WITH(code) ((code) << 8)

#endif /* !UNIT_CORE_RIG_H */
