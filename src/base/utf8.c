/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

/* The length which the first byte promises, or 0. */
static size_t
promised(unsigned char c)
{
	if (c < 0x80)
		return (1);
	/* 0xc0 and 0xc1 could only begin what fits one byte. */
	if (c >= 0xc2 && c <= 0xdf)
		return (2);
	if (c >= 0xe0 && c <= 0xef)
		return (3);
	return (c >= 0xf0 && c <= 0xf4 ? 4 : 0);
}

/* The second byte alone tells the forms which are valid but not allowed. */
static bool
allowed(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return (second >= 0xa0);
	case 0xed:
		return (second <= 0x9f);
	case 0xf0:
		return (second >= 0x90);
	case 0xf4:
		return (second <= 0x8f);
	default:
		return (true);
	}
}

size_t
utf8_length(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t i, n = len > 0 ? promised(p[0]) : 0;

	if (n > len)
		return (0);
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return (0);
	return (n < 2 || allowed(p[0], p[1]) ? n : 0);
}

bool
utf8_is_control(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	if (len == 1)
		return (p[0] < 0x20 || p[0] == 0x7f);
	/* U+0080 to U+009F are control characters of two bytes. */
	return (len == 2 && p[0] == 0xc2 && p[1] < 0xa0);
}
