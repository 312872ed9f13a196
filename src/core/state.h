/* SPDX-License-Identifier: MIT */
#ifndef CORE_STATE_H
#define CORE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opaque types. */
struct service_def;
struct supervisor;

/*
 * The whole state as one image, at any moment: deadlines in monotonic time,
 * services by their names, everything else as 64-bit numbers in the byte order
 * of this machine.  An image is for the same machine before its next boot.
 *
 *	magic, version, count of services
 *	the numbers of the supervisor
 *	each service: its names (length, bytes, zero bytes up to a multiple of
 *	    8), its numbers
 *	the order of a shutdown, the agenda: places in the list above
 */

/**
 * state_size(sv):
 * Return how many bytes an image of ${sv} takes.
 */
size_t state_size(const struct supervisor *);

/**
 * state_save(sv, buf):
 * Write the image of ${sv} to the state_size(${sv}) bytes at ${buf}.
 */
void state_save(const struct supervisor *, void *);

/**
 * state_load(block, defs, n, image, len):
 * Make ${block}, of supervisor_size(${n}) bytes, the supervisor which the
 * ${len} bytes at ${image} describe, and return it.  ${defs} defines its ${n}
 * services, in any order; they stay the caller's.  Return NULL if it is no
 * image, or one of other services, or one which breaks an invariant.
 */
struct supervisor *state_load(
    void *, const struct service_def *const *, size_t, const void *, size_t);

#endif /* !CORE_STATE_H */
