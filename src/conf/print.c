/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "conf/keys.h"
#include "conf/limits.h"
#include "conf/load.h"
#include "conf/value.h"
#include "conf/print.h"

/* The bases of what a row can speak of, by enum key_place. */
struct bases {
	const void *at[PLACE_SERVER + 1];
};

static bool
is_blank(char c)
{
	return (isspace((unsigned char)c) != 0);
}

/* Would the byte at ${p} of ${text} be lost, if it were written as it is? */
static bool
needs_escape(const char *text, const char *p)
{
	bool begins = p == text || p[-1] == '\n';

	if (*p == ';' || *p == '#')
		return (begins || is_blank(p[-1]));
	/* Newlines at the end; those within are continuation lines. */
	if (*p == '\n')
		return (p[strspn(p, "\n")] == '\0');
	return (is_blank(*p) && (begins || p[1] == '\n' || p[1] == '\0'));
}

void
print_value(struct strbuf *out, const char *text, bool expression)
{
	const char *p;

	for (p = text; *p != '\0'; p++) {
		bool escape = needs_escape(text, p);

		if (*p == '%' && !expression)
			strbuf_putc(out, '%');
		if (escape)
			strbuf_puts(out, "%(ENV_:-");
		strbuf_putc(out, *p);
		if (*p == '\n')
			strbuf_putc(out, '\t');
		if (escape)
			strbuf_puts(out, ")s");
	}
}

/* The expression of ${key} where it has one, or NULL. */
static const char *
expression_of(const struct config_source *source, const struct key *key)
{
	size_t i;

	for (i = 0; source != NULL && i < source->nexpressions; i++)
		if (source->expressions[i].key == key)
			return (source->expressions[i].text);
	return (NULL);
}

/* "key = value", unless there is none. */
static void
print_row(struct strbuf *out, const struct key *key, const struct bases *bases)
{
	const char *expression = expression_of(bases->at[PLACE_SOURCE], key);
	struct strbuf value = LIMITS_TEXT;

	if (expression != NULL) {
		strbuf_printf(out, "%s = ", key->name);
		print_value(out, expression, true);
		strbuf_putc(out, '\n');
		return;
	}
	if (value_write(&value, key, bases->at[key->place]) == 0 &&
	    (value.len > 0 || key->type != KEY_ENVIRONMENT)) {
		strbuf_printf(
		    out, "%s =%s", key->name, value.len > 0 ? " " : "");
		print_value(out, strbuf_text(&value), false);
		strbuf_putc(out, '\n');
	}
	out->failed |= value.failed;
	strbuf_free(&value);
}

/* All rows of a section which have a place. */
static void
print_rows(
    struct strbuf *out, enum key_section section, const struct bases *bases)
{
	const struct key *key;

	for (key = keys; key->name != NULL; key++)
		if ((key->sections >> section & 1) != 0 &&
		    key->synonym_of == NULL && bases->at[key->place] != NULL)
			print_row(out, key, bases);
}

static void
print_group(struct strbuf *out, const struct config_group *g)
{
	struct bases bases = { .at = { [PLACE_GROUP] = g } };
	const char *const *name;

	strbuf_printf(out, "\n[group:%s]\nprograms =", g->name);
	for (name = g->programs; *name != NULL; name++) {
		strbuf_putc(out, name == g->programs ? ' ' : ',');
		print_value(out, *name, false);
	}
	strbuf_putc(out, '\n');
	print_rows(out, SECTION_GROUP, &bases);
}

int
print_config(FILE *f, const struct config *c)
{
	struct bases bases = { .at = { [PLACE_CONFIG] = c } };
	struct strbuf out = LIMITS_TEXT;
	int rc;
	size_t i;

	strbuf_printf(&out, "[%s]\n",
	    c->dialect == CONFIG_SIGMUND ? "sigmund" : "supervisord");
	print_rows(&out, SECTION_MAIN, &bases);
	for (i = 0; i < c->ngroups; i++)
		print_group(&out, &c->groups[i]);
	for (i = 0; i < c->nprograms; i++) {
		bases = (struct bases){
			.at = { [PLACE_PROGRAM] = &c->programs[i],
			    [PLACE_SOURCE] = &c->sources[i],
			    [PLACE_SERVICE] = c->sources[i].first }
		};
		strbuf_printf(&out, "\n[program:%s]\n", c->programs[i].name);
		print_rows(&out, SECTION_PROGRAM, &bases);
	}
	rc = out.failed ? -1 : 0;
	if (rc == 0)
		(void)fwrite(strbuf_text(&out), 1, out.len, f);
	strbuf_free(&out);
	return (rc);
}
