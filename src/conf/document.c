/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/diag.h"
#include "conf/file.h"
#include "conf/ini.h"
#include "conf/document.h"

/* What a section is by the text in its brackets. */
static const struct {
	const char *name;
	enum key_section kind;
	enum { LABEL_NONE, LABEL_MAY, LABEL_MUST } label;
} kinds[] = {
	{ "sigmund", SECTION_MAIN, LABEL_NONE },
	{ "supervisord", SECTION_MAIN, LABEL_NONE },
	{ "program", SECTION_PROGRAM, LABEL_MUST },
	{ "eventlistener", SECTION_LISTENER, LABEL_MUST },
	{ "fcgi-program", SECTION_FCGI, LABEL_MUST },
	{ "group", SECTION_GROUP, LABEL_MUST },
	{ "unix_http_server", SECTION_UNIX, LABEL_MAY },
	{ "inet_http_server", SECTION_INET, LABEL_MAY },
	{ "supervisorctl", SECTION_CTL, LABEL_NONE },
	{ "rpcinterface", SECTION_RPC, LABEL_MUST },
	{ "ctlplugin", SECTION_PLUGIN, LABEL_MUST },
	{ "include", SECTION_INCLUDE, LABEL_NONE },
	{ "DEFAULT", SECTION_DEFAULT, LABEL_NONE },
};

/* One file on its way into the document. */
struct reading {
	struct document *doc;
	struct diag_list *diags;
	const char *file;
	struct section *section; /* The current one. */
	size_t number;           /* Its number. */
};

static void
classify(struct section *s, struct scratch *scratch)
{
	const char *colon = strchr(s->name, ':'), *label, *end;
	size_t len =
	    colon == NULL ? strlen(s->name) : (size_t)(colon - s->name);
	size_t i;

	s->kind = SECTION_COUNT;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) != len ||
		    strncmp(kinds[i].name, s->name, len) != 0)
			continue;
		if (colon == NULL ? kinds[i].label != LABEL_MUST
				  : kinds[i].label != LABEL_NONE)
			s->kind = kinds[i].kind;
	}
	if (colon == NULL)
		return;
	for (label = colon + 1; isspace((unsigned char)*label); label++)
		;
	end = label + strlen(label);
	while (end > label && isspace((unsigned char)end[-1]))
		end--;
	s->label = scratch_strndup(scratch, label, (size_t)(end - label));
}

/* Add a section; NULL where memory ran out. */
static struct section *
new_section(struct reading *r, const char *name, int line)
{
	struct document *doc = r->doc;
	struct section *s = scratch_alloc(&doc->scratch, sizeof(*s));
	struct section **list;

	if (doc->n == doc->cap) {
		size_t cap = doc->cap == 0 ? 64 : doc->cap * 2;

		list = realloc(doc->sections, cap * sizeof(*list));
		if (list == NULL)
			return (NULL);
		doc->sections = list;
		doc->cap = cap;
	}
	if (s == NULL ||
	    (s->name = scratch_strdup(&doc->scratch, name)) == NULL ||
	    names_add(&doc->names, s->name) == NAMES_NONE)
		return (NULL);
	s->file = r->file;
	s->line = line;
	classify(s, &doc->scratch);
	doc->sections[doc->n++] = s;
	return (s);
}

static void
on_section(void *arg, const char *name, int line)
{
	struct reading *r = arg;

	r->number = names_find(&r->doc->names, name);
	if (r->number != NAMES_NONE) {
		r->section = r->doc->sections[r->number];
		return;
	}
	r->number = r->doc->n;
	if ((r->section = new_section(r, name, line)) == NULL)
		r->doc->failed = true;
}

/* Where an entry is in the table of all; NAMES_NONE where it is not. */
static size_t
entry_number(const struct document *doc, size_t section, const char *key)
{
	char id[INI_KEY_MAX + 32];

	(void)snprintf(id, sizeof(id), "%zu\n%s", section, key);
	return (names_find(&doc->keys, id));
}

/* Add an entry for ${key}, still without a value; NULL: out of memory. */
static struct entry *
new_entry(struct reading *r, const char *key)
{
	struct document *doc = r->doc;
	struct entry *e = scratch_alloc(&doc->scratch, sizeof(*e)), **list;
	char buf[INI_KEY_MAX + 32];
	const char *id;

	if (doc->keys.n == doc->entries_cap) {
		size_t cap = doc->entries_cap == 0 ? 256 : doc->entries_cap * 2;

		list = realloc(doc->entries, cap * sizeof(*list));
		if (list == NULL)
			return (NULL);
		doc->entries = list;
		doc->entries_cap = cap;
	}
	(void)snprintf(buf, sizeof(buf), "%zu\n%s", r->number, key);
	id = scratch_strdup(&doc->scratch, buf);
	if (e == NULL || id == NULL || names_add(&doc->keys, id) == NAMES_NONE)
		return (NULL);
	doc->entries[doc->keys.n - 1] = e;
	e->key = strchr(id, '\n') + 1;
	if (r->section->first == NULL)
		r->section->first = e;
	else
		r->section->last->next = e;
	r->section->last = e;
	return (e);
}

static void
on_value(void *arg, const char *key, const char *value, int line)
{
	struct reading *r = arg;
	struct entry *e;
	size_t i;

	if (r->section == NULL)
		return;
	i = entry_number(r->doc, r->number, key);
	e = i == NAMES_NONE ? new_entry(r, key) : r->doc->entries[i];
	if (e == NULL) {
		r->doc->failed = true;
		return;
	}
	/* An included file may well override what it does not like. */
	if (i != NAMES_NONE && e->file == r->file)
		diag_add(r->diags, DIAG_WARNING,
		    &(struct diag_at){
			r->file, line, r->section->name, e->key },
		    "%s: given again; that of line %d is ignored", key,
		    e->line);
	e->value = scratch_strdup(&r->doc->scratch, value);
	e->file = r->file;
	e->line = line;
	if (e->value == NULL)
		e->value = "";
}

/* What the reader of lines finds wrong. */
static void
on_error(void *arg, const char *text, int line)
{
	struct reading *r = arg;

	diag_add(r->diags, DIAG_ERROR,
	    &(struct diag_at){ r->file, line, NULL, NULL }, "%s", text);
}

static void
on_warning(void *arg, const char *text, int line)
{
	struct reading *r = arg;

	diag_add(r->diags, DIAG_WARNING,
	    &(struct diag_at){ r->file, line, NULL, NULL }, "%s", text);
}

int
document_read(struct document *doc, const char *name, struct diag_list *diags,
    struct err *err)
{
	struct reading r = { .doc = doc, .diags = diags };
	struct ini_events events = { &r, on_section, on_value, on_error,
		on_warning };
	size_t len = 0;
	char *text = file_read(name, &len, err);

	if (text == NULL)
		return (-1);
	r.file = scratch_strdup(&doc->scratch, name);
	if (r.file == NULL || names_add(&diags->files, r.file) == NAMES_NONE ||
	    ini_read(text, len, &events) != 0)
		doc->failed = true;
	free(text);
	doc->failed |= doc->scratch.failed;
	return (0);
}

const struct section *
document_section(const struct document *doc, const char *name)
{
	size_t i = names_find(&doc->names, name);

	return (i == NAMES_NONE ? NULL : doc->sections[i]);
}

const struct entry *
document_entry(
    const struct document *doc, const struct section *s, const char *key)
{
	size_t i = entry_number(doc, names_find(&doc->names, s->name), key);

	return (i == NAMES_NONE ? NULL : doc->entries[i]);
}

void
document_free(struct document *doc)
{
	free(doc->sections);
	free(doc->entries);
	names_free(&doc->names);
	names_free(&doc->keys);
	scratch_free(&doc->scratch);
	*doc = (struct document){ 0 };
}
