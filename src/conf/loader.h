/* SPDX-License-Identifier: MIT */
#ifndef CONF_LOADER_H
#define CONF_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/diag.h"
#include "conf/document.h"
#include "conf/expand.h"
#include "conf/limits.h"
#include "conf/load.h"
#include "conf/names.h"
#include "conf/pool.h"
#include "conf/scratch.h"

/*
 * What the steps of one load share.  Its memory is freed at the end of the
 * load; what stays is in the arena.
 */
struct loader {
	struct config *config;
	const struct config_options *options;
	struct arena *arena;
	struct document doc;
	struct diag_list diags;
	struct pool pool;
	struct scratch scratch; /* What is needed up to the end. */
	bool failed;            /* Out of memory, out of room, or given up. */

	char *hostname;
	const char *main_file;      /* As it was given. */
	const struct section *main; /* NULL: there is none. */

	/* Defaults of the dialect, typed. */
	struct program program_defaults;
	struct service_def service_defaults;
	struct config_source source_defaults;

	/* In the arena; the services are moved there at the end. */
	struct program *programs;
	struct config_source *sources;
	const struct section **program_sections;
	struct config_group *groups;
	struct names program_names; /* With the numbers of programs. */
	size_t *program_groups;     /* NAMES_NONE: none. */
	struct service_def *services;
	size_t nservices;
	size_t services_cap;

	struct strbuf later; /* Keys which are not acted on yet. */
	struct names later_names;
	struct diag_at later_at; /* The first of them. */
	struct names checked;    /* What check.c has looked at already. */
};

#endif /* !CONF_LOADER_H */
