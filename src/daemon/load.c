/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/signame.h"
#include "conf/load.h"
#include "os/kill.h"
#include "os/shared.h"
#include "os/spawn.h"

#include "daemon/daemon.h"
#include "daemon/load.h"

/* Less than this is not worth a try. */
#define LOAD_MAP_MIN ((size_t)1 << 22)

/*
 * For the tests: while the file named by this variable exists, the reader
 * crashes, or hangs if the file is not empty.
 */
#define LOAD_FAULT "SIGMUND_FAULT_READER"

/* At the beginning of the shared memory. */
struct head {
	struct config *config; /* Set last. */
	size_t used;
};

struct load {
	struct daemon *d;
	struct ev_timer timer;
	load_done *done;
	void *arg;
	void *map;
	size_t size;
	pid_t pid;
	int status_fd;
	bool late;
};

/* The fault which a test wants. */
static void
fault(void)
{
	const char *path = getenv(LOAD_FAULT);
	FILE *f;

	if (path == NULL || (f = fopen(path, "re")) == NULL)
		return;
	if (fgetc(f) == EOF)
		(void)kill_self(SIGABRT);
	for (;;)
		(void)pause();
}

/* In the child: read, and leave what was read in the shared memory. */
static int
read_config(void *arg, struct child_report *report)
{
	struct load *l = arg;
	struct head *head = l->map;
	struct config_options options = { 0 };
	struct config *config;
	struct arena arena;

	(void)report;
	fault();
	/* Relative commands and directories begin where we were started. */
	if (l->d->cwd != NULL)
		(void)!chdir(l->d->cwd);
	options.environ = (const char *const *)l->d->environ;
	arena_init(
	    &arena, (char *)l->map + sizeof(*head), l->size - sizeof(*head));
	config = config_load(l->d->config_path, &options, &arena);
	head->used = sizeof(*head) + arena.used;
	head->config = config;
	/* Who looks at a process which ends, as valgrind, looks at all of it. */
	(void)shared_trim(l->map, l->size, head->used);
	return (config == NULL);
}

/* How long a read may take. */
static int
timeout_ms(const struct daemon *d)
{
	return (d->sv == NULL ? LOAD_FIRST_TIMEOUT_MS : LOAD_TIMEOUT_MS);
}

static void
on_late(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct load *l = w->data;

	(void)loop;
	(void)revents;
	/* Its end is reported when it is reaped. */
	l->late = true;
	(void)kill_process(l->pid, SIGKILL);
}

static void
release(struct load *l)
{
	ev_timer_stop(l->d->loop, &l->timer);
	if (l->status_fd != -1)
		(void)close(l->status_fd);
	shared_unmap(l->map, l->size);
	l->d->load = NULL;
	free(l);
}

int
load_begin(struct daemon *d, load_done *done, void *arg, struct err *err)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;
	struct load *l = malloc(sizeof(*l));

	if (l == NULL)
		return (err_set(err, ENOMEM, "cannot read the configuration"));
	*l = (struct load){ .d = d, .done = done, .arg = arg, .status_fd = -1 };
	l->size = CONFIG_BYTES_MAX;
	/* Where memory is not overcommitted, less must do. */
	while ((l->map = shared_map(l->size)) == NULL && l->size > LOAD_MAP_MIN)
		l->size /= 4;
	if (l->map == NULL) {
		(void)err_set(err, errno, "no memory for the configuration");
		goto err0;
	}
	plan.prepare = read_config;
	plan.arg = l;
	plan.stdio[2] = STDERR_FILENO;
	if (spawn_start(&plan, &spawned, err) == -1)
		goto err1;
	l->pid = spawned.pid;
	l->status_fd = spawned.status_fd;
	ev_timer_init(&l->timer, on_late, timeout_ms(d) / 1e3, 0.);
	l->timer.data = l;
	ev_now_update(d->loop);
	ev_timer_start(d->loop, &l->timer);
	d->load = l;
	return (0);

err1:
	shared_unmap(l->map, l->size);
err0:
	free(l);
	return (-1);
}

bool
load_busy(const struct daemon *d)
{
	return (d->load != NULL);
}

/* Why there is no configuration, from how the reader ended. */
static const char *
reason(const struct load *l, int status, char *buf, size_t cap)
{
	const char *path = l->d->config_path;
	char name[SIGNAME_MAX], text[CHILD_TEXT_MAX];
	struct child_report report;

	if (l->late)
		(void)snprintf(buf, cap,
		    "%s: not read within %d s: a file, or the look-up of a "
		    "user, hangs",
		    path, timeout_ms(l->d) / 1000);
	else if (WIFSIGNALED(status))
		(void)snprintf(buf, cap,
		    "%s: the reader was killed by %s; please report it", path,
		    signame_text(WTERMSIG(status), name));
	else if (spawn_status(l->status_fd, &report) == SPAWN_FAILED)
		(void)snprintf(buf, cap, "%s: the reader: %s", path,
		    child_report_text(&report, text));
	else
		(void)snprintf(
		    buf, cap, "%s: not enough memory to read it", path);
	return (buf);
}

void
load_reaped(struct daemon *d, pid_t pid, int status)
{
	struct load *l = d->load;
	struct loaded loaded = { 0 };
	load_done *done;
	char why[1024];
	const struct head *head;
	void *arg;

	if (l == NULL || l->pid != pid)
		return;
	head = l->map;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
	    head->config != NULL && !l->late) {
		loaded.config = head->config;
		loaded.map = l->map;
		loaded.size = shared_trim(l->map, l->size, head->used);
		/* What cannot be given back stays with it. */
		if (loaded.size == 0)
			loaded.size = l->size;
		l->map = NULL;
	} else {
		loaded.why = reason(l, status, why, sizeof(why));
	}
	done = l->done;
	arg = l->arg;
	release(l);
	done(d, &loaded, arg);
}

bool
load_abandon(struct daemon *d)
{
	struct load *l = d->load;
	load_done *done;
	void *arg;

	if (l == NULL)
		return (false);
	(void)kill_process(l->pid, SIGKILL);
	done = l->done;
	arg = l->arg;
	release(l);
	done(d, NULL, arg);
	return (true);
}
