/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "cli/options.h"
#include "cli/report.h"

#include "cli/talk.h"

/*
 * How long a reply may take.  Everything is answered from memory, except that
 * an update first reads the configuration, which has a limit of its own.
 */
#define REPLY_MS  (INT64_C(10) * 1000)
#define UPDATE_MS (INT64_C(5) * 60 * 1000)

/* What somebody can do about a socket that does not work. */
static const char *
advice(int code)
{
	switch (code) {
	case ENOENT:
		return ("; is sigmund running, with this socket? (-s, -c)");
	case ECONNREFUSED:
		return ("; sigmund is not running there any more");
	case EACCES:
	case EPERM:
		return ("; its owner and mode decide who may");
	case EAGAIN:
		return ("; sigmund is there, but does not accept");
	default:
		return ("");
	}
}

static enum control_code
no_answer(struct talk *talk, const struct err *err)
{
	return (report_fail(talk->options, CONTROL_NO_ANSWER,
	    "no answer from sigmund: %s%s", err->text, advice(err->code)));
}

static enum control_code
find_and_connect(struct talk *talk)
{
	struct err err;

	if (socket_find(talk->address, talk->options, &err) != 0)
		return (
		    report_fail(talk->options, CONTROL_USAGE, "%s", err.text));
	if (link_open(&talk->link, talk->address, &err) != 0)
		return (no_answer(talk, &err));
	return (CONTROL_OK);
}

/* Until when to wait for what sigmund should say within ${ms}. */
static struct mono
patience(const struct talk *talk, int64_t ms)
{
	return (
	    mono_earlier(mono_after(mono_now(), ms), talk->options->deadline));
}

static enum control_code
send_request(struct talk *talk, const struct request *request)
{
	struct mono deadline = patience(talk, REPLY_MS);
	enum control_code code = CONTROL_OK;
	struct strbuf b;
	struct err err;

	strbuf_init(&b, CONTROL_REQUEST_MAX);
	request_encode(&b, request);
	if (b.failed)
		code = report_fail(
		    talk->options, CONTROL_USAGE, "too many names at once");
	else if (link_send(&talk->link, b.text, b.len, deadline, &err) != 0 &&
		 err.code != EPIPE && err.code != ECONNRESET)
		code = no_answer(talk, &err);
	/* Who closed on us has perhaps said why: that is read next. */
	strbuf_free(&b);
	return (code);
}

static enum control_code
unreadable(struct talk *talk, const struct err *err)
{
	return (report_fail(talk->options, CONTROL_NO_ANSWER,
	    "%s does not speak as sigmund does: %s", talk->address, err->text));
}

/* The reply, whatever it says; events before it are none of ours. */
static enum control_code
receive_reply(struct talk *talk, int64_t ms, struct answer *answer)
{
	struct mono deadline = patience(talk, ms);
	struct err err = { .code = 0 };
	size_t len;
	char *line;

	for (;;) {
		switch (
		    link_receive(&talk->link, &line, &len, deadline, &err)) {
		case LINK_LINE:
			break;
		case LINK_CLOSED:
			(void)err_set(&err, 0, "%s: closed without a reply",
			    talk->address);
			return (no_answer(talk, &err));
		case LINK_TIMED_OUT:
			(void)err_set(&err, ETIMEDOUT, "%s", talk->address);
			return (no_answer(talk, &err));
		case LINK_FAILED:
			return (no_answer(talk, &err));
		}
		if (answer_parse(answer, line, len, &err) != 0)
			return (unreadable(talk, &err));
		if (answer->kind == ANSWER_REPLY)
			return (CONTROL_OK);
		answer_free(answer);
	}
}

/* A reply which says no. */
static enum control_code
refused(struct talk *talk, struct answer *answer)
{
	enum control_code code = answer->reply.code;
	size_t i;

	for (i = 0; i < answer->reply.ndiagnostics; i++)
		report_error("%s", answer->reply.diagnostics[i]);
	report_error("%s", answer->reply.error);
	if (talk->options->json)
		(void)report_json(&answer->reply);
	answer_free(answer);
	return (code);
}

enum control_code
talk_ask(struct talk *talk, const struct options *o,
    const struct request *request, struct answer *answer)
{
	int64_t ms = request->command == CONTROL_UPDATE ? UPDATE_MS : REPLY_MS;
	enum control_code code;

	*talk = (struct talk){ .options = o, .link.fd = -1 };
	code = find_and_connect(talk);
	if (code == CONTROL_OK)
		code = send_request(talk, request);
	if (code == CONTROL_OK)
		code = receive_reply(talk, ms, answer);
	if (code == CONTROL_OK && answer->reply.code != CONTROL_OK)
		code = refused(talk, answer);
	if (code != CONTROL_OK)
		link_close(&talk->link);
	return (code);
}

enum talk_result
talk_next(struct talk *talk, struct answer *answer)
{
	struct err err;
	size_t len;
	char *line;

	switch (link_receive(
	    &talk->link, &line, &len, talk->options->deadline, &err)) {
	case LINK_LINE:
		break;
	case LINK_CLOSED:
		return (TALK_CLOSED);
	case LINK_TIMED_OUT:
		return (TALK_TIMED_OUT);
	case LINK_FAILED:
		(void)no_answer(talk, &err);
		return (TALK_FAILED);
	}
	if (answer_parse(answer, line, len, &err) != 0) {
		(void)unreadable(talk, &err);
		return (TALK_FAILED);
	}
	return (TALK_EVENT);
}

void
talk_close(struct talk *talk)
{
	link_close(&talk->link);
}
