/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/invariants.h"
#include "core/identity.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"

#include "core/state.h"

#define STATE_MAGIC   0x31444e554d474953 /* "SIGMUND1" */
#define STATE_VERSION 1

enum walk_mode { WALK_MEASURE, WALK_SAVE, WALK_LOAD };

/*
 * One walk over all fields measures, saves or loads, so that the three cannot
 * disagree.  A load which runs out of image, or meets what cannot be, goes on
 * with zeros and fails at its end.
 */
struct walk {
	enum walk_mode mode;
	char *out;
	const char *in;
	size_t size;
	size_t at;
	bool bad;
};

/* One number. */
static void
number(struct walk *w, int64_t *n)
{
	switch (w->mode) {
	case WALK_MEASURE:
		break;
	case WALK_SAVE:
		memcpy(w->out + w->at, n, sizeof(*n));
		break;
	case WALK_LOAD:
		*n = 0;
		if (w->bad || w->size - w->at < sizeof(*n)) {
			w->bad = true;
			return;
		}
		memcpy(n, w->in + w->at, sizeof(*n));
		break;
	}
	w->at += sizeof(*n);
}

/* A number which must lie in ${lo} ... ${hi}. */
static int64_t
within(struct walk *w, int64_t n, int64_t lo, int64_t hi)
{
	number(w, &n);
	if (n < lo || n > hi) {
		w->bad = true;
		return (lo);
	}
	return (n);
}

static void
flag(struct walk *w, bool *b)
{
	*b = within(w, *b, 0, 1) != 0;
}

static void
whole(struct walk *w, int *n)
{
	*n = (int)within(w, *n, INT32_MIN, INT32_MAX);
}

static void
count(struct walk *w, uint32_t *n)
{
	*n = (uint32_t)within(w, *n, 0, UINT32_MAX);
}

static void
serial(struct walk *w, uint64_t *n)
{
	int64_t v = (int64_t)*n;

	number(w, &v);
	*n = (uint64_t)v;
}

/* A point in time; the clock begins at 0. */
static void
point(struct walk *w, struct mono *t)
{
	t->ms = within(w, t->ms, 0, INT64_MAX);
}

/* A signal's number, or 0. */
static void
signal_number(struct walk *w, int *signo)
{
	*signo = (int)within(w, *signo, 0, 64);
}

static void
walk_run(struct walk *w, struct run *r)
{
	serial(w, &r->number);
	r->phase = (enum run_phase)within(w, r->phase, 0, RUN_PHASE_COUNT - 1);
	r->stop = (enum run_stop)within(w, r->stop, 0, RUN_STOP_COUNT - 1);
	whole(w, &r->pid);
	whole(w, &r->status);
	signal_number(w, &r->signo);
	r->scope = (enum run_scope)within(w, r->scope, 0, SCOPE_TREE);
	flag(w, &r->term_follows);
	point(w, &r->forked);
	point(w, &r->execed);
	point(w, &r->ended);
	point(w, &r->kill_at);
	point(w, &r->stuck_at);
	point(w, &r->deadline);
}

static void
walk_service(struct walk *w, struct service *s)
{
	flag(w, &s->want_up);
	flag(w, &s->leaving);
	flag(w, &s->gone);
	s->state =
	    (enum service_state)within(w, s->state, 0, SERVICE_STATE_COUNT - 1);
	s->reason =
	    (enum service_reason)within(w, s->reason, 0, REASON_COUNT - 1);
	point(w, &s->since);
	point(w, &s->deadline);
	flag(w, &s->due);
	flag(w, &s->behind);
	flag(w, &s->asked_stop);
	flag(w, &s->proved);
	walk_run(w, &s->run);
	count(w, &s->restart.retries);
	count(w, &s->restart.fork_failures);
	count(w, &s->restart.burst);
	serial(w, &s->starts);
	serial(w, &s->restarts);
	serial(w, &s->left_run);
	whole(w, &s->error);
	whole(w, &s->stage);
	count(w, &s->pending);
	flag(w, &s->counted);
	flag(w, &s->awaited);
	s->announced = (enum service_state)within(
	    w, s->announced, 0, SERVICE_STATE_COUNT - 1);
}

static void
walk_supervisor(struct walk *w, struct supervisor *sv)
{
	sv->phase =
	    (enum supervisor_phase)within(w, sv->phase, 0, SUPERVISOR_DONE);
	flag(w, &sv->hurry);
	signal_number(w, &sv->received);
	/* So far below the end that it is not reached. */
	sv->next_run =
	    (uint64_t)within(w, (int64_t)sv->next_run, 0, INT64_MAX / 2);
	number(w, &sv->shutdown_timeout_ms);
	point(w, &sv->kill_at);
	point(w, &sv->end_at);
	count(w, &sv->removals);
	flag(w, &sv->lifted);
	sv->cursor = (uint32_t)within(w, sv->cursor, 0, sv->n);
	count(w, &sv->counted);
}

/* A name: save ${name}, or return where it stands in the image. */
static const char *
text(struct walk *w, const char *name)
{
	int64_t len = name == NULL ? 0 : (int64_t)strlen(name);
	size_t padded;

	number(w, &len);
	if (w->mode == WALK_LOAD &&
	    (len < 0 || (size_t)len >= w->size - w->at)) {
		w->bad = true;
		return ("");
	}
	padded = ((size_t)len + 8) & ~(size_t)7;
	if (w->mode == WALK_SAVE) {
		memset(w->out + w->at, 0, padded);
		memcpy(w->out + w->at, name, (size_t)len);
	} else if (w->mode == WALK_LOAD) {
		name = w->in + w->at;
		if (padded > w->size - w->at || name[len] != '\0') {
			w->bad = true;
			return ("");
		}
	}
	w->at += padded;
	return (name);
}

/* Magic, version and count; whether they are ours. */
static bool
walk_head(struct walk *w, size_t n)
{
	int64_t magic = STATE_MAGIC, version = STATE_VERSION;
	int64_t services = (int64_t)n;

	number(w, &magic);
	number(w, &version);
	number(w, &services);
	return (!w->bad && magic == STATE_MAGIC && version == STATE_VERSION &&
		services == (int64_t)n);
}

/* Everything of ${sv}, which is not changed, to ${w}. */
static void
walk_out(struct walk *w, const struct supervisor *sv)
{
	struct supervisor copy = *sv;
	struct service s;
	uint32_t i, at;
	int64_t end = -1, place;

	(void)walk_head(w, sv->n);
	walk_supervisor(w, &copy);
	for (i = 0; i < sv->n; i++) {
		(void)text(w, sv->defs[i]->program->name);
		(void)text(w, sv->defs[i]->name);
		s = sv->services[i];
		walk_service(w, &s);
	}
	for (i = 0; i < sv->n; i++) {
		at = sv->order[i];
		count(w, &at);
	}
	for (i = sv->head; i != SERVICE_NONE; i = sv->services[i].agenda_next) {
		place = i;
		number(w, &place);
	}
	number(w, &end);
}

size_t
state_size(const struct supervisor *sv)
{
	struct walk w = { .mode = WALK_MEASURE };

	walk_out(&w, sv);
	return (w.at);
}

void
state_save(const struct supervisor *sv, void *buf)
{
	struct walk w = { .mode = WALK_SAVE, .out = buf };

	walk_out(&w, sv);
}

/* Find the definition of the next service of the image among ${defs}. */
static const struct service_def *
definition(struct walk *w, const uint32_t *sorted,
    const struct service_def *const *defs, size_t n)
{
	struct program p = { .name = text(w, NULL) };
	struct service_def def = { .name = text(w, NULL), .program = &p };
	uint32_t i;

	if (w->bad)
		return (NULL);
	i = identity_find(sorted, (uint32_t)n, defs, &def);
	return (i == UINT32_MAX ? NULL : defs[i]);
}

/* The services of the image, each with its definition. */
static bool
load_services(struct walk *w, struct supervisor *sv,
    const struct service_def *const *defs)
{
	uint32_t i, *sorted = sv->order;

	for (i = 0; i < sv->n; i++)
		sorted[i] = i;
	identity_sort(sorted, sv->n, defs);
	for (i = 0; i < sv->n; i++) {
		sv->defs[i] = definition(w, sorted, defs, sv->n);
		if (sv->defs[i] == NULL)
			return (false);
		walk_service(w, &sv->services[i]);
		sv->services[i].heap_at = HEAP_NOWHERE;
	}
	for (i = 0; i < sv->n && !w->bad; i++)
		heap_update(&sv->heap, sv->services, i);
	return (!w->bad);
}

/* The order of a shutdown, which names each service once. */
static bool
load_order(struct walk *w, struct supervisor *sv)
{
	struct service *s;
	uint32_t i;

	for (i = 0; i < sv->n && !w->bad; i++) {
		sv->order[i] = (uint32_t)within(w, 0, 0, (int64_t)sv->n - 1);
		s = &sv->services[sv->order[i]];
		w->bad |= s->queued;
		s->queued = true;
	}
	for (i = 0; i < sv->n; i++)
		sv->services[i].queued = false;
	return (!w->bad);
}

static bool
load_agenda(struct walk *w, struct supervisor *sv)
{
	uint32_t i;
	int64_t place;

	for (i = 0; i <= sv->n; i++) {
		place = within(w, 0, -1, (int64_t)sv->n - 1);
		if (w->bad || place < 0)
			break;
		if (sv->services[place].queued)
			return (false);
		supervisor_enqueue(sv, (uint32_t)place);
	}
	return (!w->bad && w->at == w->size);
}

struct supervisor *
state_load(void *block, const struct service_def *const *defs, size_t n,
    const void *image, size_t len)
{
	struct walk w = { .mode = WALK_LOAD, .in = image, .size = len };
	struct supervisor *sv = supervisor_layout(block, n);
	uint32_t who;

	if (!walk_head(&w, n))
		return (NULL);
	walk_supervisor(&w, sv);
	if (!load_services(&w, sv, defs) || !load_order(&w, sv) ||
	    !load_agenda(&w, sv))
		return (NULL);
	return (invariants_violation(sv, &who) == NULL ? sv : NULL);
}
