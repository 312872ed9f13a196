/* SPDX-License-Identifier: MIT */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

/* Opaque types. */
struct program;
struct run_plan;

/**
 * plan_stop(p, received):
 * Return how a run of ${p} is stopped: by which signal, whom it is for, how
 * long that may take and what of the tree is ended with it.  ${received} is
 * the signal which began a shutdown, or 0.
 */
struct run_plan plan_stop(const struct program *, int);

#endif /* !CORE_PLAN_H */
