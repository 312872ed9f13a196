/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "conf/diff.h"
#include "conf/load.h"
#include "conf/print.h"

/*
 * Goal: whatever a file has, it is loaded or refused; what is loaded prints,
 * reads again as the same configuration, and prints as the same text.
 */

/* Small, so that running out of it is seen too. */
#define ROOM ((size_t)1024 * 1024)

static const char *const variables[] = { "A=1", "SPACE= x ", "SEMI=a ;b #c",
	"LINES=one\n two\n", "PERCENT=%(here)s%", "QUOTE=\"it's\"",
	"EMPTY=", NULL };

static _Alignas(64) char rooms[2][ROOM];

/* Load the ${len} bytes ${text} into a room which is as good as new. */
static struct config *
load(char *room, const char *text, size_t len)
{
	struct config_options options = {
		.syntax_only = true, .environ = variables, .hostname = "fuzz"
	};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct config *config;
	struct arena arena;
	char path[64];

	assert(fd != -1 && write(fd, text, len) == (ssize_t)len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(room, 0, ROOM);
	arena_init(&arena, room, ROOM);
	config = config_load(path, &options, &arena);
	assert(config != NULL && config->complete);
	assert((void *)config == (void *)room);
	assert(config->nerrors == 0 || config->fleet.n == 0);
	(void)close(fd);
	return (config);
}

/* ${config} as it is printed, in memory of its own. */
static char *
printed(const struct config *config, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	assert(f != NULL);
	assert(print_config(f, config) == 0);
	assert(fclose(f) == 0);
	return (text);
}

/* What is printed may be longer than a value or the room can be. */
static int
too_long(const struct config *config)
{
	return (strstr(config->diags[0].text, "65536") != NULL ||
		strstr(config->diags[0].text, "too large") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *first, *second;
	char *once, *twice = NULL;
	size_t once_len, twice_len;
	struct diff *d;

	/* A pattern may lead through the whole machine, and take its time. */
	if (memmem(data, size, "[include]", 9) != NULL &&
	    (memchr(data, '*', size) != NULL ||
		memchr(data, '?', size) != NULL))
		return (0);
	first = load(rooms[0], (const char *)data, size);
	if (first->nerrors > 0)
		return (0);
	once = printed(first, &once_len);
	second = load(rooms[1], once, once_len);
	if (second->nerrors == 0) {
		twice = printed(second, &twice_len);
		assert(once_len == twice_len &&
		       memcmp(once, twice, once_len) == 0);
		d = diff_make(first, second);
		assert(d != NULL && d->counts[DIFF_SAME] == d->n);
		diff_free(d);
	} else {
		assert(too_long(second));
	}
	free(once);
	free(twice);
	return (0);
}
