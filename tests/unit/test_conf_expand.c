/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "conf/expand.h"
#include "conf/limits.h"

static const char *const own[] = { "A=own", "N=7", NULL };
static const char *const ours[] = { "A=ours", "B=%(here)s 100%", "E=", NULL };

static const struct expand_names names = { .here = "/etc/x",
	.host_node_name = "h",
	.program_name = "web",
	.group_name = "g",
	.has_process = true,
	.process_num = 7,
	.numprocs = 12,
	.lists = { own, NULL, ours } };

/* ${text}, expanded; "!" and why it is not. */
static const char *
expanded(const char *text, enum expand_mode mode)
{
	static char buf[1024];
	struct expand_notes notes;
	struct strbuf out = LIMITS_TEXT;
	struct err err;

	if (expand(&out, text, &names, mode, &notes, &err) == 0)
		(void)snprintf(buf, sizeof(buf), "%s", strbuf_text(&out));
	else
		(void)snprintf(buf, sizeof(buf), "!%s", err.text);
	strbuf_free(&out);
	return (buf);
}

#define EXPECT(text, result)                                                   \
	cr_expect_str_eq(expanded(text, EXPAND_ALL), result, "%s: %s", text,   \
	    expanded(text, EXPAND_ALL))

Test(expand, a_name_becomes_its_value)
{
	EXPECT("%(here)s/%(program_name)s %(group_name)s %(host_node_name)s",
	    "/etc/x/web g h");
	EXPECT("plain", "plain");
	EXPECT("", "");
}

Test(expand, numbers_take_a_width)
{
	EXPECT("%(process_num)d %(process_num)02d %(process_num)s", "7 07 7");
	EXPECT("%(numprocs)03d %(numprocs)x %(numprocs)-4d|", "012 c 12  |");
	EXPECT("%(process_num)03s", "  7");
}

Test(expand, texts_take_a_width)
{
	EXPECT("%(program_name)5s|%(program_name)-5s|", "  web|web  |");
	EXPECT("%(program_name)d",
	    "!%(program_name)d is for numbers; write %(program_name)s");
}

Test(expand, two_percent_signs_are_one)
{
	EXPECT("%%", "%");
	EXPECT("date +%%F%%%(process_num)d", "date +%F%7");
}

Test(expand, the_nearest_environment_counts)
{
	EXPECT("%(ENV_A)s", "own");
	EXPECT("%(ENV_E)s", "");
}

Test(expand, what_a_variable_has_is_not_expanded_again)
{
	EXPECT("%(ENV_B)s", "%(here)s 100%");
}

Test(expand, a_variable_may_have_a_default)
{
	EXPECT("%(ENV_NONE:-x y)s", "x y");
	EXPECT("%(ENV_NONE:-)s", "");
	EXPECT("%(ENV_A:-x)s", "own");
	EXPECT("%(ENV_:-;)s", ";");
	EXPECT("%(here:-x)s", "!%(here:-...)s: only ENV_X can have a default");
}

Test(expand, an_unset_variable_is_noted)
{
	struct expand_notes notes;
	struct strbuf out = LIMITS_TEXT;
	struct err err;

	cr_assert_eq(
	    expand(&out, "%(ENV_NONE)s", &names, EXPAND_ALL, &notes, &err), -1);
	cr_assert(notes.unknown);
	cr_assert_str_eq(err.text, "%(ENV_NONE)s: NONE is not set in the "
				   "environment; %(ENV_NONE:-text)s has a "
				   "default");
	strbuf_free(&out);
}

Test(expand, a_bare_percent_sign_never_gives_the_environment_away)
{
	EXPECT("printf %s x",
	    "!a bare \"%s\" stands for nothing; write %%s for these two "
	    "characters, or %(name)s");
	EXPECT("100%", "!a bare \"%\"; write %% for a percent sign");
	EXPECT("100% x", "!a bare \"%\"; write %% for a percent sign");
}

Test(expand, an_unknown_name_is_told_with_the_known_ones)
{
	EXPECT("%(program)s",
	    "!%(program)s is not a name here (known: here, host_node_name, "
	    "program_name, group_name, process_num, numprocs, ENV_X)");
	cr_assert_not_null(strstr(expanded("%(proces_num)d", EXPAND_ALL),
	    "did you mean %(process_num)s?"));
}

Test(expand, what_is_half_written_is_refused)
{
	EXPECT("%(here", "!\"%(\" without its \")\"; write %% for a percent "
			 "sign");
	EXPECT("%(here)", "!%(here) lacks its \"s\" behind it");
	EXPECT("%(here)q", "!%(here) lacks its \"s\" behind it");
	EXPECT("%(process_num)999d", "!%(process_num) lacks its \"s\" behind "
				     "it");
}

Test(expand, an_expression_keeps_what_differs_by_process)
{
	cr_expect_str_eq(
	    expanded("%(program_name)s_%(process_num)02d 5%% %(ENV_B)s",
		EXPAND_KEEP_PROCESS),
	    "web_%(process_num)02d 5%% %%(here)s 100%%");
	cr_expect_str_eq(
	    expanded("%(ENV_A)s %(ENV_E)s", EXPAND_KEEP_OWN), "%(ENV_A)s ");
}
