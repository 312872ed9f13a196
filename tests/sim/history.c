/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "core/program.h"

#include "history.h"

void
history_wrong(struct history *h, uint32_t who, const char *what)
{
	if (h->wrong != NULL)
		return;
	h->wrong = what;
	h->who = who;
}

/* The service at place ${i} as it was after the last step. */
static struct glimpse *
seen_at(struct history *h, uint32_t i)
{
	return (&h->seen[history_who(h, i)]);
}

static void
look(struct history *h, uint32_t i)
{
	const struct service *s = &h->sv->services[i];

	*seen_at(h, i) = (struct glimpse){ s->state, s->run.phase, s->run.stop,
		s->run.number };
}

uint32_t
history_who(const struct history *h, uint32_t i)
{
	const struct service_def *def = h->sv->defs[i];

	return (def->name[0] == '\0' ? NAMES : def->number);
}

struct past *
history_past(struct history *h, uint32_t i)
{
	return (&h->pasts[history_who(h, i)]);
}

void
history_begin(
    struct history *h, const struct supervisor *sv, const struct world *w)
{
	uint32_t i;

	h->sv = sv;
	h->world = w;
	h->jumped = 0;
	h->booted = h->shutdown = h->hurry = h->done = false;
	memset(h->pasts, 0, sizeof(h->pasts));
	h->wrong = NULL;
	for (i = 0; i < NAMES; i++)
		h->pasts[i].may_start_at = WORLD_NEVER;
	for (i = 0; i < sv->n; i++)
		look(h, i);
}

/* The grace is over by our own account. */
static bool
hurried(const struct history *h)
{
	return (h->hurry || (h->shutdown && h->world->now >= h->kill_at));
}

/* Is everything above the level of place ${i} down, or stuck? */
static bool
above_is_down(const struct history *h, uint32_t i)
{
	const struct service_def *const *defs = h->sv->defs;
	uint32_t k, who;

	for (k = 0; k < h->sv->n; k++) {
		who = history_who(h, k);
		if (h->sv->services[k].leaving ||
		    defs[k]->level <= defs[i]->level)
			continue;
		if (world_has(h->world, who) && !h->pasts[who].stuck)
			return (false);
	}
	return (true);
}

/* A stop has begun, or come to SIGKILL. */
static void
check_stop(struct history *h, uint32_t i)
{
	const struct service *s = &h->sv->services[i];
	const struct program *program = h->sv->defs[i]->program;
	struct past *p = history_past(h, i);
	const struct glimpse *was = seen_at(h, i);
	bool begun = was->stop == RUN_STOP_NOT || was->run != s->run.number;
	int64_t clock = h->world->now - h->jumped;

	if (begun && h->shutdown && !hurried(h) && !p->excused &&
	    !p->asked_end && !above_is_down(h, i))
		history_wrong(h, history_who(h, i),
		    "I4: stopped before the level above was down");
	if (begun) {
		p->signalled_at = h->world->now;
		p->grace = program->stopwaitsecs_ms;
		p->must_end = clock + p->grace + 2 * RUN_STUCK_MS;
	}
	if (s->run.stop == RUN_STOP_STUCK &&
	    h->world->now < p->killed_at + RUN_STUCK_MS)
		history_wrong(
		    h, history_who(h, i), "I3: stuck before its time");
	if (s->run.stop != RUN_STOP_KILLED)
		return;
	p->killed_at = h->world->now;
	if (seen_at(h, i)->stop == RUN_STOP_STUCK)
		p->must_end = clock + RUN_STUCK_MS;
	else if (!hurried(h) && program->stopsignal != SIGKILL && !p->changed &&
		 h->world->now < p->signalled_at + p->grace)
		history_wrong(h, history_who(h, i),
		    "I3: killed before the grace was over");
}

/* What supervisord, and our two rules, make of the end of a run. */
static enum service_state
expected_end(const struct history *h, const struct program *program,
    struct past *p, int64_t *wait_ms)
{
	static const int64_t waits[] = { 1000, 2000, 4000, 8000, 10000 };
	int code = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : -1;
	bool good =
	    code >= 0 && (program->exitcodes[code / 32] >> code % 32 & 1) != 0;

	*wait_ms = WORLD_NEVER;
	if (p->fork_failed || p->means) {
		*wait_ms = waits[p->fork_fails];
		p->fork_fails += p->fork_fails < 4;
		return (SERVICE_BACKOFF);
	}
	p->fork_fails = 0;
	if (!p->proved) {
		if (p->fails == program->startretries ||
		    p->fails > program->startretries)
			return (SERVICE_FATAL);
		*wait_ms = 1000 * (int64_t)++p->fails;
		return (SERVICE_BACKOFF);
	}
	p->fails = 0;
	p->quick = p->ended_at - p->forked_at < 1000 ? p->quick + 1 : 0;
	if (program->autorestart == AUTORESTART_NEVER ||
	    (program->autorestart == AUTORESTART_UNEXPECTED && good))
		return (SERVICE_EXITED);
	*wait_ms = p->quick > 5 ? 1000 : 0;
	(void)h;
	return (p->quick > 5 ? SERVICE_BACKOFF : SERVICE_EXITED);
}

/* The run of the service at ${i} is over. */
static void
check_end(struct history *h, uint32_t i)
{
	const struct service *s = &h->sv->services[i];
	const struct service_def *def = h->sv->defs[i];
	struct past *p = history_past(h, i);
	enum service_state state = SERVICE_STOPPED;
	int64_t wait_ms = WORLD_NEVER;

	if (!p->asked_end && h->shutdown)
		state = SERVICE_EXITED;
	else if (!p->asked_end)
		state = expected_end(h, def->program, p, &wait_ms);
	if (s->state != state) {
		history_wrong(h, def->number,
		    p->asked_end ? "the run was to end, and it is not STOPPED"
				 : "I5: this end does not lead to this state");
		return;
	}
	if (state == SERVICE_BACKOFF && s->deadline.ms != p->ended_at + wait_ms)
		history_wrong(h, def->number, "I5: the wait is another");
	if (!p->asked_end && !h->shutdown)
		p->may_start_at = wait_ms == WORLD_NEVER
				      ? WORLD_NEVER
				      : p->ended_at + wait_ms;
}

/* The run is over and has left some: may they stay? */
static void
check_left(struct history *h, uint32_t i)
{
	struct past *p = history_past(h, i);
	enum program_leftovers policy = h->sv->defs[i]->program->leftovers;

	if (policy == LEFTOVERS_KILL ||
	    (policy == LEFTOVERS_KILL_ON_STOP &&
		seen_at(h, i)->stop != RUN_STOP_NOT))
		history_wrong(h, history_who(h, i),
		    "I3: what was to be ended is left alone");
	p->left_due = seen_at(h, i)->run;
}

/* Does anything live on which this start has to wait for? */
static bool
others_go(const struct history *h)
{
	const struct past *p;
	uint32_t i, who;

	for (i = 0; i < h->sv->n; i++) {
		if ((who = history_who(h, i)) == NAMES)
			continue;
		p = &h->pasts[who];
		/* What was stuck once is not waited for again. */
		if (p->going && !p->stuck && world_has(h->world, who) &&
		    h->sv->services[i].run.stop != RUN_STOP_STUCK)
			return (true);
	}
	return (false);
}

/* The service at ${i} has just come to this state. */
static void
check_move(struct history *h, uint32_t i)
{
	const struct service *s = &h->sv->services[i];
	struct past *p = history_past(h, i);

	h->moves[seen_at(h, i)->state][s->state]++;
	/* From here on it waits no more, whatever is removed. */
	if (s->state == SERVICE_STARTING) {
		if (p->behind && others_go(h))
			history_wrong(h, history_who(h, i),
			    "I4: added before the removed had gone");
		p->behind = false;
	}
	if (s->state == SERVICE_RUNNING && h->world->now < p->up_at)
		history_wrong(h, history_who(h, i),
		    "RUNNING before startsecs have passed");
}

void
history_step(struct history *h, const struct event *ev)
{
	const struct service *s;
	struct glimpse *was;
	uint32_t i;

	for (i = 0; i < h->sv->n; i++) {
		if (history_who(h, i) == NAMES)
			continue;
		s = &h->sv->services[i];
		was = seen_at(h, i);
		if (h->shutdown && s->state == SERVICE_STOPPING &&
		    s->reason != REASON_SWEEP)
			history_past(h, i)->asked_end = true;
		if (s->run.stop != was->stop && s->run.phase != RUN_NONE)
			check_stop(h, i);
		if (s->state != was->state)
			check_move(h, i);
		if (was->phase != RUN_NONE && s->run.phase == RUN_NONE) {
			/* A fork which was called off has ended nothing. */
			if (ev == NULL || ev->type < EVENT_FORKED)
				history_past(h, i)->asked_end = true;
			check_end(h, i);
			if (ev != NULL && ev->type == EVENT_EXITED &&
			    ev->left > 0)
				check_left(h, i);
		}
		look(h, i);
	}
}

static void
check_fork(struct history *h, uint32_t i, uint64_t run)
{
	uint32_t who = history_who(h, i);
	struct past *p = &h->pasts[who];
	struct past fresh = {
		.want = p->want,
		.fails = p->fails,
		.fork_fails = p->fork_fails,
		.quick = p->quick,
		.run = run,
		.left_due = p->left_due,
		.may_start_at = WORLD_NEVER,
		.announced = p->announced,
	};

	if (world_has(h->world, who))
		history_wrong(h, who, "I1: forked while one of it lives");
	if (run <= p->run)
		history_wrong(h, who, "I1: the number of a run repeats");
	if (h->shutdown)
		history_wrong(h, who, "I6: forked in a shutdown");
	if (!p->want || h->sv->services[i].leaving)
		history_wrong(h, who, "forked against the wish");
	if (p->may_start_at > h->world->now)
		history_wrong(h, who, "I5: forked before its time");
	*p = fresh;
}

static void
check_signal(struct history *h, const struct action *a)
{
	const struct service_def *def = h->sv->defs[a->service];
	const struct life *l = &h->world->lives[def->number];
	int pid = h->sv->services[a->service].run.pid;
	int want = def->program->stopsignal;

	if (a->run != l->run || l->phase == LIFE_NONE || l->phase == LIFE_ASKED)
		history_wrong(h, def->number, "I2: a signal for what is over");
	else if (l->leader >= 0 && h->world->processes[l->leader].pid != pid)
		history_wrong(h, def->number, "I2: a signal for another pid");
	else if (l->leader < 0 && a->scope != SCOPE_TREE)
		history_wrong(
		    h, def->number, "I2: its pid is not ours any more");
	if (h->pasts[def->number].left_due == a->run)
		history_wrong(
		    h, def->number, "I2: a signal for the left alone");
	if (a->type == ACTION_KILL || h->pasts[def->number].changed)
		return;
	if (want == STOPSIGNAL_RECEIVED
		? a->signo != SIGTERM &&
		      (a->signo != SIGINT || h->sv->received != SIGINT)
		: a->signo != want)
		history_wrong(h, def->number, "not its stop signal");
	if (l->leader >= 0 &&
	    a->scope !=
		(def->program->stopasgroup ? SCOPE_GROUP : SCOPE_LEADER))
		history_wrong(h, def->number, "the stop signal is for others");
}

/* The shutdown says that it is over. */
static void
check_done(struct history *h, int code)
{
	const struct service *s;
	bool alive = false, runs = false, waited = false;
	uint32_t i;

	for (i = 0; i < h->sv->n; i++) {
		s = &h->sv->services[i];
		alive |= world_has(h->world, history_who(h, i));
		runs |= s->run.phase != RUN_NONE;
		waited |=
		    s->run.phase != RUN_NONE && !history_past(h, i)->stuck;
	}
	if (!h->shutdown || h->done)
		history_wrong(h, NAMES, "I6: done with what?");
	h->done = true;
	if (alive && code == 0)
		history_wrong(h, NAMES, "I6: exit 0, and somebody lives");
	if (!runs && code != 0)
		history_wrong(h, NAMES, "I6: exit 1, and all had ended well");
	if (waited && h->world->now < h->end_at)
		history_wrong(h, NAMES, "I6: given up before its time");
}

void
history_action(struct history *h, const struct action *a)
{
	struct past *p;
	uint32_t who;

	h->actions[a->type]++;
	if (a->type == ACTION_DONE) {
		check_done(h, a->code);
		return;
	}
	who = h->sv->defs[a->service]->number;
	p = history_past(h, a->service);
	switch (a->type) {
	case ACTION_ANNOUNCE:
		if (a->from != p->announced)
			history_wrong(h, who, "an announcement was lost");
		p->announced = a->to;
		break;
	case ACTION_FORK:
		check_fork(h, a->service, a->run);
		break;
	case ACTION_SIGNAL:
	case ACTION_KILL:
		check_signal(h, a);
		break;
	case ACTION_LEFT:
		if (p->left_due != a->run)
			history_wrong(h, who, "LEFT, and nothing is left");
		p->left_due = 0;
		break;
	case ACTION_STUCK:
		p->stuck = true;
		if (h->world->lives[who].phase == LIFE_NONE || a->run != p->run)
			history_wrong(h, who, "STUCK, and it is gone");
		break;
	case ACTION_GONE:
		if (world_has(h->world, who))
			history_wrong(h, who, "GONE, and it is there");
		p->announced = SERVICE_STOPPED;
		break;
	case ACTION_DONE:
	case ACTION_COUNT:
		break;
	}
}

/* All which the service at ${i} owes when nothing is pending. */
static void
check_quiet(struct history *h, uint32_t i)
{
	const struct service *s = &h->sv->services[i];
	uint32_t who = history_who(h, i);
	const struct past *p = history_past(h, i);

	if ((int)s->state != p->announced)
		history_wrong(h, who, "a state was not announced");
	if (s->want_up != p->want)
		history_wrong(h, who, "I8: the wish has changed by itself");
	if (p->left_due != 0)
		history_wrong(h, who, "what was left has not been told");
	if (h->booted && !h->shutdown && s->want_up &&
	    s->state == SERVICE_STOPPED)
		history_wrong(h, who, "a wish was forgotten");
	if (!h->shutdown && s->state == SERVICE_EXITED &&
	    p->may_start_at != WORLD_NEVER)
		history_wrong(h, who, "a restart was forgotten");
	if (s->state == SERVICE_STOPPING && s->run.phase >= RUN_FORKED &&
	    s->run.stop != RUN_STOP_STUCK &&
	    h->world->now - h->jumped > p->must_end)
		history_wrong(h, who, "I3: this stop does not end");
	if ((s->run.stop == RUN_STOP_STUCK) && !p->stuck)
		history_wrong(h, who, "I3: stuck, and nobody was told");
	if (s->starts < s->restarts)
		history_wrong(h, who, "more restarts than starts");
}

void
history_quiet(struct history *h)
{
	uint32_t i;

	for (i = 0; i < h->sv->n; i++)
		if (history_who(h, i) != NAMES)
			check_quiet(h, i);
	if (h->shutdown && !h->done && h->world->now - h->jumped > h->last_at)
		history_wrong(h, NAMES, "I6: the shutdown does not end");
}

void
history_update(struct history *h, const struct supervisor *sv)
{
	h->sv = sv;
	history_step(h, NULL);
}

void
history_added(struct history *h, uint32_t who, bool autostart)
{
	uint64_t run = h->pasts[who].run;

	h->pasts[who] = (struct past){
		.want = autostart,
		.run = run,
		.behind = true,
		.may_start_at = autostart ? 0 : WORLD_NEVER,
	};
	h->seen[who] = (struct glimpse){ .run = run };
}
