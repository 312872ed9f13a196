/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "conf/nearest.h"

/* Longer words are not worth the squared effort. */
#define WORD_MAX 80

static int
lower(char c)
{
	return (tolower((unsigned char)c));
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return (m < c ? m : c);
}

/* Edits between ${a} and ${b}, both at most WORD_MAX long. */
static size_t
distance(const char *a, size_t la, const char *b, size_t lb)
{
	size_t rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1];
	size_t *row = rows[2], *swap, i, j;

	for (j = 0; j <= lb; j++)
		last[j] = j;
	for (i = 1; i <= la; i++) {
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			int same = lower(a[i - 1]) == lower(b[j - 1]);

			row[j] = min3(
			    last[j] + 1, row[j - 1] + 1, last[j - 1] + !same);
			if (i > 1 && j > 1 &&
			    lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]) &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		swap = before;
		before = last;
		last = row;
		row = swap;
	}
	return (last[lb]);
}

void
nearest_init(struct nearest *n, const char *wanted)
{
	n->wanted = wanted;
	n->best = NULL;
	n->distance = strlen(wanted) / 3 + 1;
	if (n->distance > 6)
		n->distance = 6;
}

void
nearest_offer(struct nearest *n, const char *word)
{
	size_t lw = strlen(word), l = strlen(n->wanted), d;

	/* ${distance} is the first which is too far. */
	if (lw > WORD_MAX || l > WORD_MAX ||
	    (lw > l ? lw - l : l - lw) >= n->distance)
		return;
	d = distance(n->wanted, l, word, lw);
	/* All letters changed is another word, not a mistake. */
	if (d < n->distance && d < l) {
		n->best = word;
		n->distance = d;
	}
}
