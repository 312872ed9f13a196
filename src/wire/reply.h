/* SPDX-License-Identifier: MIT */
#ifndef WIRE_REPLY_H
#define WIRE_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/control.h"

/* Opaque types. */
struct strbuf;

/*
 * What sigmund answers: for each request lines with the id of the request,
 * of which exactly one is its reply, and events may follow.  Encoding writes
 * the text itself, since a status may have 10,000 services.
 */

/* A fact which may be absent. */
enum wire_fact { FACT_NO, FACT_YES, FACT_ABSENT };

enum wire_exit {
	WIRE_EXIT_NONE,  /* No run has ended yet. */
	WIRE_EXIT_CODE,  /* Exited, with ${exit_value}. */
	WIRE_EXIT_SIGNAL /* Killed, by signal ${exit_value}. */
};

/* One service, as status and events show it. */
struct wire_service {
	const char *name; /* NAME, or GROUP:NAME. */
	const char *program;
	const char *group;
	const char *state; /* The word, such as RUNNING. */
	bool want_up;
	int pid; /* 0: absent. */
	enum wire_fact ready;
	enum wire_fact healthy;
	uint64_t restarts;
	int64_t uptime_ms; /* -1: absent. */
	enum wire_exit exit_kind;
	int exit_value;
	const char *detail; /* Why it is so; NULL: nothing to add. */
	uint64_t run;       /* Its latest; 0: it never ran. */
	bool as_wanted;
	bool stuck;
};

/* What an update did to a program, or would do. */
struct wire_change {
	char mark;        /* '+', '-', '~' or '!'. */
	const char *name; /* Of the program. */
	const char *text; /* "restart  environment.A: ..." */
};

/* A reply.  What is NULL, or none, is left out. */
struct reply {
	uint64_t id;
	enum control_code code; /* CONTROL_OK: it went well. */
	const char *error;      /* One line; where it did not. */

	/* STATUS, WATCH and whatever concerns services. */
	const struct wire_service *services;
	size_t nservices;
	bool has_services; /* Say so even if there are none. */
	const char *config;
	unsigned warnings; /* In ${config}. */

	/* VERSION, and with ${config}. */
	const char *version;
	int pid;

	/* UPDATE. */
	const struct wire_change *changes;
	size_t nchanges;
	bool has_changes;
	unsigned unchanged;
	const char *const *removed; /* Services which go, by name. */
	size_t nremoved;
	const char *const *diagnostics; /* "FILE:LINE: error: ..." */
	size_t ndiagnostics;
};

/**
 * reply_encode(b, r):
 * Append ${r} to ${b} as a line with its newline.
 */
void reply_encode(struct strbuf *, const struct reply *);

/**
 * reply_body(b, r):
 * Append what ${r} says from "ok" on, without the braces and the id.
 */
void reply_body(struct strbuf *, const struct reply *);

/**
 * reply_fail(b, id, code, error):
 * Append the reply that the request ${id} failed, and why.
 */
void reply_fail(struct strbuf *, uint64_t, enum control_code, const char *);

/**
 * reply_event(b, id, service, gone):
 * Append the line which tells whoever watches by the request ${id} that
 * ${service} has changed or, if ${gone}, that it is no more.
 */
void reply_event(struct strbuf *, uint64_t, const struct wire_service *, bool);

/**
 * reply_services(b, services, n):
 * Append the array of the ${n} ${services}, without a newline.
 */
void reply_services(struct strbuf *, const struct wire_service *, size_t);

/**
 * reply_changes(b, changes, n):
 * Likewise, of changes.
 */
void reply_changes(struct strbuf *, const struct wire_change *, size_t);

#endif /* !WIRE_REPLY_H */
