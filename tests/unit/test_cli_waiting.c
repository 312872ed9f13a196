/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/waiting.h"

/* The event that ${name} is in ${state} with ${run}. */
static struct answer
event(const char *kind, const char *name, const char *state, int run)
{
	struct answer a;
	struct err err;
	char line[512];

	(void)snprintf(line, sizeof(line),
	    "{\"id\":1,\"event\":\"%s\",\"service\":{\"name\":\"%s\","
	    "\"program\":\"p\",\"group\":\"g\",\"state\":\"%s\","
	    "\"want\":\"up\",\"run\":%d}}",
	    kind, name, state, run);
	cr_assert_eq(
	    answer_parse(&a, line, strlen(line), &err), 0, "%s", err.text);
	return (a);
}

static const struct wire_service fleet[] = {
	{ .name = "web", .state = "RUNNING", .run = 5 },
	{ .name = "db", .state = "STOPPED", .run = 3 },
	{ .name = "api", .state = "STARTING", .run = 8 },
};
static const struct reply reply = { .services = fleet, .nservices = 3 };

Test(waiting, what_is_so_already_is_not_waited_for)
{
	struct waiting w;

	cr_assert_eq(waiting_init(&w, &reply, GOAL_UP), 0);
	cr_assert_eq(w.nopen, 2);
	cr_assert(w.waiters[0].already);
	cr_assert(!w.waiters[1].already);
	waiting_free(&w);
}

Test(waiting, events_find_their_service)
{
	struct waiter *changed;
	struct waiting w;
	struct answer a;

	cr_assert_eq(waiting_init(&w, &reply, GOAL_UP), 0);
	a = event("state", "api", "RUNNING", 8);
	changed = waiting_event(&w, &a);
	cr_assert_eq(changed, &w.waiters[2]);
	cr_assert_eq(changed->verdict, VERDICT_MET);
	a = event("state", "other", "RUNNING", 9);
	cr_assert_null(waiting_event(&w, &a));
	a = event("state", "api", "FATAL", 8);
	cr_assert_null(waiting_event(&w, &a));
	cr_assert_eq(w.nopen, 1);
	waiting_free(&w);
}

Test(waiting, a_start_during_a_stop_waits_for_the_next_run)
{
	static const struct wire_service stopping = {
		.name = "web", .state = "STOPPING", .run = 5
	};
	static const struct reply one = { .services = &stopping,
		.nservices = 1 };
	struct waiting w;
	struct answer a;

	cr_assert_eq(waiting_init(&w, &one, GOAL_UP), 0);
	a = event("state", "web", "EXITED", 5);
	cr_assert_eq(waiting_event(&w, &a)->verdict, VERDICT_OPEN);
	a = event("state", "web", "RUNNING", 6);
	cr_assert_eq(waiting_event(&w, &a)->verdict, VERDICT_MET);
	waiting_free(&w);
}

Test(waiting, what_is_removed_has_to_be_gone)
{
	static const char *const removed[] = { "legacy" };
	static const struct reply update = { .removed = removed,
		.nremoved = 1 };
	struct waiting w;
	struct answer a;

	cr_assert_eq(waiting_init(&w, &update, GOAL_SETTLED), 0);
	a = event("state", "legacy", "STOPPED", 5);
	cr_assert_eq(waiting_event(&w, &a)->verdict, VERDICT_OPEN);
	a = event("gone", "legacy", "STOPPED", 5);
	cr_assert_eq(waiting_event(&w, &a)->verdict, VERDICT_MET);
	cr_assert_eq(w.nopen, 0);
	cr_assert_eq(w.nfailed, 0);
	waiting_free(&w);
}
