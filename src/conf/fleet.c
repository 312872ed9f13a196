/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "conf/loader.h"
#include "conf/fleet.h"

/* What decides about the level of a program. */
struct rank {
	int group_priority;
	int priority;
	size_t program;
};

static int
compare_numbers(int64_t a, int64_t b)
{
	return (a < b ? -1 : a > b);
}

static int
compare_ranks(const void *pa, const void *pb)
{
	const struct rank *a = pa, *b = pb;
	int rc = compare_numbers(a->group_priority, b->group_priority);

	return (rc != 0 ? rc : compare_numbers(a->priority, b->priority));
}

/* Levels of all programs, by their numbers; NULL: out of memory. */
static unsigned *
program_levels(struct loader *l)
{
	size_t n = l->config->nprograms, i;
	struct rank *ranks =
	    scratch_alloc(&l->scratch, (n + 1) * sizeof(*ranks));
	unsigned *levels =
	    scratch_alloc(&l->scratch, (n + 1) * sizeof(*levels));
	unsigned level = 0;

	if (ranks == NULL || levels == NULL)
		return (NULL);
	for (i = 0; i < n; i++) {
		size_t group = l->program_groups[i];
		int priority = l->programs[i].priority;

		ranks[i] = (struct rank){ group == NAMES_NONE
					      ? priority
					      : l->groups[group].priority,
			priority, i };
	}
	qsort(ranks, n, sizeof(*ranks), compare_ranks);
	for (i = 0; i < n; i++) {
		if (i > 0 && compare_ranks(&ranks[i - 1], &ranks[i]) != 0)
			level++;
		levels[ranks[i].program] = level;
	}
	return (levels);
}

/* The order of the fleet; worker_2 comes before worker_10. */
static int
compare_services(const void *pa, const void *pb)
{
	const struct service_def *a = pa, *b = pb;
	int rc = compare_numbers(a->level, b->level);

	if (rc == 0)
		rc = strcmp(a->group, b->group);
	if (rc == 0)
		rc = strcmp(a->program->name, b->program->name);
	if (rc == 0)
		rc = compare_numbers(a->number, b->number);
	return (rc != 0 ? rc : strcmp(a->name, b->name));
}

/* Tell that two programs have a service of the same name. */
static void
tell_double(struct loader *l, const struct program *a, const struct program *b,
    const char *id)
{
	/* The one which was there first is not to blame. */
	const struct program *first = a < b ? a : b, *last = a < b ? b : a;

	diag_add(&l->diags, DIAG_ERROR,
	    &(struct diag_at){ last->file, last->line,
		l->program_sections[last - l->programs]->name, NULL },
	    "program \"%s\" makes a service \"%s\", as does program \"%s\" at "
	    "%s:%d",
	    last->name, id, first->name, first->file, first->line);
}

/* Has each service an id of its own? */
static void
check_ids(struct loader *l)
{
	size_t *first =
	    scratch_alloc(&l->scratch, (l->nservices + 1) * sizeof(*first));
	const struct program *told = NULL;
	struct names ids = { 0 };
	size_t i, id, before;

	for (i = 0; first != NULL && i < l->nservices; i++) {
		const struct service_def *def = &l->services[i];

		before = ids.n;
		if ((id = names_add(&ids, def->id)) == NAMES_NONE)
			break;
		if (ids.n > before) {
			first[id] = i;
			continue;
		}
		/* Once for two programs, however many processes they have. */
		if (def->program != told)
			tell_double(l, l->services[first[id]].program,
			    def->program, def->id);
		told = def->program;
	}
	if (first == NULL || i < l->nservices)
		l->failed = true;
	names_free(&ids);
}

void
fleet_finish(struct loader *l)
{
	unsigned *levels = program_levels(l);
	struct service_def *list;
	size_t i;

	if (levels == NULL) {
		l->failed = true;
		return;
	}
	for (i = 0; i < l->nservices; i++)
		l->services[i].level =
		    levels[l->services[i].program - l->programs];
	if (l->nservices > 1)
		qsort(l->services, l->nservices, sizeof(*l->services),
		    compare_services);
	check_ids(l);
	list = arena_alloc(l->arena, (l->nservices + 1) * sizeof(*list));
	if (list == NULL)
		return;
	if (l->nservices > 0)
		memcpy(list, l->services, l->nservices * sizeof(*list));
	for (i = 0; i < l->nservices; i++) {
		struct config_source *source =
		    &l->sources[list[i].program - l->programs];

		if (list[i].number == source->numprocs_start)
			source->first = &list[i];
	}
	l->config->fleet.services = list;
	l->config->fleet.n = l->nservices;
}
