/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "wire/linebuf.h"

/* Feed all of ${text}, which must fit. */
static void
feed(struct linebuf *lb, const char *text, size_t len)
{
	size_t space;
	char *to;

	while (len > 0) {
		to = linebuf_space(lb, &space);
		cr_assert_not_null(to);
		space = space < len ? space : len;
		memcpy(to, text, space);
		linebuf_filled(lb, space);
		text += space;
		len -= space;
	}
}

static void
expect(struct linebuf *lb, const char *text)
{
	char *line;
	size_t len;

	cr_assert_eq(linebuf_next(lb, &line, &len), LINEBUF_LINE);
	cr_assert_str_eq(line, text);
	cr_assert_eq(len, strlen(text));
}

static enum linebuf_result
next(struct linebuf *lb)
{
	char *line;
	size_t len;

	return (linebuf_next(lb, &line, &len));
}

Test(linebuf, cuts_lines_however_they_arrive)
{
	static const char text[] = "one\n\ntwo\nthree";
	struct linebuf lb;
	size_t i;

	linebuf_init(&lb, 100);
	cr_assert_eq(next(&lb), LINEBUF_MORE);
	feed(&lb, text, strlen(text));
	expect(&lb, "one");
	expect(&lb, "");
	expect(&lb, "two");
	cr_assert_eq(next(&lb), LINEBUF_MORE);
	for (i = 0; i < 4; i++) {
		feed(&lb, &"\nab\n"[i], 1);
		if (i == 0)
			expect(&lb, "three");
	}
	expect(&lb, "ab");
	linebuf_free(&lb);
}

Test(linebuf, takes_a_line_of_the_maximum_and_none_longer)
{
	char text[70000];
	struct linebuf lb;
	size_t space;

	memset(text, 'x', sizeof(text));
	linebuf_init(&lb, 65536);
	text[65535] = '\n';
	feed(&lb, text, 65536);
	cr_assert_eq(next(&lb), LINEBUF_LINE);
	cr_assert_eq(next(&lb), LINEBUF_MORE);
	text[65535] = 'x';
	feed(&lb, text, 65536);
	cr_assert_eq(next(&lb), LINEBUF_LONG);
	cr_assert_eq(next(&lb), LINEBUF_LONG);
	errno = 0;
	cr_assert_null(linebuf_space(&lb, &space));
	cr_assert_eq(errno, EMSGSIZE);
	linebuf_free(&lb);
}

Test(linebuf, never_holds_more_than_its_maximum)
{
	struct linebuf lb;

	linebuf_init(&lb, 5000);
	feed(&lb, "a", 1);
	cr_assert_leq(lb.size, 4096);
	for (int i = 0; i < 4999; i++)
		feed(&lb, "a", 1);
	cr_assert_eq(lb.size, 5000);
	linebuf_free(&lb);
}

Test(linebuf, keeps_nul_bytes_and_says_the_length)
{
	struct linebuf lb;
	char *line;
	size_t len;

	linebuf_init(&lb, 100);
	feed(&lb, "a\0b\n", 4);
	cr_assert_eq(linebuf_next(&lb, &line, &len), LINEBUF_LINE);
	cr_assert_eq(len, 3);
	cr_assert_arr_eq(line, "a\0b", 3);
	linebuf_free(&lb);
}

/* The same bytes in pieces of random sizes give the same lines. */
Test(linebuf, pieces_make_no_difference)
{
	uint32_t seed = 1;
	char text[3000];
	struct linebuf lb;
	size_t i, n, lines, bytes, wanted = 0;
	char *line;
	size_t len;

	for (i = 0; i < sizeof(text); i++) {
		seed = seed * 1664525 + 1013904223;
		text[i] = (seed >> 24) % 40 == 0 ? '\n' : 'a';
		wanted += text[i] == '\n';
	}
	for (int round = 0; round < 50; round++) {
		linebuf_init(&lb, 1000);
		lines = bytes = 0;
		for (i = 0; i < sizeof(text); i += n) {
			seed = seed * 1664525 + 1013904223;
			n = (seed >> 20) % 200 + 1;
			n = n < sizeof(text) - i ? n : sizeof(text) - i;
			feed(&lb, text + i, n);
			while (linebuf_next(&lb, &line, &len) == LINEBUF_LINE) {
				lines++;
				bytes += len + 1;
			}
		}
		cr_assert_eq(lines, wanted);
		cr_assert_eq(bytes + (lb.end - lb.start), sizeof(text));
		linebuf_free(&lb);
	}
}
