/* SPDX-License-Identifier: MIT */
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "conf/scratch.h"

struct scratch_block {
	struct scratch_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char bytes[];
};

#define BLOCK_BYTES ((size_t)65536)

/* A block with room for ${size} bytes in front of the others. */
static int
add_block(struct scratch *s, size_t size)
{
	struct scratch_block *b;

	if (size < BLOCK_BYTES)
		size = BLOCK_BYTES;
	if ((b = calloc(1, sizeof(*b) + size)) == NULL) {
		s->failed = true;
		return (-1);
	}
	b->size = size;
	b->next = s->blocks;
	s->blocks = b;
	return (0);
}

void *
scratch_alloc(struct scratch *s, size_t size)
{
	struct scratch_block *b = s->blocks;
	void *p;

	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (b == NULL || size > b->size - b->used) {
		if (add_block(s, size) != 0)
			return (NULL);
		b = s->blocks;
	}
	p = b->bytes + b->used;
	b->used += size;
	return (p);
}

char *
scratch_strndup(struct scratch *s, const char *text, size_t len)
{
	char *copy = scratch_alloc(s, len + 1);

	if (copy == NULL)
		return (NULL);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return (copy);
}

char *
scratch_strdup(struct scratch *s, const char *text)
{
	return (scratch_strndup(s, text, strlen(text)));
}

void
scratch_free(struct scratch *s)
{
	struct scratch_block *b, *next;

	for (b = s->blocks; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	*s = (struct scratch){ 0 };
}
