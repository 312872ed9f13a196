/* SPDX-License-Identifier: MIT */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

/*
 * xorshift64*: what the simulator does follows from its seed alone, on every
 * machine and with every libc.
 */
struct rng {
	uint64_t x;
};

static inline void
rng_seed(struct rng *r, uint64_t seed)
{
	/* Neighbouring seeds must not give neighbouring sequences; 0 is none. */
	r->x = (seed + 1) * 0x9e3779b97f4a7c15;
	r->x ^= r->x >> 29;
	if (r->x == 0)
		r->x = 1;
}

static inline uint32_t
rng_next(struct rng *r)
{
	r->x ^= r->x >> 12;
	r->x ^= r->x << 25;
	r->x ^= r->x >> 27;
	return ((uint32_t)(r->x * 0x2545f4914f6cdd1d >> 32));
}

/* 0 to ${n} - 1. */
static inline uint32_t
rng_below(struct rng *r, uint32_t n)
{
	return ((uint32_t)((uint64_t)rng_next(r) * n >> 32));
}

/* True once in ${n} times. */
static inline bool
rng_one_in(struct rng *r, uint32_t n)
{
	return (rng_below(r, n) == 0);
}

#endif /* !SIM_RNG_H */
