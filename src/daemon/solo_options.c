/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/signame.h"
#include "base/span.h"

#include "daemon/solo_options.h"

/* Orphans have this long between TERM and KILL. */
#define GRACE_MS 5000

enum { OPT_GRACE = 256, OPT_KEEP_IGNORED };

static int take_group(struct solo_options *, const char *);
static int take_subreaper(struct solo_options *, const char *);
static int take_death(struct solo_options *, const char *);
static int take_warn(struct solo_options *, const char *);
static int take_code(struct solo_options *, const char *);
static int take_rewrite(struct solo_options *, const char *);
static int take_verbose(struct solo_options *, const char *);
static int take_grace(struct solo_options *, const char *);
static int take_keep_ignored(struct solo_options *, const char *);

/* One row an option. */
static const struct {
	int code;
	const char *name; /* A long one, or NULL. */
	int has_arg;
	int (*take)(struct solo_options *, const char *);
	const char *shown;
	const char *help;
	const char *expects;
} rows[] = {
	{ 'g', NULL, no_argument, take_group, "-g",
	    "send signals to the command's process group", NULL },
	{ 's', NULL, no_argument, take_subreaper, "-s",
	    "adopt and reap orphans also where not PID 1", NULL },
	{ 'p', NULL, required_argument, take_death, "-p SIGNAL",
	    "act as on SIGNAL when our own parent ends", "a signal" },
	{ 'w', NULL, no_argument, take_warn, "-w",
	    "say which orphans were reaped", NULL },
	{ 'e', NULL, required_argument, take_code, "-e CODE",
	    "exit with 0 instead of CODE; repeatable",
	    "an exit code from 0 to 255" },
	{ 'r', NULL, required_argument, take_rewrite, "-r A:B",
	    "send B when A comes, nothing where B is 0; repeatable",
	    "two signals, A:B, the second may be 0" },
	{ 'v', NULL, no_argument, take_verbose, "-v",
	    "say what is done; twice: each signal too", NULL },
	{ OPT_GRACE, "grace", required_argument, take_grace, "--grace TIME",
	    "what orphans have between TERM and KILL (5s)",
	    "a time such as 5s or 500ms" },
	{ OPT_KEEP_IGNORED, "inherit-ignored", no_argument, take_keep_ignored,
	    "--inherit-ignored", "what we ignore, the command ignores (nohup)",
	    NULL },
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

static int
take_group(struct solo_options *o, const char *arg)
{
	(void)arg;
	o->group = true;
	return (0);
}

static int
take_subreaper(struct solo_options *o, const char *arg)
{
	(void)arg;
	o->subreaper = true;
	return (0);
}

static int
take_death(struct solo_options *o, const char *arg)
{
	o->death_signo = signame_number(arg);
	return (o->death_signo == -1 ? -1 : 0);
}

static int
take_warn(struct solo_options *o, const char *arg)
{
	(void)arg;
	o->warn = true;
	return (0);
}

static int
take_code(struct solo_options *o, const char *arg)
{
	char *end;
	long code;

	if (!isdigit((unsigned char)arg[0]))
		return (-1);
	errno = 0;
	code = strtol(arg, &end, 10);
	if (errno != 0 || *end != '\0' || code > 255)
		return (-1);
	o->zero[code / 32] |= UINT32_C(1) << (code % 32);
	return (0);
}

static int
take_rewrite(struct solo_options *o, const char *arg)
{
	char from[SIGNAME_MAX + 4];
	const char *to = strchr(arg, ':');
	int a, b;

	if (to == NULL || (size_t)(to - arg) >= sizeof(from))
		return (-1);
	memcpy(from, arg, (size_t)(to - arg));
	from[to - arg] = '\0';
	a = signame_number(from);
	b = strcmp(to + 1, "0") == 0 ? 0 : signame_number(to + 1);
	if (a == -1 || b == -1)
		return (-1);
	o->rewrite[a] = (uint8_t)b;
	return (0);
}

static int
take_verbose(struct solo_options *o, const char *arg)
{
	(void)arg;
	o->verbose++;
	return (0);
}

static int
take_grace(struct solo_options *o, const char *arg)
{
	o->grace_ms = span_parse(arg);
	return (o->grace_ms == -1 ? -1 : 0);
}

static int
take_keep_ignored(struct solo_options *o, const char *arg)
{
	(void)arg;
	o->keep_ignored = true;
	return (0);
}

/* The row of the option ${code}, or NROWS. */
static size_t
find(int code)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		if (rows[i].code == code)
			break;
	return (i);
}

/* Was a command announced, and none came? */
static enum solo_parsed
no_command(char **argv)
{
	if (optind < 2 || strcmp(argv[optind - 1], "--") != 0)
		return (SOLO_OTHER);
	(void)fprintf(stderr, "sigmund: expected a command after --\n");
	return (SOLO_WRONG);
}

enum solo_parsed
solo_options_parse(struct solo_options *o, int argc, char **argv)
{
	struct option table[NROWS + 1] = { { 0 } };
	const char *wrong_arg = NULL;
	size_t i, n = 0, wrong = NROWS;
	int code;

	*o = (struct solo_options){ .grace_ms = GRACE_MS };
	for (i = 0; i < _NSIG; i++)
		o->rewrite[i] = (uint8_t)i;
	for (i = 0; i < NROWS; i++)
		if (rows[i].name != NULL)
			table[n++] = (struct option){ rows[i].name,
				rows[i].has_arg, NULL, rows[i].code };
	/* Who reads the same letters otherwise must begin anew: 0 resets. */
	optind = 0;
	opterr = 0;
	while ((code = getopt_long(argc, argv, "+gsp:we:r:v", table, NULL)) !=
	       -1) {
		if ((i = find(code)) == NROWS)
			return (SOLO_OTHER);
		if (rows[i].take(o, optarg) == 0)
			continue;
		wrong = i;
		wrong_arg = optarg;
	}
	if (optind >= argc)
		return (no_command(argv));
	o->command = argv + optind;
	if (wrong == NROWS)
		return (SOLO_COMMAND);
	/* Not before: without a command the letters mean something else. */
	(void)fprintf(stderr, "sigmund: %s: expected %s, got \"%s\"\n",
	    rows[wrong].shown, rows[wrong].expects, wrong_arg);
	return (SOLO_WRONG);
}

void
solo_options_help(void)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		(void)printf("  %-18s %s\n", rows[i].shown, rows[i].help);
}
