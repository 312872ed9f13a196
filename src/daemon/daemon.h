/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include <sys/resource.h>
#include <sys/types.h>

#include <ev.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"

#include "daemon/pids.h"

/* Opaque types. */
struct birth;
struct births;
struct config;
struct control;
struct load;
struct members;
struct once;
struct supervisor;
struct update;

/*
 * What the rooms below do not know of each other stands together here: the
 * supervisor decides, os/ does, libev waits.  One struct, which lives in
 * boot(); the files of this room work on it in layers, each calling only
 * those above it in this list:
 *
 *	loop	  what libev waits with
 *	pids	  whose main process is pid N
 *	configs	  the configurations which are in use, and their memory
 *	trees	  which processes belong to a service
 *	words	  what a decision is called in log and status
 *	births	  from a definition to a process
 *	once	  the lock and the state file
 *	crank	  events in, actions out, until it is quiet
 *	load	  the child which reads the INI
 *	update	  from one configuration to the next
 *	status	  a service as clients see it
 *	control	  the socket and its clients
 *	changes	  what an update changes, in words
 *	commands  what a client may ask
 *	signals	  what a signal to us means
 *	sweep	  at the end of PID 1: what is left of anybody
 *	options	  the command line
 *	boot	  the order of a start and of an end
 *	main	  what the command line asks for
 *
 * The init of one command (solo and what it calls) knows nothing of all this
 * but loop.
 */

#define DAEMON_SIGNALS 7

/* Who asked for what is happening to a service. */
struct asker {
	bool known;
	uid_t uid;
	char name[16]; /* The command of the peer, as in /proc/PID/comm. */
};

/* Our side of a service; stands beside the supervisor's, by index. */
struct child {
	struct birth *birth;     /* While its exec is awaited; or NULL. */
	struct members *members; /* What is known of its tree; or NULL. */
	uint64_t start_ticks;    /* Of its latest main process, ... */
	pid_t pid;               /* ... which this was, though it be gone. */
	char *trouble;  /* Why the last one was not executed; or NULL. */
	bool ended;     /* A run of it has ended, ... */
	int status;     /* ... the last of them like this. */
	bool kill_said; /* The log has told of this SIGKILL. */
	struct asker asker;
};

struct daemon {
	struct ev_loop *loop;
	struct log log;
	struct ev_signal signals[DAEMON_SIGNALS];
	struct ev_timer timer; /* The supervisor's deadline. */
	struct ev_timer more;  /* It has more to do, after a look around. */
	struct supervisor *sv; /* NULL until the first configuration. */
	struct child *children;
	struct config *config; /* The present one; configs.h owns it. */
	struct configs *configs;
	struct pids pids;
	struct trees *trees;
	struct births *births;
	unsigned nleft;    /* Runs whose main process is gone alone. */
	struct load *load; /* A read of the INI, while it lasts. */
	struct once *once;
	struct control *control;

	char *config_path;    /* Absolute. */
	char *address;        /* Of the control socket; "@name": abstract. */
	char *cwd;            /* Where we were started; ours is "/". */
	struct rlimit nofile; /* What children get. */
	sigset_t handled;     /* By us; children reset these. */
	char *const *environ; /* What we were started with. */
	char *socket_entry;   /* "SIGMUND_SOCKET=..." for children. */
	bool pid1;
	struct update *updates; /* Which wait for the one under way. */
	bool update_again;      /* HUP came while the INI was read. */
	bool done;              /* The supervisor has told to exit, ... */
	int exit_code;          /* ... with this. */

	/* What the layers below tell those above. */
	void (*announced)(struct daemon *, uint32_t, bool gone);
	void (*renumbered)(struct daemon *, const uint32_t *from, uint32_t n);
	void (*reaped_other)(struct daemon *, pid_t, int status);
};

#endif /* !DAEMON_DAEMON_H */
