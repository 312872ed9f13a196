/* SPDX-License-Identifier: MIT */
#ifndef WIRE_CONTROL_H
#define WIRE_CONTROL_H

#include <stddef.h>

/*
 * What both ends of the control protocol agree on.  The protocol itself is
 * described, byte by byte, in doc/control-protocol.md; requests are in
 * wire/request.h, what sigmund answers in wire/reply.h, and how a client
 * reads that in wire/answer.h.
 */

#define CONTROL_PROTOCOL 1

/* Of a line, its newline included. */
#define CONTROL_REQUEST_MAX ((size_t)64 * 1024)
#define CONTROL_REPLY_MAX   ((size_t)16 * 1024 * 1024)

/* Of a name or pattern in a request. */
#define CONTROL_NAME_MAX 1024

/* Of the id of a request: every reader of JSON has numbers up to 2^53. */
#define CONTROL_ID_MAX 9007199254740992

/* How a command went: the codes of a failed reply, and sigctl's exit code. */
enum control_code {
	CONTROL_OK = 0,            /* As asked. */
	CONTROL_FAILED = 1,        /* It was tried, or refused, and failed. */
	CONTROL_USAGE = 2,         /* The request makes no sense. */
	CONTROL_NOT_AS_WANTED = 3, /* Something that should be up is not. */
	CONTROL_NO_SUCH = 4,       /* There is no such service. */
	CONTROL_NO_ANSWER = 5,     /* sigmund does not answer. */
	CONTROL_TIMED_OUT = 6      /* Not so within the time given. */
};

/* What a request may say besides its command and its id. */
enum control_field {
	CONTROL_TAKES_NAMES = 1, /* Patterns of wire/select.h; none: all. */
	CONTROL_NEEDS_NAMES = 2, /* Likewise, at least one. */
	CONTROL_TAKES_WATCH = 4,
	CONTROL_TAKES_DRY_RUN = 8,
	CONTROL_TAKES_NOW = 16,
	CONTROL_IS_SIGNAL = 32 /* Needs a signal, takes a tree. */
};

#define CONTROL_CHANGES (CONTROL_NEEDS_NAMES | CONTROL_TAKES_WATCH)

/* X(symbol, "word", of enum control_field) */
#define CONTROL_COMMANDS(X)                                                    \
	X(VERSION, "version", 0)                                               \
	X(STATUS, "status", CONTROL_TAKES_NAMES)                               \
	X(START, "start", CONTROL_CHANGES)                                     \
	X(STOP, "stop", CONTROL_CHANGES)                                       \
	X(RESTART, "restart", CONTROL_CHANGES)                                 \
	X(SIGNAL, "signal", CONTROL_NEEDS_NAMES | CONTROL_IS_SIGNAL)           \
	X(UPDATE, "update", CONTROL_TAKES_DRY_RUN | CONTROL_TAKES_WATCH)       \
	X(SHUTDOWN, "shutdown", CONTROL_TAKES_NOW | CONTROL_TAKES_WATCH)       \
	X(WATCH, "watch", CONTROL_TAKES_NAMES)

enum control_command {
#define X(sym, word, fields) CONTROL_##sym,
	CONTROL_COMMANDS(X)
#undef X
	    CONTROL_COMMANDS_COUNT
};

/**
 * control_command_find(word):
 * Return the command whose word in a request is ${word}, or
 * CONTROL_COMMANDS_COUNT.
 */
enum control_command control_command_find(const char *);

/**
 * control_command_word(command):
 * control_command_fields(command):
 * Return the word of ${command} in a request; and what such a request may
 * say, of enum control_field.
 */
const char *control_command_word(enum control_command);
unsigned control_command_fields(enum control_command);

#endif /* !WIRE_CONTROL_H */
