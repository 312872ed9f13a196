/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CONFIGS_H
#define DAEMON_CONFIGS_H

#include <stddef.h>

/* Opaque types. */
struct config;
struct service_def;
struct supervisor;

/*
 * The configurations which are in use.  Each lies in a shared mapping of its
 * own, which a child has filled.  The present one is used by everybody; an
 * older one stays as long as a service defined by it has not gone.
 */
struct configs {
	struct configs *older;
	struct config *config;
	void *map;
	size_t size;
};

/**
 * configs_push(list, config, map, size):
 * ${config}, in the ${size} bytes at ${map}, is the present one.  Takes the
 * mapping over.  Return 0, or -1 with ENOMEM and nothing changed.
 */
int configs_push(struct configs **, struct config *, void *, size_t);

/**
 * configs_prune(list, sv):
 * Unmap those older ones by which no service of ${sv} is defined any more.
 */
void configs_prune(struct configs **, const struct supervisor *);

/**
 * configs_free(list):
 * Unmap all.
 */
void configs_free(struct configs **);

#endif /* !DAEMON_CONFIGS_H */
