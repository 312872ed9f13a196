/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "states.h"

static void *
resize(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (p == NULL) {
		perror("explore");
		exit(1);
	}
	return (p);
}

void
states_init(struct states *s)
{
	memset(s, 0, sizeof(*s));
	s->slots = 1 << 12;
	s->table = resize(NULL, s->slots * sizeof(*s->table));
	memset(s->table, 0, s->slots * sizeof(*s->table));
}

void
states_free(struct states *s)
{
	free(s->bytes);
	free(s->at);
	free(s->table);
}

/* FNV-1a. */
static uint64_t
hash(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h = 0xcbf29ce484222325;

	while (len-- > 0)
		h = (h ^ *p++) * 0x100000001b3;
	return (h ^ h >> 29);
}

const void *
states_get(const struct states *s, size_t i, size_t *len)
{
	memcpy(len, s->bytes + s->at[i], sizeof(*len));
	return (s->bytes + s->at[i] + sizeof(*len));
}

/* The slot where the string is, or where it would go. */
static size_t
slot(const struct states *s, const void *bytes, size_t len)
{
	size_t k = hash(bytes, len) & (s->slots - 1), have;
	const void *other;

	for (; s->table[k] != 0; k = (k + 1) & (s->slots - 1)) {
		other = states_get(s, s->table[k] - 1, &have);
		if (have == len && memcmp(other, bytes, len) == 0)
			break;
	}
	return (k);
}

/* Twice as many slots. */
static void
grow(struct states *s)
{
	const void *bytes;
	size_t i, len;

	s->slots *= 2;
	s->table = resize(s->table, s->slots * sizeof(*s->table));
	memset(s->table, 0, s->slots * sizeof(*s->table));
	for (i = 0; i < s->n; i++) {
		bytes = states_get(s, i, &len);
		s->table[slot(s, bytes, len)] = (uint32_t)i + 1;
	}
}

bool
states_add(struct states *s, const void *bytes, size_t len)
{
	size_t k = slot(s, bytes, len);

	if (s->table[k] != 0)
		return (false);
	if (s->used + sizeof(len) + len > s->size) {
		s->size = 2 * s->size + sizeof(len) + len;
		s->bytes = resize(s->bytes, s->size);
	}
	if (s->n == s->room) {
		s->room = 2 * s->room + 64;
		s->at = resize(s->at, s->room * sizeof(*s->at));
	}
	memcpy(s->bytes + s->used, &len, sizeof(len));
	memcpy(s->bytes + s->used + sizeof(len), bytes, len);
	s->at[s->n++] = s->used;
	s->used += sizeof(len) + len;
	s->table[k] = (uint32_t)s->n;
	if (2 * s->n > s->slots)
		grow(s);
	return (true);
}
