/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/service.h"
#include "core/supervisor.h"
#include "core/tree.h"
#include "os/kill.h"
#include "os/proc.h"
#include "os/proc_walk.h"
#include "os/tree.h"

#include "daemon/daemon.h"
#include "daemon/trees.h"

/* More processes than this of one service are taken in portions. */
#define TREE_MAX 8192
/* Of our own children, at first; the list grows with them. */
#define KIDS_MIN 1024

struct members {
	size_t n;
	struct proc_fact facts[];
};

struct trees {
	char self[48]; /* "@PID.START": how our cookies end. */
	bool listed;   /* ${kids} is of this turn, */
	bool looked;   /* and so is ${orphans}. */
	pid_t *kids;   /* Our children, ended ones too. */
	size_t nkids, cap;
	struct proc_fact *orphans;  /* Those of them which are nobody's, */
	struct tree_process *marks; /* and the same by pid, for core/tree.c. */
	size_t norphans;
	struct proc_fact found[TREE_MAX];
};

int
trees_open(struct daemon *d)
{
	struct trees *t = calloc(1, sizeof(*t));
	struct proc_fact self = { .start_ticks = 0 };

	if (t == NULL)
		return (-1);
	(void)proc_stat(getpid(), &self);
	(void)snprintf(t->self, sizeof(t->self), "@%d.%llu", (int)getpid(),
	    (unsigned long long)self.start_ticks);
	t->cap = KIDS_MIN;
	t->kids = calloc(t->cap, sizeof(*t->kids));
	t->orphans = calloc(t->cap, sizeof(*t->orphans));
	t->marks = calloc(t->cap, sizeof(*t->marks));
	d->trees = t;
	if (t->kids == NULL || t->orphans == NULL || t->marks == NULL) {
		trees_close(d);
		return (-1);
	}
	return (0);
}

void
trees_close(struct daemon *d)
{
	if (d->trees == NULL)
		return;
	free(d->trees->kids);
	free(d->trees->orphans);
	free(d->trees->marks);
	free(d->trees);
	d->trees = NULL;
}

void
trees_cookie(const struct daemon *d, uint64_t run, char entry[TREES_COOKIE_MAX])
{
	(void)snprintf(entry, TREES_COOKIE_MAX, TREES_COOKIE "=%llu%s",
	    (unsigned long long)run, d->trees->self);
}

bool
trees_clear(const struct daemon *d)
{
	return (d->trees->norphans == 0);
}

void
trees_new_turn(struct daemon *d)
{
	d->trees->listed = d->trees->looked = false;
}

/* Make room for ${want} children.  Without memory it stays as it is. */
static bool
grow(struct trees *t, size_t want)
{
	size_t cap = want + want / 4;
	void *p;

	if ((p = realloc(t->kids, cap * sizeof(*t->kids))) == NULL)
		return (false);
	t->kids = p;
	if ((p = realloc(t->orphans, cap * sizeof(*t->orphans))) == NULL)
		return (false);
	t->orphans = p;
	if ((p = realloc(t->marks, cap * sizeof(*t->marks))) == NULL)
		return (false);
	t->marks = p;
	t->cap = cap;
	return (true);
}

/* One of our children. */
static void
add_kid(void *arg, pid_t pid)
{
	struct trees *t = arg;

	if (t->nkids < t->cap || grow(t, t->nkids + 1))
		t->kids[t->nkids++] = pid;
}

/* Without lists of children in the kernel: whose parent are we? */
static void
add_if_ours(void *arg, const struct proc_fact *fact)
{
	if (fact->ppid == getpid())
		add_kid(arg, fact->pid);
}

/*
 * List our children, once a turn.  Nobody but us takes one from the list, so
 * that none can be missed.
 */
static void
list(struct trees *t)
{
	if (t->listed)
		return;
	t->nkids = 0;
	if (proc_own_children(add_kid, t) == -1)
		proc_each(add_if_ours, t);
	t->listed = true;
}

/* The number of our run in the environment of ${pid}, or 0. */
static uint64_t
cookie(const struct trees *t, pid_t pid)
{
	char value[TREES_COOKIE_MAX], *end;
	uint64_t run;

	if (proc_environ_value(pid, TREES_COOKIE, value, sizeof(value)) < 0)
		return (0);
	run = strtoull(value, &end, 10);
	return (strcmp(end, t->self) == 0 ? run : 0);
}

/* Look at those of our children which are nobody's main process. */
static void
look(struct daemon *d)
{
	struct trees *t = d->trees;
	struct proc_fact *f;
	size_t i;

	list(t);
	if (t->looked)
		return;
	t->norphans = 0;
	for (i = 0; i < t->nkids; i++) {
		if (pids_get(&d->pids, t->kids[i]) != PIDS_NOBODY)
			continue;
		f = &t->orphans[t->norphans];
		if (proc_stat(t->kids[i], f) == -1 || proc_ended(f))
			continue;
		t->marks[t->norphans++] =
		    (struct tree_process){ f->pid, f->ppid, f->pgid, f->sid,
			    f->start_ticks, cookie(t, f->pid), TREE_NOBODY };
	}
	t->looked = true;
}

/* Append the orphans which are of service ${i} to the ${n} found ones. */
static size_t
add_orphans(struct daemon *d, uint32_t i, size_t n)
{
	struct trees *t = d->trees;
	const struct child *c = &d->children[i];
	const struct tree_root root = {
		.run = d->sv->services[i].run.number,
		.leader = c->pid,
		.start = c->start_ticks,
		.session = true,
	};
	size_t k;

	look(d);
	for (k = 0; k < t->norphans; k++)
		t->marks[k].owner = TREE_NOBODY;
	tree_attribute(t->marks, t->norphans, &root, 1);
	for (k = 0; k < t->norphans && n < TREE_MAX; k++) {
		if (t->marks[k].owner == TREE_NOBODY)
			continue;
		t->found[n++] = (struct proc_fact){
			.pid = t->marks[k].pid,
			.start_ticks = t->marks[k].start,
		};
	}
	return (n);
}

/* Append ${fact} unless it is among the ${n} found ones. */
static size_t
add(struct trees *t, size_t n, const struct proc_fact *fact)
{
	size_t k;

	for (k = 0; k < n; k++)
		if (t->found[k].pid == fact->pid)
			return (n);
	if (n < TREE_MAX)
		t->found[n++] = *fact;
	return (n);
}

/* Remember the ${n} found ones.  Without memory, they are found again. */
static void
remember(struct daemon *d, uint32_t i, size_t n)
{
	struct child *c = &d->children[i];
	struct members *m;

	free(c->members);
	c->members = NULL;
	if (n == 0)
		return;
	m = malloc(sizeof(*m) + n * sizeof(m->facts[0]));
	if (m == NULL)
		return;
	m->n = n;
	memcpy(m->facts, d->trees->found, n * sizeof(m->facts[0]));
	c->members = m;
}

const struct proc_fact *
trees_members(struct daemon *d, uint32_t i, size_t *count)
{
	struct trees *t = d->trees;
	const struct child *c = &d->children[i];
	const struct proc_fact leader = {
		.pid = c->pid,
		.start_ticks = c->start_ticks,
	};
	size_t k, n;

	n = add_orphans(d, i, 0);
	/* Reaped, it is not there any more, and its number may be another's. */
	if (pids_get(&d->pids, c->pid) == i)
		n = add(t, n, &leader);
	for (k = 0; c->members != NULL && k < c->members->n; k++)
		n = add(t, n, &c->members->facts[k]);
	if (n > 0) {
		n = proc_walk(t->found, n, TREE_MAX);
		n = tree_remaining(t->found, n);
	}
	remember(d, i, n);
	*count = n;
	return (t->found);
}

size_t
trees_signal(struct daemon *d, uint32_t i, int signo)
{
	size_t n;

	(void)trees_members(d, i, &n);
	(void)tree_signal(d->trees->found, n, signo);
	return (n);
}

size_t
trees_send(struct daemon *d, uint32_t i, int signo)
{
	const struct proc_fact *f;
	size_t k, n, sent = 0;

	f = trees_members(d, i, &n);
	for (k = 0; k < n; k++)
		sent += kill_verified(f[k].pid, f[k].start_ticks, signo) == 0;
	return (sent);
}

size_t
trees_kill(struct daemon *d, uint32_t i)
{
	size_t n;

	(void)trees_members(d, i, &n);
	n = tree_kill(d->trees->found, n, TREE_MAX);
	remember(d, i, n);
	return (n);
}

bool
trees_has(const struct daemon *d, uint32_t i, pid_t pid)
{
	const struct members *m = d->children[i].members;
	size_t k;

	for (k = 0; m != NULL && k < m->n; k++)
		if (m->facts[k].pid == pid)
			return (true);
	return (m == NULL);
}

void
trees_forget(struct daemon *d, uint32_t i)
{
	free(d->children[i].members);
	d->children[i].members = NULL;
}

const struct proc_fact *
trees_orphans(struct daemon *d, size_t *n)
{
	look(d);
	*n = d->trees->norphans;
	return (d->trees->orphans);
}

const char *
trees_list(const struct proc_fact *facts, size_t n, char *buf, size_t cap)
{
	char name[32];
	size_t i, at = 0;
	int len;

	buf[0] = '\0';
	for (i = 0; i < n && at < cap; i++) {
		len = snprintf(buf + at, cap - at, "%spid %d (%s)",
		    i == 0 ? "" : ", ", (int)facts[i].pid,
		    proc_comm(facts[i].pid, name, sizeof(name)));
		if (len < 0)
			break;
		at += (size_t)len;
	}
	return (buf);
}
