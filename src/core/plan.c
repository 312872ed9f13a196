/* SPDX-License-Identifier: MIT */
#include <signal.h>

#include "core/program.h"
#include "core/run.h"

#include "core/plan.h"

/* Whom SIGKILL is for. */
static enum run_scope
last(const struct program *p)
{
	if (p->leftovers != LEFTOVERS_LEAVE)
		return (SCOPE_TREE);
	return (p->killasgroup ? SCOPE_GROUP : SCOPE_LEADER);
}

struct run_plan
plan_stop(const struct program *p, int received)
{
	bool follows = p->stopsignal == STOPSIGNAL_RECEIVED;
	int signo = p->stopsignal;

	if (follows)
		signo = received == SIGINT ? SIGINT : SIGTERM;
	return ((struct run_plan){
	    .signo = signo,
	    .term_follows = follows && signo == SIGINT,
	    .sweep_on_stop = p->leftovers != LEFTOVERS_LEAVE,
	    .sweep_on_exit = p->leftovers == LEFTOVERS_KILL,
	    .first = p->stopasgroup ? SCOPE_GROUP : SCOPE_LEADER,
	    .last = last(p),
	    .grace_ms = p->stopwaitsecs_ms,
	});
}
