/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

static alignas(max_align_t) char room[256];

Test(arena, what_it_gives_is_aligned_and_zeroed)
{
	struct arena a;
	unsigned char *p;
	size_t i;

	arena_init(&a, room, sizeof(room));
	cr_assert_not_null(arena_strdup(&a, "x"));
	p = arena_alloc(&a, 40);
	cr_assert_eq((uintptr_t)p % alignof(max_align_t), 0);
	for (i = 0; i < 40; i++)
		cr_assert_eq(p[i], 0);
}

Test(arena, pieces_do_not_overlap)
{
	struct arena a;
	char *p, *q;

	arena_init(&a, room, sizeof(room));
	p = arena_strdup(&a, "first");
	q = arena_strdup(&a, "second");
	cr_assert_str_eq(p, "first");
	cr_assert_str_eq(q, "second");
}

Test(arena, gives_out_its_last_byte)
{
	struct arena a;

	arena_init(&a, room, sizeof(room));
	cr_assert_not_null(arena_alloc(&a, sizeof(room)));
	cr_assert_eq(a.used, sizeof(room));
	cr_assert_not(a.full);
}

Test(arena, is_full_and_stays_full)
{
	struct arena a;

	arena_init(&a, room, sizeof(room));
	cr_assert_null(arena_alloc(&a, sizeof(room) + 1));
	/* A builder checks once, at its end: a later small piece must fail. */
	cr_assert_null(arena_alloc(&a, 1));
	cr_assert(a.full);
}

Test(arena, a_size_that_wraps_around_is_refused)
{
	struct arena a;

	arena_init(&a, room, sizeof(room));
	cr_assert_not_null(arena_alloc(&a, 32));
	cr_assert_null(arena_alloc(&a, SIZE_MAX - 8));
}

Test(arena, strndup_takes_only_what_it_is_told)
{
	struct arena a;

	arena_init(&a, room, sizeof(room));
	cr_assert_str_eq(arena_strndup(&a, "webserver", 3), "web");
	cr_assert_str_eq(arena_strndup(&a, "", 0), "");
}
