/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/signame.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "cli/waiting.h"
#include "wire/reply.h"

#include "cli/show.h"

#define NAME_GAP    2
/* A longer name does not move the columns of all others. */
#define NAME_MOST   40
#define CHANGE_GAP  3
#define STATE_WIDTH 10

#define COLOUR_OFF "\033[0m"

static const struct {
	const char *state;
	const char *colour;
} colours[] = {
	{ "RUNNING", "\033[32m" },
	{ "STARTING", "\033[33m" },
	{ "WAITING", "\033[33m" },
	{ "STOPPING", "\033[33m" },
	{ "BACKOFF", "\033[31m" },
	{ "FATAL", "\033[1;31m" },
};
#define NCOLOURS (sizeof(colours) / sizeof(colours[0]))

/* ${text} and blanks up to ${width}. */
static void
add_padded(struct strbuf *b, const char *text, size_t width)
{
	size_t len = strlen(text);

	strbuf_printable(b, text);
	for (; len < width; len++)
		strbuf_putc(b, ' ');
}

static void
add_state(struct strbuf *b, const struct wire_service *s, bool colour)
{
	const char *code = NULL;
	size_t i;

	for (i = 0; colour && i < NCOLOURS; i++)
		if (strcmp(colours[i].state, s->state) == 0)
			code = colours[i].colour;
	if (code != NULL)
		strbuf_puts(b, code);
	add_padded(b, s->state, STATE_WIDTH);
	if (code != NULL)
		strbuf_puts(b, COLOUR_OFF);
}

void
show_detail(struct strbuf *b, const struct wire_service *s)
{
	bool running = strcmp(s->state, "RUNNING") == 0 && s->pid != 0;
	char span[SPAN_MAX];

	if (running) {
		strbuf_printf(b, "pid %d", s->pid);
		if (s->uptime_ms >= 0)
			strbuf_printf(
			    b, ", uptime %s", span_uptime(s->uptime_ms, span));
	}
	if (s->detail == NULL)
		return;
	if (running)
		strbuf_puts(b, "; ");
	strbuf_printable(b, s->detail);
}

/* Without blanks at its end. */
static void
end_line(struct strbuf *b)
{
	while (!b->failed && b->len > 0 && b->text[b->len - 1] == ' ')
		b->text[--b->len] = '\0';
	strbuf_putc(b, '\n');
}

static void
add_row(
    struct strbuf *b, const struct wire_service *s, size_t width, bool colour)
{
	size_t len = strlen(s->name);

	add_padded(b, s->name, len < width ? width : len + NAME_GAP);
	add_state(b, s, colour);
	show_detail(b, s);
	end_line(b);
}

static void
add_footer(struct strbuf *b, const struct reply *r)
{
	const char *config = r->config == NULL ? "" : strrchr(r->config, '/');
	size_t i, good = 0;

	for (i = 0; i < r->nservices; i++)
		good += r->services[i].as_wanted;
	strbuf_printf(b, "%zu %s, %zu as wanted.", r->nservices,
	    r->nservices == 1 ? "service" : "services", good);
	if (r->warnings > 0 && r->config != NULL) {
		strbuf_printf(b, " %u %s in ", r->warnings,
		    r->warnings == 1 ? "warning" : "warnings");
		strbuf_printable(b, config == NULL ? r->config : config + 1);
		strbuf_puts(b, ": sigmund --check");
	}
	strbuf_putc(b, '\n');
}

void
show_table(
    struct strbuf *b, const struct reply *r, const struct show_style *style)
{
	size_t i, len, width = style->frame ? strlen("NAME") : 0;

	for (i = 0; i < r->nservices; i++) {
		len = strlen(r->services[i].name);
		len = len < NAME_MOST ? len : NAME_MOST;
		width = len > width ? len : width;
	}
	width += NAME_GAP;
	if (style->frame && r->nservices > 0) {
		add_padded(b, "NAME", width);
		add_padded(b, "STATE", STATE_WIDTH);
		strbuf_puts(b, "DETAIL\n");
	}
	for (i = 0; i < r->nservices; i++)
		add_row(b, &r->services[i], width, style->colour);
	if (style->frame)
		add_footer(b, r);
}

static void
add_fact(struct strbuf *b, const char *name, enum wire_fact fact)
{
	if (fact != FACT_ABSENT)
		strbuf_printf(
		    b, "  %-10s%s\n", name, fact == FACT_YES ? "yes" : "no");
}

void
show_page(struct strbuf *b, const struct wire_service *s,
    const struct show_style *style)
{
	char name[SIGNAME_MAX];

	add_row(b, s, strlen(s->name) + NAME_GAP, style->colour);
	strbuf_puts(b, "  program   ");
	strbuf_printable(b, s->program);
	if (strcmp(s->group, s->program) != 0) {
		strbuf_puts(b, ", group ");
		strbuf_printable(b, s->group);
	}
	strbuf_printf(b, "\n  wanted    %s%s\n", s->want_up ? "up" : "down",
	    s->as_wanted ? "" : ", which it is not");
	if (s->pid != 0)
		strbuf_printf(b, "  pid       %d%s\n", s->pid,
		    s->stuck ? ", stuck: SIGKILL does not end it" : "");
	if (s->run != 0)
		strbuf_printf(b, "  run       %llu, restarts %llu\n",
		    (unsigned long long)s->run,
		    (unsigned long long)s->restarts);
	add_fact(b, "ready", s->ready);
	add_fact(b, "healthy", s->healthy);
	if (s->exit_kind == WIRE_EXIT_CODE)
		strbuf_printf(b, "  last exit exit %d\n", s->exit_value);
	if (s->exit_kind == WIRE_EXIT_SIGNAL)
		strbuf_printf(b, "  last exit signal %s\n",
		    signame_text(s->exit_value, name));
}

void
show_changes(struct strbuf *b, const struct reply *r, bool dry_run)
{
	size_t i, len, width = 0;

	for (i = 0; i < r->nchanges; i++) {
		len = strlen(r->changes[i].name);
		width = len > width ? len : width;
	}
	for (i = 0; i < r->nchanges; i++) {
		strbuf_printf(b, "%c ", r->changes[i].mark);
		add_padded(b, r->changes[i].name, width + CHANGE_GAP);
		strbuf_printable(b, r->changes[i].text);
		end_line(b);
	}
	strbuf_printf(b, "%u unchanged.%s\n", r->unchanged,
	    dry_run && r->nchanges > 0 ? " Nothing done yet." : "");
}

/* The word for what was met. */
static const char *
word_of(const struct waiter *w)
{
	bool ran = strcmp(w->last.state, "EXITED") == 0;

	switch (w->goal) {
	case GOAL_UP:
		if (w->already)
			return ("already running");
		return (ran ? "finished" : "started");
	case GOAL_RENEWED:
		return (ran ? "finished" : "restarted");
	case GOAL_SETTLED:
		if (ran)
			return ("finished");
		return (w->run_before == 0 ? "started" : "restarted");
	case GOAL_DOWN:
		return (w->already ? "already stopped" : "stopped");
	case GOAL_GONE:
		return ("removed");
	case GOAL_READY:
		return (ran ? "finished" : "ready");
	case GOAL_ENDED:
		return ("ended");
	}
	return ("?");
}

void
show_outcome(struct strbuf *b, const struct waiter *w)
{
	strbuf_printable(b, w->last.name);
	if (w->verdict == VERDICT_MET) {
		strbuf_printf(b, ": %s", word_of(w));
		if (strcmp(w->last.state, "RUNNING") == 0 && w->last.pid != 0)
			strbuf_printf(b, " (pid %d)", w->last.pid);
		return;
	}
	if (w->answer.json != NULL && w->answer.kind == ANSWER_GONE) {
		strbuf_puts(b, ": removed");
		return;
	}
	strbuf_printf(b, ": %s", w->last.stuck ? "stuck, " : "");
	strbuf_printable(b, w->last.state);
	if (w->last.detail != NULL) {
		strbuf_puts(b, ": ");
		strbuf_printable(b, w->last.detail);
	}
}
