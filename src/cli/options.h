/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

#include "cli/goal.h"

/* Which options a command takes besides those which all do. */
enum option_set {
	OPTION_NO_WAIT = 1,
	OPTION_TIMEOUT = 2,
	OPTION_TREE = 4,
	OPTION_DRY_RUN = 8,
	OPTION_NOW = 16,
	OPTION_FOR = 32
};

/* What stands on the command line, and where the output goes. */
struct options {
	const char *socket; /* -s, or NULL. */
	const char *config; /* -c, or NULL. */
	bool json;
	bool no_wait;
	bool tree;
	bool dry_run;
	bool now;
	enum goal wait_for;
	unsigned given; /* Of enum option_set. */

	struct mono deadline; /* From --timeout, else MONO_NEVER. */
	const char *timeout;  /* As it was written. */

	bool out_is_terminal;
	bool err_is_terminal;
	bool colour;

	/* What follows the command. */
	const char *const *names;
	size_t nnames;
};

#endif /* !CLI_OPTIONS_H */
