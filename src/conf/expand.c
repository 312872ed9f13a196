/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/ini.h"
#include "conf/limits.h"
#include "conf/nearest.h"
#include "conf/expand.h"

#define NAME_MAX_BYTES 255
#define WIDTH_MAX      99

/* One %(name:-default)FLAGSc. */
struct reference {
	const char *begin, *end; /* All of it. */
	char name[NAME_MAX_BYTES + 1];
	const char *fallback; /* NULL: none. */
	size_t fallback_len;
	bool left, zero;
	int width;
	char conversion;
};

struct expansion {
	struct strbuf *out;
	const struct expand_names *names;
	enum expand_mode mode;
	struct expand_notes *notes;
	struct err *err;
};

/* The value of ${name} in a list of "NAME=value", or NULL. */
static const char *
lookup(const char *const *list, const char *name)
{
	size_t len = strlen(name);

	for (; list != NULL && *list != NULL; list++)
		if (strncmp(*list, name, len) == 0 && (*list)[len] == '=')
			return (*list + len + 1);
	return (NULL);
}

/* The text of a name which is one here, or NULL. */
static const char *
text_of(const struct expand_names *names, const char *name)
{
	if (strcmp(name, "here") == 0)
		return (names->here);
	if (strcmp(name, "host_node_name") == 0)
		return (names->host_node_name);
	if (strcmp(name, "program_name") == 0)
		return (names->program_name);
	if (strcmp(name, "group_name") == 0)
		return (names->group_name);
	return (NULL);
}

/* The number of a name which is one here; -1 says that it is not. */
static int
number_of(const struct expand_names *names, const char *name)
{
	if (!names->has_process)
		return (-1);
	if (strcmp(name, "process_num") == 0)
		return (names->process_num);
	return (strcmp(name, "numprocs") == 0 ? names->numprocs : -1);
}

/* Which names there are, and which was probably meant. */
static int
unknown_name(struct expansion *e, const char *name)
{
	static const char *const all[] = { "here", "host_node_name",
		"program_name", "group_name", "process_num", "numprocs" };
	struct nearest n;
	char known[160] = "";
	size_t i, len = 0;

	nearest_init(&n, name);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (text_of(e->names, all[i]) == NULL &&
		    number_of(e->names, all[i]) < 0)
			continue;
		nearest_offer(&n, all[i]);
		len += (size_t)snprintf(
		    known + len, sizeof(known) - len, "%s, ", all[i]);
	}
	return (err_set(e->err, 0,
	    "%%(%.60s)s is not a name here (known: %sENV_X)%s%s%s", name, known,
	    n.best == NULL ? "" : "; did you mean %(",
	    n.best == NULL ? "" : n.best, n.best == NULL ? "" : ")s?"));
}

/* Flags, width and conversion at ${p}; where they end, or NULL. */
static const char *
parse_format(const char *p, struct reference *ref)
{
	for (;; p++) {
		if (*p == '-')
			ref->left = true;
		else if (*p == '0')
			ref->zero = true;
		else
			break;
	}
	for (; *p >= '0' && *p <= '9' && ref->width <= WIDTH_MAX; p++)
		ref->width = ref->width * 10 + (*p - '0');
	ref->conversion = *p;
	if (ref->width > WIDTH_MAX || *p == '\0' ||
	    strchr("sdiuxXo", *p) == NULL)
		return (NULL);
	return (p + 1);
}

/* Read the reference at ${p}, which is behind "%(". */
static int
parse(struct reference *ref, const char *p, struct err *err)
{
	const char *close = strchr(p, ')'), *colon;
	size_t len;

	*ref = (struct reference){ .begin = p - 2 };
	if (close == NULL)
		return (err_set(err, 0,
		    "\"%%(\" without its \")\"; write %%%% "
		    "for a percent sign"));
	colon = memmem(p, (size_t)(close - p), ":-", 2);
	if (colon != NULL) {
		ref->fallback = colon + 2;
		ref->fallback_len = (size_t)(close - ref->fallback);
	}
	len = (size_t)((colon == NULL ? close : colon) - p);
	if (len > NAME_MAX_BYTES)
		return (err_set(err, 0, "a name in %%(...)s is too long"));
	memcpy(ref->name, p, len);
	if ((ref->end = parse_format(close + 1, ref)) == NULL)
		return (err_set(
		    err, 0, "%%(%.60s) lacks its \"s\" behind it", ref->name));
	return (0);
}

/* Append ${text}, or in a mode which keeps something, what expands to it. */
static void
put(struct expansion *e, const char *text, size_t len)
{
	size_t i;

	if (e->mode == EXPAND_ALL) {
		strbuf_add(e->out, text, len);
		return;
	}
	for (i = 0; i < len; i++) {
		if (text[i] == '%')
			strbuf_putc(e->out, '%');
		strbuf_putc(e->out, text[i]);
	}
}

/* Fill up ${len} bytes to the width, if this is the ${side} for it. */
static void
pad(struct expansion *e, const struct reference *ref, size_t len, bool side,
    const char *with)
{
	for (; side && len < (size_t)ref->width; len++)
		put(e, with, 1);
}

/* Append ${text} as ${ref} wants it. */
static int
put_text(struct expansion *e, const struct reference *ref, const char *text,
    size_t len)
{
	if (ref->conversion != 's')
		return (err_set(e->err, 0,
		    "%%(%.60s)%c is for numbers; write %%(%.60s)s", ref->name,
		    ref->conversion, ref->name));
	if (memchr(text, 0x1e, len) != NULL || memchr(text, 0x1f, len) != NULL)
		return (err_set(e->err, 0,
		    "%%(%.60s)s has a control byte (0x1e or 0x1f)", ref->name));
	pad(e, ref, len, !ref->left, " ");
	put(e, text, len);
	pad(e, ref, len, ref->left, " ");
	return (0);
}

/* Append ${number} as ${ref} wants it. */
static int
put_number(struct expansion *e, const struct reference *ref, int number)
{
	char digits[16];
	size_t len;

	e->notes->process = true;
	if (e->mode != EXPAND_ALL) {
		strbuf_add(e->out, ref->begin, (size_t)(ref->end - ref->begin));
		return (0);
	}
	len = (size_t)snprintf(digits, sizeof(digits),
	    ref->conversion == 'x'   ? "%x"
	    : ref->conversion == 'X' ? "%X"
	    : ref->conversion == 'o' ? "%o"
				     : "%u",
	    (unsigned)number);
	/* %(n)05s of a number is padded with blanks, as a text is. */
	pad(e, ref, len, !ref->left,
	    ref->zero && !ref->left && ref->conversion != 's' ? "0" : " ");
	put(e, digits, len);
	pad(e, ref, len, ref->left, " ");
	return (0);
}

/* ENV_X, where ${name} is X. */
static int
put_variable(struct expansion *e, const struct reference *ref, const char *name)
{
	const char *value = NULL;
	int i;

	for (i = 0; name[0] != '\0' && i < EXPAND_LISTS && value == NULL; i++) {
		value = lookup(e->names->lists[i], name);
		if (value != NULL && i == EXPAND_OWN &&
		    e->mode == EXPAND_KEEP_OWN) {
			e->notes->process = true;
			strbuf_add(e->out, ref->begin,
			    (size_t)(ref->end - ref->begin));
			return (0);
		}
	}
	if (value != NULL)
		return (put_text(e, ref, value, strlen(value)));
	if (ref->fallback != NULL)
		return (put_text(e, ref, ref->fallback, ref->fallback_len));
	e->notes->unknown = true;
	return (err_set(e->err, 0,
	    "%%(ENV_%.60s)s: %.60s is not set in the environment; "
	    "%%(ENV_%.60s:-text)s has a default",
	    name, name, name));
}

static int
put_reference(struct expansion *e, const struct reference *ref)
{
	const char *text = text_of(e->names, ref->name);
	int number;

	if (strncmp(ref->name, "ENV_", 4) == 0)
		return (put_variable(e, ref, ref->name + 4));
	if (ref->fallback != NULL)
		return (err_set(e->err, 0,
		    "%%(%.60s:-...)s: only ENV_X can have a default",
		    ref->name));
	if (text != NULL)
		return (put_text(e, ref, text, strlen(text)));
	if ((number = number_of(e->names, ref->name)) >= 0)
		return (put_number(e, ref, number));
	return (unknown_name(e, ref->name));
}

/* A "%" which is followed neither by "(" nor by another. */
static int
bare_percent(struct err *err, const char *p)
{
	if ((unsigned char)p[1] <= ' ' || (unsigned char)p[1] >= 0x7f)
		return (err_set(
		    err, 0, "a bare \"%%\"; write %%%% for a percent sign"));
	return (err_set(err, 0,
	    "a bare \"%%%c\" stands for nothing; write %%%%%c for these two "
	    "characters, or %%(name)s",
	    p[1], p[1]));
}

int
expand(struct strbuf *out, const char *text, const struct expand_names *names,
    enum expand_mode mode, struct expand_notes *notes, struct err *err)
{
	struct expansion e = { out, names, mode, notes, err };
	struct reference ref;
	const char *p;

	*notes = (struct expand_notes){ false };
	while ((p = strchr(text, '%')) != NULL) {
		strbuf_add(out, text, (size_t)(p - text));
		if (p[1] == '%') {
			put(&e, "%", 1);
			text = p + 2;
			continue;
		}
		if (p[1] != '(')
			return (bare_percent(err, p));
		if (parse(&ref, p + 2, err) != 0 ||
		    put_reference(&e, &ref) != 0)
			return (-1);
		text = ref.end;
		if (out->len > INI_VALUE_MAX)
			break;
	}
	strbuf_puts(out, text);
	if (out->len > INI_VALUE_MAX)
		return (
		    err_set(err, 0, "longer than 65536 bytes when expanded"));
	return (out->failed ? err_set(err, 0, "out of memory") : 0);
}
