/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_SOLO_OPTIONS_H
#define DAEMON_SOLO_OPTIONS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The command line of sigmund as the init of one command, in the letters of
 * tini and dumb-init.
 */

struct solo_options {
	char **command;         /* NULL: none is named. */
	bool group;             /* -g: signals go to its process group. */
	bool subreaper;         /* -s: adopt orphans also where not PID 1. */
	bool warn;              /* -w: say what was reaped. */
	bool keep_ignored;      /* --inherit-ignored */
	unsigned verbose;       /* -v */
	int death_signo;        /* -p: when our parent ends; 0: none. */
	int64_t grace_ms;       /* --grace: for orphans. */
	uint32_t zero[8];       /* -e: exit codes which become 0; a bitmap. */
	uint8_t rewrite[_NSIG]; /* -r: what a signal becomes; 0: dropped. */
};

enum solo_parsed {
	SOLO_COMMAND, /* Run it. */
	SOLO_OTHER,   /* No command: these are the options of the others. */
	SOLO_WRONG    /* That makes no sense, which was said. */
};

/**
 * solo_options_parse(o, argc, argv):
 * Fill ${o} with what the command line says.
 */
enum solo_parsed solo_options_parse(struct solo_options *, int, char **);

/**
 * solo_options_help():
 * Write the help about these options to stdout.
 */
void solo_options_help(void);

#endif /* !DAEMON_SOLO_OPTIONS_H */
