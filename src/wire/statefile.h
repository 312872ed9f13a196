/* SPDX-License-Identifier: MIT */
#ifndef WIRE_STATEFILE_H
#define WIRE_STATEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opaque types. */
struct err;

/*
 * What the next sigmund has to know of this one: which processes it has left,
 * should it be killed.  An image in memory, which the daemon maps shared from
 * a file in its runtime directory; the kernel keeps what was stored there
 * when we die, in the order in which we stored it.  One slot a service:
 *
 *	run = 0			nothing runs
 *	run > 0, pid = 0	a fork for this run is under way, or it has just
 *				ended; whether a process exists is not known
 *	run > 0, pid > 1	runs, unless it has died since; to be told from
 *				a stranger by its start time and the boot id
 *
 * The stores are ordered so that a SIGKILL between any two leaves one of
 * these, and never the pid of one run beside the start time of another:
 *
 *	S1  ${pid} is cleared before, and stored after, whatever belongs to it.
 *	S2  ${next_run} in the header is stored before a run is.
 *
 * A writer maps the image from a file whose blocks exist (posix_fallocate):
 * a store to a full disk would be SIGBUS.  A reader takes a copy with
 * read(2), never a mapping, which somebody else could cut short.  Numbers are
 * in the byte order of the machine; another one finds its magic wrong.
 *
 *	header	256 bytes	struct statefile_header
 *	slots	32 bytes each	struct statefile_slot
 *	names			each with a NUL, in the order of the slots
 */
#define STATEFILE_MAGIC     "SIGMUND1"
#define STATEFILE_BOOT_ID   40 /* 36 characters and NULs. */
#define STATEFILE_SLOTS_MAX 1000000
#define STATEFILE_NAME_MAX  1024
#define STATEFILE_BYTES_MAX ((size_t)1 << 30)

/* Of a slot, and kept when nothing runs. */
enum statefile_flag {
	STATEFILE_WANT_UP = 1, /* The wish: an operator may have changed it. */
	STATEFILE_PROVED = 2   /* This run has been RUNNING. */
};

struct statefile_header;
struct statefile_slot;

/* A view of an image; the memory stays the caller's. */
struct statefile {
	struct statefile_header *header;
	struct statefile_slot *slots;
	uint32_t nslots;
};

/* Who writes. */
struct statefile_owner {
	int pid;
	uint64_t start_ticks; /* Field 22 of /proc/PID/stat. */
	const char *boot_id;  /* Of /proc/sys/kernel/random/boot_id. */
};

struct statefile_entry {
	const char *name; /* Lies in the image. */
	uint64_t run;     /* 0: nothing runs. */
	uint64_t start_ticks;
	int pid; /* 0: not known. */
	unsigned flags;
};

/**
 * statefile_size(names, n):
 * Return the size of an image for ${n} services with these ${names}, or 0 if
 * there cannot be one.
 */
size_t statefile_size(const char *const *, size_t);

/**
 * statefile_init(sf, image, names, n, owner, next_run):
 * Lay out an image for ${n} services with these ${names} in the
 * statefile_size() zeroed bytes at ${image}, which are aligned as malloc(3)'s
 * are, and make ${sf} a view of it.  The magic is stored last: until then it
 * is no state file.
 */
void statefile_init(struct statefile *, void *, const char *const *, size_t,
    const struct statefile_owner *, uint64_t);

/**
 * statefile_forking(sf, slot, run, next_run):
 * Note, before the fork, that ${run} begins in ${slot}, and that the run
 * after it would be ${next_run}.
 */
void statefile_forking(struct statefile *, uint32_t, uint64_t, uint64_t);

/**
 * statefile_running(sf, slot, pid, start_ticks):
 * Note that the run in ${slot} is ${pid}.  May be called by the child itself,
 * which knows its pid first.
 */
void statefile_running(struct statefile *, uint32_t, int, uint64_t);

/**
 * statefile_ended(sf, slot):
 * Note that nothing runs in ${slot}.  For a run which ended, before its pid
 * is reaped.
 */
void statefile_ended(struct statefile *, uint32_t);

/**
 * statefile_set_flags(sf, slot, flags):
 * Replace the flags of ${slot}.
 */
void statefile_set_flags(struct statefile *, uint32_t, unsigned);

/**
 * statefile_open(sf, image, size, err):
 * Make ${sf} a view of the ${size} bytes at ${image}, aligned as malloc(3)'s
 * are and read from a file which anything may have written.  Return 0 if all
 * that the functions below return can be trusted to be what they say; else
 * -1 and the reason in ${err}.
 */
int statefile_open(struct statefile *, void *, size_t, struct err *);

/**
 * statefile_owner(sf, owner):
 * Fill in ${owner}, its boot id lying in the image.
 */
void statefile_owner(const struct statefile *, struct statefile_owner *);

/**
 * statefile_next_run(sf):
 * Return a number greater than that of every run which may have begun.
 */
uint64_t statefile_next_run(const struct statefile *);

/**
 * statefile_entry(sf, slot, entry):
 * Fill in ${entry} from ${slot}, which is below ${sf->nslots}.
 */
void statefile_entry(
    const struct statefile *, uint32_t, struct statefile_entry *);

#endif /* !WIRE_STATEFILE_H */
