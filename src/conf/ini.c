/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/limits.h"
#include "conf/ini.h"

/*
 * Both are refused in the input, so that they can stand for something: a
 * semicolon, which inih might take for a comment, and the edges of a piece,
 * which inih would otherwise trim.
 */
#define SEMICOLON 0x1e
#define EDGE      0x1f

/* What the piece is which inih has just been given. */
enum piece {
	PIECE_HEADER, /* "[N]": a section. */
	PIECE_KEY,    /* A key and the beginning of its value. */
	PIECE_MORE    /* More of the value, as "+=...". */
};

/*
 * inih asks for a line, calls the handler at most once, and asks again: so
 * both sides always know which piece they speak of.
 */
struct reader {
	const struct ini_events *events;
	const char *next, *end; /* What is not read yet. */
	int line;
	int blanks; /* Blank lines since the last piece. */
	bool in_section;
	bool bad_section; /* Its values are skipped in silence. */
	bool have_key;    /* What is indented more continues it. */
	size_t key_indent;
	unsigned nsections;

	const char *rest; /* Of this line, not given to inih yet. */
	size_t rest_len;
	enum piece kind;
	char header[16];
	bool handed; /* A key was given, its handler did not run yet. */

	bool open; /* A value is being collected. */
	bool too_long;
	char key[INI_KEY_MAX + 1];
	int key_line;
	struct strbuf value;
	bool failed; /* Out of memory. */
};

static void
error(struct reader *r, int line, const char *text)
{
	r->events->error(r->events->arg, text, line);
}

/* The value is complete. */
static void
flush(struct reader *r)
{
	if (r->open && !r->too_long && !r->value.failed)
		r->events->value(r->events->arg, r->key, strbuf_text(&r->value),
		    r->key_line);
	r->failed |= r->value.failed;
	r->open = false;
	r->blanks = 0;
}

/* Add to the value, up to its limit. */
static void
append(struct reader *r, const char *p, size_t len)
{
	if (r->too_long)
		return;
	if (len > INI_VALUE_MAX - r->value.len) {
		error(r, r->key_line, "the value is longer than 65536 bytes");
		r->too_long = true;
		return;
	}
	strbuf_add(&r->value, p, len);
}

/* Where the inline comment of a line begins, or its end. */
static const char *
comment_start(const char *p, const char *end)
{
	const char *q;

	for (q = p + 1; q < end; q++)
		if ((*q == ';' || *q == '#') && isspace((unsigned char)q[-1]))
			return (q);
	return (end);
}

/* [${p}, ${end}) is "[...": tell of the section; inih gets its number. */
static bool
take_header(struct reader *r, const char *p, const char *end)
{
	const char *close = memrchr(p, ']', (size_t)(end - p));
	char name[INI_SECTION_MAX + 1];
	size_t len;

	flush(r);
	r->have_key = false;
	r->in_section = true;
	r->bad_section = true;
	if (close == NULL) {
		error(r, r->line, "the section lacks its \"]\"");
		return (false);
	}
	len = (size_t)(close - p - 1);
	if (len == 0) {
		error(r, r->line, "the section has no name");
		return (false);
	}
	if (len > INI_SECTION_MAX) {
		error(
		    r, r->line, "the section's name is longer than 255 bytes");
		return (false);
	}
	if (close + 1 != end)
		r->events->warning(r->events->arg,
		    "the text behind \"]\" is ignored", r->line);
	memcpy(name, p + 1, len);
	name[len] = '\0';
	r->bad_section = false;
	r->events->section(r->events->arg, name, r->line);
	r->rest_len = (size_t)snprintf(
	    r->header, sizeof(r->header), "[%u]", ++r->nsections);
	r->rest = r->header;
	r->kind = PIECE_HEADER;
	return (true);
}

/* [${p}, ${end}) should be "key = value". */
static bool
take_key(struct reader *r, const char *p, const char *end)
{
	const char *q = p;

	flush(r);
	r->have_key = true;
	if (!r->in_section) {
		error(r, r->line, "a key before the first section");
		return (false);
	}
	if (r->bad_section)
		return (false);
	while (q < end && *q != '=' && *q != ':')
		q++;
	if (q == end) {
		error(
		    r, r->line, "expected [section], key = value or a comment");
		return (false);
	}
	while (q > p && isspace((unsigned char)q[-1]))
		q--;
	if (q == p) {
		error(r, r->line, "no key in front of the \"=\"");
		return (false);
	}
	if (q - p > INI_KEY_MAX) {
		error(r, r->line, "the key is longer than 63 bytes");
		return (false);
	}
	r->kind = PIECE_KEY;
	r->rest = p;
	r->rest_len = (size_t)(end - p);
	return (true);
}

/* The value of the last key goes on. */
static bool
take_continuation(struct reader *r, const char *p, const char *end)
{
	if (!r->open)
		return (false);
	for (; r->blanks >= 0; r->blanks--)
		append(r, "\n", 1);
	r->blanks = 0;
	r->kind = PIECE_MORE;
	r->rest = p;
	r->rest_len = (size_t)(end - p);
	return (true);
}

/* One physical line; is there something in it for inih? */
static bool
take_line(struct reader *r, const char *p, const char *end)
{
	const char *begin = p;
	size_t indent;

	while (p < end && isspace((unsigned char)*p))
		p++;
	if (p == end) {
		r->blanks++;
		return (false);
	}
	if (*p == ';' || *p == '#')
		return (false);
	indent = (size_t)(p - begin);
	end = comment_start(p, end);
	while (isspace((unsigned char)end[-1]))
		end--;
	if (r->have_key && indent > r->key_indent)
		return (take_continuation(r, p, end));
	r->key_indent = indent;
	return (*p == '[' ? take_header(r, p, end) : take_key(r, p, end));
}

/* Is there a byte which could be taken for one of ours? */
static bool
has_control(const char *p, const char *end)
{
	for (; p < end; p++)
		if (*p == '\0' || *p == SEMICOLON || *p == EDGE)
			return (true);
	return (false);
}

/* Go on to a line which has something for inih. */
static bool
next_line(struct reader *r)
{
	while (r->next < r->end) {
		const char *p = r->next;
		const char *end = memchr(p, '\n', (size_t)(r->end - p));

		if (end == NULL)
			end = r->end;
		r->next = end == r->end ? end : end + 1;
		if (++r->line == 1 && end - p >= 3 &&
		    memcmp(p, "\xef\xbb\xbf", 3) == 0)
			p += 3;
		if (has_control(p, end)) {
			error(
			    r, r->line, "a control byte (0x00, 0x1e or 0x1f)");
			continue;
		}
		if (take_line(r, p, end))
			return (true);
	}
	return (false);
}

/* inih wants a line: at most ${num} bytes with newline and NUL. */
static char *
reader(char *buf, int num, void *arg)
{
	struct reader *r = arg;
	size_t room, n, len = 0;
	char *p = buf;

	if (num < 64) {
		error(r, r->line, "this inih was built for too short lines");
		return (NULL);
	}
	room = (size_t)num - 8;
	if (r->handed) {
		/* Cannot be: take_key() has seen the key and the "=". */
		error(r, r->line, "the line was not understood");
		r->handed = false;
		r->rest = NULL;
	}
	if (r->rest == NULL && !next_line(r))
		return (NULL);
	n = r->rest_len < room ? r->rest_len : room;
	if (r->kind == PIECE_MORE) {
		/* Not an indented line: inih may have been built without. */
		*p++ = '+';
		*p++ = '=';
		*p++ = EDGE;
	}
	for (len = 0; len < n; len++)
		*p++ = r->rest[len] == ';' ? SEMICOLON : r->rest[len];
	*p++ = r->kind == PIECE_HEADER ? ' ' : EDGE;
	*p++ = '\n';
	*p = '\0';
	r->handed = r->kind == PIECE_KEY;
	r->rest = n < r->rest_len ? r->rest + n : NULL;
	r->rest_len -= n;
	return (buf);
}

/* A key: begin its value. */
static void
begin_value(struct reader *r, const char *name)
{
	size_t i;

	r->handed = false;
	for (i = 0; i < INI_KEY_MAX && name[i] != '\0'; i++)
		r->key[i] = (char)tolower((unsigned char)name[i]);
	r->key[i] = '\0';
	r->key_line = r->line;
	r->open = true;
	r->too_long = false;
	strbuf_reset(&r->value);
}

/*
 * inih has split a piece.  More arguments, which some builds of inih pass,
 * do not matter; the line number among them is not to be trusted.
 */
static int
handler(void *arg, const char *section, const char *name, const char *value)
{
	struct reader *r = arg;
	size_t len, at;

	(void)section;
	if (name == NULL || value == NULL)
		return (1);
	if (r->handed)
		begin_value(r, name);
	else
		value += *value == EDGE;
	len = strlen(value);
	if (len > 0 && value[len - 1] == EDGE)
		len--;
	at = r->value.len;
	append(r, value, len);
	for (; at < r->value.len; at++)
		if (r->value.text[at] == SEMICOLON)
			r->value.text[at] = ';';
	/* What is left of the line goes on with the value. */
	r->kind = PIECE_MORE;
	return (1);
}

int
ini_read(const char *text, size_t len, const struct ini_events *events)
{
	struct reader r = { .events = events,
		.next = text,
		.end = text + len,
		.value = LIMITS_TEXT };
	int rc;

	/* Its return value is about pieces, not lines, and tells no news. */
	(void)ini_parse_stream(reader, &r, handler, &r);
	flush(&r);
	rc = r.failed ? -1 : 0;
	strbuf_free(&r.value);
	return (rc);
}
