/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "wire/request.h"

static int
parse(struct request *r, const char *line, struct err *err)
{
	return (request_parse(r, line, strlen(line), err));
}

/* Encode ${r}, parse that, encode again: the same text, the same request. */
static void
round_trip(const struct request *r)
{
	struct strbuf first, second;
	struct request back;
	struct err err;

	strbuf_init(&first, CONTROL_REQUEST_MAX);
	strbuf_init(&second, CONTROL_REQUEST_MAX);
	request_encode(&first, r);
	cr_assert_eq(first.text[first.len - 1], '\n');
	cr_assert_eq(request_parse(&back, first.text, first.len - 1, &err), 0,
	    "%s: %s", first.text, err.text);
	cr_assert_eq(back.command, r->command);
	cr_assert_eq(back.nnames, r->nnames);
	cr_assert_eq(back.signo, r->signo);
	request_encode(&second, &back);
	cr_assert_str_eq(first.text, second.text);
	request_free(&back);
	strbuf_free(&first);
	strbuf_free(&second);
}

Test(request, every_one_decodes_to_itself)
{
	static const char *const names[] = { "web", "a:*", "\xc3\xa4 \"\\\n" };

	for (int c = 0; c < CONTROL_COMMANDS_COUNT; c++) {
		unsigned takes =
		    control_command_fields((enum control_command)c);

		for (int flags = 0; flags < 2; flags++) {
			struct request r = { .command = (enum control_command)c,
				.id = flags ? CONTROL_ID_MAX : 0 };

			if ((takes & (CONTROL_TAKES_NAMES |
					 CONTROL_NEEDS_NAMES)) != 0) {
				r.names = names;
				r.nnames = 3;
			}
			r.watch = flags && (takes & CONTROL_TAKES_WATCH) != 0;
			r.dry_run =
			    flags && (takes & CONTROL_TAKES_DRY_RUN) != 0;
			r.now = flags && (takes & CONTROL_TAKES_NOW) != 0;
			r.tree = flags && (takes & CONTROL_IS_SIGNAL) != 0;
			if ((takes & CONTROL_IS_SIGNAL) != 0)
				r.signo = flags ? SIGRTMIN + 3 : SIGHUP;
			round_trip(&r);
		}
	}
}

Test(request, names_are_kept_as_sent)
{
	struct request r;
	struct err err;

	cr_assert_eq(parse(&r,
			 "{\"command\":\"stop\",\"id\":7,\"watch\":true,"
			 "\"names\":[\"web\",\"worker:*\"]}",
			 &err),
	    0);
	cr_assert_eq(r.command, CONTROL_STOP);
	cr_assert_eq(r.id, 7);
	cr_assert(r.watch);
	cr_assert_eq(r.nnames, 2);
	cr_assert_str_eq(r.names[0], "web");
	cr_assert_str_eq(r.names[1], "worker:*");
	request_free(&r);
}

Test(request, what_is_malformed_is_refused_with_the_reason)
{
	static const struct {
		const char *line;
		const char *reason;
	} cases[] = {
		{ "", "not JSON" },
		{ "start web", "not JSON" },
		{ "{", "not JSON" },
		{ "[]", "not a JSON object" },
		{ "{} {}", "not JSON" },
		{ "\xff\xfe", "not JSON" },
		{ "{}", "command: missing" },
		{ "{\"command\":null}", "command: missing" },
		{ "{\"command\":1}", "command: expected a text" },
		{ "{\"command\":\"fly\"}", "unknown command: fly" },
		{ "{\"command\":\"status\",\"command\":\"stop\"}", "not JSON" },
		{ "{\"command\":\"status\",\"id\":-1}", "id: expected" },
		{ "{\"command\":\"status\",\"id\":\"1\"}", "id: expected" },
		{ "{\"command\":\"status\",\"id\":1.5}", "id: expected" },
		{ "{\"command\":\"status\",\"id\":9007199254740993}",
		    "id: expected 0 to 2^53" },
		{ "{\"command\":\"status\",\"id\":1e400}", "not JSON" },
		{ "{\"command\":\"status\",\"names\":\"web\"}",
		    "names: expected a list" },
		{ "{\"command\":\"status\",\"names\":[1]}",
		    "names: expected texts" },
		{ "{\"command\":\"status\",\"names\":[\"\"]}",
		    "names: one is empty" },
		{ "{\"command\":\"status\",\"names\":[\"a\\u0000b\"]}",
		    "not JSON" },
		{ "{\"command\":\"start\"}", "start: names: expected" },
		{ "{\"command\":\"start\",\"names\":[]}",
		    "start: names: expected" },
		{ "{\"command\":\"start\",\"names\":[\"a\"],\"dry_run\":true}",
		    "start: takes no dry_run" },
		{ "{\"command\":\"update\",\"dryrun\":true}",
		    "unknown field: dryrun" },
		{ "{\"command\":\"update\",\"dry_run\":1}",
		    "dry_run: expected true or false" },
		{ "{\"command\":\"update\",\"names\":[\"a\"]}",
		    "update: takes no names" },
		{ "{\"command\":\"signal\",\"names\":[\"a\"]}",
		    "signal: missing" },
		{ "{\"command\":\"signal\",\"names\":[\"a\"],\"signal\":9}",
		    "signal: expected a text" },
		{ "{\"command\":\"signal\",\"names\":[\"a\"],"
		  "\"signal\":\"NOPE\"}",
		    "signal: no such signal: NOPE" },
		{ "{\"command\":\"signal\",\"names\":[\"a\"],"
		  "\"signal\":\"0\"}",
		    "signal: no such signal: 0" },
		{ "{\"a\":[[[[[[[[[[]]]]]]]]]]}", "nested deeper" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request r = { .signo = 4711 };
		struct err err = { 0 };

		cr_assert_eq(
		    parse(&r, cases[i].line, &err), -1, "%s", cases[i].line);
		cr_assert_eq(
		    strncmp(err.text, cases[i].reason, strlen(cases[i].reason)),
		    0, "%s: %s", cases[i].line, err.text);
		cr_assert_eq(r.signo, 4711);
	}
}

Test(request, a_refused_one_still_tells_its_id)
{
	struct request r;
	struct err err;

	cr_assert_eq(parse(&r, "{\"id\":7,\"command\":\"fly\"}", &err), -1);
	cr_assert_eq(r.id, 7);
	cr_assert_eq(parse(&r, "{\"id\":7", &err), -1);
	cr_assert_eq(r.id, 0);
}

Test(request, a_name_has_a_maximum)
{
	static char line[CONTROL_NAME_MAX + 100];
	static char name[CONTROL_NAME_MAX + 2];
	struct request r;
	struct err err;

	memset(name, 'x', CONTROL_NAME_MAX);
	(void)snprintf(line, sizeof(line),
	    "{\"command\":\"status\",\"names\":[\"%s\"]}", name);
	cr_assert_eq(parse(&r, line, &err), 0);
	request_free(&r);
	name[CONTROL_NAME_MAX] = 'x';
	(void)snprintf(line, sizeof(line),
	    "{\"command\":\"status\",\"names\":[\"%s\"]}", name);
	cr_assert_eq(parse(&r, line, &err), -1);
}

Test(request, brackets_in_texts_are_no_depth)
{
	struct request r;
	struct err err;

	cr_assert_eq(parse(&r,
			 "{\"command\":\"status\","
			 "\"names\":[\"\\\"[[[[[[[[[[[[\"]}",
			 &err),
	    0);
	request_free(&r);
}

/* Change bytes of a good request at random: never a crash, never a leak. */
Test(request, broken_ones_are_survived)
{
	static const char good[] =
	    "{\"command\":\"signal\",\"id\":7,\"names\":[\"web\",\"a:*\"],"
	    "\"signal\":\"TERM\",\"tree\":true}";
	static const char bytes[] = "{}[]\",:\\0a\xff tu";
	uint32_t seed = 4711;
	struct request r;
	struct err err;

	for (int round = 0; round < 20000; round++) {
		size_t len = strlen(good);
		char *line = malloc(len);

		memcpy(line, good, len);
		for (int i = 0; i < 1 + round % 3; i++) {
			seed = seed * 1664525 + 1013904223;
			line[(seed >> 8) % len] =
			    bytes[(seed >> 24) % (sizeof(bytes) - 1)];
		}
		seed = seed * 1664525 + 1013904223;
		if (request_parse(&r, line,
			seed >> 31 ? len : (seed >> 8) % len, &err) == 0)
			request_free(&r);
		free(line);
	}
}
