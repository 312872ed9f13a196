/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_COMMANDS_H
#define DAEMON_COMMANDS_H

/* Opaque types. */
struct client;
struct daemon;
struct request;

/**
 * commands_handle(d, client, request):
 * Do what ${client} asks, and answer.  Names are looked up before anything is
 * done: with a wrong one nothing happens at all.
 */
void commands_handle(struct daemon *, struct client *, const struct request *);

#endif /* !DAEMON_COMMANDS_H */
