/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/run.h"
#include "conf/nearest.h"

#include "cli/command.h"

#define HELP_MAX ((size_t)16 * 1024)
#define ANY      SIZE_MAX
#define WAITING  (OPTION_NO_WAIT | OPTION_TIMEOUT)

/* In the order of the manual; each has its entry there. */
static const struct command commands[] = {
	{
	    .name = "status",
	    .args = "[NAME ...]",
	    .help = "show services; exit 3 if one that should be up is not",
	    .max_args = ANY,
	    .run = run_status,
	},
	{
	    .name = "start",
	    .args = "NAME ...",
	    .help = "start, and wait until they are proved up",
	    .options = WAITING,
	    .min_args = 1,
	    .max_args = ANY,
	    .run = run_start,
	},
	{
	    .name = "stop",
	    .args = "NAME ...",
	    .help = "stop, and wait until nothing of them runs",
	    .options = WAITING,
	    .min_args = 1,
	    .max_args = ANY,
	    .run = run_stop,
	},
	{
	    .name = "restart",
	    .args = "NAME ...",
	    .help = "stop and start, and wait until they are up again",
	    .options = WAITING,
	    .min_args = 1,
	    .max_args = ANY,
	    .run = run_restart,
	},
	{
	    .name = "signal",
	    .args = "SIGNAL NAME ...",
	    .help = "send a signal; with --tree to all their processes",
	    .options = OPTION_TREE,
	    .min_args = 2,
	    .max_args = ANY,
	    .run = run_signal,
	},
	{
	    .name = "reload",
	    .args = "NAME ...",
	    .help = "the service's own reload (in a later release)",
	    .max_args = ANY,
	    .run = run_reload,
	},
	{
	    .name = "update",
	    .args = "",
	    .help = "re-read the configuration, apply the difference",
	    .options = WAITING | OPTION_DRY_RUN,
	    .run = run_update,
	},
	{
	    .name = "reread",
	    .args = "",
	    .help = "the same as update --dry-run",
	    .run = run_reread,
	},
	{
	    .name = "wait",
	    .args = "NAME ...",
	    .help = "wait until they are --for ready, stopped or exited",
	    .options = OPTION_TIMEOUT | OPTION_FOR,
	    .min_args = 1,
	    .max_args = ANY,
	    .run = run_wait,
	},
	{
	    .name = "shutdown",
	    .args = "",
	    .help = "stop everything and end sigmund; --now without grace",
	    .options = WAITING | OPTION_NOW,
	    .run = run_shutdown,
	},
	{
	    .name = "pid",
	    .args = "[NAME ...]",
	    .help = "print the pid of sigmund, or of services",
	    .max_args = ANY,
	    .run = run_pid,
	},
	{
	    .name = "avail",
	    .args = "",
	    .help = "list the services of the configuration in force",
	    .run = run_avail,
	},
	{
	    .name = "version",
	    .args = "",
	    .help = "print the versions of sigctl and of sigmund",
	    .run = run_version,
	},
	{
	    .name = "help",
	    .args = "",
	    .help = "show this",
	    .run = run_help,
	},
};
#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

const struct command *
command_find(const char *name)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return (&commands[i]);
	return (NULL);
}

const char *
command_nearest(const char *name)
{
	struct nearest near;
	size_t i;

	nearest_init(&near, name);
	for (i = 0; i < NCOMMANDS; i++)
		nearest_offer(&near, commands[i].name);
	return (near.best);
}

void
command_help(struct strbuf *b)
{
	size_t i, width;

	strbuf_puts(
	    b, "usage: sigctl [-s SOCKET] [-c FILE] [--json] COMMAND ...\n\n");
	for (i = 0; i < NCOMMANDS; i++) {
		strbuf_printf(b, "  %s %s", commands[i].name, commands[i].args);
		width = strlen(commands[i].name) + strlen(commands[i].args);
		strbuf_printf(b, "%*s%s\n", width < 24 ? (int)(24 - width) : 1,
		    "", commands[i].help);
	}
	strbuf_puts(b,
	    "\n"
	    "  -s, --socket SOCKET   talk to the sigmund which listens there\n"
	    "  -c, --config FILE     to the one which runs this configuration\n"
	    "      --json            print JSON\n"
	    "      --no-wait         do not wait until it is so\n"
	    "      --timeout TIME    wait no longer: 500ms, 10, 10s, 5m, 1h\n"
	    "      --for STATE       wait: ready, stopped or exited\n"
	    "      --tree            signal: all processes of the service\n"
	    "      --dry-run         update: show what would be done\n"
	    "      --now             shutdown: without any grace\n"
	    "  -h, --help            show this\n"
	    "  -V, --version         print the version of sigctl\n"
	    "\n"
	    "NAME is NAME, GROUP:NAME, GROUP:*, PROGRAM, a glob, or all.\n"
	    "Exit: 0 as asked, 1 failed, 2 usage, 3 not all are up, 4 no such\n"
	    "service, 5 no answer from sigmund, 6 timed out.\n");
}

void
command_names(struct strbuf *b)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		strbuf_printf(b, "%s\n", commands[i].name);
}

enum control_code
run_help(const struct options *o)
{
	enum control_code code;
	struct strbuf b;

	(void)o;
	strbuf_init(&b, HELP_MAX);
	command_help(&b);
	code = report_text(&b);
	strbuf_free(&b);
	return (code);
}
