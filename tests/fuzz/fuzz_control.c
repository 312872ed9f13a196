/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "wire/answer.h"
#include "wire/linebuf.h"
#include "wire/request.h"
#include "wire/select.h"

/*
 * Whatever comes over the control socket: the input is a stream, and each of
 * its lines is read as a request and as an answer.  What is understood must
 * survive being written and read again.
 */

#define STREAM_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct selectable fleet[] = {
	{ "web", "web", "web", "web" },
	{ "worker:worker_00", "worker_00", "worker", "worker" },
	{ "site:db", "db", "site", "shard" },
};
#define NFLEET (sizeof(fleet) / sizeof(fleet[0]))

/* A word which has matched something means something. */
static void
check_selection(const struct request *r)
{
	struct selection sel;
	struct err err;
	size_t i, chosen = 0;

	if (select_init(&sel, r->names, r->nnames, &err) != 0)
		return;
	for (i = 0; i < NFLEET; i++)
		select_offer(&sel, &fleet[i]);
	for (i = 0; i < NFLEET; i++)
		chosen += select_has(&sel, &fleet[i]);
	if (select_missed(&sel) > 0)
		assert(chosen > 0);
	select_free(&sel);
}

static void
check_request(const char *line, size_t len)
{
	struct request r, back;
	struct strbuf first, second;
	struct err err;

	if (request_parse(&r, line, len, &err) != 0) {
		assert(err.text[0] != '\0');
		return;
	}
	strbuf_init(&first, CONTROL_REQUEST_MAX);
	strbuf_init(&second, CONTROL_REQUEST_MAX);
	request_encode(&first, &r);
	assert(!first.failed);
	assert(request_parse(&back, first.text, first.len - 1, &err) == 0);
	request_encode(&second, &back);
	assert(strcmp(first.text, second.text) == 0);
	check_selection(&r);
	request_free(&back);
	request_free(&r);
	strbuf_free(&first);
	strbuf_free(&second);
}

static void
check_answer(const char *line, size_t len)
{
	struct answer a, back;
	struct strbuf b;
	struct err err;

	if (answer_parse(&a, line, len, &err) != 0) {
		assert(err.text[0] != '\0');
		return;
	}
	strbuf_init(&b, CONTROL_REPLY_MAX);
	if (a.kind == ANSWER_REPLY)
		reply_encode(&b, &a.reply);
	else if (a.kind != ANSWER_OTHER)
		reply_event(&b, a.reply.id, &a.service, a.kind == ANSWER_GONE);
	if (b.len > 0) {
		assert(answer_parse(&back, b.text, b.len - 1, &err) == 0);
		assert(back.reply.nservices == a.reply.nservices);
		answer_free(&back);
	}
	answer_free(&a);
	strbuf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum linebuf_result result = LINEBUF_MORE;
	struct linebuf lb;
	size_t space, len, at = 0;
	char *to, *line;

	linebuf_init(&lb, STREAM_MAX);
	while (at < size && result != LINEBUF_LONG) {
		to = linebuf_space(&lb, &space);
		assert(to != NULL);
		/* In pieces of 1 to 64 bytes. */
		len = (size_t)(data[at] & 63) + 1;
		len = len < space ? len : space;
		len = len < size - at ? len : size - at;
		memcpy(to, data + at, len);
		linebuf_filled(&lb, len);
		at += len;
		while (
		    (result = linebuf_next(&lb, &line, &len)) == LINEBUF_LINE) {
			check_request(line, len);
			check_answer(line, len);
		}
	}
	assert(lb.size <= STREAM_MAX);
	linebuf_free(&lb);
	return (0);
}
