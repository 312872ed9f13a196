/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "conf/diag.h"
#include "conf/names.h"
#include "conf/nearest.h"
#include "conf/pool.h"

static const char *
near(const char *wanted)
{
	static const char *const words[] = { "autostart", "autorestart",
		"stopwaitsecs", "startsecs", "umask", "user", NULL };
	struct nearest n;
	size_t i;

	nearest_init(&n, wanted);
	for (i = 0; words[i] != NULL; i++)
		nearest_offer(&n, words[i]);
	return (n.best == NULL ? "" : n.best);
}

Test(nearest, few_edits_are_near)
{
	cr_expect_str_eq(near("auto_start"), "autostart");
	cr_expect_str_eq(near("stopwaitseconds"), "stopwaitsecs");
	cr_expect_str_eq(near("unmask"), "umask");
	cr_expect_str_eq(near("usre"), "user");
	cr_expect_str_eq(near("AUTOSTART"), "autostart");
}

Test(nearest, another_word_is_not)
{
	cr_expect_str_eq(near("depend"), "");
	cr_expect_str_eq(near("x"), "");
	cr_expect_str_eq(near(""), "");
}

Test(names, numbers_follow_the_coming)
{
	struct names s = { 0 };

	cr_expect_eq(names_find(&s, "a"), NAMES_NONE);
	cr_expect_eq(names_add(&s, "a"), 0);
	cr_expect_eq(names_add(&s, "b"), 1);
	cr_expect_eq(names_add(&s, "a"), 0);
	cr_expect_eq(names_find(&s, "b"), 1);
	cr_expect_eq(names_find(&s, "c"), NAMES_NONE);
	names_free(&s);
}

Test(names, many_are_found)
{
	static char texts[5000][8];
	struct names s = { 0 };
	size_t i;

	for (i = 0; i < 5000; i++) {
		(void)snprintf(texts[i], sizeof(texts[i]), "n%zu", i);
		cr_assert_eq(names_add(&s, texts[i]), i);
	}
	for (i = 0; i < 5000; i++)
		cr_assert_eq(names_find(&s, texts[i]), i);
	names_free(&s);
}

Test(pool, equal_texts_and_lists_are_one)
{
	static _Alignas(16) char memory[4096];
	const char *a[] = { "x", "y", NULL }, *b[] = { "x", "y", NULL };
	const char *other[] = { "xy", NULL };
	const char *const *list;
	struct arena arena;
	struct pool p = { .arena = &arena };

	arena_init(&arena, memory, sizeof(memory));
	cr_expect_eq(pool_text(&p, "x"), pool_text(&p, "x"));
	list = pool_list(&p, a);
	cr_expect_eq(pool_list(&p, b), list);
	cr_expect_neq(pool_list(&p, other), list);
	cr_expect_str_eq(list[1], "y");
	cr_expect_null(list[2]);
	pool_free(&p);
}

Test(diag, is_in_the_order_of_files_and_lines)
{
	struct diag_list l = { 0 };

	diag_add(&l, DIAG_ERROR, &(struct diag_at){ "b", 9, NULL, NULL }, "1");
	diag_add(&l, DIAG_ERROR, &(struct diag_at){ "a", 5, NULL, NULL }, "2");
	diag_add(
	    &l, DIAG_WARNING, &(struct diag_at){ "b", 2, NULL, NULL }, "3");
	diag_add(&l, DIAG_ERROR, &(struct diag_at){ "b", 9, NULL, NULL }, "1");
	diag_sort(&l);
	cr_expect_eq(l.n, 3);
	cr_expect_eq(l.nerrors, 2);
	cr_expect_str_eq(l.items[0].text, "3");
	cr_expect_str_eq(l.items[1].text, "1");
	cr_expect_str_eq(l.items[2].text, "2");
	diag_list_free(&l);
}

Test(diag, too_many_are_counted_only)
{
	struct diag_list l = { 0 };
	int i;

	for (i = 0; i < DIAG_MAX + 5; i++)
		diag_add(&l, DIAG_ERROR,
		    &(struct diag_at){ "a", i, NULL, NULL }, "x");
	cr_expect_eq(l.n, DIAG_MAX);
	cr_expect_eq(l.nerrors, DIAG_MAX + 5);
	diag_list_free(&l);
}

Test(diag, an_error_takes_the_place_of_a_warning)
{
	struct diag_list l = { 0 };
	int i;

	for (i = 0; i < DIAG_MAX + 5; i++)
		diag_add(&l, DIAG_WARNING,
		    &(struct diag_at){ "a", i, NULL, NULL }, "%d", i);
	diag_add(&l, DIAG_ERROR, &(struct diag_at){ "a", 7, NULL, NULL }, "x");
	cr_expect_eq(l.n, DIAG_MAX);
	cr_expect_str_eq(l.items[DIAG_MAX - 1].text, "x");
	diag_more(&l, "a");
	cr_expect_eq(l.n, DIAG_MAX + 1);
	cr_expect_str_eq(l.items[DIAG_MAX].text, "6 more are not shown");
	cr_expect_eq(l.nerrors, 1);
	diag_list_free(&l);
}

Test(diag, a_suggestion_goes_with_the_last)
{
	struct diag_list l = { 0 };

	diag_add(&l, DIAG_ERROR, &(struct diag_at){ "a", 1, NULL, NULL }, "x");
	diag_suggest(&l, "y", "5 applies now");
	cr_expect_str_eq(l.items[0].text, "x; did you mean y? (5 applies now)");
	cr_expect_str_eq(l.items[0].suggestion, "y");
	diag_suggest(&l, NULL, NULL);
	cr_expect_str_eq(l.items[0].suggestion, "y");
	diag_list_free(&l);
}

Test(diag, what_it_quotes_is_short_and_printable)
{
	char buf[DIAG_QUOTE_MAX], text[200];

	cr_expect_str_eq(diag_quote(buf, "a\nb\x7f"), "\"a\\x0ab\\x7f\"");
	memset(text, '\n', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)diag_quote(buf, text);
	cr_expect_lt(strlen(buf), DIAG_QUOTE_MAX);
	cr_expect_str_eq(buf + strlen(buf) - 4, "...\"");
}
