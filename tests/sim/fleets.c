/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "fleets.h"

/* Two of them are one program: names are compared by both parts. */
static const struct {
	const char *program;
	const char *process;
} names[NAMES] = {
	{ "web", "web" },
	{ "db", "db" },
	{ "queue", "queue_00" },
	{ "queue", "queue_01" },
	{ "cache", "cache" },
	{ "mail", "mail" },
	{ "mail", "web" },
	{ "api", "api" },
	{ "cron", "cron" },
	{ "report", "report" },
	{ "search", "search" },
	{ "proxy", "proxy" },
	{ "a", "b" },
	{ "ab", "a" },
	{ "worker", "worker_0" },
	{ "worker", "worker_1" },
};

static const char *const nothing[] = { NULL };

static void
random_policy(struct program *p, struct rng *r)
{
	static const int signals[] = { STOPSIGNAL_RECEIVED, STOPSIGNAL_RECEIVED,
		SIGTERM, SIGTERM, SIGINT, SIGQUIT, SIGKILL };
	static const int64_t startsecs[] = { 0, 1, 500, 1000, 1000, 3000,
		10000 };
	static const int64_t grace[] = { 0, 1, 500, 1000, 2000, 10000, 10000 };

	p->autostart = !rng_one_in(r, 4);
	p->stopasgroup = rng_one_in(r, 3);
	p->killasgroup = p->stopasgroup || rng_one_in(r, 3);
	p->autorestart =
	    (enum program_autorestart)rng_below(r, AUTORESTART_COUNT);
	p->leftovers = (enum program_leftovers)rng_below(r, LEFTOVERS_COUNT);
	p->stopsignal = signals[rng_below(r, 7)];
	p->startretries = rng_below(r, 5);
	p->startsecs_ms = startsecs[rng_below(r, 7)];
	p->stopwaitsecs_ms = grace[rng_below(r, 7)];
	memset(p->exitcodes, 0, sizeof(p->exitcodes));
	p->exitcodes[0] = rng_one_in(r, 4) ? 6 : 1;
}

/* By level, then by number. */
static int
compare(const void *a, const void *b)
{
	const struct service_def *x = a, *y = b;

	if (x->level != y->level)
		return (x->level < y->level ? -1 : 1);
	return (x->number < y->number ? -1 : x->number > y->number);
}

/* Put service ${who} with ${policy} into ${c}. */
static void
put(struct config *c, unsigned who, const struct program *policy)
{
	struct service_def *d = &c->defs[c->fleet.n++];

	c->programs[who] = *policy;
	c->programs[who].name = names[who].program;
	c->programs[who].file = "sim.ini";
	*d = (struct service_def){
		.name = names[who].process,
		.group = names[who].program,
		.id = names[who].process,
		.program = &c->programs[who],
		.number = who,
		.level = (unsigned)policy->priority,
		.argv = nothing,
		.environment = nothing,
		.umask = (int)c->births[who],
	};
}

static void
finish(struct config *c, struct rng *r)
{
	static const int64_t budgets[] = { 0, 0, 0, 100, 3000, 20000 };

	c->fleet.services = c->defs;
	c->fleet.shutdown_timeout_ms = budgets[rng_below(r, 6)];
	qsort(c->defs, c->fleet.n, sizeof(c->defs[0]), compare);
}

void
fleets_make(struct config *c, uint32_t limit, struct rng *r)
{
	uint32_t who, n = 1 + rng_below(r, limit);
	struct program p = { 0 };

	memset(c, 0, sizeof(*c));
	for (who = 0; who < limit; who++) {
		random_policy(&p, r);
		p.priority = (int)rng_below(r, 3);
		if (rng_below(r, limit) < n)
			put(c, who, &p);
	}
	finish(c, r);
}

void
fleets_change(
    struct config *to, const struct config *from, uint32_t limit, struct rng *r)
{
	const struct program *old[NAMES] = { NULL };
	uint32_t who, rate = 1 + rng_below(r, 8);
	struct program p = { 0 };
	size_t i;

	memset(to, 0, sizeof(*to));
	memcpy(to->births, from->births, sizeof(to->births));
	for (i = 0; i < from->fleet.n; i++)
		old[from->defs[i].number] = from->defs[i].program;
	for (who = 0; who < limit; who++) {
		if (old[who] == NULL ? !rng_one_in(r, rate + 1)
				     : rng_one_in(r, rate + 2))
			continue;
		if (old[who] != NULL && !rng_one_in(r, rate))
			p = *old[who];
		else
			random_policy(&p, r);
		if (old[who] == NULL || rng_one_in(r, 8))
			p.priority = (int)rng_below(r, 3);
		if (rng_one_in(r, rate + 1))
			to->births[who]++;
		put(to, who, &p);
	}
	finish(to, r);
}
