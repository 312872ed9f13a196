/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_PIDS_H
#define DAEMON_PIDS_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

/*
 * Whose main process has a pid: a hash table of a size which is fixed when a
 * configuration is loaded, since a service has at most one.
 */
struct pids {
	struct pids_slot *slots;
	size_t mask;
	size_t n; /* How many are known. */
};

#define PIDS_NOBODY UINT32_MAX

/**
 * pids_init(t, n):
 * Make ${t} an empty table for up to ${n} pids.  Return 0, or -1 with ENOMEM.
 */
int pids_init(struct pids *, size_t);

/**
 * pids_free(t):
 * Release the memory of ${t}.
 */
void pids_free(struct pids *);

/**
 * pids_put(t, pid, service):
 * The main process of ${service} is ${pid}.
 */
void pids_put(struct pids *, pid_t, uint32_t);

/**
 * pids_get(t, pid):
 * Return the service whose main process is ${pid}, or PIDS_NOBODY.
 */
uint32_t pids_get(const struct pids *, pid_t);

/**
 * pids_take(t, pid):
 * As pids_get(), and forget it.
 */
uint32_t pids_take(struct pids *, pid_t);

#endif /* !DAEMON_PIDS_H */
