/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/limits.h"
#include "conf/shlex.h"
#include "conf/environment.h"

static bool
is_blank(char c)
{
	return (isspace((unsigned char)c) != 0);
}

static const char *
skip_blanks(const char *p)
{
	while (is_blank(*p))
		p++;
	return (p);
}

/* How long the key at ${p} is. */
static size_t
key_length(const char *p)
{
	return (strcspn(p, "=,;'\" \t\r\n\v\f"));
}

/* Does "KEY=" come next, perhaps behind blanks? */
static bool
pair_follows(const char *p)
{
	size_t len;

	p = skip_blanks(p);
	len = key_length(p);
	return (len > 0 && *skip_blanks(p + len) == '=');
}

/* Does the value end here? */
static bool
value_ends(const char *p)
{
	if (*p == '\0' || *p == ',')
		return (true);
	if (*p == '\n')
		return (pair_follows(p + 1));
	/* supervisord takes whatever stands there for the separator. */
	return (
	    *p == ';' && (pair_follows(p + 1) || *skip_blanks(p + 1) == '\0'));
}

/* Is ${p}, a double quote behind a backslash, the end of its quotes? */
static bool
quote_ends(const char *p)
{
	p++;
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return (*p == '\n' || value_ends(p));
}

/* Where the quotes which begin at ${p} end, or NULL. */
static const char *
closing_quote(const char *p)
{
	char quote = *p;

	for (p++; *p != '\0'; p++) {
		if (*p == '\\' && quote == '"' && p[1] == '"') {
			if (quote_ends(p + 1))
				return (p + 1);
			p++;
		} else if (*p == quote) {
			return (p);
		}
	}
	return (NULL);
}

/* Append what is between ${p} and its closing quote ${end}. */
static void
take_quoted(struct strbuf *value, const char *p, const char *end)
{
	char quote = *p;

	for (p++; p < end; p++) {
		if (*p == '\\' && quote == '"' && p[1] == '"' && p + 1 < end)
			p++;
		strbuf_putc(value, *p);
	}
}

/*
 * Where the quotes at ${p}, within a word, end; NULL if this is no more than
 * an apostrophe, as in A=it's,B=1.
 */
static const char *
inner_quote_end(const char *p)
{
	const char *end = closing_quote(p);

	if (end == NULL || memchr(p, ',', (size_t)(end - p)) != NULL ||
	    memchr(p, '\n', (size_t)(end - p)) != NULL)
		return (NULL);
	return (end);
}

/* Read a value at ${p} up to its separator; return where that is, or NULL. */
static const char *
take_value(struct strbuf *value, const char *p, struct err *err)
{
	const char *begin = p, *end;
	size_t keep = value->len; /* Blanks at the end are not the value's. */

	while (!value_ends(p)) {
		if (*p == '\'' || *p == '"') {
			bool inner = p > begin && !is_blank(p[-1]) &&
				     p[-1] != '\'' && p[-1] != '"';

			end = inner ? inner_quote_end(p) : closing_quote(p);
			if (end == NULL && !inner) {
				(void)err_set(err, 0, SHLEX_OPEN_QUOTE, *p);
				return (NULL);
			}
			if (end != NULL) {
				take_quoted(value, p, end);
				keep = value->len;
				p = end + 1;
				continue;
			}
		}
		if (is_blank(*p) && pair_follows(p)) {
			(void)err_set(err, 0,
			    "expected a comma in front of \"%.*s=\"; quote the "
			    "value if that belongs to it",
			    (int)key_length(skip_blanks(p)), skip_blanks(p));
			return (NULL);
		}
		strbuf_putc(value, *p);
		if (!is_blank(*p))
			keep = value->len;
		p++;
	}
	if (value->len > keep) {
		value->len = keep;
		value->text[keep] = '\0';
	}
	return (p);
}

/* Do two pairs have the same key? */
static bool
same_key(const char *a, const char *b)
{
	for (; *a == *b && *a != '='; a++, b++)
		;
	return (*a == *b);
}

static size_t
find(const struct environment *env, const char *pair)
{
	size_t i;

	for (i = 0; i < env->n; i++)
		if (same_key(env->pairs[i], pair))
			break;
	return (i);
}

/* Put ${pair}, which stays by reference, at ${i}, which is at most ${n}. */
static int
put(struct environment *env, size_t i, const char *pair, struct scratch *s)
{
	const char **pairs;

	if (env->n + 1 >= env->cap) {
		size_t cap = env->cap == 0 ? 16 : env->cap * 2;

		if ((pairs = scratch_alloc(s, cap * sizeof(*pairs))) == NULL)
			return (-1);
		if (env->n > 0)
			memcpy(pairs, env->pairs, env->n * sizeof(*pairs));
		env->pairs = pairs;
		env->cap = cap;
	}
	env->pairs[i] = pair;
	if (i == env->n)
		env->pairs[++env->n] = NULL;
	return (0);
}

/* Read one pair at ${p} into ${pair}; return where its separator is. */
static const char *
take_pair(struct strbuf *pair, const char *p, struct err *err)
{
	size_t len = key_length(p);
	const char *line; /* Its end. */

	if (len == 0) {
		(void)err_set(err, 0, "expected KEY=value at \"%.20s\"", p);
		return (NULL);
	}
	strbuf_add(pair, p, len);
	p = skip_blanks(p + len);
	if (*p != '=') {
		(void)err_set(err, 0, "expected \"=\" behind \"%.60s\"",
		    strbuf_text(pair));
		return (NULL);
	}
	line = p + 1 + strcspn(p + 1, "\n");
	p = skip_blanks(p + 1);
	/* "A=" and a pair in the next line is not A="B=1". */
	if (*p == '\0' || *p == ',' || (p > line && pair_follows(p))) {
		(void)err_set(err, 0,
		    "%.60s has no value; write %.60s=\"\" for an empty one",
		    strbuf_text(pair), strbuf_text(pair));
		return (NULL);
	}
	strbuf_putc(pair, '=');
	return (take_value(pair, p, err));
}

int
environment_parse(struct environment *env, const char *text,
    struct scratch *scratch, struct err *err)
{
	struct strbuf pair = LIMITS_TEXT;
	const char *p = skip_blanks(text), *copy;

	while (*p != '\0') {
		strbuf_reset(&pair);
		if ((p = take_pair(&pair, p, err)) == NULL)
			goto err0;
		copy = scratch_strndup(scratch, strbuf_text(&pair), pair.len);
		if (pair.failed || copy == NULL ||
		    put(env, find(env, copy), copy, scratch) != 0) {
			(void)err_set(err, 0, "out of memory");
			goto err0;
		}
		p = skip_blanks(*p == '\0' ? p : p + 1);
	}
	strbuf_free(&pair);
	return (0);

err0:
	strbuf_free(&pair);
	return (-1);
}

int
environment_merge(
    struct environment *env, const char *const *pairs, struct scratch *scratch)
{
	size_t n = env->n, i;

	for (; pairs != NULL && *pairs != NULL; pairs++) {
		for (i = 0; i < n && !same_key(env->pairs[i], *pairs); i++)
			;
		if (i == n && put(env, env->n, *pairs, scratch) != 0)
			return (-1);
	}
	return (0);
}

static int
compare(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}

void
environment_sort(struct environment *env)
{
	if (env->n > 1)
		qsort(env->pairs, env->n, sizeof(*env->pairs), compare);
}

/*
 * Within '...' all is literal but its own quote, which is put in "..." of its
 * own.
 */
static void
write_mixed(struct strbuf *out, const char *value)
{
	while (*value != '\0') {
		bool apostrophe = *value == '\'';
		size_t len =
		    apostrophe ? strspn(value, "'") : strcspn(value, "'");

		strbuf_putc(out, apostrophe ? '"' : '\'');
		strbuf_add(out, value, len);
		strbuf_putc(out, apostrophe ? '"' : '\'');
		value += len;
	}
}

void
environment_write(struct strbuf *out, const char *const *pairs)
{
	const char *const *pair;

	for (pair = pairs; pair != NULL && *pair != NULL; pair++) {
		const char *value = strchr(*pair, '=') + 1;

		if (pair != pairs)
			strbuf_putc(out, ',');
		strbuf_add(out, *pair, (size_t)(value - *pair));
		if (strpbrk(value, "\"\\") == NULL) {
			strbuf_putc(out, '"');
			strbuf_puts(out, value);
			strbuf_putc(out, '"');
		} else {
			write_mixed(out, value);
		}
	}
}
