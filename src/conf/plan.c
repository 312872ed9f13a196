/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/signame.h"
#include "conf/diff.h"
#include "conf/keys.h"
#include "conf/load.h"
#include "conf/names.h"
#include "conf/text.h"
#include "conf/plan.h"

/* What becomes of the services of one program. */
struct line {
	const char *name;
	const struct program *before, *after; /* NULL: not there. */
	size_t counts[DIFF_COUNT];
	const struct diff_service *changed; /* The first with changes. */
	struct text added, removed;         /* Names, separated by commas. */
};

/* How many names a line tells before it only counts. */
#define NAMES_TOLD 8

static void
add_name(struct text *names, size_t n, const char *name)
{
	if (n < NAMES_TOLD)
		text_printf(names, "%s%s", n == 0 ? "" : ", ", name);
	else if (n == NAMES_TOLD)
		text_puts(names, ", ...");
}

static const struct service_def *
def_of(const struct diff *d, const struct diff_service *s)
{
	return (s->after != DIFF_NONE ? &d->new->fleet.services[s->after]
				      : &d->old->fleet.services[s->before]);
}

static void
count(struct line *line, const struct diff *d, const struct diff_service *s)
{
	const struct service_def *def = def_of(d, s);

	line->name = def->program->name;
	if (s->before != DIFF_NONE)
		line->before = d->old->fleet.services[s->before].program;
	if (s->after != DIFF_NONE)
		line->after = d->new->fleet.services[s->after].program;
	if (s->nchanges > 0 &&
	    (line->changed == NULL || s->kind > line->changed->kind))
		line->changed = s;
	if (s->kind == DIFF_ADDED)
		add_name(&line->added, line->counts[s->kind], def->name);
	if (s->kind == DIFF_REMOVED)
		add_name(&line->removed, line->counts[s->kind], def->name);
	line->counts[s->kind]++;
}

/* "startsecs 1 -> 5" */
static void
write_change(struct text *out, const struct diff_change *c)
{
	bool quote = c->key != NULL && (c->key->type == KEY_ENVIRONMENT ||
					   c->key->type == KEY_COMMAND);
	const char *mark = quote ? "\"" : "";

	text_printf(out, "%s%s ", c->name,
	    c->key != NULL && c->key->type == KEY_ENVIRONMENT ? ":" : "");
	if (c->before == NULL)
		text_puts(out, "none");
	else
		text_printf(out, "%s%s%s", mark, c->before, mark);
	text_puts(out, " -> ");
	if (c->after == NULL)
		text_puts(out, "none");
	else
		text_printf(out, "%s%s%s", mark, c->after, mark);
}

static void
write_changes(struct text *out, const struct line *line)
{
	size_t i;

	for (i = 0; line->changed != NULL && i < line->changed->nchanges; i++) {
		text_puts(out, i == 0 ? "" : "; ");
		write_change(out, &line->changed->changes[i]);
	}
	if (line->changed != NULL)
		text_printf(
		    out, " (%s:%d)", line->after->file, line->after->line);
}

/* "stop (QUIT, up to 10 s)" */
static void
write_stop(struct text *out, const struct program *p)
{
	char name[SIGNAME_MAX];

	text_printf(out, "stop (%s, up to %g s)",
	    p->stopsignal == STOPSIGNAL_RECEIVED
		? "TERM"
		: signame_text(p->stopsignal, name),
	    (double)p->stopwaitsecs_ms / 1000);
}

/* A program which stays, but not as it was. */
static void
write_changed(struct text *out, const struct line *line)
{
	size_t keeps = line->counts[DIFF_SAME] + line->counts[DIFF_APPLIED];
	const char *part = "";

	if (line->counts[DIFF_RESTARTED] > 0) {
		text_puts(out, "restart  ");
	} else if (keeps > 0) {
		text_printf(
		    out, "keeps %zu pid%s", keeps, keeps == 1 ? "" : "s");
		part = "; ";
	}
	if (line->changed != NULL) {
		text_puts(out, part);
		write_changes(out, line);
		part = "; ";
	}
	if (line->counts[DIFF_ADDED] > 0) {
		text_printf(out, "%sstart %s", part, text_get(&line->added));
		part = "; ";
	}
	if (line->counts[DIFF_REMOVED] > 0)
		text_printf(out, "%sstop and remove %s", part,
		    text_get(&line->removed));
}

static void
write_line(struct text *out, const struct line *line, int width)
{
	if (line->before == NULL) {
		text_printf(out, "+ %-*s  %s\n", width, line->name,
		    line->after->autostart ? "start"
					   : "added, autostart is false");
	} else if (line->after == NULL) {
		text_printf(out, "- %-*s  ", width, line->name);
		write_stop(out, line->before);
		text_puts(out, ", remove\n");
	} else {
		text_printf(out, "~ %-*s  ", width, line->name);
		write_changed(out, line);
		text_putc(out, '\n');
	}
}

/* Is there something to tell of this program? */
static bool
is_told(const struct line *line)
{
	return (line->counts[DIFF_APPLIED] + line->counts[DIFF_RESTARTED] +
		    line->counts[DIFF_ADDED] + line->counts[DIFF_REMOVED] >
		0);
}

/* All programs, in the order in which their services come. */
static struct line *
make_lines(const struct diff *d, struct names *programs)
{
	struct line *lines = calloc(d->n + 1, sizeof(*lines));
	size_t i;

	for (i = 0; lines != NULL && i < d->n; i++) {
		const struct diff_service *s = &d->services[i];
		size_t at = names_add(programs, def_of(d, s)->program->name);

		if (at == NAMES_NONE)
			break;
		count(&lines[at], d, s);
	}
	return (lines);
}

static void
write_settings(struct text *out, const struct diff *d)
{
	size_t i;

	for (i = 0; i < d->nsettings; i++) {
		const struct diff_change *c = &d->settings[i];

		/* Its programs have told already. */
		if (c->key->type == KEY_ENVIRONMENT)
			continue;
		text_puts(out, "! ");
		write_change(out, c);
		text_puts(out, c->key->change == CHANGE_SIGMUND
				   ? ": only when sigmund is started again\n"
				   : "\n");
	}
}

void
plan_write(struct text *out, const struct diff *d)
{
	struct names programs = { 0 };
	struct line *lines = make_lines(d, &programs);
	size_t i, width = 8;

	if (lines == NULL) {
		out->failed = true;
		return;
	}
	for (i = 0; i < programs.n; i++)
		if (is_told(&lines[i]) && strlen(lines[i].name) > width)
			width = strlen(lines[i].name);
	for (i = 0; i < programs.n; i++) {
		if (is_told(&lines[i]))
			write_line(out, &lines[i], (int)width);
		text_free(&lines[i].added);
		text_free(&lines[i].removed);
	}
	write_settings(out, d);
	text_printf(out, "%zu unchanged.\n", d->counts[DIFF_SAME]);
	free(lines);
	names_free(&programs);
}
