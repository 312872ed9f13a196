/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/options.h"
#include "wire/reply.h"

#include "cli/report.h"

/* Of a message; the longest come from sigmund. */
#define REPORT_MAX 4096

enum control_code
report_text(struct strbuf *b)
{
	if (b->failed) {
		report_error("too much to show");
		return (CONTROL_FAILED);
	}
	errno = 0;
	(void)fwrite(strbuf_text(b), 1, b->len, stdout);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		report_error("stdout: %s", strerror(errno));
		return (CONTROL_FAILED);
	}
	return (CONTROL_OK);
}

enum control_code
report_json(const struct reply *reply)
{
	struct strbuf b;
	enum control_code code;

	strbuf_init(&b, CONTROL_REPLY_MAX);
	strbuf_putc(&b, '{');
	reply_body(&b, reply);
	strbuf_puts(&b, "}\n");
	code = report_text(&b);
	strbuf_free(&b);
	return (code);
}

/* Part of it may come from a child: nothing may reach the terminal raw. */
static void
say(const char *text)
{
	struct strbuf b;

	strbuf_init(&b, (size_t)4 * REPORT_MAX);
	strbuf_puts(&b, "sigctl: ");
	strbuf_printable(&b, text);
	strbuf_putc(&b, '\n');
	(void)fputs(strbuf_text(&b), stderr);
	strbuf_free(&b);
}

void
report_error(const char *fmt, ...)
{
	char text[REPORT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(text);
}

enum control_code
report_fail(
    const struct options *o, enum control_code code, const char *fmt, ...)
{
	struct reply reply = { .code = code };
	char text[REPORT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(text);
	reply.error = text;
	if (o->json)
		(void)report_json(&reply);
	return (code);
}

void
report_progress(const struct options *o, const char *text)
{
	struct strbuf b;

	if (!o->err_is_terminal)
		return;
	strbuf_init(&b, (size_t)4 * REPORT_MAX);
	/* Without wrapping: of a second line it would leave the first. */
	strbuf_puts(&b, "\r\033[K\033[?7l");
	strbuf_printable(&b, text);
	strbuf_puts(&b, "\033[?7h");
	(void)fputs(strbuf_text(&b), stderr);
	strbuf_free(&b);
}
