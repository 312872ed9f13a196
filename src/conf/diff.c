/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "conf/keys.h"
#include "conf/limits.h"
#include "conf/load.h"
#include "conf/names.h"
#include "conf/same.h"
#include "conf/value.h"
#include "conf/diff.h"

/* No service has more: one for each key, and the environment apart. */
#define CHANGES_MAX 256

/* A list of changes on its way. */
struct changes {
	struct scratch *scratch;
	struct diff_change list[CHANGES_MAX];
	size_t n;
	bool failed;
};

static void
add(struct changes *c, const struct key *key, const char *name,
    const char *before, const char *after)
{
	if (c->n == CHANGES_MAX)
		return;
	c->list[c->n++] = (struct diff_change){ key, name, before, after };
}

/* ${key} in ${base} as a text, or NULL. */
static const char *
text_of(struct changes *c, const struct key *key, const void *base)
{
	struct strbuf text = LIMITS_TEXT;
	const char *copy = NULL;

	if (value_write(&text, key, base) == 0) {
		copy = scratch_strdup(c->scratch, strbuf_text(&text));
		c->failed |= copy == NULL || text.failed;
	}
	strbuf_free(&text);
	return (copy);
}

/* The pair in the sorted ${list} with the key of ${pair}, or NULL. */
static const char *
find_pair(const char *const *list, const char *pair)
{
	size_t len = (size_t)(strchr(pair, '=') - pair) + 1;

	for (; *list != NULL; list++)
		if (strncmp(*list, pair, len) == 0)
			return (*list);
	return (NULL);
}

/* "environment.X" for the pair "X=value", or NULL. */
static const char *
variable_name(struct changes *c, const char *pair)
{
	struct strbuf name = LIMITS_TEXT;
	const char *copy;

	strbuf_puts(&name, "environment.");
	strbuf_add(&name, pair, strcspn(pair, "="));
	copy = scratch_strdup(c->scratch, strbuf_text(&name));
	c->failed |= copy == NULL || name.failed;
	strbuf_free(&name);
	return (copy);
}

/* Which variables differ. */
static void
add_environment(struct changes *c, const struct key *key,
    const char *const *before, const char *const *after)
{
	const char *const *p;
	const char *other;

	for (p = before; *p != NULL && c->n < CHANGES_MAX; p++) {
		other = find_pair(after, *p);
		if (other != NULL && strcmp(*p, other) == 0)
			continue;
		add(c, key, variable_name(c, *p), strchr(*p, '=') + 1,
		    other == NULL ? NULL : strchr(other, '=') + 1);
	}
	for (p = after; *p != NULL && c->n < CHANGES_MAX; p++)
		if (find_pair(before, *p) == NULL)
			add(c, key, variable_name(c, *p), NULL,
			    strchr(*p, '=') + 1);
}

/* All rows of ${section} in ${place} which differ. */
static void
compare_rows(struct changes *c, enum key_section section, enum key_place place,
    const void *before, const void *after)
{
	const struct key *key;

	for (key = keys; key->name != NULL; key++) {
		/* process_name is who it is, or nothing. */
		if (key->place != place || key->synonym_of != NULL ||
		    (key->sections >> section & 1) == 0 ||
		    key->change == CHANGE_NUMBER ||
		    same_value(key, before, after))
			continue;
		if (key->type == KEY_ENVIRONMENT && place == PLACE_SERVICE)
			add_environment(c, key,
			    ((const struct service_def *)before)->environment,
			    ((const struct service_def *)after)->environment);
		else
			add(c, key, key->name, text_of(c, key, before),
			    text_of(c, key, after));
	}
}

/* The changes which were collected, kept with the comparison. */
static const struct diff_change *
keep(struct changes *c)
{
	struct diff_change *copy =
	    scratch_alloc(c->scratch, (c->n + 1) * sizeof(*copy));

	if (copy == NULL || c->failed) {
		c->failed = true;
		return (NULL);
	}
	memcpy(copy, c->list, c->n * sizeof(*copy));
	return (copy);
}

/* Compare what both configurations have. */
static int
compare_service(struct diff *d, struct diff_service *s, struct changes *c)
{
	const struct service_def *before = &d->old->fleet.services[s->before];
	const struct service_def *after = &d->new->fleet.services[s->after];

	c->n = 0;
	s->kind = DIFF_SAME;
	compare_rows(
	    c, SECTION_PROGRAM, PLACE_PROGRAM, before->program, after->program);
	if (!service_def_same_birth(before, after)) {
		compare_rows(c, SECTION_PROGRAM, PLACE_SERVICE, before, after);
		s->kind = DIFF_RESTARTED;
	}
	if (strcmp(before->group, after->group) != 0)
		add(c, NULL, "group", before->group, after->group);
	if (s->kind == DIFF_SAME && c->n > 0)
		s->kind = DIFF_APPLIED;
	if (c->n > 0)
		s->changes = keep(c);
	s->nchanges = c->n;
	return (c->failed ? -1 : 0);
}

/* "PROGRAM\nNAME": who a service is. */
static const char *
identity(struct scratch *scratch, const struct service_def *def)
{
	size_t len = strlen(def->program->name);
	char *id = scratch_alloc(scratch, len + strlen(def->name) + 2);

	if (id == NULL)
		return (NULL);
	memcpy(id, def->program->name, len);
	id[len] = '\n';
	memcpy(id + len + 1, def->name, strlen(def->name) + 1);
	return (id);
}

/* All services of ${fleet} by their identities. */
static int
index_fleet(
    struct names *ids, struct scratch *scratch, const struct fleet *fleet)
{
	size_t i;

	for (i = 0; i < fleet->n; i++) {
		const char *id = identity(scratch, &fleet->services[i]);

		/* Each is there once: the numbers are those of the fleet. */
		if (id == NULL || names_add(ids, id) != i)
			return (-1);
	}
	return (0);
}

static int
compare_fleets(
    struct diff *d, struct names *old, struct names *new, struct changes *c)
{
	size_t i, at;

	for (i = 0; i < new->n; i++) {
		struct diff_service *s = &d->services[d->n++];

		at = names_find(old, new->texts[i]);
		*s = (struct diff_service){ .kind = DIFF_ADDED,
			.before = at == NAMES_NONE ? DIFF_NONE : at,
			.after = i };
		if (at != NAMES_NONE && compare_service(d, s, c) != 0)
			return (-1);
	}
	for (i = 0; i < old->n; i++)
		if (names_find(new, old->texts[i]) == NAMES_NONE)
			d->services[d->n++] =
			    (struct diff_service){ .kind = DIFF_REMOVED,
				    .before = i,
				    .after = DIFF_NONE };
	for (i = 0; i < d->n; i++)
		d->counts[d->services[i].kind]++;
	return (0);
}

/* "group:NAME.priority", or NULL. */
static const char *
group_setting(struct changes *c, const struct config_group *g)
{
	struct strbuf name = LIMITS_TEXT;
	const char *copy;

	strbuf_printf(&name, "group:%s.priority", g->name);
	copy = scratch_strdup(c->scratch, strbuf_text(&name));
	c->failed |= copy == NULL || name.failed;
	strbuf_free(&name);
	return (copy);
}

/* What differs outside of the programs. */
static int
compare_settings(struct diff *d, struct changes *c)
{
	const struct key *key = keys_find(SECTION_GROUP, "priority");
	size_t i, j;

	c->n = 0;
	compare_rows(c, SECTION_MAIN, PLACE_CONFIG, d->old, d->new);
	for (i = 0; i < d->new->ngroups; i++) {
		const struct config_group *g = &d->new->groups[i];

		for (j = 0; j < d->old->ngroups; j++) {
			const struct config_group *h = &d->old->groups[j];

			if (strcmp(g->name, h->name) == 0 &&
			    g->priority != h->priority)
				add(c, key, group_setting(c, g),
				    text_of(c, key, h), text_of(c, key, g));
		}
	}
	d->settings = keep(c);
	d->nsettings = c->n;
	return (c->failed ? -1 : 0);
}

struct diff *
diff_make(const struct config *old, const struct config *new)
{
	struct names before = { 0 }, after = { 0 };
	struct changes *c = calloc(1, sizeof(*c));
	struct diff *d = calloc(1, sizeof(*d));
	int rc = -1;

	if (c == NULL || d == NULL)
		goto done;
	d->old = old;
	d->new = new;
	c->scratch = &d->scratch;
	d->services = scratch_alloc(&d->scratch,
	    (old->fleet.n + new->fleet.n + 1) * sizeof(*d->services));
	if (d->services == NULL ||
	    index_fleet(&before, &d->scratch, &old->fleet) != 0 ||
	    index_fleet(&after, &d->scratch, &new->fleet) != 0)
		goto done;
	if (compare_fleets(d, &before, &after, c) == 0)
		rc = compare_settings(d, c);
done:
	names_free(&before);
	names_free(&after);
	free(c);
	if (rc == 0)
		return (d);
	diff_free(d);
	return (NULL);
}

void
diff_free(struct diff *d)
{
	if (d == NULL)
		return;
	scratch_free(&d->scratch);
	free(d);
}
