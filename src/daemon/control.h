/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

/* Opaque types. */
struct asker;
struct client;
struct daemon;
struct err;
struct request;
struct strbuf;

/*
 * The control socket and its clients.  Nobody is ever waited for: what a
 * client does not read is kept up to a limit and then the client is left.
 * Garbage, half a line or a line without end cost nobody but its sender.
 */

/* For one more than these, who has been silent longest must go. */
#define CONTROL_CLIENTS_MAX 64

/*
 * Whoever does not read may be owed this much: the status of 10,000 services
 * and the events of all of them stopping are a quarter of it.
 */
#define CONTROL_BACKLOG_MAX ((size_t)32 << 20)

/* Act on a request, and answer by control_reply(). */
typedef void control_handler(
    struct daemon *, struct client *, const struct request *);

/**
 * control_open(d, handler, err):
 * Listen at ${d}->address as the configuration says, and give each request
 * to ${handler}.  Return 0, or -1 with ${err}.
 */
int control_open(struct daemon *, control_handler *, struct err *);

/**
 * control_again(d):
 * If the socket has vanished from its path, make it again.
 */
void control_again(struct daemon *);

/**
 * control_close(d):
 * Leave all clients and remove the socket.
 */
void control_close(struct daemon *);

/**
 * control_reply(client):
 * Return the buffer to which a line for ${client} is appended; what is there
 * is sent when the handler returns, or by control_flush().
 */
struct strbuf *control_reply(struct client *);

/**
 * control_flush(client):
 * Send what can be sent now.
 */
void control_flush(struct client *);

/**
 * control_asker(client):
 * Return who ${client} is.
 */
const struct asker *control_asker(const struct client *);

/**
 * control_ticket(client):
 * control_find(d, ticket):
 * For an answer which comes later: a number for ${client}, and the client of
 * a number, or NULL if it has gone.
 */
uint64_t control_ticket(const struct client *);
struct client *control_find(struct daemon *, uint64_t);

/**
 * control_watch(d, client, id, member):
 * Let ${client} hear, as events of its request ${id}, what becomes of the
 * services i for which ${member}[i].  Return 0, or -1 with ENOMEM.
 */
int control_watch(struct daemon *, struct client *, uint64_t, const bool *);

#endif /* !DAEMON_CONTROL_H */
