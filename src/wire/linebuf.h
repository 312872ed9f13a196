/* SPDX-License-Identifier: MIT */
#ifndef WIRE_LINEBUF_H
#define WIRE_LINEBUF_H

#include <stddef.h>

/*
 * Bytes from a stream, cut into lines.  One connection has one: garbage, half
 * a line or a line without an end costs its sender the connection, and us at
 * most the maximum.  Reading and closing is the caller's:
 *
 *	linebuf_space() -> read into it -> linebuf_filled() ->
 *	linebuf_next() until it is not LINEBUF_LINE
 */
struct linebuf {
	char *text;
	size_t start;   /* Of the first line not yet taken. */
	size_t scanned; /* No newline lies between ${start} and here. */
	size_t end;
	size_t size;
	size_t max; /* Longest line, its newline included. */
};

enum linebuf_result {
	LINEBUF_LINE, /* Here is one. */
	LINEBUF_MORE, /* Read on. */
	LINEBUF_LONG  /* The line is longer than the maximum: give up. */
};

/**
 * linebuf_init(lb, max):
 * Let ${lb} take lines of up to ${max} bytes.  Allocates nothing yet.
 */
void linebuf_init(struct linebuf *, size_t);

/**
 * linebuf_free(lb):
 * Release what ${lb} holds, and leave it empty and usable.
 */
void linebuf_free(struct linebuf *);

/**
 * linebuf_space(lb, len):
 * Return where to read to, and in ${len} how many bytes may be read: at
 * least one.  Return NULL with ENOMEM, or with EMSGSIZE where linebuf_next()
 * has said, or would say, LINEBUF_LONG.  Lines taken before are gone.
 */
char *linebuf_space(struct linebuf *, size_t *);

/**
 * linebuf_filled(lb, len):
 * Count ${len} bytes, read to where linebuf_space() said.
 */
void linebuf_filled(struct linebuf *, size_t);

/**
 * linebuf_next(lb, line, len):
 * Take the next line.  With LINEBUF_LINE it lies in ${line}, ${len} bytes and
 * then a NUL in place of its newline, and stays until linebuf_space().
 */
enum linebuf_result linebuf_next(struct linebuf *, char **, size_t *);

#endif /* !WIRE_LINEBUF_H */
