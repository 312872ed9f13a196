/* SPDX-License-Identifier: MIT */
#ifndef CONF_DIFF_H
#define CONF_DIFF_H

#include <stddef.h>

#include "conf/scratch.h"

/*
 * What an update changes, service by service.
 *
 * D1 A service is who it is by its program's name and its own: moving into a
 *    group, or out of it, is no restart.
 * D2 Only what concerns the birth of a process restarts it; the rest is
 *    applied to the living service.
 */

/* Opaque types. */
struct config;
struct key;

enum diff_kind {
	DIFF_SAME,      /* Nothing. */
	DIFF_APPLIED,   /* Its process stays; the policy changes. */
	DIFF_RESTARTED, /* It is born differently. */
	DIFF_ADDED,     /* Only the new configuration has it. */
	DIFF_REMOVED,   /* Only the old one has it. */
	DIFF_COUNT
};

/* One value which differs, as it would be written; NULL: there is none. */
struct diff_change {
	const struct key *key; /* NULL: `group`. */
	const char *name;      /* "startsecs", "environment.LANG" */
	const char *before;
	const char *after;
};

#define DIFF_NONE ((size_t)-1)

struct diff_service {
	enum diff_kind kind;
	size_t before; /* Index into the old fleet, or DIFF_NONE. */
	size_t after;  /* Index into the new fleet, or DIFF_NONE. */
	const struct diff_change *changes; /* APPLIED and RESTARTED. */
	size_t nchanges;
};

struct diff {
	const struct config *old;
	const struct config *new;
	/* The new fleet in its order, then what is removed, in its old one. */
	struct diff_service *services;
	size_t n;
	size_t counts[DIFF_COUNT];
	/* What differs in the main section and in groups, "group:x.priority". */
	const struct diff_change *settings;
	size_t nsettings;
	struct scratch scratch;
};

/**
 * diff_make(old, new):
 * Return what goes from ${old} to ${new}, neither of which has errors; or NULL
 * where memory ran out.  Keeps references into both.  Takes time in
 * proportion to their size.
 */
struct diff *diff_make(const struct config *, const struct config *);

/**
 * diff_free(d):
 * Free ${d}, which may be NULL.
 */
void diff_free(struct diff *);

#endif /* !CONF_DIFF_H */
