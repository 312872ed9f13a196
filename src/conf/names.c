/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "conf/names.h"

/* FNV-1a. */
static size_t
hash(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return ((size_t)(h ^ h >> 32));
}

/* The slot where ${text} is or would be. */
static uint32_t *
slot_of(const struct names *s, const char *text)
{
	size_t i = hash(text);

	for (;; i++) {
		uint32_t *slot = &s->slots[i & (s->nslots - 1)];

		if (*slot == 0 || strcmp(s->texts[*slot - 1], text) == 0)
			return (slot);
	}
}

/* Make room for one more; at most half of the slots are ever taken. */
static int
grow(struct names *s)
{
	size_t cap = s->cap == 0 ? 16 : s->cap * 2, i;
	const char **texts;
	uint32_t *slots;

	if (s->n < s->cap)
		return (0);
	if (cap > UINT32_MAX / 2)
		return (-1);
	if ((slots = calloc(cap * 2, sizeof(*slots))) == NULL)
		return (-1);
	if ((texts = realloc(s->texts, cap * sizeof(*texts))) == NULL) {
		free(slots);
		return (-1);
	}
	free(s->slots);
	s->texts = texts;
	s->cap = cap;
	s->slots = slots;
	s->nslots = cap * 2;
	for (i = 0; i < s->n; i++)
		*slot_of(s, s->texts[i]) = (uint32_t)i + 1;
	return (0);
}

void
names_free(struct names *s)
{
	free(s->texts);
	free(s->slots);
	*s = (struct names){ 0 };
}

size_t
names_find(const struct names *s, const char *text)
{
	uint32_t slot;

	if (s->nslots == 0)
		return (NAMES_NONE);
	slot = *slot_of(s, text);
	return (slot == 0 ? NAMES_NONE : slot - 1);
}

size_t
names_add(struct names *s, const char *text)
{
	uint32_t *slot;

	if (grow(s) != 0)
		return (NAMES_NONE);
	slot = slot_of(s, text);
	if (*slot == 0) {
		s->texts[s->n++] = text;
		*slot = (uint32_t)s->n;
	}
	return (*slot - 1);
}
