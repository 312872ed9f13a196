/* SPDX-License-Identifier: MIT */
#ifndef CONF_SHLEX_H
#define CONF_SHLEX_H

/* Opaque types. */
struct err;
struct scratch;

/*
 * What is said about a quote, given as %c, which is not closed.  Mostly a
 * comment has cut it, which nobody expects.
 */
#define SHLEX_OPEN_QUOTE                                                       \
	"the quote %c is not closed; \" ;\" and \" #\" begin a comment, in "   \
	"quotes too"

/**
 * shlex_split(text, scratch, err):
 * Split ${text} into words exactly as Python's shlex.split() does, and hence
 * supervisord: blanks part words; '...' is literal; in "..." a backslash
 * counts before " and \ alone, elsewhere it takes the next byte as it is, a
 * newline too.  No variables, no globs, no comments.  Return the
 * NULL-terminated words in ${scratch}, or NULL.
 */
const char *const *shlex_split(const char *, struct scratch *, struct err *);

#endif /* !CONF_SHLEX_H */
