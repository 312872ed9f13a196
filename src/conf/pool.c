/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "conf/limits.h"
#include "conf/pool.h"

const char *
pool_text(struct pool *p, const char *text)
{
	size_t i;
	char *copy;

	if (text == NULL)
		return (NULL);
	if ((i = names_find(&p->texts, text)) != NAMES_NONE)
		return (p->texts.texts[i]);
	if ((copy = arena_strdup(p->arena, text)) == NULL)
		return ("");
	if (names_add(&p->texts, copy) == NAMES_NONE)
		p->failed = true;
	return (copy);
}

/* A copy of ${list}, which has ${n} texts, in the arena. */
static const char *const *
copy_list(struct pool *p, const char *const *list, size_t n)
{
	const char **copy = arena_alloc(p->arena, (n + 1) * sizeof(*copy));
	size_t i;

	for (i = 0; copy != NULL && i < n; i++)
		copy[i] = pool_text(p, list[i]);
	return ((const char *const *)copy);
}

/* Remember ${copy} under ${id}. */
static void
remember(struct pool *p, const char *id, const char *const *copy)
{
	const char *const **lists;

	if (p->list_ids.n == p->lists_cap) {
		size_t cap = p->lists_cap == 0 ? 64 : p->lists_cap * 2;

		lists = realloc(p->lists, cap * sizeof(*lists));
		if (lists == NULL) {
			p->failed = true;
			return;
		}
		p->lists = lists;
		p->lists_cap = cap;
	}
	id = scratch_strdup(&p->scratch, id);
	if (id == NULL || names_add(&p->list_ids, id) == NAMES_NONE)
		p->failed = true;
	else
		p->lists[p->list_ids.n - 1] = copy;
}

const char *const *
pool_list(struct pool *p, const char *const *list)
{
	const char *const *copy = NULL;
	struct strbuf id = LIMITS_TEXT;
	size_t n, i;

	/* 0x1f parts the texts: it is in none. */
	for (n = 0; list[n] != NULL; n++) {
		strbuf_puts(&id, list[n]);
		strbuf_putc(&id, 0x1f);
	}
	i = names_find(&p->list_ids, strbuf_text(&id));
	if (i != NAMES_NONE) {
		copy = p->lists[i];
	} else if (!id.failed) {
		copy = copy_list(p, list, n);
		remember(p, strbuf_text(&id), copy);
	}
	p->failed |= id.failed;
	strbuf_free(&id);
	return (copy);
}

void
pool_free(struct pool *p)
{
	names_free(&p->texts);
	names_free(&p->list_ids);
	free(p->lists);
	scratch_free(&p->scratch);
	*p = (struct pool){ .arena = p->arena };
}
