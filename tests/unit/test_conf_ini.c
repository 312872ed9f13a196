/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/ini.h"

static char seen[1 << 18];
static size_t len;

static void
note(const char *what, const char *a, const char *b, int line)
{
	len += (size_t)snprintf(seen + len, sizeof(seen) - len, "%d %s%s%s%s\n",
	    line, what, a, b == NULL ? "" : "=", b == NULL ? "" : b);
}

static void
on_section(void *arg, const char *name, int line)
{
	(void)arg;
	note("@", name, NULL, line);
}

static void
on_value(void *arg, const char *key, const char *value, int line)
{
	(void)arg;
	note("", key, value, line);
}

static void
on_error(void *arg, const char *text, int line)
{
	(void)arg;
	note("error: ", text, NULL, line);
}

static void
on_warning(void *arg, const char *text, int line)
{
	(void)arg;
	note("warning: ", text, NULL, line);
}

/* What is found in the ${n} bytes at ${text}. */
static const char *
read_bytes(const char *text, size_t n)
{
	static const struct ini_events events = { NULL, on_section, on_value,
		on_error, on_warning };

	len = 0;
	seen[0] = '\0';
	cr_assert_eq(ini_read(text, n, &events), 0);
	return (seen);
}

static const char *
read_text(const char *text)
{
	return (read_bytes(text, strlen(text)));
}

#define EXPECT(text, result)                                                   \
	cr_expect_str_eq(read_text(text), result, "%s", seen)

Test(ini, sections_and_keys_come_with_their_lines)
{
	EXPECT("[a]\nk=v\n\n[b:c d]\nk2 : v : w\n",
	    "1 @a\n2 k=v\n4 @b:c d\n5 k2=v : w\n");
}

Test(ini, empty_sections_and_values_are_seen)
{
	EXPECT("[a]\n[b]\nk=\n[a]\n", "1 @a\n2 @b\n3 k=\n4 @a\n");
}

Test(ini, the_last_line_may_lack_its_end)
{
	EXPECT("[a]\nk=v", "1 @a\n2 k=v\n");
}

Test(ini, keys_lose_their_case_and_sections_keep_it)
{
	EXPECT("[Ab]\nKey=Val\n", "1 @Ab\n2 key=Val\n");
}

Test(ini, byte_order_mark_and_carriage_returns_are_no_text)
{
	EXPECT("\xef\xbb\xbf[a]\r\nk=v\r\n", "1 @a\n2 k=v\n");
}

Test(ini, comments_are_whole_lines_or_follow_a_blank)
{
	EXPECT(
	    "; x\n[a] ; y\n# z\nk=v ; w\nl=v # w\nm=a;b#c\n  ; in\nn=\"a ;b\"",
	    "2 @a\n4 k=v\n5 l=v\n6 m=a;b#c\n8 n=\"a\n");
}

Test(ini, a_value_may_begin_with_a_semicolon)
{
	EXPECT("[a]\nk=;v\nl=#v\n", "1 @a\n2 k=;v\n3 l=#v\n");
}

Test(ini, what_is_indented_more_continues_the_value)
{
	EXPECT("[a]\nk=v\n  w\n\tx=y\n  [z]\nl=m\n",
	    "1 @a\n2 k=v\nw\nx=y\n[z]\n6 l=m\n");
}

Test(ini, blank_lines_stay_in_a_continued_value_and_comments_do_not)
{
	EXPECT("[a]\nk=v\n\n ; c\n  w\n\nl=m\n", "1 @a\n2 k=v\n\nw\n7 l=m\n");
}

Test(ini, an_indented_section_is_not_one_value)
{
	EXPECT("[a]\n  k=v\n  l=w\n    x\n", "1 @a\n2 k=v\n3 l=w\nx\n");
}

Test(ini, a_continuation_line_may_have_a_comment)
{
	EXPECT("[a]\nk=v\n  w ; x\n", "1 @a\n2 k=v\nw\n");
}

Test(ini, every_wrong_line_is_told)
{
	EXPECT("k=v\n[a\n[]\n[b]\njunk\n=v\nk=v\n",
	    "1 error: a key before the first section\n"
	    "2 error: the section lacks its \"]\"\n"
	    "3 error: the section has no name\n4 @b\n"
	    "5 error: expected [section], key = value or a comment\n"
	    "6 error: no key in front of the \"=\"\n7 k=v\n");
}

Test(ini, keys_of_a_bad_section_go_nowhere)
{
	EXPECT("[a]\nk=v\n[b\nl=w\n x\n",
	    "1 @a\n2 k=v\n3 error: the section lacks its \"]\"\n");
}

Test(ini, text_behind_a_section_is_told)
{
	EXPECT("[a] x\nk=v\n",
	    "1 warning: the text behind \"]\" is ignored\n1 @a\n2 k=v\n");
}

Test(ini, control_bytes_are_refused)
{
	static const char text[] = "[a]\nk=a\0b\nl=\x1e\nm=\x1f\nn=\x01\n";

	cr_expect_str_eq(read_bytes(text, sizeof(text) - 1),
	    "1 @a\n2 error: a control byte (0x00, 0x1e or 0x1f)\n"
	    "3 error: a control byte (0x00, 0x1e or 0x1f)\n"
	    "4 error: a control byte (0x00, 0x1e or 0x1f)\n5 n=\x01\n");
}

/* "[a]\nk=" and ${n} bytes, then another key. */
static char *
long_value(size_t n)
{
	char *text = malloc(n + 64);
	size_t i;

	cr_assert_not_null(text);
	memcpy(text, "[a]\nk=", 7);
	for (i = 0; i < n; i++)
		text[6 + i] = "abcdefg;h#[]= "[i % 14];
	/* No inline comments. */
	for (i = 6; i < n + 6; i++)
		if (text[i] == ' ' || i == n + 5)
			text[i] = '_';
	memcpy(text + 6 + n, "\nl=w\n", 6);
	return (text);
}

Test(ini, values_up_to_64_kib_stay_whole)
{
	static const size_t lengths[] = { 1, 180, 190, 191, 192, 193, 197, 198,
		199, 200, 400, 4096, 60000, 65535, 65536 };
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char *text = long_value(lengths[i]);
		const char *value;

		(void)read_text(text);
		value = strstr(seen, "2 k=");
		cr_assert_not_null(value);
		cr_expect_eq(strncmp(value + 4, text + 6, lengths[i]), 0);
		cr_expect_str_eq(value + 4 + lengths[i], "\n3 l=w\n");
		free(text);
	}
}

Test(ini, a_longer_value_is_refused_and_the_lines_are_right)
{
	char *text = long_value(65537);

	EXPECT(text, "1 @a\n2 error: the value is longer than 65536 bytes\n"
		     "3 l=w\n");
	free(text);
}

Test(ini, a_long_line_without_a_key_is_no_value)
{
	char text[1024];

	memset(text, 'x', sizeof(text));
	memcpy(text, "[a]\n", 4);
	memcpy(text + 1000, "=evil\nk=v\n", 11);
	EXPECT(text, "1 @a\n2 error: the key is longer than 63 bytes\n3 k=v\n");
}

/* Names at the limit and one beyond. */
Test(ini, names_are_whole_or_refused)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "[%0255d]\n%063d=v\n", 1, 2);
	cr_expect_not_null(strstr(read_text(text), "2 0000"));
	cr_expect_null(strstr(seen, "error"));
	(void)snprintf(text, sizeof(text), "[%0256d]\nk=v\n", 1);
	EXPECT(text, "1 error: the section's name is longer than 255 bytes\n");
	(void)snprintf(text, sizeof(text), "[a]\n%064d=v\n", 2);
	EXPECT(text, "1 @a\n2 error: the key is longer than 63 bytes\n");
}
