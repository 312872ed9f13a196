/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/program.h"

#include "core/identity.h"

int
identity_compare(const struct service_def *a, const struct service_def *b)
{
	int c = strcmp(a->program->name, b->program->name);

	return (c != 0 ? c : strcmp(a->name, b->name));
}

/* Let the number at ${at} sink to its place in the heap of ${n}. */
static void
sink(uint32_t *index, uint32_t n, uint32_t at,
    const struct service_def *const *defs)
{
	uint32_t child, number = index[at];

	while ((child = 2 * at + 1) < n) {
		if (child + 1 < n && identity_compare(defs[index[child]],
					 defs[index[child + 1]]) < 0)
			child++;
		if (identity_compare(defs[number], defs[index[child]]) >= 0)
			break;
		index[at] = index[child];
		at = child;
	}
	index[at] = number;
}

void
identity_sort(
    uint32_t *index, uint32_t n, const struct service_def *const *defs)
{
	uint32_t i, number;

	for (i = n / 2; i-- > 0;)
		sink(index, n, i, defs);
	for (i = n; i-- > 1;) {
		number = index[i];
		index[i] = index[0];
		index[0] = number;
		sink(index, i, 0, defs);
	}
}

uint32_t
identity_find(const uint32_t *index, uint32_t n,
    const struct service_def *const *defs, const struct service_def *def)
{
	uint32_t lo = 0, hi = n, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = identity_compare(def, defs[index[mid]]);
		if (c == 0)
			return (index[mid]);
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return (UINT32_MAX);
}
