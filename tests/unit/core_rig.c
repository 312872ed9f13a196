/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/signame.h"
#include "core/invariants.h"
#include "core/migrate.h"

#include "core_rig.h"

static const char *const names[RIG_MAX] = { "a", "b", "c", "d", "e", "f", "g",
	"h" };
static const char *const nothing[] = { NULL };

void
rig_init(struct rig *r, size_t n)
{
	size_t i;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < n; i++) {
		r->programs[i] = (struct program){
			.name = names[i],
			.file = "x.ini",
			.priority = 999,
			.autostart = true,
			.autorestart = AUTORESTART_UNEXPECTED,
			.leftovers = LEFTOVERS_KILL,
			.stopsignal = SIGTERM,
			.startretries = 3,
			.startsecs_ms = 1000,
			.stopwaitsecs_ms = 10000,
			.exitcodes = { 1 },
		};
		r->defs[i] = (struct service_def){
			.name = names[i],
			.group = names[i],
			.id = names[i],
			.program = &r->programs[i],
			.argv = nothing,
			.environment = nothing,
			.umask = UMASK_INHERIT,
		};
	}
	r->fleet = (struct fleet){ .services = r->defs, .n = n };
}

static void
sane(const struct rig *r)
{
	const char *what;
	uint32_t i;

	what = invariants_violation(r->sv, &i);
	cr_assert_null(what, "service %u: %s", i, what);
}

static void __attribute__((format(printf, 2, 3)))
say(struct rig *r, const char *fmt, ...)
{
	va_list ap;

	if (r->len > 0)
		r->text[r->len++] = ' ';
	va_start(ap, fmt);
	r->len += (size_t)vsnprintf(
	    r->text + r->len, sizeof(r->text) - r->len, fmt, ap);
	va_end(ap);
	cr_assert_lt(r->len, sizeof(r->text) - 64, "too much is said");
}

/* ${a} in words. */
static void
describe(struct rig *r, const struct action *a)
{
	static const char *const scopes[] = {
		[SCOPE_LEADER] = "leader",
		[SCOPE_GROUP] = "group",
		[SCOPE_TREE] = "tree",
	};
	char buf[SIGNAME_MAX];
	const char *id;

	if (a->type == ACTION_DONE) {
		say(r, "done=%d", a->code);
		return;
	}
	id = r->sv->defs[a->service]->id;
	switch (a->type) {
	case ACTION_ANNOUNCE:
		say(r, "%s:%s", id, service_state_name(a->to));
		break;
	case ACTION_SIGNAL:
		say(r, "%s:%s/%s", id, signame_text(a->signo, buf),
		    scopes[a->scope]);
		break;
	case ACTION_KILL:
		say(r, "%s:KILL/%s", id, scopes[a->scope]);
		break;
	case ACTION_FORK:
	case ACTION_LEFT:
	case ACTION_STUCK:
	case ACTION_GONE:
	case ACTION_DONE:
	case ACTION_COUNT:
		say(r, "%s:%s", id, action_name(a->type));
		break;
	}
}

struct event
rig_event(const struct rig *r, enum event_type type, uint32_t i)
{
	return ((struct event){
	    .type = type,
	    .service = i,
	    .run = r->sv->services[i].run.number,
	    .pid = 100 + (int)i,
	});
}

void
rig_hear(struct rig *r, struct event ev)
{
	supervisor_post(r->sv, &ev, (struct mono){ r->now });
	sane(r);
}

void
rig_drain(struct rig *r)
{
	struct action a;

	while (supervisor_next(r->sv, (struct mono){ r->now }, &a)) {
		describe(r, &a);
		sane(r);
		if (a.type != ACTION_FORK || r->no_fork)
			continue;
		rig_hear(r, rig_event(r, EVENT_FORKED, a.service));
		if (!r->no_exec)
			rig_hear(r, rig_event(r, EVENT_EXECED, a.service));
	}
}

void
rig_post(struct rig *r, struct event ev)
{
	rig_hear(r, ev);
	rig_drain(r);
}

void
rig_command(struct rig *r, enum event_type type, uint32_t i)
{
	rig_post(r, (struct event){ .type = type, .service = i });
}

void
rig_exit(struct rig *r, uint32_t i, int status, unsigned left)
{
	struct event ev = rig_event(r, EVENT_EXITED, i);

	ev.status = status;
	ev.left = left;
	rig_post(r, ev);
}

void
rig_start(struct rig *r)
{
	cr_assert_leq(supervisor_size(r->fleet.n), sizeof(r->block));
	r->sv =
	    supervisor_init(r->block, &r->fleet, 1, (struct mono){ r->now });
	rig_command(r, EVENT_BOOT, 0);
	(void)rig_said(r);
}

void
rig_until(struct rig *r, int64_t ms)
{
	int64_t due;

	while ((due = supervisor_deadline(r->sv).ms) <= ms) {
		r->now = due > r->now ? due : r->now;
		rig_command(r, EVENT_TICK, 0);
	}
	r->now = ms;
}

void
rig_update(struct rig *r, const struct rig *next)
{
	uint32_t scratch[3 * 2 * RIG_MAX];
	char *free_block = (char *)r->sv == r->block ? r->other : r->block;
	struct migration m;

	migrate_plan(r->sv, &next->fleet, scratch, &m);
	cr_assert_leq(
	    supervisor_size(next->fleet.n + m.nleaving), sizeof(r->block));
	r->sv = migrate(
	    free_block, r->sv, &next->fleet, &m, (struct mono){ r->now });
	sane(r);
	rig_drain(r);
}

const char *
rig_said(struct rig *r)
{
	r->text[r->len] = '\0';
	r->len = 0;
	return (r->text);
}

const char *
rig_state(const struct rig *r, uint32_t i)
{
	return (service_state_name(r->sv->services[i].state));
}

struct service *
rig_service(struct rig *r, uint32_t i)
{
	return (&r->sv->services[i]);
}
