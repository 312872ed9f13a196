/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire/linebuf.h"

#define LINEBUF_FIRST 4096

void
linebuf_init(struct linebuf *lb, size_t max)
{
	*lb = (struct linebuf){ .max = max };
}

void
linebuf_free(struct linebuf *lb)
{
	free(lb->text);
	linebuf_init(lb, lb->max);
}

/* Move what is left to the front. */
static void
compact(struct linebuf *lb)
{
	if (lb->start == 0)
		return;
	memmove(lb->text, lb->text + lb->start, lb->end - lb->start);
	lb->scanned -= lb->start;
	lb->end -= lb->start;
	lb->start = 0;
}

static int
grow(struct linebuf *lb)
{
	size_t size = lb->size == 0 ? LINEBUF_FIRST : lb->size * 2;
	char *text;

	if (size > lb->max)
		size = lb->max;
	text = realloc(lb->text, size);
	if (text == NULL)
		return (-1);
	lb->text = text;
	lb->size = size;
	return (0);
}

char *
linebuf_space(struct linebuf *lb, size_t *len)
{
	compact(lb);
	if (lb->end == lb->max) {
		errno = EMSGSIZE;
		return (NULL);
	}
	if (lb->end == lb->size && grow(lb) != 0)
		return (NULL);
	*len = lb->size - lb->end;
	return (lb->text + lb->end);
}

void
linebuf_filled(struct linebuf *lb, size_t len)
{
	assert(len <= lb->size - lb->end);
	lb->end += len;
}

enum linebuf_result
linebuf_next(struct linebuf *lb, char **line, size_t *len)
{
	char *newline = NULL;

	/* Looks at each byte once, however small the pieces arrive. */
	if (lb->end > lb->scanned)
		newline =
		    memchr(lb->text + lb->scanned, '\n', lb->end - lb->scanned);
	if (newline == NULL) {
		lb->scanned = lb->end;
		return (lb->end - lb->start == lb->max ? LINEBUF_LONG
						       : LINEBUF_MORE);
	}
	*newline = '\0';
	*line = lb->text + lb->start;
	*len = (size_t)(newline - *line);
	lb->start = lb->scanned = (size_t)(newline - lb->text) + 1;
	return (LINEBUF_LINE);
}
