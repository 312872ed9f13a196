/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "conf/diag.h"
#include "conf/diff.h"
#include "conf/load.h"
#include "conf/nearest.h"
#include "core/event.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "os/kill.h"
#include "wire/control.h"
#include "wire/reply.h"
#include "wire/request.h"
#include "wire/select.h"

#include "daemon/changes.h"
#include "daemon/commands.h"
#include "daemon/control.h"
#include "daemon/crank.h"
#include "daemon/daemon.h"
#include "daemon/status.h"
#include "daemon/trees.h"
#include "daemon/update.h"
#include "daemon/words.h"

/* One request, and whom it concerns. */
struct order {
	struct daemon *d;
	struct client *client;
	const struct request *request;
	bool *member; /* By service. */
	bool unborn;  /* What is about to be forked was not there before. */
};

/* An update which somebody waits for. */
struct waiter {
	uint64_t ticket;
	uint64_t id;
	bool watch;
};

static void
fail(const struct order *o, enum control_code code, const char *text)
{
	reply_fail(control_reply(o->client), o->request->id, code, text);
}

static struct selectable
selectable(const struct daemon *d, uint32_t i)
{
	const struct service_def *def = d->sv->defs[i];

	return ((struct selectable){
	    def->id, def->name, def->group, def->program->name });
}

/* Say that there is no ${word}, and what may have been meant. */
static void
fail_unknown(const struct order *o, const char *word)
{
	struct nearest near;
	struct strbuf text;
	uint32_t i;

	nearest_init(&near, word);
	for (i = 0; i < o->d->sv->n; i++)
		if (!o->d->sv->services[i].gone)
			nearest_offer(&near, o->d->sv->defs[i]->id);
	strbuf_init(&text, 4096);
	strbuf_puts(&text, "no such service: ");
	strbuf_puts(&text, word);
	if (near.best != NULL) {
		strbuf_puts(&text, "; did you mean ");
		strbuf_puts(&text, near.best);
		strbuf_puts(&text, "?");
	}
	fail(o, CONTROL_NO_SUCH, strbuf_text(&text));
	strbuf_free(&text);
}

/* Fill ${o}->member with whom the names mean.  False: it was answered. */
static bool
find_members(struct order *o)
{
	struct selection sel;
	struct selectable s;
	struct err err;
	size_t missed;
	uint32_t i;

	if (select_init(&sel, o->request->names, o->request->nnames, &err) ==
	    -1) {
		fail(o, CONTROL_USAGE, err.text);
		return (false);
	}
	for (i = 0; i < o->d->sv->n; i++) {
		if (o->d->sv->services[i].gone)
			continue;
		s = selectable(o->d, i);
		select_offer(&sel, &s);
	}
	missed = select_missed(&sel);
	if (missed < o->request->nnames) {
		fail_unknown(o, o->request->names[missed]);
		select_free(&sel);
		return (false);
	}
	for (i = 0; i < o->d->sv->n; i++) {
		if (o->d->sv->services[i].gone)
			continue;
		s = selectable(o->d, i);
		o->member[i] = select_has(&sel, &s);
	}
	select_free(&sel);
	return (true);
}

/* Service ${i} as the reply shows it. */
static void
show(const struct order *o, uint32_t i, struct wire_service *w,
    char detail[STATUS_DETAIL_MAX])
{
	status_of(o->d, i, w, detail);
	if (!o->unborn || o->d->sv->services[i].run.phase != RUN_ASKED)
		return;
	w->state = service_state_name(SERVICE_STOPPED);
	w->run = 0;
	w->detail = NULL;
}

/* Append ${reply} with the services which are members. */
static void
answer(const struct order *o, struct reply *reply)
{
	struct wire_service *services;
	char(*details)[STATUS_DETAIL_MAX];
	uint32_t i, n = 0, want = 0;

	for (i = 0; i < o->d->sv->n; i++)
		want += o->member[i];
	services = calloc(want + 1, sizeof(*services));
	details = malloc((want + 1) * sizeof(*details));
	if (services == NULL || details == NULL) {
		fail(o, CONTROL_FAILED, "out of memory");
	} else {
		for (i = 0; i < o->d->sv->n; i++) {
			if (!o->member[i])
				continue;
			show(o, i, &services[n], details[n]);
			n++;
		}
		reply->services = services;
		reply->nservices = n;
		reply->has_services = true;
		reply_encode(control_reply(o->client), reply);
	}
	free(services);
	free(details);
}

/* Watch the members, if that is wished.  False: it was answered. */
static bool
begin_watch(const struct order *o, bool wished)
{
	if (!wished)
		return (true);
	if (control_watch(o->d, o->client, o->request->id, o->member) == 0)
		return (true);
	fail(o, CONTROL_FAILED, "out of memory");
	return (false);
}

static void
command_version(struct order *o)
{
	reply_encode(control_reply(o->client), &(struct reply){
						   .id = o->request->id,
						   .version = PACKAGE_VERSION,
						   .pid = (int)getpid(),
					       });
}

static void
command_status(struct order *o)
{
	struct reply reply = {
		.id = o->request->id,
		.config = o->d->config_path,
		.warnings = (unsigned)o->d->config->nwarnings,
		.version = PACKAGE_VERSION,
		.pid = (int)getpid(),
	};

	if (find_members(o))
		answer(o, &reply);
}

static void
command_watch(struct order *o)
{
	struct reply reply = { .id = o->request->id };

	if (find_members(o) && begin_watch(o, true))
		answer(o, &reply);
}

/* START, STOP, RESTART: one event for each member. */
static void
post_members(struct order *o, enum event_type type)
{
	struct reply reply = { .id = o->request->id };
	struct event ev = { .type = type };
	uint32_t i;

	if (o->d->sv->phase != SUPERVISOR_UP && type != EVENT_STOP) {
		fail(o, CONTROL_FAILED, "sigmund is shutting down");
		return;
	}
	if (!find_members(o) || !begin_watch(o, o->request->watch))
		return;
	/* As they are before: what follows comes as events. */
	answer(o, &reply);
	control_flush(o->client);
	for (i = 0; i < o->d->sv->n; i++) {
		if (!o->member[i])
			continue;
		o->d->children[i].asker = *control_asker(o->client);
		ev.service = i;
		crank_post(o->d, &ev);
	}
	crank_turn(o->d);
}

static void
command_start(struct order *o)
{
	post_members(o, EVENT_START);
}

static void
command_stop(struct order *o)
{
	post_members(o, EVENT_STOP);
}

static void
command_restart(struct order *o)
{
	post_members(o, EVENT_RESTART);
}

/* Signal service ${i}.  Return whether it got it. */
static bool
signal_one(struct order *o, uint32_t i)
{
	pid_t pid = o->d->sv->services[i].run.pid;

	if (pid <= 1)
		return (false);
	if (!o->request->tree)
		return (kill_process(pid, o->request->signo) == 0);
	return (trees_send(o->d, i, o->request->signo) > 0);
}

static void
command_signal(struct order *o)
{
	struct reply reply = { .id = o->request->id };
	struct strbuf text;
	uint32_t i;

	if (!find_members(o))
		return;
	trees_new_turn(o->d);
	strbuf_init(&text, CONTROL_REQUEST_MAX);
	for (i = 0; i < o->d->sv->n; i++) {
		if (!o->member[i] || signal_one(o, i))
			continue;
		strbuf_puts(&text, text.len == 0 ? "not running: " : ", ");
		strbuf_puts(&text, o->d->sv->defs[i]->id);
	}
	if (text.len > 0)
		fail(o, CONTROL_FAILED, strbuf_text(&text));
	else
		answer(o, &reply);
	strbuf_free(&text);
}

static void
command_shutdown(struct order *o)
{
	struct reply reply = { .id = o->request->id };
	char asker[WORDS_ASKER_MAX];
	uint32_t i;

	for (i = 0; i < o->d->sv->n; i++)
		o->member[i] = !o->d->sv->services[i].gone;
	if (!begin_watch(o, o->request->watch))
		return;
	log_info(&o->d->log, NULL, "shutting down%s%s",
	    o->request->now ? " at once" : "",
	    words_asker(control_asker(o->client), asker));
	answer(o, &reply);
	control_flush(o->client);
	crank_post(o->d, &(struct event){ .type = EVENT_SHUTDOWN });
	if (o->request->now)
		crank_post(o->d, &(struct event){ .type = EVENT_SHUTDOWN_NOW });
	crank_turn(o->d);
}

/* The lines of ${c}, as the protocol has them. */
static struct wire_change *
wire_changes(const struct changes *c)
{
	struct wire_change *changes = calloc(c->n + 1, sizeof(*changes));
	size_t i;

	for (i = 0; changes != NULL && i < c->n; i++)
		changes[i] = (struct wire_change){ c->lines[i].mark,
			c->lines[i].name, changes_text(c, i) };
	return (changes);
}

/* The diagnostics of ${config}, each as a line; ${text} holds them. */
static const char **
wire_diagnostics(const struct config *config, struct strbuf *text)
{
	const char **lines = calloc(config->ndiags + 1, sizeof(*lines));
	size_t *at = calloc(config->ndiags + 1, sizeof(*at));
	size_t i;

	for (i = 0; at != NULL && i < config->ndiags; i++) {
		at[i] = text->len;
		diag_put(text, &config->diags[i]);
		strbuf_putc(text, '\0');
	}
	for (i = 0; at != NULL && lines != NULL && i < config->ndiags; i++)
		lines[i] = strbuf_text(text) + at[i];
	free(at);
	return (lines);
}

/* Make those which the update concerns members, and watch them. */
static bool
watch_concerned(struct order *o, const struct update_result *u, bool wished)
{
	size_t n = o->d->sv->n;

	if ((o->member = calloc(n + 1, sizeof(*o->member))) == NULL) {
		fail(o, CONTROL_FAILED, "out of memory");
		return (false);
	}
	memcpy(o->member, u->concerned, n * sizeof(*o->member));
	return (begin_watch(o, wished));
}

/* Answer with those which stay; those which go are only named. */
static void
answer_concerned(struct order *o, struct reply *reply, const char ***removed)
{
	const char **names = calloc(o->d->sv->n + 1, sizeof(*names));
	uint32_t i;

	for (i = 0; names != NULL && i < o->d->sv->n; i++) {
		if (!o->member[i] || !o->d->sv->services[i].leaving)
			continue;
		names[reply->nremoved++] = o->d->sv->defs[i]->id;
		o->member[i] = false;
	}
	*removed = names;
	reply->removed = names;
	answer(o, reply);
}

/* An update has come to its end: tell who asked, if he is still there. */
static void
updated(struct daemon *d, const struct update_result *u, void *arg)
{
	struct waiter *w = arg;
	struct request request = { .id = w->id };
	struct order o = { d, control_find(d, w->ticket), &request, NULL,
		true };
	struct reply reply = { .id = w->id };
	struct wire_change *changes = NULL;
	struct changes words = { .lines = NULL };
	const char **removed = NULL;
	const char **diagnostics = NULL;
	struct strbuf text;

	if (o.client == NULL) {
		free(w);
		return;
	}
	strbuf_init(&text, CONTROL_REPLY_MAX);
	if (u->config != NULL &&
	    (diagnostics = wire_diagnostics(u->config, &text)) != NULL) {
		reply.diagnostics = diagnostics;
		reply.ndiagnostics = u->config->ndiags;
	}
	if (!u->ok) {
		reply.code = CONTROL_FAILED;
		reply.error = u->why;
	} else if (changes_make(&words, u->diff) == 0 &&
		   (changes = wire_changes(&words)) != NULL) {
		reply.changes = changes;
		reply.nchanges = words.n;
		reply.has_changes = true;
		reply.unchanged = (unsigned)u->diff->counts[DIFF_SAME];
	}
	if (u->concerned == NULL)
		reply_encode(control_reply(o.client), &reply);
	else if (watch_concerned(&o, u, w->watch))
		answer_concerned(&o, &reply, &removed);
	control_flush(o.client);
	strbuf_free(&text);
	free(removed);
	free(o.member);
	free(diagnostics);
	free(changes);
	changes_free(&words);
	free(w);
}

static void
command_update(struct order *o)
{
	struct waiter *w = malloc(sizeof(*w));
	char asker[WORDS_ASKER_MAX];
	struct err err;

	if (w == NULL) {
		fail(o, CONTROL_FAILED, "out of memory");
		return;
	}
	*w = (struct waiter){ control_ticket(o->client), o->request->id,
		o->request->watch };
	if (!o->request->dry_run)
		log_info(&o->d->log, NULL, "update%s",
		    words_asker(control_asker(o->client), asker));
	if (update_begin(o->d, o->request->dry_run, updated, w, &err) == 0)
		return;
	free(w);
	fail(o, CONTROL_FAILED, err.text);
}

/* One row a command; wire/control.h has the words and what they take. */
static void (*const commands[])(struct order *) = {
	[CONTROL_VERSION] = command_version,
	[CONTROL_STATUS] = command_status,
	[CONTROL_START] = command_start,
	[CONTROL_STOP] = command_stop,
	[CONTROL_RESTART] = command_restart,
	[CONTROL_SIGNAL] = command_signal,
	[CONTROL_UPDATE] = command_update,
	[CONTROL_SHUTDOWN] = command_shutdown,
	[CONTROL_WATCH] = command_watch,
};
_Static_assert(sizeof(commands) / sizeof(commands[0]) == CONTROL_COMMANDS_COUNT,
    "every command has its row");

void
commands_handle(struct daemon *d, struct client *c, const struct request *r)
{
	struct order o = { d, c, r, NULL, false };

	if (d->sv == NULL) {
		fail(&o, CONTROL_FAILED, "sigmund is still starting");
		return;
	}
	if ((o.member = calloc(d->sv->n + 1, sizeof(*o.member))) == NULL) {
		fail(&o, CONTROL_FAILED, "out of memory");
		return;
	}
	commands[r->command](&o);
	free(o.member);
}
