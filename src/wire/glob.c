/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stddef.h>

#include "wire/glob.h"

/*
 * Match ${c} with the bracket that ${p}, behind its '[', begins.  Return what
 * follows its ']', or NULL for a bracket which never ends: that is an
 * ordinary '['.
 */
static const char *
bracket(const char *p, unsigned char c, bool *hit)
{
	bool negated = *p == '!' || *p == '^';
	bool first = true;
	unsigned char lo, hi;

	*hit = false;
	if (negated)
		p++;
	/* A ']' in the first place is one of the characters. */
	for (; *p != ']' || first; first = false) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		if (*p == '\0')
			return (NULL);
		lo = hi = (unsigned char)*p++;
		if (p[0] == '-' && p[1] != ']' && p[1] != '\0') {
			hi = (unsigned char)p[1];
			p += 2;
		}
		if (c >= lo && c <= hi)
			*hit = true;
	}
	*hit ^= negated;
	return (p + 1);
}

/* One step of ${p} which is no star; NULL if it does not match ${c}. */
static const char *
step(const char *p, char c)
{
	const char *end;
	bool hit;

	switch (*p) {
	case '\0':
		return (NULL);
	case '?':
		return (p + 1);
	case '[':
		end = bracket(p + 1, (unsigned char)c, &hit);
		if (end != NULL)
			return (hit ? end : NULL);
		break;
	case '\\':
		if (p[1] != '\0')
			p++;
		break;
	}
	return (*p == c ? p + 1 : NULL);
}

bool
glob_match(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL, *next;

	/*
	 * On a mismatch only the latest star takes one character more: an
	 * earlier one could reach nothing that this one does not.
	 */
	while (*text != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
			continue;
		}
		next = step(pattern, *text);
		if (next != NULL) {
			pattern = next;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++from;
		} else
			return (false);
	}
	while (*pattern == '*')
		pattern++;
	return (*pattern == '\0');
}
