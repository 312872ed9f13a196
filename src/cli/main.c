/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "base/strbuf.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/run.h"

#define LISTING_MAX ((size_t)16 * 1024)

/* Long options without a letter. */
enum {
	LONG_FIRST = 256,
	LONG_JSON,
	LONG_NO_WAIT,
	LONG_TIMEOUT,
	LONG_TREE,
	LONG_DRY_RUN,
	LONG_NOW,
	LONG_FOR,
	LONG_COMMANDS
};

static const struct option longs[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "config", required_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "json", no_argument, NULL, LONG_JSON },
	{ "no-wait", no_argument, NULL, LONG_NO_WAIT },
	{ "timeout", required_argument, NULL, LONG_TIMEOUT },
	{ "tree", no_argument, NULL, LONG_TREE },
	{ "dry-run", no_argument, NULL, LONG_DRY_RUN },
	{ "now", no_argument, NULL, LONG_NOW },
	{ "for", required_argument, NULL, LONG_FOR },
	/* For the test that the manual has them all; not in --help. */
	{ "commands", no_argument, NULL, LONG_COMMANDS },
	{ NULL, 0, NULL, 0 },
};

/* What must not go with a command that does not take it. */
static const struct {
	enum option_set option;
	const char *name;
} optional[] = {
	{ OPTION_NO_WAIT, "--no-wait" },
	{ OPTION_TIMEOUT, "--timeout" },
	{ OPTION_TREE, "--tree" },
	{ OPTION_DRY_RUN, "--dry-run" },
	{ OPTION_NOW, "--now" },
	{ OPTION_FOR, "--for" },
};
#define NOPTIONAL (sizeof(optional) / sizeof(optional[0]))

static const struct {
	const char *word;
	enum goal goal;
} states[] = {
	{ "ready", GOAL_READY },
	{ "stopped", GOAL_DOWN },
	{ "exited", GOAL_ENDED },
};
#define NSTATES (sizeof(states) / sizeof(states[0]))

static enum control_code
print_version(void)
{
	enum control_code code;
	struct strbuf b;

	strbuf_init(&b, LISTING_MAX);
	strbuf_puts(&b, "sigctl " PACKAGE_VERSION "\n");
	code = report_text(&b);
	strbuf_free(&b);
	return (code);
}

static enum control_code
print_commands(void)
{
	enum control_code code;
	struct strbuf b;

	strbuf_init(&b, LISTING_MAX);
	command_names(&b);
	code = report_text(&b);
	strbuf_free(&b);
	return (code);
}

static int
set_timeout(struct options *o, const char *text)
{
	int64_t ms = span_parse(text);

	if (ms < 0) {
		report_error("--timeout: expected a time such as 500ms, 10s, "
			     "5m or 1h, got %s",
		    text);
		return (-1);
	}
	o->given |= OPTION_TIMEOUT;
	o->timeout = text;
	o->deadline = mono_after(mono_now(), ms);
	return (0);
}

static int
set_for(struct options *o, const char *text)
{
	size_t i;

	for (i = 0; i < NSTATES; i++) {
		if (strcmp(states[i].word, text) == 0) {
			o->given |= OPTION_FOR;
			o->wait_for = states[i].goal;
			return (0);
		}
	}
	report_error("--for: expected ready, stopped or exited, got %s", text);
	return (-1);
}

/* An option which takes nothing and belongs to some commands only. */
static void
set_flag(struct options *o, bool *flag, enum option_set option)
{
	*flag = true;
	o->given |= option;
}

static int
set_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case 's':
		o->socket = value;
		return (0);
	case 'c':
		o->config = value;
		return (0);
	case LONG_JSON:
		o->json = true;
		return (0);
	case LONG_NO_WAIT:
		set_flag(o, &o->no_wait, OPTION_NO_WAIT);
		return (0);
	case LONG_TIMEOUT:
		return (set_timeout(o, value));
	case LONG_TREE:
		set_flag(o, &o->tree, OPTION_TREE);
		return (0);
	case LONG_DRY_RUN:
		set_flag(o, &o->dry_run, OPTION_DRY_RUN);
		return (0);
	case LONG_NOW:
		set_flag(o, &o->now, OPTION_NOW);
		return (0);
	case LONG_FOR:
		return (set_for(o, value));
	default:
		/* getopt_long() has said what is wrong. */
		return (-1);
	}
}

static void
look_around(struct options *o)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	o->out_is_terminal = isatty(STDOUT_FILENO) == 1;
	o->err_is_terminal = isatty(STDERR_FILENO) == 1;
	o->colour = o->out_is_terminal && term != NULL &&
		    strcmp(term, "dumb") != 0 &&
		    (no_color == NULL || *no_color == '\0');
}

static enum control_code
unknown(const char *name)
{
	const char *near = command_nearest(name);

	if (near != NULL)
		report_error(
		    "no such command: %s; did you mean %s?", name, near);
	else
		report_error(
		    "no such command: %s; sigctl help lists them", name);
	return (CONTROL_USAGE);
}

static enum control_code
run(struct options *o, int argc, char **argv)
{
	const struct command *command;
	size_t i;

	if (argc == 0) {
		report_error("expected a command; sigctl help lists them");
		return (CONTROL_USAGE);
	}
	command = command_find(argv[0]);
	if (command == NULL)
		return (unknown(argv[0]));
	for (i = 0; i < NOPTIONAL; i++) {
		if ((o->given & ~command->options & optional[i].option) != 0) {
			report_error(
			    "%s takes no %s", argv[0], optional[i].name);
			return (CONTROL_USAGE);
		}
	}
	o->names = (const char *const *)argv + 1;
	o->nnames = (size_t)argc - 1;
	if (o->nnames < command->min_args || o->nnames > command->max_args) {
		report_error("usage: sigctl %s %s", argv[0], command->args);
		return (CONTROL_USAGE);
	}
	return (command->run(o));
}

int
main(int argc, char **argv)
{
	struct options o = { .wait_for = GOAL_READY, .deadline = MONO_NEVER };
	int c;

	look_around(&o);
	while ((c = getopt_long(argc, argv, "s:c:hV", longs, NULL)) != -1) {
		if (c == 'h')
			return ((int)run_help(&o));
		if (c == 'V')
			return ((int)print_version());
		if (c == LONG_COMMANDS)
			return ((int)print_commands());
		if (set_option(&o, c, optarg) != 0)
			return (CONTROL_USAGE);
	}
	return ((int)run(&o, argc - optind, argv + optind));
}
