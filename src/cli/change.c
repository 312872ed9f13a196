/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/signame.h"
#include "base/strbuf.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/show.h"
#include "cli/talk.h"
#include "cli/waiting.h"

#include "cli/run.h"

/* Of a line of text about one service. */
#define LINE_MAX_BYTES ((size_t)64 * 1024)

/* One command, from its request to its exit code. */
struct change {
	const struct options *o;
	struct talk talk;
	struct answer answer; /* The reply. */
	struct waiting waiting;
	struct strbuf line;
};

/* Say what came of one of them: on stdout if well, else on stderr. */
static void
tell(struct change *c, const struct waiter *w)
{
	if (c->o->json || w->verdict == VERDICT_OPEN)
		return;
	report_progress(c->o, "");
	strbuf_reset(&c->line);
	show_outcome(&c->line, w);
	if (w->verdict == VERDICT_FAILED) {
		report_error("%s", strbuf_text(&c->line));
		return;
	}
	strbuf_putc(&c->line, '\n');
	(void)report_text(&c->line);
}

/* The first which is still open, and how many more. */
static void
progress(struct change *c)
{
	const struct waiting *w = &c->waiting;
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->waiters[i].verdict == VERDICT_OPEN)
			break;
	if (i == w->n || !c->o->err_is_terminal)
		return;
	strbuf_reset(&c->line);
	show_outcome(&c->line, &w->waiters[i]);
	if (w->nopen > 1)
		strbuf_printf(&c->line, " (and %zu more)", w->nopen - 1);
	report_progress(c->o, strbuf_text(&c->line));
}

static enum control_code
timed_out(struct change *c)
{
	const struct waiting *w = &c->waiting;
	size_t i;

	report_progress(c->o, "");
	for (i = 0; i < w->n; i++) {
		if (w->waiters[i].verdict != VERDICT_OPEN || c->o->json)
			continue;
		strbuf_reset(&c->line);
		show_outcome(&c->line, &w->waiters[i]);
		report_error("%s", strbuf_text(&c->line));
	}
	report_error("timed out after %s", c->o->timeout);
	return (CONTROL_TIMED_OUT);
}

/* The end of the connection before the end of the waiting. */
static enum control_code
hung_up(struct change *c)
{
	report_progress(c->o, "");
	report_error("sigmund has closed the connection; is it shutting down?");
	return (CONTROL_NO_ANSWER);
}

static enum control_code
wait_for_all(struct change *c)
{
	struct waiter *changed;
	struct answer event;

	while (c->waiting.nopen > 0) {
		progress(c);
		switch (talk_next(&c->talk, &event)) {
		case TALK_EVENT:
			break;
		case TALK_CLOSED:
			return (hung_up(c));
		case TALK_TIMED_OUT:
			return (timed_out(c));
		case TALK_FAILED:
			return (CONTROL_NO_ANSWER);
		}
		changed = waiting_event(&c->waiting, &event);
		if (changed != NULL)
			tell(c, changed);
	}
	return (c->waiting.nfailed > 0 ? CONTROL_FAILED : CONTROL_OK);
}

/* As sigmund closes last of all, the end of the connection is the end. */
static enum control_code
wait_for_end(struct change *c)
{
	struct waiter *changed;
	struct answer event;

	for (;;) {
		progress(c);
		switch (talk_next(&c->talk, &event)) {
		case TALK_EVENT:
			break;
		case TALK_CLOSED:
			return (CONTROL_OK);
		case TALK_TIMED_OUT:
			return (timed_out(c));
		case TALK_FAILED:
			return (CONTROL_NO_ANSWER);
		}
		changed = waiting_event(&c->waiting, &event);
		if (changed != NULL && changed->verdict == VERDICT_FAILED)
			tell(c, changed);
	}
}

/* The reply with all services as they are by now. */
static enum control_code
tell_json(struct change *c, enum control_code code)
{
	struct reply reply = c->answer.reply;
	struct wire_service *services;
	enum control_code shown;
	size_t i;

	services = calloc(c->waiting.n + 1, sizeof(*services));
	if (services == NULL)
		return (CONTROL_FAILED);
	for (i = 0; i < reply.nservices && i < c->waiting.n; i++)
		services[i] = c->waiting.waiters[i].last;
	reply.services = services;
	reply.nservices = i;
	reply.code = code;
	reply.error = code == CONTROL_TIMED_OUT   ? "timed out"
		      : code == CONTROL_NO_ANSWER ? "connection closed"
						  : "not all is as asked";
	shown = report_json(&reply);
	free(services);
	return (code == CONTROL_OK ? shown : code);
}

static enum control_code
change_begin(
    struct change *c, const struct options *o, const struct request *request)
{
	*c = (struct change){ .o = o };
	strbuf_init(&c->line, LINE_MAX_BYTES);
	return (talk_ask(&c->talk, o, request, &c->answer));
}

static void
change_end(struct change *c)
{
	waiting_free(&c->waiting);
	strbuf_free(&c->line);
	answer_free(&c->answer);
	talk_close(&c->talk);
}

/* Wait, unless told not to, for ${goal} at all services of the reply. */
static enum control_code
change_wait(struct change *c, enum goal goal)
{
	enum control_code code = CONTROL_OK;
	size_t i;

	if (waiting_init(&c->waiting, &c->answer.reply, goal) != 0)
		return (report_fail(c->o, CONTROL_FAILED, "out of memory"));
	for (i = 0; i < c->waiting.n; i++)
		if (!c->o->no_wait || c->waiting.waiters[i].already)
			tell(c, &c->waiting.waiters[i]);
	if (!c->o->no_wait)
		code = wait_for_all(c);
	return (c->o->json ? tell_json(c, code) : code);
}

static enum control_code
change(const struct options *o, enum control_command command, enum goal goal)
{
	const struct request request = { .command = command,
		.id = 1,
		.names = o->names,
		.nnames = o->nnames,
		.watch = !o->no_wait && command != CONTROL_WATCH };
	enum control_code code;
	struct change c;

	code = change_begin(&c, o, &request);
	if (code != CONTROL_OK)
		return (code);
	code = change_wait(&c, goal);
	change_end(&c);
	return (code);
}

enum control_code
run_start(const struct options *o)
{
	return (change(o, CONTROL_START, GOAL_UP));
}

enum control_code
run_stop(const struct options *o)
{
	return (change(o, CONTROL_STOP, GOAL_DOWN));
}

enum control_code
run_restart(const struct options *o)
{
	return (change(o, CONTROL_RESTART, GOAL_RENEWED));
}

enum control_code
run_wait(const struct options *o)
{
	return (change(o, CONTROL_WATCH, o->wait_for));
}

static enum control_code
update(const struct options *o, bool dry_run)
{
	const struct request request = { .command = CONTROL_UPDATE,
		.id = 1,
		.dry_run = dry_run,
		.watch = !dry_run && !o->no_wait };
	enum control_code code;
	struct change c;
	size_t i;

	code = change_begin(&c, o, &request);
	if (code != CONTROL_OK)
		return (code);
	for (i = 0; i < c.answer.reply.ndiagnostics; i++)
		report_error("%s", c.answer.reply.diagnostics[i]);
	if (!o->json) {
		c.line.max = CONTROL_REPLY_MAX;
		show_changes(&c.line, &c.answer.reply, dry_run);
		code = report_text(&c.line);
	}
	if (code == CONTROL_OK && dry_run && o->json)
		code = report_json(&c.answer.reply);
	else if (code == CONTROL_OK && !dry_run)
		code = change_wait(&c, GOAL_SETTLED);
	change_end(&c);
	return (code);
}

enum control_code
run_update(const struct options *o)
{
	return (update(o, o->dry_run));
}

enum control_code
run_reread(const struct options *o)
{
	return (update(o, true));
}

enum control_code
run_shutdown(const struct options *o)
{
	const struct request request = { .command = CONTROL_SHUTDOWN,
		.id = 1,
		.now = o->now,
		.watch = !o->no_wait };
	enum control_code code;
	struct change c;

	code = change_begin(&c, o, &request);
	if (code != CONTROL_OK)
		return (code);
	if (waiting_init(&c.waiting, &c.answer.reply, GOAL_DOWN) != 0)
		code = report_fail(o, CONTROL_FAILED, "out of memory");
	else if (!o->no_wait)
		code = wait_for_end(&c);
	report_progress(o, "");
	if (o->json)
		code = tell_json(&c, code);
	change_end(&c);
	return (code);
}

enum control_code
run_signal(const struct options *o)
{
	struct request request = { .command = CONTROL_SIGNAL,
		.id = 1,
		.tree = o->tree,
		.names = o->names + 1,
		.nnames = o->nnames - 1 };
	enum control_code code;
	struct change c;
	size_t i;

	request.signo = signame_number(o->names[0]);
	if (request.signo < 0)
		return (report_fail(
		    o, CONTROL_USAGE, "no such signal: %s", o->names[0]));
	code = change_begin(&c, o, &request);
	if (code != CONTROL_OK)
		return (code);
	for (i = 0; !o->json && i < c.answer.reply.nservices; i++) {
		strbuf_printable(&c.line, c.answer.reply.services[i].name);
		strbuf_puts(&c.line, ": signalled\n");
	}
	code = o->json ? report_json(&c.answer.reply) : report_text(&c.line);
	change_end(&c);
	return (code);
}

enum control_code
run_reload(const struct options *o)
{
	if (o->nnames == 0)
		return (report_fail(o, CONTROL_USAGE,
		    "reload needs a NAME; to re-read the configuration: "
		    "sigctl update"));
	return (report_fail(o, CONTROL_USAGE,
	    "no reload is known for %s yet; try: sigctl signal HUP %s",
	    o->names[0], o->names[0]));
}
