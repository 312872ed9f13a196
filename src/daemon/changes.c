/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/signame.h"
#include "base/text.h"
#include "conf/diff.h"
#include "conf/keys.h"
#include "conf/load.h"
#include "core/program.h"

#include "daemon/changes.h"

#define TEXTS_MAX ((size_t)8 << 20)
/* A line names this many services; the rest is a number. */
#define NAMES_MAX 8

/* The definition which ${s} is about: the new one where there is one. */
static const struct service_def *
def_of(const struct diff *d, const struct diff_service *s)
{
	return (s->after != DIFF_NONE ? &d->new->fleet.services[s->after]
				      : &d->old->fleet.services[s->before]);
}

/* Do two services have the same things changed, to the same values? */
static bool
same_changes(const struct diff_service *a, const struct diff_service *b)
{
	size_t i;

	if (a->nchanges != b->nchanges)
		return (false);
	for (i = 0; i < a->nchanges; i++) {
		if (!text_equal(a->changes[i].name, b->changes[i].name) ||
		    !text_equal(a->changes[i].after, b->changes[i].after))
			return (false);
	}
	return (true);
}

/* May ${b} stand in the line of ${a}? */
static bool
alike(const struct diff *d, const struct diff_service *a,
    const struct diff_service *b)
{
	return (a->kind == b->kind &&
		strcmp(def_of(d, a)->program->name,
		    def_of(d, b)->program->name) == 0 &&
		same_changes(a, b));
}

/* "worker_08, worker_09", where the program has more than its own name. */
static void
put_names(struct strbuf *t, const struct diff *d, size_t first, size_t end)
{
	const struct service_def *def = def_of(d, &d->services[first]);
	size_t i;

	if (end - first == 1 && strcmp(def->name, def->program->name) == 0)
		return;
	for (i = first; i < end && i < first + NAMES_MAX; i++) {
		strbuf_puts(t, i == first ? " " : ", ");
		strbuf_puts(t, def_of(d, &d->services[i])->name);
	}
	if (end > i) {
		strbuf_puts(t, " and ");
		strbuf_number(t, (int64_t)(end - i));
		strbuf_puts(t, " more");
	}
}

/* "10 -> 60". */
static void
put_values(struct strbuf *t, const struct diff_change *c)
{
	strbuf_printf(t, "%s -> %s", c->before == NULL ? "(none)" : c->before,
	    c->after == NULL ? "(none)" : c->after);
}

/* ": stopwaitsecs 10 -> 60; ...". */
static void
put_changes(struct strbuf *t, const struct diff_service *s)
{
	const struct diff_change *c;
	size_t i;

	for (i = 0; i < s->nchanges; i++) {
		c = &s->changes[i];
		strbuf_puts(t, i == 0 ? ": " : "; ");
		strbuf_puts(t, c->name);
		strbuf_putc(t, ' ');
		put_values(t, c);
	}
}

static void
put_removal(struct strbuf *t, const struct program *p)
{
	char name[SIGNAME_MAX];

	strbuf_printf(t, " (%s, up to %lld s), remove",
	    p->stopsignal == STOPSIGNAL_RECEIVED
		? "TERM"
		: signame_text(p->stopsignal, name),
	    (long long)(p->stopwaitsecs_ms + 999) / 1000);
}

/* The line of the services ${first} to ${end}, which fare alike. */
static char
put_line(struct strbuf *t, const struct diff *d, size_t first, size_t end)
{
	const struct diff_service *s = &d->services[first];
	const struct program *p = def_of(d, s)->program;

	switch (s->kind) {
	case DIFF_ADDED:
		strbuf_puts(t, p->autostart ? "start" : "add, not started");
		put_names(t, d, first, end);
		return ('+');
	case DIFF_REMOVED:
		strbuf_puts(t, "stop");
		put_names(t, d, first, end);
		put_removal(t, p);
		return ('-');
	case DIFF_RESTARTED:
		strbuf_puts(t, "restart");
		put_names(t, d, first, end);
		put_changes(t, s);
		return ('~');
	case DIFF_APPLIED:
		strbuf_printf(t, "keeps %zu pid%s", end - first,
		    end - first == 1 ? "" : "s");
		put_changes(t, s);
		return ('~');
	case DIFF_SAME:
	case DIFF_COUNT:
		break;
	}
	return (' ');
}

/* A line about the main section, or about a group. */
static char
put_setting(struct strbuf *t, const struct diff_change *s)
{
	bool kept = s->key != NULL && s->key->change == CHANGE_SIGMUND;

	put_values(t, s);
	if (kept)
		strbuf_puts(t, "; takes a restart of sigmund");
	return (kept ? '!' : '~');
}

int
changes_make(struct changes *c, const struct diff *d)
{
	struct changes_line *line;
	size_t first, end;

	c->n = 0;
	strbuf_init(&c->texts, TEXTS_MAX);
	c->lines = calloc(d->n + d->nsettings + 1, sizeof(*c->lines));
	if (c->lines == NULL)
		return (-1);
	for (first = 0; first < d->n; first = end) {
		for (end = first + 1;
		     end < d->n &&
		     alike(d, &d->services[first], &d->services[end]);
		     end++)
			continue;
		if (d->services[first].kind == DIFF_SAME)
			continue;
		line = &c->lines[c->n++];
		line->name = def_of(d, &d->services[first])->program->name;
		line->text = c->texts.len;
		line->mark = put_line(&c->texts, d, first, end);
		strbuf_add(&c->texts, "", 1);
	}
	for (first = 0; first < d->nsettings; first++) {
		line = &c->lines[c->n++];
		line->name = d->settings[first].name;
		line->text = c->texts.len;
		line->mark = put_setting(&c->texts, &d->settings[first]);
		strbuf_add(&c->texts, "", 1);
	}
	if (!c->texts.failed)
		return (0);
	changes_free(c);
	return (-1);
}

const char *
changes_text(const struct changes *c, size_t i)
{
	return (strbuf_text(&c->texts) + c->lines[i].text);
}

void
changes_free(struct changes *c)
{
	free(c->lines);
	c->lines = NULL;
	strbuf_free(&c->texts);
}
