/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "cli/show.h"
#include "cli/waiting.h"

static struct strbuf b;

static void
set_up(void)
{
	strbuf_init(&b, 100000);
}

static void
tear_down(void)
{
	strbuf_free(&b);
}

TestSuite(show, .init = set_up, .fini = tear_down);
TestSuite(span, .init = set_up, .fini = tear_down);

static const struct show_style plain = { false, false };

static const struct wire_service fleet[] = {
	{ .name = "db",
	    .state = "RUNNING",
	    .pid = 41,
	    .uptime_ms = 7391000,
	    .as_wanted = true },
	{ .name = "web",
	    .state = "BACKOFF",
	    .uptime_ms = -1,
	    .detail = "exit 1 after 0.3 s; try 3 of 4 in 2.1 s" },
	{ .name = "worker:worker_02",
	    .state = "STOPPING",
	    .pid = 50,
	    .uptime_ms = -1,
	    .detail = "TERM had no effect" },
	{ .name = "x", .state = "STOPPED", .uptime_ms = -1, .as_wanted = true },
};

Test(show, a_table_is_as_the_design_sounds)
{
	const struct reply r = { .services = fleet, .nservices = 4 };

	show_table(&b, &r, &plain);
	cr_assert_str_eq(b.text,
	    "db                RUNNING   pid 41, uptime 2:03:11\n"
	    "web               BACKOFF   exit 1 after 0.3 s; try 3 of 4 in "
	    "2.1 s\n"
	    "worker:worker_02  STOPPING  TERM had no effect\n"
	    "x                 STOPPED\n");
}

Test(show, a_long_name_moves_no_columns)
{
	const struct wire_service two[] = {
		{ .name = "db", .state = "STOPPED", .uptime_ms = -1 },
		{ .name = "a-name-of-more-than-forty-characters-in-a-row",
		    .state = "STOPPED",
		    .uptime_ms = -1 },
	};
	const struct reply r = { .services = two, .nservices = 2 };

	show_table(&b, &r, &plain);
	cr_assert_str_eq(b.text,
	    "db                                        STOPPED\n"
	    "a-name-of-more-than-forty-characters-in-a-row  STOPPED\n");
}

Test(show, an_empty_fleet_has_a_footer_alone)
{
	static const struct show_style framed = { true, false };
	const struct reply r = { .has_services = true };

	show_table(&b, &r, &framed);
	cr_assert_str_eq(b.text, "0 services, 0 as wanted.\n");
}

Test(show, colours_end_where_they_began)
{
	static const struct show_style colourful = { false, true };
	const struct reply r = { .services = fleet + 1, .nservices = 1 };

	show_table(&b, &r, &colourful);
	cr_assert_str_eq(b.text,
	    "web  \033[31mBACKOFF   \033[0mexit 1 after 0.3 s; "
	    "try 3 of 4 in 2.1 s\n");
}

Test(show, a_dry_run_says_that_nothing_is_done)
{
	static const struct wire_change changes[] = {
		{ '~', "web", "restart  A: \"1\" -> \"2\" (web.conf:14)" },
		{ '!', "mail", "unchanged here" },
	};
	const struct reply r = {
		.changes = changes, .nchanges = 2, .unchanged = 57
	};

	show_changes(&b, &r, true);
	cr_assert_str_eq(b.text,
	    "~ web    restart  A: \"1\" -> \"2\" (web.conf:14)\n"
	    "! mail   unchanged here\n"
	    "57 unchanged. Nothing done yet.\n");
}
