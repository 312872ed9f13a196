/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/diag.h"
#include "conf/document.h"
#include "conf/file.h"
#include "conf/loader.h"
#include "conf/section.h"

static struct diag_at
place(const struct section_reader *r, const struct entry *e)
{
	if (e == NULL)
		return ((struct diag_at){ r->section->file, r->section->line,
		    r->section->name, NULL });
	return ((struct diag_at){ e->file, e->line, r->section->name, e->key });
}

void
section_error(
    const struct section_reader *r, const struct entry *e, const char *fmt, ...)
{
	struct diag_at at = place(r, e);
	char text[1024];
	va_list ap;

	/* Texts which found no room are empty, and look wrong. */
	if (r->l->arena->full)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_add(&r->l->diags, DIAG_ERROR, &at, "%s", text);
}

void
section_warning(
    const struct section_reader *r, const struct entry *e, const char *fmt, ...)
{
	struct diag_at at = place(r, e);
	char text[1024];
	va_list ap;

	if (r->again)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_add(&r->l->diags, DIAG_WARNING, &at, "%s", text);
}

void
section_begin(
    struct section_reader *r, struct loader *l, const struct section *section)
{
	*r = (struct section_reader){ .l = l, .section = section };
	r->names.host_node_name = l->hostname;
	r->names.lists[EXPAND_MAIN] = l->config->environment;
	r->names.lists[EXPAND_OURS] = l->options->environ;
}

/* The directory of the file where ${e} stands. */
static const char *
here(struct loader *l, const struct entry *e)
{
	char *absolute = file_absolute(e->file);
	char *directory = absolute == NULL ? NULL : file_directory(absolute);
	const char *copy =
	    directory == NULL ? NULL : scratch_strdup(&l->scratch, directory);

	if (copy == NULL)
		l->failed = true;
	free(directory);
	free(absolute);
	return (copy);
}

void
section_later(
    const struct section_reader *r, const struct entry *e, const char *what)
{
	struct loader *l = r->l;

	if (names_find(&l->later_names, what) != NAMES_NONE)
		return;
	if (names_add(&l->later_names, what) == NAMES_NONE)
		l->failed = true;
	if (l->later.len == 0) {
		l->later_at = place(r, e);
		l->later_at.section = l->later_at.key = NULL;
	}
	strbuf_printf(&l->later, "%s%s", l->later.len == 0 ? "" : ", ", what);
}

const struct entry *
section_find(const struct section_reader *r, const char *name)
{
	const struct document *doc = &r->l->doc;
	const struct section *def = document_section(doc, "DEFAULT");
	const struct entry *e = document_entry(doc, r->section, name);

	return (e != NULL || def == NULL ? e : document_entry(doc, def, name));
}

/* The entry behind ${e}, over all of the section, then of [DEFAULT]. */
static const struct entry *
following(const struct section_reader *r, const struct entry *e)
{
	const struct section *def = document_section(&r->l->doc, "DEFAULT");

	if (e == NULL && r->section->first != NULL)
		return (r->section->first);
	if (e != NULL && e->next != NULL)
		return (e->next);
	if (def == NULL || def == r->section || e == def->last)
		return (NULL);
	return (def->first);
}

const struct entry *
section_next(const struct section_reader *r, const struct entry *e,
    const struct key **key)
{
	while ((e = following(r, e)) != NULL) {
		*key = keys_find(r->section->kind, e->key);
		if (*key != NULL && section_find(r, e->key) == e)
			break;
	}
	return (e);
}

struct strbuf
section_expand(struct section_reader *r, const struct entry *e,
    enum expand_mode mode, struct expand_notes *notes, struct err *err)
{
	struct strbuf text = LIMITS_TEXT;

	err->text[0] = '\0';
	/* Most values do not speak of it, and it is not cheap. */
	r->names.here = strstr(e->value, "here") == NULL ? "" : here(r->l, e);
	(void)expand(&text, e->value, &r->names, mode, notes, err);
	r->l->failed |= text.failed;
	return (text);
}
