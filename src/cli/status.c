/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/show.h"
#include "cli/talk.h"

#include "cli/run.h"

static enum control_code
ask(const struct options *o, enum control_command command,
    struct answer *answer)
{
	const struct request request = { .command = command,
		.id = 1,
		.names = o->names,
		.nnames = o->nnames };
	enum control_code code;
	struct talk talk;

	code = talk_ask(&talk, o, &request, answer);
	if (code == CONTROL_OK)
		talk_close(&talk);
	return (code);
}

/* One name which means one service is asked for all that is known of it. */
static bool
wants_page(const struct options *o, const struct reply *r)
{
	return (o->nnames == 1 && r->nservices == 1 &&
		strpbrk(o->names[0], "*?[") == NULL &&
		strcmp(o->names[0], "all") != 0);
}

static void
show(struct strbuf *b, const struct options *o, const struct reply *r)
{
	const struct show_style style = { .frame = o->out_is_terminal,
		.colour = o->colour };

	if (o->json) {
		strbuf_puts(b, "{\"services\": ");
		reply_services(b, r->services, r->nservices);
		strbuf_puts(b, "}\n");
	} else if (wants_page(o, r))
		show_page(b, &r->services[0], &style);
	else
		show_table(b, r, &style);
}

enum control_code
run_status(const struct options *o)
{
	enum control_code code;
	struct answer answer;
	struct strbuf b;
	size_t i;

	code = ask(o, CONTROL_STATUS, &answer);
	if (code != CONTROL_OK)
		return (code);
	strbuf_init(&b, 2 * CONTROL_REPLY_MAX);
	show(&b, o, &answer.reply);
	code = report_text(&b);
	for (i = 0; code == CONTROL_OK && i < answer.reply.nservices; i++)
		if (!answer.reply.services[i].as_wanted)
			code = CONTROL_NOT_AS_WANTED;
	strbuf_free(&b);
	answer_free(&answer);
	return (code);
}

/* Write ${b}, or with --json the reply of ${answer}, and release both. */
static enum control_code
tell(const struct options *o, struct answer *answer, struct strbuf *b)
{
	enum control_code code =
	    o->json ? report_json(&answer->reply) : report_text(b);

	strbuf_free(b);
	answer_free(answer);
	return (code);
}

/* Of services; 0 and a failure for one that has none, as supervisorctl. */
static enum control_code
pids_of_services(const struct options *o)
{
	enum control_code code, missing = CONTROL_OK;
	const struct wire_service *s;
	struct answer answer;
	struct strbuf b;
	size_t i;

	code = ask(o, CONTROL_STATUS, &answer);
	if (code != CONTROL_OK)
		return (code);
	strbuf_init(&b, CONTROL_REPLY_MAX);
	for (i = 0; i < answer.reply.nservices; i++) {
		s = &answer.reply.services[i];
		strbuf_printf(&b, "%d\n", s->pid);
		if (s->pid == 0)
			missing = CONTROL_FAILED;
	}
	code = tell(o, &answer, &b);
	return (code == CONTROL_OK ? missing : code);
}

enum control_code
run_pid(const struct options *o)
{
	enum control_code code;
	struct answer answer;
	struct strbuf b;

	if (o->nnames > 0)
		return (pids_of_services(o));
	code = ask(o, CONTROL_VERSION, &answer);
	if (code != CONTROL_OK)
		return (code);
	strbuf_init(&b, CONTROL_NAME_MAX);
	strbuf_printf(&b, "%d\n", answer.reply.pid);
	return (tell(o, &answer, &b));
}

enum control_code
run_avail(const struct options *o)
{
	enum control_code code;
	struct answer answer;
	struct strbuf b;
	size_t i;

	code = ask(o, CONTROL_STATUS, &answer);
	if (code != CONTROL_OK)
		return (code);
	strbuf_init(&b, CONTROL_REPLY_MAX);
	for (i = 0; i < answer.reply.nservices; i++) {
		strbuf_printable(&b, answer.reply.services[i].name);
		strbuf_puts(&b, "  in use\n");
	}
	return (tell(o, &answer, &b));
}

static void
show_versions(struct strbuf *b, const struct reply *r)
{
	strbuf_puts(b, "sigctl " PACKAGE_VERSION "\n");
	if (r == NULL)
		return;
	strbuf_puts(b, "sigmund ");
	strbuf_printable(b, r->version == NULL ? "?" : r->version);
	if (r->pid != 0)
		strbuf_printf(b, ", pid %d", r->pid);
	if (r->config != NULL) {
		strbuf_puts(b, ", ");
		strbuf_printable(b, r->config);
	}
	strbuf_putc(b, '\n');
}

/* Ours is told even where nobody answers. */
enum control_code
run_version(const struct options *o)
{
	enum control_code code, shown;
	struct answer answer;
	struct strbuf b;

	code = ask(o, CONTROL_VERSION, &answer);
	if (code != CONTROL_OK && o->json)
		return (code);
	strbuf_init(&b, CONTROL_REQUEST_MAX);
	show_versions(&b, code == CONTROL_OK ? &answer.reply : NULL);
	shown = o->json ? report_json(&answer.reply) : report_text(&b);
	strbuf_free(&b);
	if (code != CONTROL_OK)
		return (code);
	answer_free(&answer);
	return (shown);
}
