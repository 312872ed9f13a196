/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "os/child_report.h"

static const struct {
	const char *word;
	const char *begins;
} stages[] = {
#define X(sym, word, begins) [CHILD_STAGE_##sym] = { word, begins },
	CHILD_STAGES(X)
#undef X
};
_Static_assert(sizeof(stages) / sizeof(stages[0]) == CHILD_STAGE_COUNT,
    "a row for each stage");

int
child_report_set(struct child_report *report, enum child_stage stage, int code,
    const char *fmt, ...)
{
	int saved_errno = errno;
	va_list ap;

	report->stage = stage;
	report->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(report->detail, sizeof(report->detail), fmt, ap);
	va_end(ap);
	errno = saved_errno;
	return (-1);
}

/* Append ${text} at ${len}, control characters as \xNN; return the new len. */
static size_t
escape(char buf[CHILD_TEXT_MAX], size_t len, const char *text)
{
	for (; *text != '\0' && len + 5 < CHILD_TEXT_MAX; text++) {
		if (iscntrl((unsigned char)*text))
			len += (size_t)snprintf(
			    buf + len, 5, "\\x%02x", (unsigned char)*text);
		else
			buf[len++] = *text;
	}
	buf[len] = '\0';
	return (len);
}

const char *
child_report_text(const struct child_report *report, char buf[CHILD_TEXT_MAX])
{
	size_t len = 0;

	len = escape(buf, len, stages[report->stage].begins);
	if (report->detail[0] != '\0') {
		len = escape(buf, len, " ");
		len = escape(buf, len, report->detail);
	}
	if (report->code != 0) {
		len = escape(buf, len, ": ");
		len = escape(buf, len, strerror(report->code));
	}
	len = escape(buf, len, " (");
	len = escape(buf, len, stages[report->stage].word);
	(void)escape(buf, len, ")");
	return (buf);
}
