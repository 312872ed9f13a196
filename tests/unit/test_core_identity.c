/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>

#include "core/identity.h"
#include "core/program.h"
#include "core/service.h"

#define N 100

static struct program programs[N];
static struct service_def defs[N];
static const struct service_def *list[N];
static char names[N][16];
static uint32_t index_of[N];

/* Ten programs of ten processes, in an order which is none. */
static void
many(void)
{
	uint32_t i, k;

	for (i = 0; i < N; i++) {
		k = i * 37 % N;
		(void)snprintf(names[i], sizeof(names[i]), "x%u", k % 10);
		programs[i].name = names[k / 10];
		defs[i].program = &programs[i];
		list[i] = &defs[i];
		index_of[i] = i;
	}
	for (i = 0; i < N; i++)
		defs[i].name = names[i * 37 % N / 10 * 10 + i * 37 % 10];
}

Test(identity, sorts_by_program_and_process, .init = many)
{
	uint32_t i;

	identity_sort(index_of, N, list);
	for (i = 1; i < N; i++)
		cr_assert_leq(
		    identity_compare(list[index_of[i - 1]], list[index_of[i]]),
		    0);
}

Test(identity, finds_what_is_there_and_nothing_else, .init = many)
{
	struct program p = { .name = "x5" };
	struct service_def other = { .name = "nobody", .program = &p };
	uint32_t i, k;

	identity_sort(index_of, N, list);
	for (i = 0; i < N; i++) {
		k = identity_find(index_of, N, list, &defs[i]);
		cr_assert_neq(k, UINT32_MAX);
		cr_assert_eq(identity_compare(list[k], &defs[i]), 0);
	}
	cr_assert_eq(identity_find(index_of, N, list, &other), UINT32_MAX);
	cr_assert_eq(identity_find(index_of, 0, list, &defs[0]), UINT32_MAX);
}

Test(identity, a_group_is_no_part_of_it)
{
	struct program p = { .name = "p" };
	struct service_def a = { .name = "n", .group = "g", .program = &p };
	struct service_def b = { .name = "n", .group = "h", .program = &p };

	cr_assert_eq(identity_compare(&a, &b), 0);
}

/* Not by the text of both together. */
Test(identity, program_ab_process_c_is_not_program_a_process_bc)
{
	struct program p = { .name = "ab" }, q = { .name = "a" };
	struct service_def a = { .name = "c", .program = &p };
	struct service_def b = { .name = "bc", .program = &q };

	cr_assert_gt(identity_compare(&a, &b), 0);
}

Test(identity, every_state_and_reason_and_event_has_a_word)
{
	int i;

	for (i = 0; i < SERVICE_STATE_COUNT; i++)
		cr_assert_str_neq(service_state_name(i), "?");
	for (i = 0; i < REASON_COUNT; i++)
		cr_assert_str_neq(service_reason_name(i), "?");
	for (i = 0; i < EVENT_COUNT; i++)
		cr_assert_str_neq(event_name(i), "?");
	for (i = 0; i < ACTION_COUNT; i++)
		cr_assert_str_neq(action_name(i), "?");
	cr_assert_str_eq(service_state_name(SERVICE_STATE_COUNT), "?");
	cr_assert_str_eq(event_name(EVENT_COUNT), "?");
}

Test(identity, all_codes_from_0_to_255_can_be_expected)
{
	struct program p = { 0 };
	int code;

	for (code = 0; code < 256; code++) {
		cr_assert_not(program_expects(&p, code));
		p.exitcodes[code / 32] |= 1U << code % 32;
		cr_assert(program_expects(&p, code));
	}
}
