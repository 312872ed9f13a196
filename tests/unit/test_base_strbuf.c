/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"

/* What strbuf_json() makes of ${text}, in a buffer that stays valid. */
static const char *
json(const char *text)
{
	static struct strbuf b;

	strbuf_free(&b);
	strbuf_init(&b, 1000);
	strbuf_json(&b, text);
	return (strbuf_text(&b));
}

Test(strbuf, is_an_empty_text_before_anything_was_added)
{
	struct strbuf b;

	strbuf_init(&b, 10);
	cr_assert_str_eq(strbuf_text(&b), "");
	strbuf_free(&b);
}

Test(strbuf, holds_its_maximum_and_not_one_byte_more)
{
	struct strbuf b;

	strbuf_init(&b, 1000);
	for (int i = 0; i < 1000; i++)
		strbuf_putc(&b, 'x');
	cr_assert(!b.failed);
	cr_assert_eq(strlen(b.text), 1000);
	strbuf_putc(&b, 'x');
	cr_assert(b.failed);
	cr_assert_eq(b.len, 1000);
	strbuf_free(&b);
}

Test(strbuf, a_failure_lasts_until_reset)
{
	struct strbuf b;

	strbuf_init(&b, 3);
	strbuf_puts(&b, "four");
	strbuf_puts(&b, "a");
	cr_assert(b.failed);
	cr_assert_eq(b.len, 0);
	strbuf_reset(&b);
	strbuf_puts(&b, "a");
	cr_assert(!b.failed);
	cr_assert_str_eq(b.text, "a");
	strbuf_free(&b);
}

Test(strbuf, writes_the_numbers_at_the_limits)
{
	struct strbuf b;

	strbuf_init(&b, 100);
	strbuf_number(&b, INT64_MIN);
	strbuf_putc(&b, ' ');
	strbuf_number(&b, 0);
	strbuf_printf(&b, " %s", "and");
	strbuf_putc(&b, ' ');
	strbuf_number(&b, INT64_MAX);
	cr_assert_str_eq(
	    b.text, "-9223372036854775808 0 and 9223372036854775807");
	strbuf_free(&b);
}

Test(strbuf, json_escapes_what_it_must)
{
	cr_assert_str_eq(json(NULL), "null");
	cr_assert_str_eq(json(""), "\"\"");
	cr_assert_str_eq(json("a\"b\\c\nd\te\x01\x1f\x7f"),
	    "\"a\\\"b\\\\c\\nd\\te\\u0001\\u001f\\u007f\"");
	cr_assert_str_eq(
	    json("\xc3\xa4\xe2\x82\xac"), "\"\xc3\xa4\xe2\x82\xac\"");
}

Test(strbuf, json_replaces_what_is_no_utf8)
{
	cr_assert_str_eq(json("a\xff"), "\"a\xef\xbf\xbd\"");
	cr_assert_str_eq(json("\xc3"), "\"\xef\xbf\xbd\"");
	cr_assert_str_eq(
	    json("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

Test(strbuf, printable_lets_no_control_character_through)
{
	struct strbuf b;

	strbuf_init(&b, 100);
	strbuf_printable(&b, "a\033[1m\n\xc2\x9b\xc3\xa4\x9b");
	cr_assert_str_eq(b.text, "a\xef\xbf\xbd[1m\xef\xbf\xbd\xef\xbf\xbd"
				 "\xc3\xa4\xef\xbf\xbd");
	strbuf_free(&b);
}

Test(strbuf, shifting_makes_room_again)
{
	struct strbuf b;

	strbuf_init(&b, 6);
	strbuf_shift(&b, 0);
	strbuf_puts(&b, "abcdef");
	strbuf_shift(&b, 4);
	cr_assert_str_eq(b.text, "ef");
	strbuf_puts(&b, "ghij");
	cr_assert_not(b.failed);
	cr_assert_str_eq(b.text, "efghij");
	strbuf_shift(&b, 6);
	cr_assert_str_eq(b.text, "");
	strbuf_free(&b);
}
