/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "conf/diag.h"
#include "conf/keys.h"
#include "conf/load.h"
#include "conf/print.h"
#include "os/pid1.h"
#include "os/shared.h"

#include "daemon/boot.h"
#include "daemon/options.h"
#include "daemon/solo.h"
#include "daemon/solo_options.h"

/* What is wrong with ${config}, one line each. */
static void
write_diags(const struct config *config)
{
	struct strbuf line;
	size_t i;

	strbuf_init(&line, DIAG_LINE_MAX);
	for (i = 0; i < config->ndiags; i++) {
		strbuf_reset(&line);
		diag_put(&line, &config->diags[i]);
		(void)fprintf(stderr, "%s\n", strbuf_text(&line));
	}
	strbuf_free(&line);
}

/* --check and --print: nothing is supervised, so that we may read here. */
static int
look_at(const struct options *o)
{
	struct config_options options = {
		.syntax_only = o->syntax_only || o->mode == OPTIONS_PRINT,
		.environ = (const char *const *)environ,
	};
	struct config *config = NULL;
	struct arena arena;
	struct err err;
	char *path;
	void *map;

	if ((path = options_config(o, &err)) == NULL) {
		(void)fprintf(stderr, "sigmund: %s\n", err.text);
		return (1);
	}
	if ((map = shared_map(CONFIG_BYTES_MAX)) != NULL) {
		arena_init(&arena, map, CONFIG_BYTES_MAX);
		config = config_load(path, &options, &arena);
	}
	free(path);
	if (config == NULL) {
		(void)fprintf(stderr, "sigmund: %s\n", strerror(ENOMEM));
		return (1);
	}
	write_diags(config);
	if (config->nerrors == 0 && o->mode == OPTIONS_PRINT)
		(void)print_config(stdout, config);
	return (config->nerrors > 0);
}

/* What was written must have arrived: a full disk is an error. */
static int
flushed(int code)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return (code);
	(void)fprintf(stderr, "sigmund: stdout: %s\n", strerror(errno));
	return (1);
}

int
main(int argc, char **argv)
{
	struct solo_options so;
	struct options o;
	struct err err;

	if (pid1_stdio(&err) == -1) {
		(void)fprintf(stderr, "sigmund: %s\n", err.text);
		return (1);
	}
	switch (solo_options_parse(&so, argc, argv)) {
	case SOLO_COMMAND:
		return (solo(&so, environ));
	case SOLO_WRONG:
		(void)fprintf(stderr, "Try: sigmund --help\n");
		return (2);
	case SOLO_OTHER:
		break;
	}
	pid1_signals();
	pid1_close_inherited();
	options_parse(&o, argc, argv);
	switch (o.mode) {
	case OPTIONS_RUN:
		return (boot(&o, environ));
	case OPTIONS_CHECK:
	case OPTIONS_PRINT:
		return (flushed(look_at(&o)));
	case OPTIONS_KEYS:
		keys_print(stdout);
		return (flushed(0));
	case OPTIONS_HELP:
		options_help();
		return (flushed(0));
	case OPTIONS_VERSION:
		(void)printf("sigmund %s\n", PACKAGE_VERSION);
		return (flushed(0));
	case OPTIONS_WRONG:
		break;
	}
	return (2);
}
