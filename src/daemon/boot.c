/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "conf/file.h"
#include "conf/find.h"
#include "conf/load.h"
#include "core/event.h"
#include "core/supervisor.h"
#include "os/own.h"
#include "os/pid1.h"
#include "os/shared.h"
#include "os/sockets.h"

#include "daemon/births.h"
#include "daemon/boot.h"
#include "daemon/commands.h"
#include "daemon/configs.h"
#include "daemon/control.h"
#include "daemon/crank.h"
#include "daemon/daemon.h"
#include "daemon/load.h"
#include "daemon/loop.h"
#include "daemon/options.h"
#include "daemon/signals.h"
#include "daemon/sweep.h"
#include "daemon/trees.h"
#include "daemon/update.h"

/* It cannot begin: say why, and leave the loop. */
static void
give_up(struct daemon *d, const char *why)
{
	log_error(&d->log, NULL, "%s", why);
	d->exit_code = 1;
	d->done = true;
	ev_break(d->loop, EVBREAK_ALL);
}

/* ${path}, seen from where we were started, in memory of its own. */
static char *
from_start(const struct daemon *d, const char *path)
{
	char *joined, *absolute;

	if (path[0] == '/' || d->cwd == NULL)
		return (file_absolute(path));
	if (asprintf(&joined, "%s/%s", d->cwd, path) < 0)
		return (NULL);
	absolute = file_absolute(joined);
	free(joined);
	return (absolute);
}

/* Where the control socket is, and its entry for children. */
static int
place_socket(struct daemon *d, struct err *err)
{
	const char *wanted = d->config->socket;
	char address[FIND_PATH_MAX];
	char *absolute = NULL;
	int rc;

	/* Relative names begin where we were started; we have left it. */
	if (wanted != NULL && wanted[0] != '@' &&
	    (absolute = from_start(d, wanted)) == NULL)
		return (err_set(err, ENOMEM, "control socket"));
	rc = find_socket(address, absolute != NULL ? absolute : wanted);
	free(absolute);
	if (rc == -1)
		return (err_set(err, errno, "control socket %s",
		    wanted == NULL ? "" : wanted));
	if (address[0] != '@' && sockets_directory(address, 0755, err) == -1)
		return (-1);
	if ((d->address = strdup(address)) == NULL ||
	    asprintf(&d->socket_entry, "SIGMUND_SOCKET=%s", address) < 0) {
		d->socket_entry = NULL;
		return (err_set(err, ENOMEM, "control socket"));
	}
	return (0);
}

/* The configuration is there: make what it says. */
static int
begin(struct daemon *d, const struct loaded *loaded, enum takeover takeover,
    struct err *err)
{
	/* For once_open(), which asks it where to look. */
	d->config = loaded->config;
	d->log.format = d->config->log_json ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT;
	if (place_socket(d, err) == -1 || once_open(d, takeover, err) == -1)
		return (-1);
	if (update_first(d, loaded->config, loaded->map, loaded->size,
		once_first_run(d), err) == -1)
		return (-1);
	once_rebuild(d);
	if (control_open(d, commands_handle, err) == -1)
		return (-1);
	log_info(&d->log, NULL,
	    "sigmund %s, pid %d; %zu service%s from %s; control socket %s",
	    PACKAGE_VERSION, (int)getpid(), d->config->fleet.n,
	    d->config->fleet.n == 1 ? "" : "s", d->config->file, d->address);
	crank_post(d, &(struct event){ .type = EVENT_BOOT });
	return (0);
}

/* The first read of the INI has come to its end. */
static void
on_loaded(struct daemon *d, const struct loaded *loaded, void *arg)
{
	const struct options *o = arg;
	struct err err;

	if (loaded == NULL)
		return;
	if (loaded->config == NULL) {
		give_up(d, loaded->why);
		return;
	}
	update_log_diags(d, loaded->config);
	if (loaded->config->nerrors > 0) {
		give_up(d, "the configuration has errors; not started");
		shared_unmap(loaded->map, loaded->size);
		return;
	}
	if (begin(d, loaded, o->takeover, &err) == -1) {
		give_up(d, err.text);
		return;
	}
	crank_turn(d);
	update_resume(d);
}

/* Make ourselves what we must be, whoever started us. */
static int
settle(struct daemon *d, const struct options *o, struct err *err)
{
	char *path;

	d->cwd = getcwd(NULL, 0);
	if ((path = options_config(o, err)) == NULL)
		return (-1);
	d->config_path = file_absolute(path);
	free(path);
	if (d->config_path == NULL)
		return (err_set(err, errno, "cannot name the configuration"));
	(void)pid1_raise_nofile(&d->nofile);
	d->pid1 = pid1_is();
	if (!d->pid1 && pid1_subreaper(err) == -1)
		log_warn(&d->log, NULL,
		    "%s; what a service leaves behind cannot be followed",
		    err->text);
	pid1_leave_directory();
	if (trees_open(d) == -1)
		return (err_set(err, ENOMEM, "cannot start"));
	if ((d->loop = loop_open()) == NULL || births_open(d) == -1)
		return (err_set(err, errno, "cannot make an event loop"));
	return (0);
}

static void
release(struct daemon *d)
{
	uint32_t i;

	for (i = 0; d->sv != NULL && i < d->sv->n; i++) {
		births_settle(d, i);
		trees_forget(d, i);
		births_forget(d, i);
	}
	births_close(d);
	own_free(d->sv);
	own_free(d->children);
	pids_free(&d->pids);
	trees_close(d);
	configs_free(&d->configs);
	free(d->address);
	free(d->socket_entry);
	free(d->cwd);
	free(d->config_path);
	if (d->loop != NULL)
		ev_loop_destroy(d->loop);
	log_close(&d->log);
}

int
boot(const struct options *o, char *const *environment)
{
	struct daemon d = { .environ = environment };
	struct err err;
	bool reader;

	log_open(&d.log, STDERR_FILENO, LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	if (settle(&d, o, &err) == -1) {
		log_error(&d.log, NULL, "%s", err.text);
		release(&d);
		return (1);
	}
	d.reaped_other = load_reaped;
	crank_open(&d);
	signals_open(&d);
	if (load_begin(&d, on_loaded, (void *)o, &err) == -1)
		give_up(&d, err.text);
	while (!d.done)
		ev_run(d.loop, 0);
	reader = load_abandon(&d);
	control_close(&d);
	if (reader)
		sweep_helper(&d);
	if (d.sv != NULL) {
		sweep(&d);
		log_info(
		    &d.log, NULL, "sigmund ends, exit code %d", d.exit_code);
	}
	once_close(&d);
	/* Last: whoever says TERM once more must not cut this short. */
	signals_close(&d);
	release(&d);
	return (d.exit_code);
}
