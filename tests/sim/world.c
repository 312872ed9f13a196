/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "world.h"

#define PID_MAX 160

/* True once in ${n} times; never for 0. */
static bool
chance(struct world *w, uint32_t n)
{
	return (n != 0 && rng_one_in(w->rng, n));
}

static int64_t
soon(struct world *w, uint32_t ms)
{
	return (w->now + (ms == 0 ? 0 : rng_below(w->rng, ms + 1)));
}

static void
random_temper(struct temper *t, struct rng *r)
{
	static const uint32_t odds[] = { 0, 0, 0, 1, 2, 4, 16 };
	static const uint32_t lives[] = { 10, 300, 900, 1500, 4000, 60000 };
	static const uint32_t dies[] = { 0, 0, 50, 1500, 12000 };

	*t = (struct temper){
		.fork_fails = rng_one_in(r, 4) ? odds[rng_below(r, 7)] : 40,
		.exec_fails = rng_one_in(r, 4) ? odds[rng_below(r, 7)] : 0,
		.exec_hangs = rng_one_in(r, 4) ? odds[rng_below(r, 7)] : 0,
		.no_means = odds[rng_below(r, 7)],
		.forks = odds[rng_below(r, 7)],
		.deaf = odds[rng_below(r, 7)],
		.unkillable = rng_one_in(r, 3) ? odds[rng_below(r, 7)] : 0,
		.mortal = odds[rng_below(r, 7)],
		.lives_ms = lives[rng_below(r, 6)],
		.dies_ms = dies[rng_below(r, 5)],
	};
}

void
world_init(struct world *w, struct rng *rng)
{
	uint32_t i;

	memset(w, 0, sizeof(*w));
	w->rng = rng;
	w->last_pid = 1;
	w->slow = rng_one_in(rng, 3);
	for (i = 0; i < NAMES; i++) {
		w->lives[i].leader = -1;
		random_temper(&w->tempers[i], rng);
	}
}

/* A pid which no process has. */
static int
free_pid(struct world *w)
{
	uint32_t i;
	int pid = w->last_pid;

again:
	if (++pid > PID_MAX)
		pid = 2;
	for (i = 0; i < w->used; i++)
		if (w->processes[i].used && w->processes[i].pid == pid)
			goto again;
	/* The next one is often the one which was just freed. */
	w->last_pid = rng_one_in(w->rng, 4) ? 1 : pid;
	return (pid);
}

/* A process of the run of service ${who}, or NULL: the table is full. */
static struct process *
spawn(struct world *w, uint32_t who)
{
	const struct temper *t = &w->tempers[who];
	struct process *p;
	uint32_t i = 0;

	while (i < w->used && w->processes[i].used)
		i++;
	if (i == WORLD_PROCESSES)
		return (NULL);
	if (i == w->used)
		w->used++;
	p = &w->processes[i];
	*p = (struct process){
		.used = true,
		.pid = free_pid(w),
		.who = who,
		.run = w->lives[who].run,
		.deaf = chance(w, t->deaf) ? rng_next(w->rng) : 0,
		.status = (int)rng_below(w->rng, 3) << 8,
		.dies_at =
		    chance(w, t->mortal) ? soon(w, t->lives_ms) : WORLD_NEVER,
		.wakes_at = chance(w, t->unkillable) ? soon(w, 20000) : 0,
		.splits_at =
		    chance(w, t->forks) ? soon(w, t->lives_ms) : WORLD_NEVER,
	};
	if (rng_one_in(w->rng, 8))
		p->status = 1 + (int)rng_below(w->rng, 15);
	w->lives[who].members++;
	return (p);
}

/* The life which ${p} is of, or NULL: that is over. */
static struct life *
life_of(struct world *w, const struct process *p)
{
	struct life *l = &w->lives[p->who];

	return (l->phase != LIFE_NONE && l->run == p->run ? l : NULL);
}

/* When the daemon will see what happens now. */
static int64_t
told_at(struct world *w)
{
	return (w->slow ? soon(w, 2000) : w->now);
}

static void
die(struct world *w, struct process *p)
{
	struct life *l = life_of(w, p);

	p->dies_at = p->splits_at = WORLD_NEVER;
	if (p->leader) {
		p->zombie = true;
		l->tell_at = told_at(w);
		if (l->exec_at > w->now)
			l->exec_at = WORLD_NEVER;
		return;
	}
	p->used = false;
	if (l != NULL && --l->members == 0 && l->phase == LIFE_REAPED)
		l->tell_at = told_at(w);
}

/* ${p} forks; the child may go its own way. */
static void
split(struct world *w, struct process *p)
{
	struct process *child;

	p->splits_at = rng_one_in(w->rng, 3) ? soon(w, 3000) : WORLD_NEVER;
	if (life_of(w, p) == NULL || (child = spawn(w, p->who)) == NULL)
		return;
	child->ungroup = p->ungroup || rng_one_in(w->rng, 4);
	child->left = p->left;
	if (!rng_one_in(w->rng, 4))
		child->splits_at = WORLD_NEVER;
}

void
world_advance(struct world *w, int64_t now)
{
	struct process *p;
	uint32_t i;

	w->now = now;
	for (i = 0; i < w->used; i++) {
		p = &w->processes[i];
		if (!p->used || p->zombie)
			continue;
		if (p->splits_at <= now)
			split(w, p);
		if (p->dies_at <= now)
			die(w, p);
	}
	while (w->used > 0 && !w->processes[w->used - 1].used)
		w->used--;
}

/* When there will be something to tell about ${l}. */
static int64_t
news_at(const struct world *w, const struct life *l)
{
	int64_t at = WORLD_NEVER;

	switch (l->phase) {
	case LIFE_NONE:
		return (WORLD_NEVER);
	case LIFE_ASKED:
		return (l->tell_at);
	case LIFE_FORKED:
		at = l->exec_at;
		/* FALLTHROUGH */
	case LIFE_UP:
		if (w->processes[l->leader].zombie && l->tell_at < at)
			at = l->tell_at;
		return (at);
	case LIFE_REAPED:
		return (l->members == 0 ? l->tell_at : WORLD_NEVER);
	}
	return (WORLD_NEVER);
}

int64_t
world_next(const struct world *w)
{
	const struct process *p;
	int64_t at = WORLD_NEVER, t;
	uint32_t i, live;

	for (i = 0; i < w->used; i++) {
		p = &w->processes[i];
		if (!p->used || p->zombie)
			continue;
		t = p->dies_at < p->splits_at ? p->dies_at : p->splits_at;
		at = t < at ? t : at;
	}
	for (live = w->live; live != 0; live &= live - 1) {
		t = news_at(w, &w->lives[__builtin_ctz(live)]);
		at = t < at ? t : at;
	}
	return (at);
}

void
world_fork(struct world *w, uint32_t who, uint64_t run)
{
	w->live |= 1U << who;
	w->lives[who] = (struct life){
		.phase = LIFE_ASKED,
		.run = run,
		.leader = -1,
		.tell_at = rng_one_in(w->rng, 8) ? soon(w, 20) : w->now,
	};
}

/* ${signo} reaches ${p}. */
static void
deliver(struct world *w, struct process *p, int signo)
{
	int64_t at =
	    soon(w, signo == SIGKILL ? 30 : w->tempers[p->who].dies_ms);

	if (p->zombie || (signo != SIGKILL && p->deaf >> signo & 1))
		return;
	at = p->wakes_at > at ? p->wakes_at : at;
	if (at < p->dies_at) {
		p->dies_at = at;
		/* Some end by their own will, with a status of their own. */
		if (signo == SIGKILL || rng_one_in(w->rng, 2))
			p->status = signo;
	}
	if (signo == SIGKILL && rng_one_in(w->rng, 16) && p->wakes_at <= w->now)
		p->splits_at = w->now;
	else if (signo == SIGKILL)
		p->splits_at = WORLD_NEVER;
}

void
world_signal(struct world *w, uint32_t who, uint64_t run, int signo,
    enum run_scope scope)
{
	struct process *p;
	uint32_t i;

	for (i = 0; i < w->used; i++) {
		p = &w->processes[i];
		if (!p->used || p->who != who || p->run != run)
			continue;
		if (scope == SCOPE_LEADER ? p->leader
					  : scope == SCOPE_TREE || !p->ungroup)
			deliver(w, p, signo);
	}
}

void
world_leave(struct world *w, uint32_t who, uint64_t run)
{
	struct process *p;
	uint32_t i;

	for (i = 0; i < w->used; i++) {
		p = &w->processes[i];
		if (p->used && p->who == who && p->run == run)
			p->left = true;
	}
}

/* The outcome of a fork. */
static bool
tell_fork(struct world *w, uint32_t who, struct event *ev)
{
	struct life *l = &w->lives[who];
	const struct temper *t = &w->tempers[who];
	struct process *p;

	if (chance(w, t->fork_fails) || (p = spawn(w, who)) == NULL) {
		l->phase = LIFE_NONE;
		ev->type = EVENT_FORK_FAILED;
		ev->error = rng_one_in(w->rng, 2) ? EAGAIN : EPERM;
		return (true);
	}
	p->leader = true;
	l->leader = (int)(p - w->processes);
	l->phase = LIFE_FORKED;
	l->exec_at = rng_one_in(w->rng, 3) ? soon(w, 50) : w->now;
	if (chance(w, t->exec_hangs))
		l->exec_at =
		    rng_one_in(w->rng, 2) ? WORLD_NEVER : soon(w, 30000);
	l->exec_fails = chance(w, t->exec_fails);
	ev->type = EVENT_FORKED;
	ev->pid = p->pid;
	return (true);
}

/* The outcome of an exec, if it was reached. */
static bool
tell_exec(struct world *w, uint32_t who, struct event *ev)
{
	struct life *l = &w->lives[who];
	struct process *p = &w->processes[l->leader];

	l->exec_at = WORLD_NEVER;
	if (!l->exec_fails) {
		l->phase = LIFE_UP;
		ev->type = EVENT_EXECED;
		return (true);
	}
	ev->type = EVENT_EXEC_FAILED;
	ev->error = chance(w, w->tempers[who].no_means) ? EAGAIN : ENOENT;
	ev->stage = 7;
	p->status = 127 << 8;
	p->splits_at = WORLD_NEVER;
	if (!p->zombie)
		p->dies_at = soon(w, 5);
	return (true);
}

static bool
tell_exit(struct world *w, uint32_t who, struct event *ev)
{
	struct life *l = &w->lives[who];
	struct process *p = &w->processes[l->leader];

	p->used = false;
	l->members--;
	l->leader = -1;
	l->phase = l->members > 0 ? LIFE_REAPED : LIFE_NONE;
	l->tell_at = WORLD_NEVER;
	ev->type = EVENT_EXITED;
	ev->status = p->status;
	ev->left = l->members;
	return (true);
}

/* Tell what is due about service ${who}. */
static bool
tell(struct world *w, uint32_t who, struct event *ev)
{
	struct life *l = &w->lives[who];

	if (news_at(w, l) > w->now)
		return (false);
	*ev = (struct event){ .run = l->run };
	switch (l->phase) {
	case LIFE_NONE:
		return (false);
	case LIFE_ASKED:
		return (tell_fork(w, who, ev));
	case LIFE_FORKED:
		/* The pipe of the exec is read before the exit is told. */
		if (l->exec_at <= w->now)
			return (tell_exec(w, who, ev));
		/* FALLTHROUGH */
	case LIFE_UP:
		return (tell_exit(w, who, ev));
	case LIFE_REAPED:
		l->phase = LIFE_NONE;
		ev->type = EVENT_TREE_EMPTY;
		return (true);
	}
	return (false);
}

bool
world_event(struct world *w, struct event *ev, uint32_t *who)
{
	uint32_t live, first, i;

	if (w->live == 0)
		return (false);
	/* Those from a random one on, then those before it. */
	first = ~0U << rng_below(w->rng, NAMES);
	for (i = 0; i < 2; i++, first = ~first)
		for (live = w->live & first; live != 0; live &= live - 1) {
			*who = (uint32_t)__builtin_ctz(live);
			if (!tell(w, *who, ev))
				continue;
			if (w->lives[*who].phase == LIFE_NONE)
				w->live &= ~(1U << *who);
			return (true);
		}
	return (false);
}

bool
world_has(const struct world *w, uint32_t who)
{
	const struct process *p;
	uint32_t i;

	for (i = 0; i < w->used; i++) {
		p = &w->processes[i];
		if (p->used && p->who == who && !p->left)
			return (true);
	}
	return (who < NAMES && w->lives[who].phase == LIFE_ASKED);
}
