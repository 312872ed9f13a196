/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/glob.h"

#include "wire/select.h"

/* In the order in which they are sorted. */
enum kind { KIND_ALL, KIND_GLOB, KIND_GROUP, KIND_NAME };

struct select_word {
	enum kind kind;
	const char *text;
	size_t len;
	size_t number; /* In the caller's order. */
	bool hit;      /* It has matched. */
	bool exact;    /* KIND_NAME: a service is shown under this name. */
};

static bool
is_glob(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (strchr("*?[", text[i]) != NULL)
			return (true);
	return (false);
}

/* A name as status shows it: GROUP:NAME is NAME where the two are equal. */
static void
shorten(struct select_word *w)
{
	const char *colon = memchr(w->text, ':', w->len);
	size_t half;

	if (colon == NULL)
		return;
	half = (size_t)(colon - w->text);
	if (w->len == 2 * half + 1 && memcmp(w->text, colon + 1, half) == 0)
		w->len = half;
}

static void
classify(struct select_word *w, const char *text)
{
	size_t len = strlen(text);

	w->text = text;
	w->len = len;
	if (strcmp(text, "all") == 0 || strcmp(text, "*") == 0) {
		/* Even where there is none. */
		w->kind = KIND_ALL;
		w->hit = true;
		return;
	}
	if (len > 2 && strcmp(text + len - 2, ":*") == 0)
		len -= 2;
	else if (len > 1 && text[len - 1] == ':')
		len -= 1;
	if (len < w->len && !is_glob(text, len)) {
		w->kind = KIND_GROUP;
		w->len = len;
	} else if (is_glob(text, w->len)) {
		w->kind = KIND_GLOB;
	} else {
		w->kind = KIND_NAME;
		shorten(w);
	}
}

static int
compare_key(
    const struct select_word *w, enum kind kind, const char *text, size_t len)
{
	int order;

	if (w->kind != kind)
		return (w->kind < kind ? -1 : 1);
	order = memcmp(w->text, text, w->len < len ? w->len : len);
	if (order != 0 || w->len == len)
		return (order);
	return (w->len < len ? -1 : 1);
}

static int
compare(const void *a, const void *b)
{
	const struct select_word *x = a, *y = b;
	int order = compare_key(x, y->kind, y->text, y->len);

	if (order != 0)
		return (order);
	return (x->number < y->number ? -1 : x->number > y->number);
}

/* The first word of ${kind} which says ${text}, or NULL. */
static struct select_word *
find(const struct selection *sel, enum kind kind, const char *text)
{
	size_t len = strlen(text), lo = 0, hi = sel->nwords, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (compare_key(&sel->words[mid], kind, text, len) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < sel->nwords &&
	    compare_key(&sel->words[lo], kind, text, len) == 0)
		return (&sel->words[lo]);
	return (NULL);
}

/* Sort the words, keep each once, and remember where each went. */
static void
order_words(struct selection *sel)
{
	struct select_word *w = sel->words, *last = NULL;
	size_t i;

	qsort(w, sel->n, sizeof(*w), compare);
	for (i = 0; i < sel->n; i++) {
		if (last == NULL ||
		    compare_key(last, w[i].kind, w[i].text, w[i].len) != 0) {
			last = &w[sel->nwords++];
			*last = w[i];
		}
		sel->place[w[i].number] = sel->nwords - 1;
	}
}

int
select_init(
    struct selection *sel, const char *const *words, size_t n, struct err *err)
{
	size_t i, globs = 0;

	*sel = (struct selection){ .n = n };
	sel->words = calloc(n + 1, sizeof(*sel->words));
	sel->place = calloc(n + 1, sizeof(*sel->place));
	if (sel->words == NULL || sel->place == NULL) {
		(void)err_set(err, errno, "names");
		goto err0;
	}
	for (i = 0; i < n; i++) {
		classify(&sel->words[i], words[i]);
		sel->words[i].number = i;
		if (sel->words[i].kind == KIND_GLOB)
			globs++;
	}
	if (globs > SELECT_GLOBS_MAX) {
		(void)err_set(
		    err, 0, "more than %d patterns at once", SELECT_GLOBS_MAX);
		goto err0;
	}
	order_words(sel);
	return (0);

err0:
	select_free(sel);
	return (-1);
}

void
select_free(struct selection *sel)
{
	free(sel->words);
	free(sel->place);
	*sel = (struct selection){ 0 };
}

/* ALL or a GLOB. */
static bool
pattern_has(const struct select_word *w, const struct selectable *service)
{
	return (w->kind == KIND_ALL || glob_match(w->text, service->id) ||
		glob_match(w->text, service->name) ||
		glob_match(w->text, service->program));
}

static void
hit(struct select_word *w)
{
	if (w != NULL)
		w->hit = true;
}

void
select_offer(struct selection *sel, const struct selectable *service)
{
	struct select_word *w;
	size_t i;

	/* All that is sorted before the groups. */
	for (i = 0; i < sel->nwords && sel->words[i].kind <= KIND_GLOB; i++)
		if (pattern_has(&sel->words[i], service))
			sel->words[i].hit = true;
	hit(find(sel, KIND_GROUP, service->group));
	hit(find(sel, KIND_NAME, service->name));
	hit(find(sel, KIND_NAME, service->program));
	w = find(sel, KIND_NAME, service->id);
	if (w != NULL)
		w->hit = w->exact = true;
}

size_t
select_missed(const struct selection *sel)
{
	size_t i;

	for (i = 0; i < sel->n; i++)
		if (!sel->words[sel->place[i]].hit)
			break;
	return (i);
}

/* By program or process name, which a name shown by status overrules. */
static bool
has_loosely(const struct selection *sel, const char *text)
{
	const struct select_word *w = find(sel, KIND_NAME, text);

	return (w != NULL && !w->exact);
}

bool
select_has(const struct selection *sel, const struct selectable *service)
{
	size_t i;

	if (sel->n == 0)
		return (true);
	for (i = 0; i < sel->nwords && sel->words[i].kind <= KIND_GLOB; i++)
		if (pattern_has(&sel->words[i], service))
			return (true);
	return (find(sel, KIND_GROUP, service->group) != NULL ||
		find(sel, KIND_NAME, service->id) != NULL ||
		has_loosely(sel, service->name) ||
		has_loosely(sel, service->program));
}
