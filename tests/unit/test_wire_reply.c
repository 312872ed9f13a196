/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mono.h"
#include "base/strbuf.h"
#include "wire/answer.h"

#define FLEET 10000

static const struct wire_service web = {
	.name = "web",
	.program = "web",
	.group = "web",
	.state = "BACKOFF",
	.want_up = true,
	.ready = FACT_ABSENT,
	.healthy = FACT_NO,
	.restarts = 3,
	.uptime_ms = -1,
	.exit_kind = WIRE_EXIT_CODE,
	.exit_value = 1,
	.detail = "exit 1 after 0.3 s; \"bind: Address already in use\"",
	.run = 7,
};

static const struct wire_service worker = {
	.name = "worker:worker_02",
	.program = "worker",
	.group = "worker",
	.state = "RUNNING",
	.want_up = true,
	.pid = 41,
	.ready = FACT_YES,
	.healthy = FACT_ABSENT,
	.uptime_ms = 7391000,
	.exit_kind = WIRE_EXIT_SIGNAL,
	.exit_value = SIGKILL,
	.run = 12,
	.as_wanted = true,
};

/* Parse ${line}, which ends with a newline. */
static struct answer
parse(const char *line)
{
	struct answer a;
	struct err err;

	cr_assert_eq(
	    answer_parse(&a, line, strlen(line) - 1, &err), 0, "%s", err.text);
	return (a);
}

static void
assert_same(const struct wire_service *a, const struct wire_service *b)
{
	cr_assert_str_eq(a->name, b->name);
	cr_assert_str_eq(a->program, b->program);
	cr_assert_str_eq(a->group, b->group);
	cr_assert_str_eq(a->state, b->state);
	cr_assert_eq(a->want_up, b->want_up);
	cr_assert_eq(a->pid, b->pid);
	cr_assert_eq(a->ready, b->ready);
	cr_assert_eq(a->healthy, b->healthy);
	cr_assert_eq(a->restarts, b->restarts);
	cr_assert_eq(a->uptime_ms, b->uptime_ms);
	cr_assert_eq(a->exit_kind, b->exit_kind);
	cr_assert_eq(a->exit_value, b->exit_value);
	cr_assert_eq(a->detail == NULL, b->detail == NULL);
	if (a->detail != NULL)
		cr_assert_str_eq(a->detail, b->detail);
	cr_assert_eq(a->run, b->run);
	cr_assert_eq(a->as_wanted, b->as_wanted);
	cr_assert_eq(a->stuck, b->stuck);
}

Test(reply, a_service_looks_as_the_manual_says)
{
	struct strbuf b;

	strbuf_init(&b, 10000);
	reply_services(&b, &web, 1);
	cr_assert_str_eq(b.text,
	    "[{\"name\":\"web\",\"program\":\"web\",\"group\":\"web\","
	    "\"state\":\"BACKOFF\",\"want\":\"up\",\"pid\":null,"
	    "\"ready\":null,\"healthy\":false,\"restarts\":3,"
	    "\"uptime_ms\":null,\"exit\":{\"code\":1},\"detail\":"
	    "\"exit 1 after 0.3 s; \\\"bind: Address already in use\\\"\","
	    "\"run\":7,\"as_wanted\":false,\"stuck\":false}]");
	strbuf_free(&b);
}

Test(reply, services_decode_to_themselves)
{
	const struct wire_service services[] = { web, worker };
	const struct reply r = { .id = 9,
		.services = services,
		.nservices = 2,
		.config = "/etc/web.conf",
		.warnings = 2 };
	struct answer a;
	struct strbuf b;

	strbuf_init(&b, 10000);
	reply_encode(&b, &r);
	a = parse(b.text);
	cr_assert_eq(a.kind, ANSWER_REPLY);
	cr_assert_eq(a.reply.id, 9);
	cr_assert_eq(a.reply.code, CONTROL_OK);
	cr_assert_eq(a.reply.nservices, 2);
	assert_same(&a.reply.services[0], &web);
	assert_same(&a.reply.services[1], &worker);
	cr_assert_str_eq(a.reply.config, "/etc/web.conf");
	cr_assert_eq(a.reply.warnings, 2);
	answer_free(&a);
	strbuf_free(&b);
}

Test(reply, an_empty_fleet_is_an_empty_list)
{
	const struct reply r = { .has_services = true };
	struct strbuf b;

	strbuf_init(&b, 10000);
	reply_encode(&b, &r);
	cr_assert_str_eq(b.text, "{\"id\":0,\"ok\":true,\"services\":[]}\n");
	strbuf_free(&b);
}

Test(reply, a_failure_decodes_to_itself)
{
	struct answer a;
	struct strbuf b;

	strbuf_init(&b, 10000);
	reply_fail(&b, 7, CONTROL_NO_SUCH, "no such service: wbe");
	cr_assert_str_eq(b.text, "{\"id\":7,\"ok\":false,\"code\":4,"
				 "\"error\":\"no such service: wbe\"}\n");
	a = parse(b.text);
	cr_assert_eq(a.reply.code, CONTROL_NO_SUCH);
	cr_assert_str_eq(a.reply.error, "no such service: wbe");
	answer_free(&a);
	strbuf_free(&b);
}

Test(reply, an_update_decodes_to_itself)
{
	static const struct wire_change changes[] = {
		{ '+', "report", "start" },
		{ '~', "web", "restart  environment.A: \"1\" -> \"2\"" },
	};
	static const char *const removed[] = { "legacy" };
	static const char *const diagnostics[] = { "a:1: warning: b" };
	const struct reply r = { .id = 1,
		.changes = changes,
		.nchanges = 2,
		.has_changes = true,
		.unchanged = 57,
		.removed = removed,
		.nremoved = 1,
		.diagnostics = diagnostics,
		.ndiagnostics = 1 };
	struct answer a;
	struct strbuf b;

	strbuf_init(&b, 10000);
	reply_encode(&b, &r);
	a = parse(b.text);
	cr_assert_eq(a.reply.nchanges, 2);
	cr_assert_eq(a.reply.changes[1].mark, '~');
	cr_assert_str_eq(a.reply.changes[1].text, changes[1].text);
	cr_assert_eq(a.reply.unchanged, 57);
	cr_assert_str_eq(a.reply.removed[0], "legacy");
	cr_assert_str_eq(a.reply.diagnostics[0], "a:1: warning: b");
	answer_free(&a);
	strbuf_free(&b);
}

Test(reply, events_decode_to_themselves)
{
	struct answer a;
	struct strbuf b;

	strbuf_init(&b, 10000);
	reply_event(&b, 7, &worker, false);
	a = parse(b.text);
	cr_assert_eq(a.kind, ANSWER_STATE);
	cr_assert_eq(a.reply.id, 7);
	assert_same(&a.service, &worker);
	answer_free(&a);
	strbuf_reset(&b);
	reply_event(&b, 7, &web, true);
	a = parse(b.text);
	cr_assert_eq(a.kind, ANSWER_GONE);
	answer_free(&a);
	strbuf_free(&b);
}

Test(reply, a_name_which_is_no_utf8_is_still_valid_json)
{
	struct wire_service odd = web;
	struct answer a;
	struct strbuf b;

	odd.detail = "last words: \xff\x80\"";
	strbuf_init(&b, 10000);
	reply_event(&b, 1, &odd, false);
	a = parse(b.text);
	cr_assert_str_eq(
	    a.service.detail, "last words: \xef\xbf\xbd\xef\xbf\xbd\"");
	answer_free(&a);
	strbuf_free(&b);
}

/* Within a small part of the turn of the loop which serves it. */
Test(reply, ten_thousand_services_take_milliseconds_and_fit)
{
	struct wire_service *fleet = calloc(FLEET, sizeof(*fleet));
	struct reply r = { .services = fleet, .nservices = FLEET };
	struct mono before;
	struct strbuf b;
	int64_t ms;

	for (size_t i = 0; i < FLEET; i++)
		fleet[i] = i % 2 == 0 ? web : worker;
	strbuf_init(&b, CONTROL_REPLY_MAX);
	before = mono_now();
	reply_encode(&b, &r);
	ms = mono_now().ms - before.ms;
	cr_assert(!b.failed);
	cr_assert_lt(b.len, CONTROL_REPLY_MAX / 2);
	/* 6 ms where it was measured, 40 with sanitizers. */
	cr_assert_lt(ms, 500, "took %d ms", (int)ms);
	strbuf_free(&b);
	free(fleet);
}

Test(answer, passes_over_what_it_does_not_know)
{
	struct answer a;

	a = parse("{\"id\":1,\"ok\":true,\"mood\":{\"a\":[1]},"
		  "\"services\":[]}\n");
	cr_assert(a.reply.has_services);
	answer_free(&a);
	a = parse("{\"id\":1,\"event\":\"weather\",\"service\":1}\n");
	cr_assert_eq(a.kind, ANSWER_OTHER);
	answer_free(&a);
}

Test(answer, refuses_what_is_not_what_it_should_be)
{
	static const char *const lines[] = {
		"",
		"[]",
		"{}",
		"{\"id\":1,\"ok\":false}",
		"{\"ok\":1}",
		"{\"ok\":false,\"code\":0,\"error\":\"x\"}",
		"{\"ok\":false,\"code\":7,\"error\":\"x\"}",
		"{\"ok\":true,\"services\":{}}",
		"{\"ok\":true,\"services\":[1]}",
		"{\"ok\":true,\"services\":[{\"name\":\"a\"}]}",
		"{\"ok\":true,\"removed\":[1]}",
		"{\"ok\":true,\"changes\":[{\"mark\":\"++\",\"name\":\"a\","
		"\"text\":\"\"}]}",
		"{\"ok\":true,\"pid\":-1}",
		"{\"event\":\"state\"}",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct answer a = { .kind = ANSWER_OTHER };
		struct err err;

		cr_assert_eq(answer_parse(&a, lines[i], strlen(lines[i]), &err),
		    -1, "%s", lines[i]);
		cr_assert_eq(a.kind, ANSWER_OTHER);
	}
}
