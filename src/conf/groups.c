/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/label.h"
#include "conf/loader.h"
#include "conf/nearest.h"
#include "conf/section.h"
#include "conf/store.h"
#include "conf/groups.h"

/* Does the document have [fcgi-program:${name}]? */
static bool
is_fcgi_program(const struct loader *l, const char *name)
{
	char section[300];

	(void)snprintf(section, sizeof(section), "fcgi-program:%s", name);
	return (document_section(&l->doc, section) != NULL);
}

/* A member which is no program: in a fragment it may be in another file. */
static void
tell_unknown(struct section_reader *r, const struct entry *e, const char *name)
{
	struct loader *l = r->l;
	char quoted[DIAG_QUOTE_MAX];
	struct nearest n;
	size_t i;

	if (is_fcgi_program(l, name))
		return;
	nearest_init(&n, name);
	for (i = 0; i < l->program_names.n; i++)
		nearest_offer(&n, l->program_names.texts[i]);
	if (l->options->syntax_only)
		section_warning(r, e, "programs: there is no program %s here",
		    diag_quote(quoted, name));
	else
		section_error(r, e, "programs: there is no program %s",
		    diag_quote(quoted, name));
	diag_suggest(&l->diags, n.best, NULL);
}

/* Put the program ${name} in the group ${number}. */
static void
add_member(struct section_reader *r, const struct entry *e, size_t number,
    const char *name)
{
	struct loader *l = r->l;
	size_t i = names_find(&l->program_names, name);
	const struct config_group *other;

	if (i == NAMES_NONE) {
		tell_unknown(r, e, name);
		return;
	}
	if (l->program_groups[i] == NAMES_NONE) {
		l->program_groups[i] = number;
		return;
	}
	other = &l->groups[l->program_groups[i]];
	if (l->program_groups[i] == number)
		section_warning(r, e, "programs: \"%s\" is named twice", name);
	else
		section_error(r, e,
		    "programs: \"%s\" is in the group \"%s\" already, at "
		    "%s:%d",
		    name, other->name, other->file, other->line);
}

/* Take the comma list ${text} apart; return the names, NULL-terminated. */
static const char **
split_names(struct scratch *scratch, const char *text)
{
	const char **list =
	    scratch_alloc(scratch, (strlen(text) / 2 + 2) * sizeof(*list));
	size_t n = 0;

	while (list != NULL && *text != '\0') {
		size_t len = strcspn(text, ","), keep;

		while (len > 0 && isspace((unsigned char)*text)) {
			text++;
			len--;
		}
		for (keep = len; keep > 0; keep--)
			if (!isspace((unsigned char)text[keep - 1]))
				break;
		if (keep > 0)
			list[n++] = scratch_strndup(scratch, text, keep);
		text += len + (text[len] == ',');
	}
	return (scratch->failed ? NULL : list);
}

static void
read_members(struct section_reader *r, size_t number)
{
	struct loader *l = r->l;
	const struct entry *e = section_find(r, "programs");
	struct expand_notes notes;
	const char **list, *none = NULL;
	struct err err;
	struct strbuf text;
	size_t i;

	l->groups[number].programs = pool_list(&l->pool, &none);
	if (e == NULL) {
		section_warning(r, NULL, "the group \"%s\" has no programs",
		    l->groups[number].name);
		return;
	}
	text = section_expand(r, e, EXPAND_ALL, &notes, &err);
	if (err.text[0] != '\0') {
		/* store_section() has told. */
		strbuf_free(&text);
		return;
	}
	list = split_names(&l->scratch, strbuf_text(&text));
	strbuf_free(&text);
	if (list == NULL) {
		l->failed = true;
		return;
	}
	for (i = 0; list[i] != NULL; i++)
		add_member(r, e, number, list[i]);
	l->groups[number].programs = pool_list(&l->pool, list);
}

static void
read_group(struct loader *l, const struct section *s)
{
	struct config_group *g = &l->groups[l->config->ngroups];
	struct section_reader r;
	char quoted[DIAG_QUOTE_MAX];
	size_t i;

	section_begin(&r, l, s);
	if (!label_is_good(s->label)) {
		section_error(&r, NULL,
		    "the group's name: expected a name without blanks, \":\" "
		    "and \"/\", got %s",
		    diag_quote(quoted, s->label));
		return;
	}
	for (i = 0; i < l->config->ngroups; i++) {
		if (strcmp(l->groups[i].name, s->label) != 0)
			continue;
		section_error(&r, NULL,
		    "group \"%s\" is there already, at %s:%d", s->label,
		    l->groups[i].file, l->groups[i].line);
		return;
	}
	g->name = pool_text(&l->pool, s->label);
	g->file = pool_text(&l->pool, s->file);
	g->line = s->line;
	g->priority = 999;
	r.names.group_name = g->name;
	r.bases[PLACE_GROUP] = g;
	store_section(&r);
	read_members(&r, l->config->ngroups++);
}

void
groups_read(struct loader *l)
{
	size_t n = 0, i;

	for (i = 0; i < l->doc.n; i++)
		n += l->doc.sections[i]->kind == SECTION_GROUP;
	l->groups = arena_alloc(l->arena, (n + 1) * sizeof(*l->groups));
	if (l->groups == NULL)
		return;
	l->config->groups = l->groups;
	for (i = 0; i < l->doc.n; i++)
		if (l->doc.sections[i]->kind == SECTION_GROUP)
			read_group(l, l->doc.sections[i]);
}
