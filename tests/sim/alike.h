/* SPDX-License-Identifier: MIT */
#ifndef SIM_ALIKE_H
#define SIM_ALIKE_H

#include "base/mono.h"

/* Opaque types. */
struct supervisor;

/**
 * alike(sv, now, then):
 * Make ${sv}, which has come to ${now}, one of the few which stand for all
 * that go on as it does: its times are as if it were ${then}, its runs have
 * the number 1, and what is only told, or asked for no more, is forgotten.
 * Nothing may be said any more of what was pending to be said.
 *
 * Two counters lead further than they did: the first quick run is as good as
 * a burst of them, and all failed forks wait alike.
 */
void alike(struct supervisor *, struct mono, struct mono);

#endif /* !SIM_ALIKE_H */
