/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/waiting.h"

static int
compare(const void *a, const void *b)
{
	const struct waiter *const *x = a, *const *y = b;

	return (strcmp((*x)->last.name, (*y)->last.name));
}

static struct waiter *
find(const struct waiting *w, const char *name)
{
	struct waiter wanted = { .last.name = name };
	struct waiter *key = &wanted, **found;

	if (w->n == 0)
		return (NULL);
	found = bsearch(&key, w->by_name, w->n, sizeof(*w->by_name), compare);
	return (found == NULL ? NULL : *found);
}

static void
settle(struct waiting *w, struct waiter *one, bool first, bool gone)
{
	struct sight sight = { &one->last, one->run_before, first, gone };

	one->verdict = goal_judge(one->goal, &sight);
	one->already = first && one->verdict == VERDICT_MET;
	if (one->verdict != VERDICT_OPEN)
		w->nopen--;
	if (one->verdict == VERDICT_FAILED)
		w->nfailed++;
}

/*
 * A start is content with the run that is on its way, unless that is on its
 * way out.
 */
static uint64_t
run_before(const struct wire_service *service, enum goal goal)
{
	if (goal == GOAL_UP && strcmp(service->state, "STOPPING") != 0)
		return (0);
	return (service->run);
}

static void
add(struct waiting *w, const struct wire_service *service, enum goal goal)
{
	struct waiter *one = &w->waiters[w->n];

	w->by_name[w->n++] = one;
	w->nopen++;
	one->goal = goal;
	one->last = *service;
	one->run_before = run_before(service, goal);
	settle(w, one, true, false);
}

int
waiting_init(struct waiting *w, const struct reply *reply, enum goal goal)
{
	struct wire_service removed = {
		.state = "STOPPING", .uptime_ms = -1, .program = "", .group = ""
	};
	size_t i, n = reply->nservices + reply->nremoved;

	*w = (struct waiting){ 0 };
	w->waiters = calloc(n + 1, sizeof(*w->waiters));
	w->by_name = calloc(n + 1, sizeof(*w->by_name));
	if (w->waiters == NULL || w->by_name == NULL) {
		waiting_free(w);
		return (-1);
	}
	for (i = 0; i < reply->nservices; i++)
		add(w, &reply->services[i], goal);
	for (i = 0; i < reply->nremoved; i++) {
		removed.name = reply->removed[i];
		add(w, &removed, GOAL_GONE);
	}
	qsort(w->by_name, w->n, sizeof(*w->by_name), compare);
	return (0);
}

void
waiting_free(struct waiting *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		answer_free(&w->waiters[i].answer);
	free(w->waiters);
	free(w->by_name);
	*w = (struct waiting){ 0 };
}

struct waiter *
waiting_event(struct waiting *w, struct answer *answer)
{
	struct waiter *one = NULL;

	if (answer->kind == ANSWER_STATE || answer->kind == ANSWER_GONE)
		one = find(w, answer->service.name);
	if (one == NULL || one->verdict != VERDICT_OPEN) {
		answer_free(answer);
		return (NULL);
	}
	answer_free(&one->answer);
	one->answer = *answer;
	one->last = answer->service;
	answer->json = NULL;
	memset(answer->arrays, 0, sizeof(answer->arrays));
	settle(w, one, false, one->answer.kind == ANSWER_GONE);
	return (one);
}
