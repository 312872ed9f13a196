/* SPDX-License-Identifier: MIT */
#include <sys/prctl.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/child_report.h"
#include "os/kill.h"
#include "os/spawn.h"
#include "os/tty.h"

#include "daemon/solo_command.h"
#include "daemon/solo_options.h"

#define NOT_FOUND      127
#define NOT_EXECUTABLE 126

/* What the child knows. */
struct birth {
	struct spawn_plan plan;
	const struct solo_options *options;
	pid_t parent; /* Us. */
};

/* Is ${entry} the variable ${name}? */
static bool
is_variable(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return (strncmp(entry, name, len) == 0 && entry[len] == '=');
}

/* The value of ${name} in ${list}, or NULL. */
static const char *
value_of(const char *const *list, const char *name)
{
	for (; *list != NULL; list++)
		if (is_variable(*list, name))
			return (*list + strlen(name) + 1);
	return (NULL);
}

/*
 * Socket activation (sd_listen_fds(3)) names the process for which the
 * descriptors are, by pid and lately by the inode of its pidfd.  If that was
 * us it is the command now; the second name may be left out.
 */
static int
rewrite_listen_pid(struct birth *b)
{
	const char *value = value_of(b->plan.envp, "LISTEN_PID");
	const char *const *from;
	const char **list;
	char *entry;
	size_t n = 0;

	if (value == NULL || strtol(value, NULL, 10) != b->parent)
		return (0);
	for (from = b->plan.envp; *from != NULL; from++)
		n++;
	list = calloc(n + 1, sizeof(*list));
	if (list == NULL ||
	    asprintf(&entry, "LISTEN_PID=%d", (int)getpid()) < 0)
		return (-1);
	n = 0;
	for (from = b->plan.envp; *from != NULL; from++)
		if (is_variable(*from, "LISTEN_PID"))
			list[n++] = entry;
		else if (!is_variable(*from, "LISTEN_PIDFDID"))
			list[n++] = *from;
	b->plan.envp = list;
	return (0);
}

/* In the child, whose plan it may still change. */
static int
prepare(void *arg, struct child_report *report)
{
	struct birth *b = arg;

	/* We cannot pass KILL on when we get it, so that the kernel has to. */
	if (b->options->death_signo == SIGKILL) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if (getppid() != b->parent)
			(void)kill_self(SIGKILL);
	}
	if (rewrite_listen_pid(b) == -1)
		return (child_report_set(
		    report, CHILD_STAGE_ENVIRONMENT, errno, "the environment"));
	return (0);
}

int
solo_command_start(
    const struct solo_command *c, struct spawned *spawned, struct err *err)
{
	struct birth b = { .plan = SPAWN_PLAN, .options = c->options };
	struct spawn_plan *p = &b.plan;

	b.parent = getpid();
	p->argv = (const char *const *)c->options->command;
	p->envp = (const char *const *)c->environ;
	p->path = value_of(p->envp, "PATH");
	p->stdio[0] = p->stdio[1] = p->stdio[2] = SPAWN_STDIO_KEEP;
	p->keep_fds = true;
	p->group = true;
	if (c->terminal != -1 && tty_is_ours(c->terminal))
		p->terminal = c->terminal;
	p->ignored = c->options->keep_ignored ? c->ignored : NULL;
	p->prepare = prepare;
	p->arg = &b;
	return (spawn_start(p, spawned, err));
}

int
solo_command_failed(const struct child_report *report)
{
	return (report->code == ENOENT || report->code == ENOTDIR
		    ? NOT_FOUND
		    : NOT_EXECUTABLE);
}
