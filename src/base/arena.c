/* SPDX-License-Identifier: MIT */
#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"

void
arena_init(struct arena *a, void *base, size_t size)
{
	a->base = base;
	a->size = size;
	a->used = 0;
	a->full = false;
}

/* ${size} bytes at a multiple of ${align}, a power of two. */
static void *
take(struct arena *a, size_t size, size_t align)
{
	size_t at = (a->used + align - 1) & ~(align - 1);

	if (a->full || at > a->size || size > a->size - at) {
		a->full = true;
		return (NULL);
	}
	a->used = at + size;
	return (a->base + at);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return (take(a, size, alignof(max_align_t)));
}

char *
arena_strndup(struct arena *a, const char *text, size_t len)
{
	char *copy = take(a, len + 1, 1);

	if (copy == NULL)
		return (NULL);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return (copy);
}

char *
arena_strdup(struct arena *a, const char *text)
{
	return (arena_strndup(a, text, strlen(text)));
}
