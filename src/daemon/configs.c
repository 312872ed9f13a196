/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "conf/load.h"
#include "core/supervisor.h"
#include "os/shared.h"

#include "daemon/configs.h"

int
configs_push(
    struct configs **list, struct config *config, void *map, size_t size)
{
	struct configs *c = malloc(sizeof(*c));

	if (c == NULL)
		return (-1);
	*c = (struct configs){ *list, config, map, size };
	*list = c;
	return (0);
}

/* Does ${def} lie in the mapping of ${c}? */
static bool
defines(const struct configs *c, const struct service_def *def)
{
	uintptr_t at = (uintptr_t)def, base = (uintptr_t)c->map;

	return (at >= base && at < base + c->size);
}

/* Is a service of ${sv} defined by ${c}? */
static bool
used(const struct configs *c, const struct supervisor *sv)
{
	uint32_t i;

	for (i = 0; i < sv->n; i++)
		if (defines(c, sv->defs[i]))
			return (true);
	return (false);
}

static void
drop(struct configs **at)
{
	struct configs *c = *at;

	*at = c->older;
	shared_unmap(c->map, c->size);
	free(c);
}

void
configs_prune(struct configs **list, const struct supervisor *sv)
{
	struct configs **at = &(*list)->older;

	while (*at != NULL) {
		if (used(*at, sv))
			at = &(*at)->older;
		else
			drop(at);
	}
}

void
configs_free(struct configs **list)
{
	while (*list != NULL)
		drop(list);
}
