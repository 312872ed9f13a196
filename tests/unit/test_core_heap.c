/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "core/heap.h"
#include "core/service.h"

#define N 64

static struct service services[N];
static uint32_t at[N];
static struct heap h;

static void
empty(void)
{
	uint32_t i;

	memset(services, 0, sizeof(services));
	for (i = 0; i < N; i++) {
		services[i].deadline = MONO_NEVER;
		services[i].run.deadline = MONO_NEVER;
		services[i].heap_at = HEAP_NOWHERE;
	}
	h = (struct heap){ .at = at };
}

TestSuite(heap, .init = empty);

/* The naive way: look at all; of equal ones the first. */
static uint32_t
earliest(void)
{
	uint32_t i, best = HEAP_NOWHERE;

	for (i = 0; i < N; i++)
		if (!mono_is_never(services[i].deadline) &&
		    (best == HEAP_NOWHERE ||
			services[i].deadline.ms < services[best].deadline.ms))
			best = i;
	return (best);
}

Test(heap, without_a_deadline_there_is_none)
{
	heap_update(&h, services, 3);
	cr_assert(mono_is_never(heap_earliest(&h, services)));
	cr_assert_eq(h.n, 0);
}

Test(heap, the_earlier_deadline_of_run_and_service_counts)
{
	services[1].deadline.ms = 9;
	services[1].run.deadline.ms = 4;
	heap_update(&h, services, 1);
	cr_assert_eq(heap_earliest(&h, services).ms, 4);
}

Test(heap, goes_as_looking_at_all_does)
{
	uint32_t step, i, x = 12345;

	for (step = 0; step < 200000; step++) {
		x = x * 1664525 + 1013904223;
		i = (x >> 16) % N;
		services[i].deadline.ms =
		    (x >> 8) % 3 == 0 ? MONO_NEVER.ms : (int64_t)(x >> 10) % 50;
		heap_update(&h, services, i);
		i = earliest();
		cr_assert_eq(h.n == 0, i == HEAP_NOWHERE);
		if (i != HEAP_NOWHERE)
			cr_assert_eq(h.at[0], i, "step %u", step);
	}
}

Test(heap, equal_deadlines_come_out_in_the_order_of_the_services)
{
	uint32_t i;

	for (i = N; i-- > 0;) {
		services[i].deadline.ms = 7;
		heap_update(&h, services, i);
	}
	for (i = 0; i < N; i++) {
		cr_assert_eq(h.at[0], i);
		services[i].deadline = MONO_NEVER;
		heap_update(&h, services, i);
	}
}
