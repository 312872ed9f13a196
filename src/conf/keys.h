/* SPDX-License-Identifier: MIT */
#ifndef CONF_KEYS_H
#define CONF_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The one table of all keys of all sections.  The reader, the messages,
 * --print, --keys, the comparison of two configurations and the check of the
 * manual go over its rows; whoever adds a key adds a row and its .It Ic.
 */

/* What the kinds of sections are, as a manual writes them. */
#define KEY_SECTIONS(X)                                                        \
	X(MAIN, "sigmund")                                                     \
	X(PROGRAM, "program:x")                                                \
	X(LISTENER, "eventlistener:x")                                         \
	X(FCGI, "fcgi-program:x")                                              \
	X(GROUP, "group:x")                                                    \
	X(UNIX, "unix_http_server")                                            \
	X(INET, "inet_http_server")                                            \
	X(CTL, "supervisorctl")                                                \
	X(RPC, "rpcinterface:x")                                               \
	X(PLUGIN, "ctlplugin:x")                                               \
	X(INCLUDE, "include")                                                  \
	X(DEFAULT, "DEFAULT")

enum key_section {
#define X(sym, name) SECTION_##sym,
	KEY_SECTIONS(X)
#undef X
	    SECTION_COUNT
};

/* X(symbol, "name of the type in --keys") and what is stored. */
#define KEY_TYPES(X)                                                           \
	X(BOOL, "true or false") /* bool; or one of two words. */              \
	X(INT, "number")         /* int */                                     \
	X(COUNT, "number")       /* unsigned */                                \
	X(DURATION, "time")      /* int64_t, milliseconds */                   \
	X(SIZE, "size")          /* int64_t, bytes */                          \
	X(OCTAL, "octal number") /* int */                                     \
	X(SIGNAL, "signal")      /* int; 0 is `received`. */                   \
	X(CODES, "exit codes")   /* uint32_t[8], a bitmap */                   \
	X(WORD, "word")          /* int, an index into the words */            \
	X(RESTART, "word")       /* int, enum program_autorestart */           \
	X(NAME, "name")          /* const char *, one line without "/:" */     \
	X(TEXT, "text")          /* const char *, one line */                  \
	X(PATH, "path")          /* const char *, one line, not empty */       \
	X(USER, "user")          /* const char * */                            \
	X(COMMAND, "command")    /* const char *, and argv beside it */        \
	X(ENVIRONMENT, "KEY=value, ...") /* const char *const * */             \
	X(LOG, "path or word")           /* struct program_log: kind, path */  \
	X(LIST, "names")                 /* const char *, taken apart later */

enum key_type {
#define X(sym, name) KEY_##sym,
	KEY_TYPES(X)
#undef X
	    KEY_TYPE_COUNT
};

/* In which struct the typed value goes, at ${offset}. */
enum key_place {
	PLACE_NONE,    /* Checked, not kept. */
	PLACE_CONFIG,  /* struct config */
	PLACE_PROGRAM, /* struct program */
	PLACE_SOURCE,  /* struct config_source */
	PLACE_SERVICE, /* struct service_def: expanded for each process */
	PLACE_GROUP,   /* struct config_group */
	PLACE_SERVER   /* struct config_server */
};

/* What a change of a key needs. */
enum key_change {
	CHANGE_NOTHING, /* It has no effect. */
	CHANGE_APPLY,   /* Applied to the living service. */
	CHANGE_BIRTH,   /* The process is born differently: restart it. */
	CHANGE_NUMBER,  /* Services come and go. */
	CHANGE_SIGMUND  /* sigmund itself must be started again. */
};

struct key {
	const char *name;
	unsigned sections; /* 1u << SECTION_... */
	enum key_type type;
	enum key_place place;
	size_t offset;
	int64_t min, max;         /* Of numbers; times in milliseconds. */
	const char *const *words; /* KEY_WORD, KEY_BOOL; NULL-terminated. */
	const char *expects;      /* For messages; NULL: by type. */
	const char *def;          /* Under [supervisord]; NULL: none. */
	const char *def_sigmund;  /* Under [sigmund], where it differs. */
	enum key_change change;
	bool later;             /* Accepted, not acted on yet. */
	const char *synonym_of; /* The key which is printed instead. */
	const char *help;
};

/* All rows; the last has no name. */
extern const struct key keys[];

#define KEY_EXPECTS_MAX 120

/**
 * keys_find(section, name):
 * Return the row of the key ${name} in sections of the kind ${section}, or
 * NULL.  [DEFAULT] has all keys.
 */
const struct key *keys_find(enum key_section, const char *);

/**
 * keys_nearest(section, name):
 * Return the row whose name somebody who wrote ${name} probably meant, or
 * NULL.
 */
const struct key *keys_nearest(enum key_section, const char *);

/**
 * keys_default(key, sigmund):
 * Return the default of ${key} under [sigmund] or [supervisord], as it would
 * be written; NULL where it has none.
 */
const char *keys_default(const struct key *, bool);

/**
 * keys_expects(key, buf):
 * Write to ${buf} what a value of ${key} has to be, for a message.  Return
 * ${buf}.
 */
const char *keys_expects(const struct key *, char[KEY_EXPECTS_MAX]);

/**
 * keys_section_name(section):
 * Return how the manual writes a section of this kind: "program:x".
 */
const char *keys_section_name(enum key_section);

/**
 * keys_print(f):
 * Write all keys with type, default and help to ${f}.
 */
void keys_print(FILE *);

#endif /* !CONF_KEYS_H */
