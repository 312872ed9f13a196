/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "conf/environment.h"
#include "conf/limits.h"

/* The pairs of ${text}, each between bars; "!" and why it has none. */
static const char *
pairs(const char *text)
{
	static char buf[4096];
	struct environment env = { 0 };
	struct scratch scratch = { 0 };
	struct err err;
	size_t i, len;

	if (environment_parse(&env, text, &scratch, &err) != 0)
		(void)snprintf(buf, sizeof(buf), "!%s", err.text);
	else
		(void)snprintf(buf, sizeof(buf), "|");
	for (i = 0; buf[0] == '|' && i < env.n; i++) {
		len = strlen(buf);
		(void)snprintf(
		    buf + len, sizeof(buf) - len, "%s|", env.pairs[i]);
	}
	scratch_free(&scratch);
	return (buf);
}

#define EXPECT(text, result)                                                   \
	cr_expect_str_eq(pairs(text), result, "%s: %s", text, pairs(text))

Test(environment, what_supervisord_reads_means_the_same)
{
	EXPECT("", "|");
	EXPECT("A=1,B=\"x,y\"", "|A=1|B=x,y|");
	EXPECT("B='z'", "|B=z|");
	EXPECT("A=1,", "|A=1|");
	EXPECT("A=1,\nB=2", "|A=1|B=2|");
	EXPECT("U=http://h:80/p", "|U=http://h:80/p|");
	EXPECT("A=\"\",B=1", "|A=|B=1|");
	EXPECT("A = 1 , B = 2", "|A=1|B=2|");
	EXPECT("A-B=1", "|A-B=1|");
	EXPECT("A=1;B=2", "|A=1|B=2|");
	EXPECT("A=1;", "|A=1|");
	EXPECT("A=it's,B=that's", "|A=it's|B=that's|");
	EXPECT("A=\"C:\\\",B=1", "|A=C:\\|B=1|");
	EXPECT("A=\"a\\\\b\\n\"", "|A=a\\\\b\\n|");
	EXPECT("A=\"it's\"", "|A=it's|");
	EXPECT("A=1,A=2", "|A=2|");
}

Test(environment, what_supervisord_damages_is_kept)
{
	EXPECT("A=$HOME", "|A=$HOME|");
	EXPECT("A=x@y", "|A=x@y|");
	EXPECT("A=a b", "|A=a b|");
	EXPECT("A=~/x", "|A=~/x|");
	EXPECT("A=x#y,B=1", "|A=x#y|B=1|");
	EXPECT("U=http://h/x?y=1&z=2,B=1", "|U=http://h/x?y=1&z=2|B=1|");
	EXPECT("A=a=b", "|A=a=b|");
	EXPECT("A=\"x\" \"y\",B=2", "|A=x y|B=2|");
	EXPECT("A=\"a\"\"b\"", "|A=ab|");
	EXPECT("A=\"q\\\"x\"", "|A=q\"x|");
	EXPECT("A=a;b", "|A=a;b|");
	EXPECT("A=1\nB=2", "|A=1|B=2|");
	EXPECT("A=\xc3\xa4", "|A=\xc3\xa4|");
}

Test(environment, what_cannot_be_meant_is_refused)
{
	EXPECT("A", "!expected \"=\" behind \"A\"");
	EXPECT("A=", "!A has no value; write A=\"\" for an empty one");
	EXPECT("A=,B=1", "!A has no value; write A=\"\" for an empty one");
	EXPECT("A=\nB=1", "!A has no value; write A=\"\" for an empty one");
	EXPECT("=1", "!expected KEY=value at \"=1\"");
	EXPECT("A=1,,B=2", "!expected KEY=value at \",B=2\"");
	EXPECT("A=\"1",
	    "!the quote \" is not closed; \" ;\" and \" #\" begin a "
	    "comment, in quotes too");
	EXPECT("A=1 B=2", "!expected a comma in front of \"B=\"; quote the "
			  "value if that belongs to it");
}

Test(environment, every_printable_character_arrives)
{
	char text[512] = "A=\"", wanted[512] = "|A=";
	size_t n = 3, w = 3;
	int c;

	for (c = ' '; c < 0x7f; c++) {
		if (c == '"')
			text[n++] = '\\';
		text[n++] = wanted[w++] = (char)c;
	}
	text[n] = '"';
	wanted[w] = '|';
	EXPECT(text, wanted);
}

Test(environment, what_is_written_is_read_again)
{
	static const char *const values[] = { "A=", "A=x y", "A=a,b", "A=\"",
		"A='", "A=\\", "A=\"\\'\",", "A=it's \"so\"\\", "A=a\nb=c",
		"A=\\\",\\\"", "A=;#", "A=''\"\"", NULL };
	struct strbuf text = LIMITS_TEXT;
	const char *list[3] = { NULL, "Z=1", NULL };
	char wanted[64];
	size_t i;

	for (i = 0; values[i] != NULL; i++) {
		list[0] = values[i];
		strbuf_reset(&text);
		environment_write(&text, list);
		(void)snprintf(wanted, sizeof(wanted), "|%s|Z=1|", values[i]);
		EXPECT(strbuf_text(&text), wanted);
	}
	strbuf_free(&text);
}

Test(environment, merging_adds_what_is_not_there)
{
	static const char *const more[] = { "A=other", "AB=3", NULL };
	struct environment env = { 0 };
	struct scratch scratch = { 0 };
	struct err err;

	cr_assert_eq(environment_parse(&env, "B=1,A=2", &scratch, &err), 0);
	cr_assert_eq(environment_merge(&env, more, &scratch), 0);
	environment_sort(&env);
	cr_assert_eq(env.n, 3);
	cr_assert_str_eq(env.pairs[0], "A=2");
	cr_assert_str_eq(env.pairs[1], "AB=3");
	cr_assert_str_eq(env.pairs[2], "B=1");
	cr_assert_null(env.pairs[3]);
	scratch_free(&scratch);
}
