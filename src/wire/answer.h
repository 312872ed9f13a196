/* SPDX-License-Identifier: MIT */
#ifndef WIRE_ANSWER_H
#define WIRE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/reply.h"

/* Opaque types. */
struct err;

/*
 * A line from sigmund, as a client reads it.  Fields and events which it does
 * not know are passed over: a newer sigmund says more.
 */
enum answer_kind {
	ANSWER_REPLY, /* ${reply}. */
	ANSWER_STATE, /* ${service} has changed. */
	ANSWER_GONE,  /* ${service} is no more. */
	ANSWER_OTHER  /* An event which we do not know. */
};

struct answer {
	enum answer_kind kind;
	struct reply reply; /* ${reply.id} is set in each kind. */
	struct wire_service service;

	/* What all texts and arrays above lie in. */
	void *json;
	void *arrays[4];
};

/**
 * answer_parse(a, line, len, err):
 * Read the ${len} bytes of ${line}, without newline, into ${a}, which has to
 * be freed with answer_free().  Return 0, or -1 with the reason in ${err} and
 * ${a} untouched.
 */
int answer_parse(struct answer *, const char *, size_t, struct err *);

/**
 * answer_free(a):
 * Release what answer_parse() allocated for ${a}.
 */
void answer_free(struct answer *);

#endif /* !WIRE_ANSWER_H */
