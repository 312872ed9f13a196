/* SPDX-License-Identifier: MIT */
#ifndef UNIT_CONF_H
#define UNIT_CONF_H

#include <sys/mman.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "conf/load.h"

/* Configurations out of texts, for tests. */

#define CONF_ROOM ((size_t)32 * 1024 * 1024)

static const char *const conf_variables[] = { "PATH=/usr/bin:/bin",
	"GREETING=hello world", NULL };

/* A configuration of the ${len} bytes ${text} in ${room} bytes of memory. */
static inline struct config *
conf_load(const char *text, size_t len, const struct config_options *options,
    size_t room)
{
	struct arena *arena = malloc(sizeof(*arena));
	int fd = memfd_create("conf", MFD_CLOEXEC);
	struct config *config;
	char path[64];
	void *memory;

	cr_assert_eq(write(fd, text, len), (ssize_t)len);
	memory = mmap(NULL, room, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	cr_assert_neq(memory, MAP_FAILED);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	arena_init(arena, memory, room);
	config = config_load(path, options, arena);
	(void)close(fd);
	free(arena);
	return (config);
}

/* What ${text} says, taken for itself. */
static inline struct config *
conf_of(const char *text)
{
	struct config_options options = { .syntax_only = true,
		.environ = conf_variables,
		.hostname = "unit" };

	return (conf_load(text, strlen(text), &options, CONF_ROOM));
}

/* The only service of ${text}, which has no error. */
static inline const struct service_def *
conf_service(const char *text)
{
	struct config *c = conf_of(text);

	cr_assert_eq(
	    c->nerrors, 0, "%s", c->ndiags > 0 ? c->diags[0].text : "");
	cr_assert_eq(c->fleet.n, 1);
	return (&c->fleet.services[0]);
}

/* The first thing which is wrong with ${text}, as "LINE: TEXT". */
static inline const char *
conf_wrong(const char *text)
{
	static char buf[2048];
	struct config *c = conf_of(text);

	if (c->ndiags == 0)
		return ("");
	(void)snprintf(
	    buf, sizeof(buf), "%d: %s", c->diags[0].line, c->diags[0].text);
	return (buf);
}

#endif /* !UNIT_CONF_H */
