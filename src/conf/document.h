/* SPDX-License-Identifier: MIT */
#ifndef CONF_DOCUMENT_H
#define CONF_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/keys.h"
#include "conf/names.h"
#include "conf/scratch.h"

/*
 * The text of a configuration as sections with keys and values, before
 * anything is known of their meaning.  Sections of the same name are one, as
 * are keys, of which the last value counts.
 */

/* Opaque types. */
struct diag_list;
struct err;

struct entry {
	const char *key;
	const char *value;
	const char *file;
	int line;
	struct entry *next; /* Of the same section. */
};

struct section {
	const char *name;      /* All that stands in the brackets. */
	const char *label;     /* Behind the first ":", trimmed, or NULL. */
	enum key_section kind; /* SECTION_COUNT: unknown. */
	const char *file;
	int line;
	struct entry *first, *last;
};

struct document {
	struct scratch scratch; /* All texts. */
	struct section **sections;
	size_t n;
	size_t cap;
	struct names names;     /* Of the sections, with the same numbers. */
	struct names keys;      /* "SECTION NUMBER\nKEY", ... */
	struct entry **entries; /* ... with the same numbers. */
	size_t entries_cap;
	bool failed; /* Out of memory. */
};

/**
 * document_read(doc, name, diags):
 * Add what the file ${name} has; what is wrong with it goes to ${diags}.
 * Return -1 where it cannot be read at all, which is not told yet: ${diags} is
 * the caller's to fill, with ${err}.
 */
int document_read(
    struct document *, const char *, struct diag_list *, struct err *);

/**
 * document_section(doc, name):
 * Return the section [${name}], or NULL.
 */
const struct section *document_section(const struct document *, const char *);

/**
 * document_entry(doc, section, key):
 * Return the entry ${key} of ${section}, or NULL.
 */
const struct entry *document_entry(
    const struct document *, const struct section *, const char *);

/**
 * document_free(doc):
 * Free all that belongs to ${doc}.
 */
void document_free(struct document *);

#endif /* !CONF_DOCUMENT_H */
