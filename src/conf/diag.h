/* SPDX-License-Identifier: MIT */
#ifndef CONF_DIAG_H
#define CONF_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/names.h"
#include "conf/scratch.h"

/*
 * What is wrong with a configuration, and where.  All of it is collected, so
 * that one look at the list mends the file.
 */

/* Opaque types. */
struct arena;
struct strbuf;

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct diag {
	const char *file;
	int line; /* 0: the file as a whole. */
	enum diag_severity severity;
	const char *section;    /* NULL: none. */
	const char *key;        /* NULL: none. */
	const char *text;       /* Complete, with the suggestion. */
	const char *suggestion; /* The word alone; NULL: none. */
};

/* Where something was said; the texts are borrowed until diag_list_free(). */
struct diag_at {
	const char *file;
	int line;
	const char *section;
	const char *key;
};

/* More than these are counted, but not kept; warnings yield to errors. */
#define DIAG_MAX 1000

struct diag_list {
	struct diag *items;
	size_t n;
	size_t cap;
	size_t nerrors;
	size_t nwarnings;
	struct names files; /* In the order in which they were read. */
	struct scratch scratch;
	bool failed; /* Out of memory. */
};

/**
 * diag_list_free(l):
 * Free what ${l} holds.
 */
void diag_list_free(struct diag_list *);

/**
 * diag_add(l, severity, at, fmt, ...):
 * Add what is wrong at ${at}.
 */
void diag_add(struct diag_list *, enum diag_severity, const struct diag_at *,
    const char *, ...) __attribute__((format(printf, 4, 5)));

/**
 * diag_suggest(l, word, note):
 * Add "; did you mean ${word}?" and, unless it is NULL, " (${note})" to what
 * was added last.  Without a ${word}, do nothing.
 */
void diag_suggest(struct diag_list *, const char *, const char *);

/**
 * diag_sort(l):
 * Bring ${l} into the order of the files and their lines; drop what is there
 * twice.
 */
void diag_sort(struct diag_list *);

/**
 * diag_more(l, file):
 * Where some were only counted, end ${l} with a line about ${file} which says
 * how many.  That line itself is not counted.
 */
void diag_more(struct diag_list *, const char *);

/**
 * diag_copy(l, arena):
 * Return a copy of what ${l} holds in ${arena}, or NULL.
 */
struct diag *diag_copy(const struct diag_list *, struct arena *);

/* Of a diagnostic as a line: its file, and its text. */
#define DIAG_LINE_MAX 8192

/**
 * diag_put(b, d):
 * Append ${d} to ${b} as "FILE:LINE: error|warning: TEXT".
 */
void diag_put(struct strbuf *, const struct diag *);

#define DIAG_QUOTE_MAX 80

/**
 * diag_quote(buf, text):
 * Write ${text} to ${buf} for a message: between quotes, shortened, what
 * cannot be printed as \xNN.  Return ${buf}.
 */
const char *diag_quote(char[DIAG_QUOTE_MAX], const char *);

#endif /* !CONF_DIAG_H */
