/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "conf/find.h"

#include "daemon/options.h"
#include "daemon/solo_options.h"

enum { OPT_CHECK = 256, OPT_PRINT, OPT_KEYS, OPT_TAKEOVER };

/* One row an option; the help and getopt_long() read the same ones. */
static const struct {
	int code;
	const char *name;
	int has_arg;
	const char *shown;
	const char *help;
} rows[] = {
	{ 'c', "configuration", required_argument, "-c, --configuration FILE",
	    "the INI; without it: $SIGMUND_CONFIG, ./sigmund.ini,\n"
	    "/etc/sigmund/sigmund.ini, then where supervisord looks" },
	{ OPT_CHECK, "check", optional_argument, "    --check[=syntax]",
	    "say what is wrong with it and exit: 1 with an error;\n"
	    "syntax: the file alone, not this machine" },
	{ OPT_PRINT, "print", no_argument, "    --print",
	    "print what it comes to, and exit" },
	{ OPT_KEYS, "keys", no_argument, "    --keys",
	    "list all keys with type, default and help, and exit" },
	{ OPT_TAKEOVER, "takeover", required_argument,
	    "    --takeover=refuse|stop",
	    "what to do about services which an earlier sigmund left\n"
	    "running: not start (the default), or stop them first" },
	{ 'n', "nodaemon", no_argument, "-n, --nodaemon",
	    "stay in the foreground, as always; for supervisord's users" },
	{ 'h', "help", no_argument, "-h, --help", "print this, and exit" },
	{ 'V', "version", no_argument, "-V, --version",
	    "print the version, and exit" },
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

void
options_help(void)
{
	const char *line, *end;
	size_t i;

	(void)printf("Usage: sigmund [OPTIONS]\n"
		     "       sigmund [OPTIONS] [--] COMMAND [ARGUMENT...]\n\n"
		     "Start the programs of an INI file and keep them as it "
		     "says:\n");
	for (i = 0; i < NROWS; i++) {
		(void)printf("  %-28s", rows[i].shown);
		for (line = rows[i].help; line != NULL; line = end) {
			end = strchr(line, '\n');
			(void)printf("%*s%.*s\n", line == rows[i].help ? 0 : 30,
			    "",
			    end == NULL ? (int)strlen(line) : (int)(end - line),
			    line);
			end = end == NULL ? NULL : end + 1;
		}
	}
	(void)printf("\nOr be the init of one command: pass all signals on, "
		     "reap, exit with its code:\n");
	solo_options_help();
	(void)printf("\nSignals: TERM, INT and QUIT shut down in order, HUP "
		     "updates, USR1 logs the\nstatus; sigctl(1) does the same "
		     "and more.  See sigmund(8), sigmund.ini(5).\n");
}

static int
wrong(struct options *o)
{
	o->mode = OPTIONS_WRONG;
	return (0);
}

/* Act on the option ${code}.  Return whether to go on. */
static int
take(struct options *o, int code)
{
	switch (code) {
	case 'c':
		o->config = optarg;
		break;
	case OPT_CHECK:
		o->mode = OPTIONS_CHECK;
		o->syntax_only = optarg != NULL;
		if (optarg == NULL || strcmp(optarg, "syntax") == 0)
			break;
		(void)fprintf(stderr,
		    "sigmund: --check: expected syntax or nothing, got "
		    "\"%s\"\n",
		    optarg);
		return (wrong(o));
	case OPT_PRINT:
		o->mode = OPTIONS_PRINT;
		break;
	case OPT_KEYS:
		o->mode = OPTIONS_KEYS;
		break;
	case OPT_TAKEOVER:
		if (strcmp(optarg, "refuse") == 0) {
			o->takeover = TAKEOVER_REFUSE;
		} else if (strcmp(optarg, "stop") == 0) {
			o->takeover = TAKEOVER_STOP;
		} else {
			(void)fprintf(stderr,
			    "sigmund: --takeover: expected refuse or stop, got "
			    "\"%s\"\n",
			    optarg);
			return (wrong(o));
		}
		break;
	case 'n':
		break;
	case 'h':
		o->mode = OPTIONS_HELP;
		return (0);
	case 'V':
		o->mode = OPTIONS_VERSION;
		return (0);
	default:
		return (wrong(o));
	}
	return (1);
}

void
options_parse(struct options *o, int argc, char **argv)
{
	struct option table[NROWS + 1] = { { 0 } };
	size_t i;
	int code;

	*o = (struct options){ .mode = OPTIONS_RUN };
	/* Somebody may have read the same arguments before: begin anew. */
	optind = 0;
	opterr = 1;
	for (i = 0; i < NROWS; i++)
		table[i] = (struct option){ rows[i].name, rows[i].has_arg, NULL,
			rows[i].code };
	while ((code = getopt_long(argc, argv, "+c:hnV", table, NULL)) != -1)
		if (!take(o, code))
			break;
	if (o->mode == OPTIONS_WRONG) {
		(void)fprintf(stderr, "Try: sigmund --help\n");
	} else if (o->mode != OPTIONS_HELP && o->mode != OPTIONS_VERSION &&
		   optind < argc) {
		(void)fprintf(stderr,
		    "sigmund: %s: these options take no command\n"
		    "Try: sigmund --help\n",
		    argv[optind]);
		o->mode = OPTIONS_WRONG;
	}
}

/* Name the places where there is none. */
static void
say_places(struct err *err)
{
	const char *place;
	size_t i, len;

	(void)err_set(err, 0, "no configuration; looked for");
	for (i = 0; (place = find_config_place(i)) != NULL; i++) {
		len = strlen(err->text);
		(void)snprintf(err->text + len, sizeof(err->text) - len,
		    "%s %s", i == 0 ? "" : ",", place);
	}
}

char *
options_config(const struct options *o, struct err *err)
{
	char found[FIND_PATH_MAX];
	char *path;

	if (o->config == NULL && find_config(found) == -1) {
		say_places(err);
		return (NULL);
	}
	path = strdup(o->config != NULL ? o->config : found);
	if (path == NULL)
		(void)err_set(err, errno, "cannot name the configuration");
	return (path);
}
