/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "conf/load.h"
#include "conf/print.h"
#include "conf/scratch.h"
#include "conf/shlex.h"

/*
 * Goal: see what a configuration means, without a supervisor.
 *
 * golden FILE: print the configuration, or what is wrong with it; exit 1 on an
 * error.  Diagnostics go to stderr.
 * golden --machine FILE: ask this machine too (users, files).
 * golden --environ FILE: with the environment as it is.
 * golden --load FILE: load it, print nothing but the number of services.
 * golden --split: split the texts on stdin, each ended by a NUL, into words;
 * a word ends with a NUL, a text with 0x01; "!" is a mistake.
 */

#define ARENA_BYTES ((size_t)256 * 1024 * 1024)

/* Equal on all machines. */
static const char *const variables[] = { "PATH=/usr/bin:/bin", "HOME=/root",
	"GREETING=hello world", "PERCENT=100%", "EMPTY=", "COMMENT=a ;b #c",
	"EDGES= x ", "LINES=one\n two\n", NULL };

/* The words of one text. */
static void
split(const char *text)
{
	struct scratch scratch = { 0 };
	struct err err;
	const char *const *word = shlex_split(text, &scratch, &err);

	if (word == NULL)
		(void)putchar('!');
	for (; word != NULL && *word != NULL; word++) {
		(void)fputs(*word, stdout);
		(void)putchar('\0');
	}
	(void)putchar('\1');
	scratch_free(&scratch);
}

static void
write_diag(const struct diag *d)
{
	struct strbuf line;

	strbuf_init(&line, DIAG_LINE_MAX);
	diag_put(&line, d);
	(void)fprintf(stderr, "%s\n", strbuf_text(&line));
	strbuf_free(&line);
}

static int
split_all(void)
{
	char *text = NULL;
	size_t size = 0;

	while (getdelim(&text, &size, '\0', stdin) >= 0)
		split(text);
	free(text);
	return (0);
}

int
main(int argc, char **argv)
{
	extern char **environ;
	struct config_options options = {
		.syntax_only = true, .environ = variables, .hostname = "golden"
	};
	struct arena arena;
	struct config *config;
	const char *mode = argc == 3 ? argv[1] : "";
	void *memory;
	size_t i;

	if (argc == 2 && strcmp(argv[1], "--split") == 0)
		return (split_all());
	if (argc < 2 || argc > 3) {
		fprintf(stderr,
		    "usage: golden [--machine|--environ|--load] FILE\n");
		return (2);
	}
	if (mode[0] != '\0') {
		options =
		    (struct config_options){ .environ =
						 (const char *const *)environ };
		options.syntax_only = strcmp(mode, "--machine") != 0;
	}
	memory = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return (2);
	arena_init(&arena, memory, ARENA_BYTES);
	config = config_load(argv[argc - 1], &options, &arena);
	if (config == NULL || !config->complete)
		return (2);
	for (i = 0; i < config->ndiags; i++)
		write_diag(&config->diags[i]);
	if (config->nerrors > 0)
		return (1);
	if (strcmp(mode, "--load") == 0)
		printf(
		    "%zu services, %zu bytes\n", config->fleet.n, arena.used);
	else if (print_config(stdout, config) != 0)
		return (2);
	(void)munmap(memory, ARENA_BYTES);
	return (0);
}
