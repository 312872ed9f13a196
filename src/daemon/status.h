/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_STATUS_H
#define DAEMON_STATUS_H

#include <stddef.h>
#include <stdint.h>

/* Opaque types. */
struct daemon;
struct wire_service;

/*
 * A service as status and events show it.
 */

#define STATUS_DETAIL_MAX 512

/**
 * status_of(d, i, service, detail):
 * Fill ${service} with what is to be known of service ${i} now.  Its texts
 * are those of the configuration, and ${detail}.
 */
void status_of(const struct daemon *, uint32_t, struct wire_service *,
    char[STATUS_DETAIL_MAX]);

#endif /* !DAEMON_STATUS_H */
