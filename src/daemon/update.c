/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mono.h"
#include "base/strbuf.h"
#include "conf/diff.h"
#include "conf/keys.h"
#include "conf/load.h"
#include "core/migrate.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "os/own.h"
#include "os/shared.h"

#include "daemon/births.h"
#include "daemon/configs.h"
#include "daemon/crank.h"
#include "daemon/daemon.h"
#include "daemon/load.h"
#include "daemon/once.h"
#include "daemon/trees.h"
#include "daemon/update.h"

/* So many may wait for the one which is under way. */
#define UPDATES_MAX 64

struct update {
	struct update *next;
	bool dry_run;
	update_done *done;
	void *arg;
};

/* All which an update needs, had before anything is changed. */
struct room {
	uint32_t *scratch;
	void *block;
	struct child *children;
	struct pids pids;
	bool *concerned;
	struct migration m;
	uint32_t n;
};

void
update_log_diags(struct daemon *d, const struct config *config)
{
	struct strbuf line;
	size_t i;

	strbuf_init(&line, DIAG_LINE_MAX);
	for (i = 0; i < config->ndiags; i++) {
		strbuf_reset(&line);
		diag_put(&line, &config->diags[i]);
		/* Without memory for the line, its text alone. */
		log_write(&d->log,
		    config->diags[i].severity == DIAG_ERROR ? LOG_LEVEL_ERROR
							    : LOG_LEVEL_WARN,
		    NULL, "%s",
		    line.failed ? config->diags[i].text : strbuf_text(&line));
	}
	strbuf_free(&line);
}

static void
room_free(struct room *r)
{
	free(r->scratch);
	own_free(r->block);
	own_free(r->children);
	free(r->concerned);
	pids_free(&r->pids);
	*r = (struct room){ 0 };
}

/* Have all memory for the supervisor which follows.  -1: there is none. */
static int
room_make(
    struct room *r, const struct supervisor *old, const struct fleet *fleet)
{
	*r = (struct room){ 0 };
	r->scratch =
	    calloc(migrate_scratch(old->n + fleet->n) + 1, sizeof(*r->scratch));
	if (r->scratch == NULL)
		return (-1);
	migrate_plan(old, fleet, r->scratch, &r->m);
	r->n = (uint32_t)fleet->n + r->m.nleaving;
	r->block = own_alloc(supervisor_size(r->n));
	r->children = own_alloc((r->n + 1) * sizeof(*r->children));
	r->concerned = calloc(r->n + 1, sizeof(*r->concerned));
	if (r->block == NULL || r->children == NULL || r->concerned == NULL ||
	    pids_init(&r->pids, r->n) == -1) {
		room_free(r);
		return (-1);
	}
	return (0);
}

/* Who was service ${i} of the new ones? */
static uint32_t
before(const struct room *r, uint32_t i)
{
	uint32_t kept = r->n - r->m.nleaving;

	return (i < kept ? r->m.from[i] : r->m.leaving[i - kept]);
}

/* Does the update end or start service ${i}, which was ${from} before? */
static bool
is_concerned(const struct daemon *d, const struct supervisor *old, uint32_t i,
    uint32_t from)
{
	const struct service *s = &d->sv->services[i];

	if (s->leaving)
		return (true);
	if (!s->want_up)
		return (false);
	return (from == SERVICE_NONE || old->services[from].leaving ||
		!service_def_same_birth(d->sv->defs[i], old->defs[from]));
}

/* Our side of the services moves with them. */
static void
move_children(struct daemon *d, const struct supervisor *old, struct room *r)
{
	const struct service *s;
	uint32_t i, from;

	for (i = 0; i < r->n; i++) {
		from = before(r, i);
		if (from != SERVICE_NONE)
			births_move(&r->children[i], i, &d->children[from]);
		s = &d->sv->services[i];
		if (s->run.pid != 0)
			pids_put(&r->pids, s->run.pid, i);
		r->concerned[i] = is_concerned(d, old, i, from);
	}
	/* Of those which are gone, and were not carried over. */
	for (i = 0; i < old->n; i++) {
		births_forget(d, i);
		trees_forget(d, i);
	}
	own_free(d->children);
	pids_free(&d->pids);
	d->children = r->children;
	d->pids = r->pids;
}

/* Apply ${loaded}, which has no error, to a living supervisor. */
static int
apply(struct daemon *d, const struct loaded *loaded, struct room *r)
{
	struct supervisor *old = d->sv;

	crank_drain(d);
	if (d->done || room_make(r, old, &loaded->config->fleet) == -1)
		return (-1);
	if (configs_push(
		&d->configs, loaded->config, loaded->map, loaded->size) == -1) {
		room_free(r);
		return (-1);
	}
	d->sv =
	    migrate(r->block, old, &loaded->config->fleet, &r->m, mono_now());
	d->config = loaded->config;
	d->log.format = d->config->log_json ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT;
	move_children(d, old, r);
	/* The leaving ones lie right behind those which stay. */
	if (d->renumbered != NULL)
		d->renumbered(d, r->m.from, r->n);
	own_free(old);
	once_rebuild(d);
	return (0);
}

/* What was decided, and what could not be. */
static void
log_applied(struct daemon *d, const struct diff *diff)
{
	const struct diff_change *s;
	size_t i;

	log_info(&d->log, NULL,
	    "update: %zu added, %zu removed, %zu restarted, %zu changed in "
	    "place, %zu unchanged",
	    diff->counts[DIFF_ADDED], diff->counts[DIFF_REMOVED],
	    diff->counts[DIFF_RESTARTED], diff->counts[DIFF_APPLIED],
	    diff->counts[DIFF_SAME]);
	for (i = 0; i < diff->nsettings; i++) {
		s = &diff->settings[i];
		if (s->key != NULL && s->key->change == CHANGE_SIGMUND)
			log_warn(&d->log, NULL,
			    "update: %s is changed, which takes a restart of "
			    "sigmund",
			    s->name);
	}
}

/* Compare, apply unless it is a dry run, and tell. */
static void
go_on(struct daemon *d, const struct loaded *loaded, struct update *u)
{
	struct update_result result = { .config = loaded->config };
	struct diff *diff;
	struct room room = { 0 };

	diff = diff_make(d->config, loaded->config);
	result.diff = diff;
	if (diff == NULL)
		result.why = "out of memory";
	else if (d->sv->phase != SUPERVISOR_UP)
		result.why = "sigmund is shutting down";
	else if (u->dry_run)
		result.ok = true;
	else if (apply(d, loaded, &room) == -1)
		result.why = "out of memory; nothing was changed";
	else
		result.ok = true;
	if (result.ok && !u->dry_run)
		log_applied(d, diff);
	else if (!result.ok)
		log_error(&d->log, NULL, "update: %s", result.why);
	result.concerned = room.concerned;
	u->done(d, &result, u->arg);
	if (!result.ok || u->dry_run) {
		shared_unmap(loaded->map, loaded->size);
	} else {
		free(room.scratch);
		free(room.concerned);
		configs_prune(&d->configs, d->sv);
	}
	diff_free(diff);
}

/* The read was abandoned: tell who waits for ${u}, and for those after it. */
static void
forsake(struct daemon *d, struct update *u)
{
	const struct update_result result = {
		.why = "sigmund is shutting down; nothing was changed"
	};

	for (; u != NULL; u = d->updates) {
		if (u == d->updates)
			d->updates = u->next;
		u->done(d, &result, u->arg);
		free(u);
	}
}

static void
on_loaded(struct daemon *d, const struct loaded *loaded, void *arg)
{
	struct update *u = arg;
	struct update_result result = { 0 };

	if (loaded == NULL) {
		forsake(d, u);
		return;
	}
	if (loaded->config == NULL) {
		log_error(&d->log, NULL, "update: %s; nothing was changed",
		    loaded->why);
		result.why = loaded->why;
		u->done(d, &result, u->arg);
	} else if (loaded->config->nerrors > 0) {
		update_log_diags(d, loaded->config);
		log_error(&d->log, NULL,
		    "update: %s has %zu error%s; nothing was changed",
		    loaded->config->file, loaded->config->nerrors,
		    loaded->config->nerrors == 1 ? "" : "s");
		result.config = loaded->config;
		result.why = "the configuration has errors; nothing was "
			     "changed";
		u->done(d, &result, u->arg);
		shared_unmap(loaded->map, loaded->size);
	} else {
		update_log_diags(d, loaded->config);
		go_on(d, loaded, u);
	}
	free(u);
	crank_turn(d);
	update_resume(d);
}

/* Let ${u} wait for those before it: what is read now may be too old. */
static int
enqueue(struct daemon *d, struct update *u, struct err *err)
{
	struct update **at = &d->updates;
	unsigned n;

	for (n = 0; *at != NULL; n++)
		at = &(*at)->next;
	if (n >= UPDATES_MAX)
		return (err_set(err, 0, "%u updates are waiting", n));
	*at = u;
	return (0);
}

/* Begin the first which waits; one which cannot begin is told so. */
static void
dequeue(struct daemon *d)
{
	struct update *u = d->updates;
	struct update_result result = { 0 };
	struct err err;

	d->updates = u->next;
	if (load_begin(d, on_loaded, u, &err) == 0)
		return;
	result.why = err.text;
	u->done(d, &result, u->arg);
	free(u);
}

int
update_begin(struct daemon *d, bool dry_run, update_done *done, void *arg,
    struct err *err)
{
	struct update *u;

	if (d->sv == NULL || d->sv->phase != SUPERVISOR_UP)
		return (err_set(err, 0, "sigmund is %s",
		    d->sv == NULL ? "still starting" : "shutting down"));
	if ((u = malloc(sizeof(*u))) == NULL)
		return (err_set(err, ENOMEM, "update"));
	*u = (struct update){ NULL, dry_run, done, arg };
	if ((load_busy(d) ? enqueue(d, u, err)
			  : load_begin(d, on_loaded, u, err)) == 0)
		return (0);
	free(u);
	return (-1);
}

/* Nobody waits for it: the log has told. */
static void
unheard(struct daemon *d, const struct update_result *u, void *arg)
{
	(void)d;
	(void)u;
	(void)arg;
}

void
update_soon(struct daemon *d)
{
	struct err err;

	if (d->sv == NULL || load_busy(d))
		d->update_again = true;
	else if (update_begin(d, false, unheard, NULL, &err) == -1)
		log_warn(&d->log, NULL, "update: %s", err.text);
}

void
update_resume(struct daemon *d)
{
	while (d->updates != NULL && !d->done && !load_busy(d))
		dequeue(d);
	if (!d->update_again || d->done || load_busy(d))
		return;
	d->update_again = false;
	update_soon(d);
}

int
update_first(struct daemon *d, struct config *config, void *map, size_t size,
    uint64_t first_run, struct err *err)
{
	size_t n = config->fleet.n;
	void *block = own_alloc(supervisor_size(n));

	d->children = own_alloc((n + 1) * sizeof(*d->children));
	if (block == NULL || d->children == NULL ||
	    pids_init(&d->pids, n) == -1 ||
	    configs_push(&d->configs, config, map, size) == -1) {
		own_free(block);
		own_free(d->children);
		d->children = NULL;
		pids_free(&d->pids);
		return (err_set(err, ENOMEM, "cannot start"));
	}
	d->config = config;
	d->sv = supervisor_init(block, &config->fleet, first_run, mono_now());
	return (0);
}
