/* SPDX-License-Identifier: MIT */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stdint.h>

/* Opaque types. */
struct footprint;
struct sim;

/**
 * trace_note(s, what, who):
 * Begin to note a step of ${s} about the service ${who}, and return where its
 * event or action goes.  ${what}: e an event, a an action, n noise, s saved
 * and loaded, u an update.
 */
struct footprint *trace_note(struct sim *, char, uint32_t);

/**
 * trace_print(f):
 * Print one step as a line.
 */
void trace_print(const struct footprint *);

#endif /* !SIM_TRACE_H */
