/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "conf/load.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "os/spawn.h"
#include "os/watch.h"

#include "daemon/births.h"
#include "daemon/daemon.h"
#include "daemon/trees.h"

/* An exec which is awaited: the end of its pipe which tells. */
struct birth {
	struct daemon *d;
	int fd;
	bool deaf; /* ${fd} could not be watched, which is tried again. */
	uint32_t service;
	uint64_t run;
	births_told *told;
};

/*
 * All which are awaited.  Not one watcher of the loop each: see os/watch.h for
 * what becomes of that when a thousand are born.
 */
struct births {
	int set;
	struct ev_io io;       /* Of ${set}. */
	struct ev_timer again; /* While one is deaf. */
};

/* So many are told before the loop looks around. */
#define TOLD_A_TURN  64
/* Without memory for it, this long until a pipe is watched after all. */
#define DEAF_SECONDS .1

/* What the child needs to become a service. */
struct heritage {
	const struct daemon *d;
	const struct service_def *def;
	bool stdin_pipe;
};

/* Does the environment entry ${a} set the same variable as ${b}? */
static bool
same_variable(const char *a, const char *b)
{
	const char *eq = strchr(b, '=');
	size_t len = eq == NULL ? strlen(b) : (size_t)(eq - b) + 1;

	return (strncmp(a, b, len) == 0);
}

/* Set ${entry} in the list of ${n}, in place of an earlier one. */
static size_t
put(const char **list, size_t n, const char *entry)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (same_variable(list[i], entry)) {
			list[i] = entry;
			return (n);
		}
	}
	list[n] = entry;
	return (n + 1);
}

/*
 * The environment: what we were started with, over it what the configuration
 * says, and over all what marks the process as ours.  The configuration may
 * name another socket, but a process without its mark could outlive its stop.
 * A list to be freed, or NULL.  Made before the fork: all that it needs is in
 * our memory, and the child would have to copy each page that it writes to.
 */
static const char **
make_environment(
    const struct daemon *d, const struct service_def *def, uint64_t run)
{
	const char *const *own = def->environment;
	const char **list;
	char *cookie;
	size_t i, n = 0, most = 3;

	for (i = 0; d->environ[i] != NULL; i++)
		most++;
	for (i = 0; own[i] != NULL; i++)
		most++;
	if ((list = malloc(most * sizeof(*list) + TREES_COOKIE_MAX)) == NULL)
		return (NULL);
	cookie = (char *)(list + most);
	trees_cookie(d, run, cookie);
	for (i = 0; d->environ[i] != NULL; i++)
		if (!same_variable(d->environ[i], "NOTIFY_SOCKET="))
			list[n++] = d->environ[i];
	if (d->socket_entry != NULL)
		n = put(list, n, d->socket_entry);
	for (i = 0; own[i] != NULL; i++)
		n = put(list, n, own[i]);
	n = put(list, n, cookie);
	list[n] = NULL;
	return (list);
}

/* PATH is the program's own where it has one. */
static const char *
search_path(const char *const *envp)
{
	size_t i;

	for (i = 0; envp[i] != NULL; i++)
		if (strncmp(envp[i], "PATH=", 5) == 0)
			return (envp[i] + 5);
	return (NULL);
}

/*
 * supervisord gives its programs a pipe to read from on which nothing ever
 * comes, and no end.  A pipe which the child itself holds open for writing is
 * the same, and costs us no descriptor.
 */
static int
endless_stdin(void)
{
	char path[32];
	int p[2], fd;

	if (pipe2(p, O_CLOEXEC) == -1)
		return (-1);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", p[1]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	/* Without /proc it keeps /dev/null. */
	if (fd != -1 && dup2(fd, STDIN_FILENO) == -1)
		return (-1);
	if (fd != -1)
		(void)close(fd);
	(void)close(p[0]);
	(void)close(p[1]);
	return (0);
}

/*
 * A service begins where we were started, although we have left it, and a
 * relative directory begins there.  As ourselves, before the user is changed:
 * it was inherited by everybody else, who need not be able to enter it.
 */
static int
go_back(const struct heritage *h)
{
	const char *wanted = h->def->directory, *cwd = h->d->cwd;

	if (cwd == NULL || (wanted != NULL && wanted[0] == '/'))
		return (0);
	return (chdir(cwd));
}

/* In the child, before its exec: whatever may take time or memory. */
static int
prepare(void *arg, struct child_report *report)
{
	const struct heritage *h = arg;

	if (go_back(h) == -1)
		return (child_report_set(
		    report, CHILD_STAGE_DIRECTORY, errno, "%s", h->d->cwd));
	if (h->stdin_pipe && endless_stdin() == -1)
		return (child_report_set(
		    report, CHILD_STAGE_STDIO, errno, "stdin"));
	return (0);
}

/* Where a stream of the child goes. */
static int
stream(const struct program_log *log, int ours)
{
	return (log->kind == LOG_TO_NONE ? SPAWN_STDIO_NULL : ours);
}

/* The exec of ${b} was told, or never will be: no need of it any more. */
static void
release(struct birth *b)
{
	if (!b->deaf)
		watch_remove(b->d->births->set, b->fd);
	(void)close(b->fd);
	b->d->children[b->service].birth = NULL;
	free(b);
}

/* Keep why it was not executed, for log and status. */
static void
keep_trouble(struct child *c, const struct child_report *report)
{
	char text[CHILD_TEXT_MAX];

	free(c->trouble);
	c->trouble = strdup(child_report_text(report, text));
}

/* Ask what became of the exec of ${b}, and tell. */
static void
ask(struct birth *b, bool ended)
{
	struct child_report report;
	struct daemon *d = b->d;
	uint32_t i = b->service;
	births_told *told = b->told;
	uint64_t run = b->run;
	int code = 0, stage = 0;

	switch (spawn_status(b->fd, &report)) {
	case SPAWN_PENDING:
		if (!ended)
			return;
		/* Somebody else holds the pipe; it has ended all the same. */
		break;
	case SPAWN_EXECED:
		break;
	case SPAWN_FAILED:
		keep_trouble(&d->children[i], &report);
		code = report.code != 0 ? report.code : EINVAL;
		stage = (int)report.stage;
		break;
	}
	release(b);
	told(d, i, run, code, stage);
}

static void
on_status(struct ev_loop *loop, struct ev_io *io, int revents)
{
	struct births *all = io->data;
	void *told[TOLD_A_TURN];
	size_t i, n;

	/* libev could not listen, and would not try again unless it is set. */
	if (revents & EV_ERROR) {
		ev_io_set(io, io->fd, EV_READ);
		ev_io_start(loop, io);
	}
	n = watch_ready(all->set, told, TOLD_A_TURN);
	for (i = 0; i < n; i++)
		ask(told[i], false);
}

/* Wait for what ${b} tells. */
static void
listen_to(struct birth *b)
{
	struct births *all = b->d->births;

	b->deaf = watch_add(all->set, b->fd, b) == -1;
	if (b->deaf && !ev_is_active(&all->again)) {
		ev_timer_set(&all->again, DEAF_SECONDS, 0.);
		ev_timer_start(b->d->loop, &all->again);
	}
}

static void
on_again(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct daemon *d = w->data;
	struct birth *b;
	uint32_t i;

	(void)loop;
	(void)revents;
	for (i = 0; i < d->sv->n; i++) {
		b = d->children[i].birth;
		if (b != NULL && b->deaf)
			listen_to(b);
	}
}

int
births_open(struct daemon *d)
{
	struct births *all = malloc(sizeof(*all));

	if (all == NULL || (all->set = watch_open()) == -1) {
		free(all);
		return (-1);
	}
	ev_io_init(&all->io, on_status, all->set, EV_READ);
	all->io.data = all;
	ev_timer_init(&all->again, on_again, 0., 0.);
	all->again.data = d;
	ev_io_start(d->loop, &all->io);
	d->births = all;
	return (0);
}

void
births_close(struct daemon *d)
{
	struct births *all = d->births;

	if (all == NULL)
		return;
	ev_io_stop(d->loop, &all->io);
	ev_timer_stop(d->loop, &all->again);
	(void)close(all->set);
	free(all);
	d->births = NULL;
}

/* Fork as ${plan} says. */
static int
fork_child(const struct spawn_plan *plan, struct birth *b, struct err *err)
{
	struct spawned spawned;

	if (spawn_start(plan, &spawned, err) == -1)
		return (-1);
	b->fd = spawned.status_fd;
	listen_to(b);
	return ((int)spawned.pid);
}

int
births_begin(struct daemon *d, uint32_t i, births_told *told, struct err *err)
{
	const struct service_def *def = d->sv->defs[i];
	struct spawn_plan plan = SPAWN_PLAN;
	struct heritage h = { d, def,
		d->config->dialect == CONFIG_SUPERVISORD };
	const uint64_t run = d->sv->services[i].run.number;
	struct birth *b = malloc(sizeof(*b));
	const char **environment = make_environment(d, def, run);
	int pid;

	if (b == NULL || environment == NULL) {
		pid = err_set(err, ENOMEM, "cannot start");
		goto done;
	}
	*b = (struct birth){ .d = d, .service = i, .run = run, .told = told };
	births_forget(d, i);
	plan.argv = def->argv;
	plan.envp = environment;
	plan.path = search_path(environment);
	plan.directory = def->directory;
	plan.user = def->user;
	plan.umask = def->umask;
	plan.session = true;
	plan.handled = &d->handled;
	plan.nofile = &d->nofile;
	plan.stdio[1] = stream(&def->out, STDOUT_FILENO);
	plan.stdio[2] = def->redirect_stderr ? plan.stdio[1]
					     : stream(&def->err, STDERR_FILENO);
	plan.prepare = prepare;
	plan.arg = &h;
	pid = fork_child(&plan, b, err);
done:
	if (pid == -1)
		free(b);
	else
		d->children[i].birth = b;
	free(environment);
	return (pid);
}

void
births_settle(struct daemon *d, uint32_t i)
{
	if (d->children[i].birth != NULL)
		ask(d->children[i].birth, true);
}

void
births_move(struct child *child, uint32_t i, struct child *from)
{
	*child = *from;
	*from = (struct child){ .birth = NULL };
	if (child->birth != NULL)
		child->birth->service = i;
}

void
births_forget(struct daemon *d, uint32_t i)
{
	free(d->children[i].trouble);
	d->children[i].trouble = NULL;
}
