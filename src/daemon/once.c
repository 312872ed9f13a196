/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mono.h"
#include "conf/load.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/proc.h"
#include "os/proc_walk.h"
#include "os/sockets.h"
#include "os/tree.h"
#include "wire/statefile.h"

#include "daemon/daemon.h"
#include "daemon/once.h"

/* Of an earlier sigmund; what is beyond is found at the next start. */
#define SURVIVORS_MAX   4096
#define STATE_BYTES_MAX ((size_t)64 << 20)
/* While survivors end: how often to look. */
#define LOOK_MS         20
/* The grace of a survivor which the configuration does not know. */
#define GRACE_MS        10000
/* How long a socket may take to say whether somebody is there. */
#define ASK_MS          1000

struct once {
	int lock_fd; /* -1: an abstract socket is the lock. */
	char *state_path;
	struct file_map map;
	struct statefile state;
	bool writing; /* ${state} is valid. */
	uint64_t first_run;
};

/* What an earlier sigmund has left. */
struct survivors {
	struct proc_fact facts[SURVIVORS_MAX];
	size_t n;
	int64_t grace_ms;
	char names[160];
};

/* RUNTIME_DIRECTORY/SOCKET${suffix}, to be freed. */
static char *
beside(const struct daemon *d, const char *suffix)
{
	const char *dir = d->config->runtime_directory;
	const char *base = strrchr(d->address, '/');
	bool relative = dir != NULL && dir[0] != '/' && d->cwd != NULL;
	char *path;

	if (base == NULL)
		return (NULL);
	if ((dir == NULL ? asprintf(&path, "%s%s", d->address, suffix)
			 : asprintf(&path, "%s%s%s%s%s", relative ? d->cwd : "",
			       relative ? "/" : "", dir, base, suffix)) < 0)
		return (NULL);
	return (path);
}

/* Remember the living main process of ${e}. */
static void
add_survivor(
    struct daemon *d, struct survivors *v, const struct statefile_entry *e)
{
	struct proc_fact fact;
	size_t len = strlen(v->names);
	uint32_t i;
	int64_t grace = GRACE_MS;

	if (e->pid <= 1 || v->n == SURVIVORS_MAX ||
	    proc_stat(e->pid, &fact) == -1 || proc_ended(&fact) ||
	    fact.start_ticks != e->start_ticks)
		return;
	v->facts[v->n++] = fact;
	for (i = 0; i < d->config->fleet.n; i++)
		if (strcmp(d->config->fleet.services[i].id, e->name) == 0)
			grace = d->config->fleet.services[i]
				    .program->stopwaitsecs_ms;
	v->grace_ms = grace > v->grace_ms ? grace : v->grace_ms;
	(void)snprintf(v->names + len, sizeof(v->names) - len, "%s%s (pid %d)",
	    len == 0 ? "" : ", ", e->name, e->pid);
}

/* Read what the state file of an earlier sigmund says. */
static void
read_state(struct daemon *d, struct once *o, struct survivors *v)
{
	struct statefile sf;
	struct statefile_owner owner;
	struct statefile_entry e;
	char boot_id[PROC_BOOT_ID_MAX];
	struct err err;
	ssize_t len;
	uint32_t i;
	void *image;

	if ((image = malloc(STATE_BYTES_MAX)) == NULL)
		return;
	len = file_load(o->state_path, image, STATE_BYTES_MAX);
	if (len == -1) {
		if (errno != ENOENT)
			log_warn(&d->log, NULL, "%s: %s; taken for none",
			    o->state_path, strerror(errno));
		goto done;
	}
	if (statefile_open(&sf, image, (size_t)len, &err) == -1) {
		log_warn(&d->log, NULL, "%s: %s; taken for none", o->state_path,
		    err.text);
		goto done;
	}
	o->first_run = statefile_next_run(&sf);
	statefile_owner(&sf, &owner);
	if (proc_boot_id(boot_id) == -1 || strcmp(boot_id, owner.boot_id) != 0)
		goto done;
	for (i = 0; i < sf.nslots; i++) {
		statefile_entry(&sf, i, &e);
		add_survivor(d, v, &e);
	}
done:
	free(image);
}

/* Stop them and all their descendants; wait until they are gone. */
static int
stop_survivors(struct daemon *d, struct survivors *v, struct err *err)
{
	struct mono kill_at, end_at;
	bool killed = false;

	log_warn(&d->log, NULL,
	    "stopping what an earlier sigmund left running: %s", v->names);
	v->n = proc_walk(v->facts, v->n, SURVIVORS_MAX);
	(void)tree_signal(v->facts, v->n, SIGTERM);
	kill_at = mono_after(mono_now(), v->grace_ms);
	end_at = mono_after(kill_at, RUN_STUCK_MS);
	while ((v->n = tree_remaining(v->facts, v->n)) > 0) {
		if (!killed && mono_reached(mono_now(), kill_at)) {
			killed = true;
			v->n = tree_kill(v->facts, v->n, SURVIVORS_MAX);
		}
		if (mono_reached(mono_now(), end_at))
			return (err_set(err, 0,
			    "pid %d, left by an earlier sigmund, survives "
			    "SIGKILL",
			    (int)v->facts[0].pid));
		/* Nothing is supervised yet, so that we may wait. */
		(void)poll(NULL, 0, LOOK_MS);
	}
	return (0);
}

/*
 * We have the lock ${lock}, but does somebody live on the socket?  What cleans
 * directories may have removed the lock of a sigmund which is well.
 */
static int
ask_holder(const struct daemon *d, const char *lock, struct err *err)
{
	struct sockets_peer peer = { 0 };
	struct err why;
	int fd = sockets_connect(d->address, ASK_MS, &why);

	/* EAGAIN: there is a queue, and hence somebody. */
	if (fd == -1 && why.code != EAGAIN)
		return (0);
	if (fd != -1) {
		(void)sockets_peer(fd, &peer);
		(void)close(fd);
	}
	return (err_set(err, 0,
	    "somebody, pid %d, listens on %s already, although its lock %s "
	    "was free",
	    (int)peer.pid, d->address, lock));
}

static int
take_lock(struct daemon *d, struct once *o, struct err *err)
{
	char *path = beside(d, ".lock");
	pid_t holder = 0;
	int rc;

	if (path == NULL)
		return (err_set(err, ENOMEM, "no lock"));
	rc = lock_acquire(path, &o->lock_fd, &holder, err);
	if (rc == 1) {
		rc = -1;
		if (holder > 0)
			(void)err_set(err, 0,
			    "sigmund is running already, as pid %d, on %s",
			    (int)holder, d->address);
		else
			(void)err_set(err, 0,
			    "sigmund is running already on %s", d->address);
	}
	if (rc == 0)
		rc = ask_holder(d, path, err);
	free(path);
	return (rc);
}

int
once_open(struct daemon *d, enum takeover takeover, struct err *err)
{
	struct survivors *v = NULL;
	struct once *o = calloc(1, sizeof(*o));
	int rc = -1;

	if (o == NULL)
		return (err_set(err, ENOMEM, "cannot start"));
	d->once = o;
	o->lock_fd = -1;
	o->first_run = 1;
	if (d->address[0] == '@')
		return (0);
	if (take_lock(d, o, err) == -1)
		return (-1);
	o->state_path = beside(d, ".state");
	v = calloc(1, sizeof(*v));
	if (o->state_path == NULL || v == NULL) {
		(void)err_set(err, ENOMEM, "cannot start");
		goto done;
	}
	read_state(d, o, v);
	if (v->n == 0)
		rc = 0;
	else if (takeover == TAKEOVER_STOP)
		rc = stop_survivors(d, v, err);
	else
		(void)err_set(err, 0,
		    "an earlier sigmund left running: %s; stop them, or start "
		    "with --takeover=stop",
		    v->names);
done:
	free(v);
	return (rc);
}

uint64_t
once_first_run(const struct daemon *d)
{
	return (d->once->first_run);
}

/* Is there a main process which survives us? */
static bool
anything_lives(const struct daemon *d)
{
	uint32_t i;

	for (i = 0; i < d->sv->n; i++)
		if (d->sv->services[i].run.pid != 0)
			return (true);
	return (false);
}

void
once_close(struct daemon *d)
{
	struct once *o = d->once;

	if (o == NULL)
		return;
	if (o->writing) {
		file_map_close(&o->map);
		if (!anything_lives(d))
			(void)unlink(o->state_path);
	}
	free(o->state_path);
	if (o->lock_fd != -1)
		(void)close(o->lock_fd);
	free(o);
	d->once = NULL;
}

/* What the state file says of ${s} beside its run. */
static unsigned
flags_of(const struct service *s)
{
	return ((s->want_up ? STATEFILE_WANT_UP : 0u) |
		(s->proved ? STATEFILE_PROVED : 0u));
}

/* Fill the new image with what lives and what is wished. */
static void
fill(struct daemon *d, struct statefile *state)
{
	const struct service *s;
	uint32_t i;

	for (i = 0; i < d->sv->n; i++) {
		s = &d->sv->services[i];
		statefile_set_flags(state, i, flags_of(s));
		if (s->run.pid == 0)
			continue;
		statefile_forking(state, i, s->run.number, d->sv->next_run);
		statefile_running(
		    state, i, s->run.pid, d->children[i].start_ticks);
	}
}

/* Make the new file and publish it; the old one is let go of then. */
static int
rebuild(struct daemon *d, struct once *o, const char **names, struct err *err)
{
	struct proc_fact self = { .start_ticks = 0 };
	char boot_id[PROC_BOOT_ID_MAX];
	struct statefile_owner owner = { .pid = (int)getpid() };
	struct file_map map;
	struct statefile state;
	size_t size;
	uint32_t i;

	for (i = 0; i < d->sv->n; i++)
		names[i] = d->sv->defs[i]->id;
	(void)proc_boot_id(boot_id);
	(void)proc_stat(getpid(), &self);
	owner.boot_id = boot_id;
	owner.start_ticks = self.start_ticks;
	size = statefile_size(names, d->sv->n);
	if (size == 0)
		return (
		    err_set(err, 0, "too many services, or too long names"));
	if (file_map_create(o->state_path, size, &map, err) == -1)
		return (-1);
	statefile_init(
	    &state, map.base, names, d->sv->n, &owner, d->sv->next_run);
	fill(d, &state);
	if (file_map_publish(o->state_path, err) == -1) {
		file_map_close(&map);
		return (-1);
	}
	if (o->writing)
		file_map_close(&o->map);
	o->map = map;
	o->state = state;
	o->writing = true;
	return (0);
}

void
once_rebuild(struct daemon *d)
{
	struct once *o = d->once;
	const char **names;
	struct err err = { .text = "out of memory" };
	int rc = -1;

	if (o->state_path == NULL)
		return;
	names = calloc(d->sv->n + 1, sizeof(*names));
	if (names != NULL)
		rc = rebuild(d, o, names, &err);
	free(names);
	if (rc == 0)
		return;
	/* The old one speaks of other services: worse than none. */
	if (o->writing)
		file_map_close(&o->map);
	o->writing = false;
	(void)unlink(o->state_path);
	log_warn(&d->log, NULL,
	    "%s; should sigmund be killed, the next one cannot know what runs",
	    err.text);
}

void
once_forking(struct daemon *d, uint32_t i)
{
	if (d->once->writing)
		statefile_forking(&d->once->state, i,
		    d->sv->services[i].run.number, d->sv->next_run);
}

void
once_running(struct daemon *d, uint32_t i)
{
	if (d->once->writing)
		statefile_running(&d->once->state, i, d->children[i].pid,
		    d->children[i].start_ticks);
}

void
once_ended(struct daemon *d, uint32_t i)
{
	if (d->once->writing)
		statefile_ended(&d->once->state, i);
}

void
once_wish(struct daemon *d, uint32_t i)
{
	if (d->once->writing)
		statefile_set_flags(
		    &d->once->state, i, flags_of(&d->sv->services[i]));
}
