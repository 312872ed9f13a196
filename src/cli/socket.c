/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/options.h"
#include "conf/load.h"

#include "cli/socket.h"

/* ${text} as it is, but for the way in which supervisorctl writes it. */
static int
take(char address[FIND_PATH_MAX], const char *text, struct err *err)
{
	if (strncmp(text, "unix://", 7) == 0)
		text += 7;
	if (text[0] == '\0')
		return (err_set(err, 0, "-s: expected a socket, got nothing"));
	if (strlen(text) >= FIND_PATH_MAX)
		return (err_set(err, ENAMETOOLONG, "socket"));
	(void)snprintf(address, FIND_PATH_MAX, "%s", text);
	return (0);
}

/*
 * Where the sigmund of the configuration ${file} listens.  Mistakes in it are
 * for sigmund to tell: it may well run with what the file said before.
 */
static int
take_configured(char address[FIND_PATH_MAX], const char *file, struct err *err)
{
	const struct config_options options = { .syntax_only = true,
		.environ = (const char *const *)environ };
	struct config *config;
	struct arena arena;
	void *memory;
	int rc;

	memory = mmap(NULL, CONFIG_BYTES_MAX, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return (err_set(err, errno, "%s", file));
	arena_init(&arena, memory, CONFIG_BYTES_MAX);
	config = config_load(file, &options, &arena);
	rc = find_socket(address, config == NULL ? NULL : config->socket);
	if (rc != 0)
		(void)err_set(err, errno, "%s: socket", file);
	(void)munmap(memory, CONFIG_BYTES_MAX);
	return (rc);
}

int
socket_find(
    char address[FIND_PATH_MAX], const struct options *o, struct err *err)
{
	const char *inherited = getenv("SIGMUND_SOCKET");
	char file[FIND_PATH_MAX];

	if (o->socket != NULL)
		return (take(address, o->socket, err));
	if (o->config != NULL && access(o->config, R_OK) != 0)
		return (err_set(err, errno, "%s", o->config));
	if (o->config != NULL)
		return (take_configured(address, o->config, err));
	if (inherited != NULL && inherited[0] != '\0')
		return (take(address, inherited, err));
	if (find_config(file) == 0) {
		if (access(file, R_OK) != 0)
			return (err_set(err, errno, "%s", file));
		return (take_configured(address, file, err));
	}
	if (find_socket(address, NULL) != 0)
		return (err_set(err, errno, "socket"));
	return (0);
}
