/* SPDX-License-Identifier: MIT */
#ifndef CONF_INI_H
#define CONF_INI_H

#include <stddef.h>

/*
 * INI text by the rules of Python's configparser as supervisord sets it up,
 * read by inih.  What inih does on its own account is kept from it: it cuts
 * lines and names at lengths which differ from build to build, counts those
 * pieces as lines, takes an indented key for a continuation, and does not
 * tell of a section.  Hence it is fed short pieces of one logical line each,
 * in which it finds nothing but the key and the value.
 *
 * Lines: `[section]`, `key = value`, `key: value`; blank lines and lines
 * which begin with ";" or "#" are skipped; a ";" or "#" after a blank begins a
 * comment.  A line which is indented more than its key continues the value,
 * joined by a newline.  Keys lose their case.
 */

#define INI_SECTION_MAX 255
#define INI_KEY_MAX     63
#define INI_VALUE_MAX   65536

/*
 * What is found, in the order of the text.  The texts are borrowed for the
 * time of the call.  A value belongs to the section told last.
 */
struct ini_events {
	void *arg;
	void (*section)(void *, const char *, int);
	void (*value)(void *, const char *, const char *, int);
	void (*error)(void *, const char *, int);
	void (*warning)(void *, const char *, int);
};

/**
 * ini_read(text, len, events):
 * Read the ${len} bytes at ${text} and call the functions of ${events}, each
 * with ${arg}, what was found, and the number of the line where it begins.
 * Return -1 where memory ran out.
 */
int ini_read(const char *, size_t, const struct ini_events *);

#endif /* !CONF_INI_H */
