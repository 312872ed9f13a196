/* SPDX-License-Identifier: MIT */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stdbool.h>
#include <stddef.h>

/* Opaque types. */
struct reply;
struct strbuf;
struct waiter;
struct wire_service;

/* How things look to the operator: structs in, text out. */
struct show_style {
	bool frame;  /* With header and footer. */
	bool colour; /* With escape sequences. */
};

/**
 * show_table(b, reply, style):
 * Append a line for each service of ${reply}: name, state, detail.
 */
void show_table(
    struct strbuf *, const struct reply *, const struct show_style *);

/**
 * show_page(b, service, style):
 * Append the line of ${service} and below it all that is known of it.
 */
void show_page(
    struct strbuf *, const struct wire_service *, const struct show_style *);

/**
 * show_changes(b, reply, dry_run):
 * Append what an update did, or would do: a line for each change and one for
 * what stays.
 */
void show_changes(struct strbuf *, const struct reply *, bool);

/**
 * show_detail(b, service):
 * Append what the third column says: pid and uptime, or the reason.
 */
void show_detail(struct strbuf *, const struct wire_service *);

/**
 * show_outcome(b, waiter):
 * Append, without a newline, what came of waiting for the service, such as
 * "web: started (pid 41)", or how it stands now.
 */
void show_outcome(struct strbuf *, const struct waiter *);

#endif /* !CLI_SHOW_H */
