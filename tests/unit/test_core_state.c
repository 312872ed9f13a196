/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/invariants.h"
#include "core/state.h"

#include "core_rig.h"

static struct rig r;
static char image[8192], again[8192];
_Alignas(16) static char block[16384];

/* Three services: one runs, one is being stopped, one waits in BACKOFF. */
static void
three(void)
{
	rig_init(&r, 3);
	r.defs[1].level = r.defs[2].level = 1;
	rig_start(&r);
	rig_exit(&r, 2, EXIT_WITH(1), 0);
	rig_until(&r, 500);
	rig_command(&r, EVENT_STOP, 1);
	(void)rig_said(&r);
}

TestSuite(state, .init = three);

static struct supervisor *
load(size_t len)
{
	const struct service_def *defs[] = { &r.defs[2], &r.defs[0],
		&r.defs[1] };

	return (state_load(block, defs, r.fleet.n, image, len));
}

/* Save it, load it, and let ${r} go on with what was loaded. */
static void
swap(void)
{
	struct supervisor *sv;

	state_save(r.sv, image);
	sv = load(state_size(r.sv));
	cr_assert_not_null(sv);
	r.sv = sv;
}

Test(state, what_was_loaded_is_what_was_saved)
{
	size_t len = state_size(r.sv);

	swap();
	cr_assert_eq(state_size(r.sv), len);
	state_save(r.sv, again);
	cr_assert_eq(memcmp(image, again, len), 0);
}

Test(state, goes_on_with_every_deadline)
{
	swap();
	rig_until(&r, 1000);
	cr_assert_str_eq(rig_said(&r), "a:RUNNING c:STARTING c:fork");
	rig_until(&r, 10500);
	cr_assert_str_eq(rig_said(&r), "c:RUNNING b:KILL/tree");
}

Test(state, goes_on_with_what_was_pending)
{
	rig_hear(&r, (struct event){ .type = EVENT_STOP });
	rig_hear(&r, (struct event){ .type = EVENT_START, .service = 2 });
	swap();
	rig_drain(&r);
	cr_assert_str_eq(
	    rig_said(&r), "a:STOPPING a:TERM/leader c:STARTING c:fork");
}

Test(state, goes_on_with_a_shutdown)
{
	rig_command(&r, EVENT_SHUTDOWN, 0);
	swap();
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(
	    rig_said(&r), "c:STOPPED b:STOPPED a:STOPPING a:TERM/leader");
}

/* Equal deadlines come out in one order, however they went in. */
Test(state, ties_between_deadlines_survive)
{
	struct rig two;

	rig_init(&two, 2);
	rig_start(&two);
	rig_until(&two, 2000);
	rig_command(&two, EVENT_RESTART, 0);
	rig_exit(&two, 0, SIGTERM, 0);
	rig_command(&two, EVENT_RESTART, 1);
	rig_exit(&two, 1, SIGTERM, 0);
	(void)rig_said(&two);
	rig_until(&two, 3000);
	cr_assert_str_eq(rig_said(&two), "a:RUNNING b:RUNNING");
}

Test(state, other_services_do_not_fit)
{
	const struct service_def *defs[] = { &r.defs[0], &r.defs[1],
		&r.defs[2] };

	state_save(r.sv, image);
	cr_assert_null(state_load(block, defs, 2, image, state_size(r.sv)));
	r.defs[0].name = "x";
	cr_assert_null(state_load(block, defs, 3, image, state_size(r.sv)));
}

/* In memory of exactly that size, for the sanitizer's sake. */
Test(state, no_truncation_loads)
{
	const struct service_def *defs[] = { &r.defs[0], &r.defs[1],
		&r.defs[2] };
	size_t len, full = state_size(r.sv);
	char *part;

	state_save(r.sv, image);
	for (len = 0; len < full; len++) {
		part = malloc(len > 0 ? len : 1);
		cr_assert_not_null(part);
		memcpy(part, image, len);
		cr_assert_null(
		    state_load(block, defs, 3, part, len), "%zu", len);
		free(part);
	}
	cr_assert_null(load(full + 8));
}

/* Let a supervisor out of a strange image go on: it must stay sane. */
static void
exercise(struct supervisor *sv)
{
	static const enum event_type commands[] = { EVENT_STOP, EVENT_START,
		EVENT_TICK, EVENT_SHUTDOWN, EVENT_SHUTDOWN_NOW };
	struct mono now = { 2000000 };
	struct action a;
	struct event ev;
	uint32_t i, k, steps = 0;

	for (k = 0; k < 5; k++)
		for (i = 0; i < sv->n; i++) {
			ev =
			    (struct event){ .type = commands[k], .service = i };
			supervisor_post(sv, &ev, now);
			while (steps++ < 1000 && supervisor_next(sv, now, &a))
				;
			cr_assert_null(invariants_violation(sv, &steps));
			steps = 0;
		}
}

Test(state, every_flipped_bit_is_refused_or_lived_with, .timeout = 60)
{
	size_t at, full = state_size(r.sv), loaded = 0;
	struct supervisor *sv;
	uint32_t who;
	int bit;

	rig_hear(&r, (struct event){ .type = EVENT_START, .service = 2 });
	full = state_size(r.sv);
	state_save(r.sv, image);
	for (at = 0; at < full; at++)
		for (bit = 0; bit < 8; bit++) {
			image[at] = (char)(image[at] ^ (1 << bit));
			if ((sv = load(full)) != NULL) {
				cr_assert_null(invariants_violation(sv, &who));
				exercise(sv);
				loaded++;
			}
			image[at] = (char)(image[at] ^ (1 << bit));
		}
	cr_assert_gt(loaded, 0);
	cr_assert_not_null(load(full));
}

Test(state, an_order_which_forgets_a_service_is_refused)
{
	/* The order comes before the agenda, which is its end alone. */
	size_t at = state_size(r.sv) - 8 - 3 * 8;
	int64_t first;

	state_save(r.sv, image);
	memcpy(&first, image + at, sizeof(first));
	memcpy(image + at + 8, &first, sizeof(first));
	cr_assert_null(load(state_size(r.sv)));
}
