/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/glob.h"
#include "wire/select.h"

static const struct selectable fleet[] = {
	{ "web", "web", "web", "web" },
	{ "db", "db", "db", "db" },
	{ "worker:worker_00", "worker_00", "worker", "worker" },
	{ "worker:worker_01", "worker_01", "worker", "worker" },
	{ "site:api", "api", "site", "api" },
	/* Its process is called as another program is. */
	{ "site:db", "db", "site", "shard" },
};
#define NFLEET (sizeof(fleet) / sizeof(fleet[0]))

/* Which of the fleet ${words} mean, as digits; or "-N": word N misses. */
static const char *
choose(const char *const *words, size_t n)
{
	static char chosen[NFLEET + 10];
	struct selection sel;
	struct err err;
	size_t i, len = 0;

	cr_assert_eq(select_init(&sel, words, n, &err), 0);
	for (i = 0; i < NFLEET; i++)
		select_offer(&sel, &fleet[i]);
	if (select_missed(&sel) < n)
		(void)snprintf(
		    chosen, sizeof(chosen), "-%zu", select_missed(&sel));
	else {
		for (i = 0; i < NFLEET; i++)
			if (select_has(&sel, &fleet[i]))
				chosen[len++] = (char)('0' + i);
		chosen[len] = '\0';
	}
	select_free(&sel);
	return (chosen);
}

static const char *
one(const char *word)
{
	return (choose(&word, 1));
}

Test(select, words_mean_what_the_manual_says)
{
	static const struct {
		const char *word;
		const char *chosen;
	} cases[] = {
		{ "all", "012345" },
		{ "*", "012345" },
		{ "web", "0" },
		{ "web:web", "0" },
		{ "web:*", "0" },
		{ "web:", "0" },
		{ "worker", "23" },
		{ "worker:*", "23" },
		{ "worker:worker_01", "3" },
		{ "worker_01", "3" },
		{ "site:*", "45" },
		{ "api", "4" },
		{ "shard", "5" },
		{ "w*", "023" },
		{ "*_0[1-9]", "3" },
		{ "?b", "15" },
		{ "*:db", "5" },
		{ "site", "-0" },
		{ "wbe", "-0" },
		{ "nosuch:*", "-0" },
		{ "x*", "-0" },
		{ "worker:", "23" },
		{ ":", "-0" },
		{ ":*", "-0" },
		{ "worker:worker_0", "-0" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert_str_eq(one(cases[i].word), cases[i].chosen, "%s: %s",
		    cases[i].word, one(cases[i].word));
}

Test(select, a_shown_name_overrules_a_process_of_that_name)
{
	cr_assert_str_eq(one("db"), "1");
}

Test(select, no_word_means_all)
{
	cr_assert_str_eq(choose(NULL, 0), "012345");
}

Test(select, the_first_word_that_misses_is_named)
{
	static const char *const words[] = { "web", "zzz", "db", "aaa" };

	cr_assert_str_eq(choose(words, 4), "-1");
}

Test(select, a_word_may_come_twice)
{
	static const char *const words[] = { "web", "w*", "web", "w*", "all",
		"web:web" };

	cr_assert_str_eq(choose(words, 4), "023");
	cr_assert_str_eq(choose(words, 6), "012345");
}

Test(select, all_of_nothing_is_no_mistake)
{
	static const char *const words[] = { "all" };
	struct selection sel;
	struct err err;

	cr_assert_eq(select_init(&sel, words, 1, &err), 0);
	cr_assert_eq(select_missed(&sel), 1);
	select_free(&sel);
}

Test(select, globs_are_limited)
{
	const char *words[SELECT_GLOBS_MAX + 1];
	struct selection sel;
	struct err err;

	for (size_t i = 0; i <= SELECT_GLOBS_MAX; i++)
		words[i] = "a*";
	cr_assert_eq(select_init(&sel, words, SELECT_GLOBS_MAX, &err), 0);
	select_free(&sel);
	cr_assert_eq(select_init(&sel, words, SELECT_GLOBS_MAX + 1, &err), -1);
}

Test(select, ten_thousand_names_find_ten_thousand_services)
{
	static char ids[10000][16];
	static const char *words[10000];
	struct selection sel;
	struct err err;
	size_t i;

	for (i = 0; i < 10000; i++) {
		(void)snprintf(ids[i], sizeof(ids[i]), "s%zu", i);
		words[9999 - i] = ids[i];
	}
	cr_assert_eq(select_init(&sel, words, 10000, &err), 0);
	for (i = 0; i < 10000; i++) {
		const struct selectable s = { ids[i], ids[i], ids[i], ids[i] };

		select_offer(&sel, &s);
		if (i == 9998)
			cr_assert_eq(select_missed(&sel), 0);
	}
	cr_assert_eq(select_missed(&sel), 10000);
	select_free(&sel);
}

Test(glob, matches_as_fnmatch_does)
{
	static const struct {
		const char *pattern;
		const char *text;
		bool match;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "*", "", true },
		{ "a*b*c", "aXbYbZc", true },
		{ "a*b*c", "aXbYbZ", false },
		{ "?", "", false },
		{ "[abc]", "b", true },
		{ "[!abc]", "b", false },
		{ "[^abc]", "d", true },
		{ "[a-c]x", "bx", true },
		{ "[]]", "]", true },
		{ "[!]]", "]", false },
		{ "[a-]", "-", true },
		{ "[", "[", true },
		{ "[a", "[a", true },
		{ "[a", "a", false },
		{ "\\*", "*", true },
		{ "\\*", "a", false },
		{ "[\\]]", "]", true },
		{ "\\", "\\", true },
		{ "web*", "web", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert_eq(glob_match(cases[i].pattern, cases[i].text),
		    cases[i].match, "%s %s", cases[i].pattern, cases[i].text);
}

/* An exponential matcher would not come back from this one. */
Test(glob, many_stars_are_no_trap, .timeout = 10)
{
	static char pattern[1000], text[1000];

	for (size_t i = 0; i + 2 < sizeof(pattern); i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[sizeof(pattern) - 2] = 'b';
	memset(text, 'a', sizeof(text) - 1);
	cr_assert(!glob_match(pattern, text));
}
