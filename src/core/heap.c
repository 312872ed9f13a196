/* SPDX-License-Identifier: MIT */
#include <stdbool.h>

#include "core/service.h"

#include "core/heap.h"

/*
 * Is the deadline at place ${a} before the one at ${b}?  Of equal ones the
 * first service's is, so that what comes out does not depend on how it went
 * in: a loaded state goes on as the saved one did.
 */
static bool
before(const struct heap *h, const struct service *services, uint32_t a,
    uint32_t b)
{
	int64_t x = service_deadline(&services[h->at[a]]).ms;
	int64_t y = service_deadline(&services[h->at[b]]).ms;

	return (x != y ? x < y : h->at[a] < h->at[b]);
}

static void
swap(struct heap *h, struct service *services, uint32_t a, uint32_t b)
{
	uint32_t i = h->at[a];

	h->at[a] = h->at[b];
	h->at[b] = i;
	services[h->at[a]].heap_at = a;
	services[h->at[b]].heap_at = b;
}

static void
up(struct heap *h, struct service *services, uint32_t at)
{
	while (at > 0 && before(h, services, at, (at - 1) / 2)) {
		swap(h, services, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static void
down(struct heap *h, struct service *services, uint32_t at)
{
	uint32_t least, child;

	for (;;) {
		least = at;
		for (child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < h->n && before(h, services, child, least))
				least = child;
		if (least == at)
			return;
		swap(h, services, at, least);
		at = least;
	}
}

static void
take_out(struct heap *h, struct service *services, uint32_t at)
{
	services[h->at[at]].heap_at = HEAP_NOWHERE;
	if (at == --h->n)
		return;
	h->at[at] = h->at[h->n];
	services[h->at[at]].heap_at = at;
	up(h, services, at);
	down(h, services, services[h->at[at]].heap_at);
}

void
heap_update(struct heap *h, struct service *services, uint32_t i)
{
	struct service *s = &services[i];
	bool wanted = !mono_is_never(service_deadline(s));

	if (s->heap_at == HEAP_NOWHERE) {
		if (!wanted)
			return;
		s->heap_at = h->n;
		h->at[h->n++] = i;
	} else if (!wanted) {
		take_out(h, services, s->heap_at);
		return;
	}
	up(h, services, s->heap_at);
	down(h, services, s->heap_at);
}

struct mono
heap_earliest(const struct heap *h, const struct service *services)
{
	return (h->n == 0 ? MONO_NEVER : service_deadline(&services[h->at[0]]));
}
