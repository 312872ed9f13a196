/* SPDX-License-Identifier: MIT */
#ifndef SIM_UPDATE_H
#define SIM_UPDATE_H

/* Opaque types. */
struct sim;

/**
 * update(s):
 * Let ${s} go on with an edit of its configuration, at any moment, and check
 * that what changed is touched and nothing else: I8.  No effect in a shutdown.
 */
void update(struct sim *);

#endif /* !SIM_UPDATE_H */
