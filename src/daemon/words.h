/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WORDS_H
#define DAEMON_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

/* Opaque types. */
struct action;
struct asker;
struct daemon;

/*
 * Every decision carries its reason, and this file is where it is put into
 * words: for the log when it is made, for status as long as it holds.
 */

#define WORDS_MAX 512

/**
 * words_detail(d, i, now, buf):
 * Write why service ${i} is in its state, and what comes next, to ${buf} and
 * return ${buf}.
 */
const char *words_detail(
    const struct daemon *, uint32_t, struct mono, char[WORDS_MAX]);

/**
 * words_announce(d, action, now):
 * Log that a service went from one state to another, and why.
 */
void words_announce(struct daemon *, const struct action *, struct mono);

#define WORDS_ASKER_MAX 64

/**
 * words_asker(asker, buf):
 * Write " (asked by deploy, uid 1000)", or nothing where nobody is known, to
 * ${buf} and return ${buf}.
 */
const char *words_asker(const struct asker *, char[WORDS_ASKER_MAX]);

/**
 * words_status(d, now):
 * Log the table of all services.
 */
void words_status(struct daemon *, struct mono);

#endif /* !DAEMON_WORDS_H */
