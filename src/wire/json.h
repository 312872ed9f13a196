/* SPDX-License-Identifier: MIT */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* Opaque types. */
struct err;

/* Of brackets within brackets.  Nothing we say or hear needs more. */
#define JSON_DEPTH_MAX 8

/**
 * json_line(text, len, err):
 * Parse ${len} bytes as one JSON object: strict, valid UTF-8, no key twice,
 * no deeper than JSON_DEPTH_MAX.  Return it for json_decref(), or NULL with
 * the place and the reason in ${err}.
 */
json_t *json_line(const char *, size_t, struct err *);

/**
 * json_get_bool(object, key, value, err):
 * json_get_int(object, key, value, err):
 * json_get_text(object, key, value, err):
 * Put what ${object} has under ${key} into ${value}, the text borrowed from
 * ${object}.  Where it has nothing, or null, leave ${value} alone.  Return 0,
 * or -1 and ${err} if it is of another type.
 */
int json_get_bool(const json_t *, const char *, bool *, struct err *);
int json_get_int(const json_t *, const char *, int64_t *, struct err *);
int json_get_text(const json_t *, const char *, const char **, struct err *);

/**
 * json_get_list(object, key, list, err):
 * Likewise, for an array, which stays ${object}'s.
 */
int json_get_list(const json_t *, const char *, const json_t **, struct err *);

#endif /* !WIRE_JSON_H */
