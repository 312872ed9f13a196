/* SPDX-License-Identifier: MIT */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What goes into the core and what comes out.  Every event and every action
 * which is about a process carries the number of its run; what speaks of an
 * earlier run is ignored at the door.
 */

/* X(symbol, "name in traces") */
#define EVENTS(X)                                                              \
	X(BOOT, "boot")               /* Start what has autostart. */          \
	X(START, "start")             /* An operator wants it up. */           \
	X(STOP, "stop")               /* An operator wants it down. */         \
	X(RESTART, "restart")         /* Stop it if it runs, then start it. */ \
	X(FORKED, "forked")           /* ACTION_FORK worked: ${pid}. */        \
	X(FORK_FAILED, "fork-failed") /* It did not: ${error}. */              \
	X(EXECED, "execed")           /* The program runs. */                  \
	X(EXEC_FAILED, "exec-failed") /* It cannot: ${stage}, ${error}. */     \
	X(EXITED, "exited")           /* Reaped: ${status}, ${left}. */        \
	X(TREE_EMPTY, "tree-empty")   /* Nothing is left of the run. */        \
	X(TICK, "tick")               /* Time has passed. */                   \
	X(SHUTDOWN, "shutdown")       /* Stop all, in order: ${signo}. */      \
	X(SHUTDOWN_NOW, "shutdown-now") /* Skip all remaining grace. */

enum event_type {
#define X(sym, name) EVENT_##sym,
	EVENTS(X)
#undef X
	    EVENT_COUNT
};

struct event {
	enum event_type type;
	uint32_t service; /* Index; not used by BOOT, TICK, SHUTDOWN*. */
	uint64_t run;     /* FORKED ... TREE_EMPTY. */
	int pid;          /* FORKED. */
	int error;        /* FORK_FAILED, EXEC_FAILED: errno. */
	int stage;        /* EXEC_FAILED: where; os/ names it. */
	int status;       /* EXITED: as wait(2) gives it. */
	unsigned left;    /* EXITED: how many processes it left behind. */
	int signo;        /* SHUTDOWN: by which signal; 0 by a command. */
};

/* Whom a signal is for. */
enum run_scope {
	SCOPE_LEADER, /* The main process. */
	SCOPE_GROUP,  /* Its process group. */
	SCOPE_TREE    /* All that descends from it. */
};

#define ACTIONS(X)                                                             \
	X(ANNOUNCE, "announce") /* ${service} went ${from} -> ${to}. */        \
	X(FORK, "fork")     /* Start ${run}; answer FORKED or FORK_FAILED.*/   \
	X(SIGNAL, "signal") /* Send ${signo}, then SIGCONT, to ${scope}. */    \
	X(KILL, "kill")     /* Send SIGKILL to ${scope}. */                    \
	X(LEFT, "left")     /* Say what ${run} left; nothing ends it. */       \
	X(STUCK, "stuck")   /* ${run} survives SIGKILL: name it. */            \
	X(GONE, "gone")     /* A removed service is no more. */                \
	X(DONE, "done")     /* Shutdown is over: exit with ${code}. */

enum action_type {
#define X(sym, name) ACTION_##sym,
	ACTIONS(X)
#undef X
	    ACTION_COUNT
};

struct action {
	enum action_type type;
	uint32_t service;
	uint64_t run;
	int signo;
	enum run_scope scope;
	int from; /* ANNOUNCE: enum service_state. */
	int to;
	int code;
};

/**
 * event_name(type):
 * action_name(type):
 * Return the name in traces, or "?".
 */
const char *event_name(enum event_type);
const char *action_name(enum action_type);

#endif /* !CORE_EVENT_H */
