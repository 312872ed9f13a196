/* SPDX-License-Identifier: MIT */
#ifndef OS_PROC_H
#define OS_PROC_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads /proc.  A process is told from a later one with the same number by
 * its start time, in clock ticks since boot.  What is read may be over before
 * it is looked at; every caller must bear that.  Nothing here allocates.
 */

struct proc_fact {
	pid_t pid;
	pid_t ppid;
	pid_t pgid;
	pid_t sid;
	char state; /* R, S, D, T, t, Z, X, I: as in proc(5). */
	int threads;
	uint64_t start_ticks;
};

#define PROC_BOOT_ID_MAX 37 /* 36 characters and a NUL. */

/**
 * proc_stat(pid, fact):
 * Fill ${fact} about ${pid}.  Return 0, or -1 with errno, ESRCH when there is
 * no such process.  A zombie is one.
 */
int proc_stat(pid_t, struct proc_fact *);

/**
 * proc_parse_stat(text, fact):
 * Fill ${fact} from the text of a /proc/PID/stat, whose command may hold
 * spaces, parentheses and newlines.  Return 0, or -1 when it is not one.
 */
int proc_parse_stat(const char *, struct proc_fact *);

/**
 * proc_each(fn, arg):
 * Call ${fn}(${arg}, fact) for all processes which can be seen, ascending by
 * pid, ourselves included.  Without /proc there is none.
 */
void proc_each(void (*)(void *, const struct proc_fact *), void *);

/**
 * proc_children(pid, fn, arg):
 * Call ${fn}(${arg}, child) for each child of each thread of ${pid}.  One
 * which ends meanwhile may hide another.  Return 0, or -1 with ENOENT when
 * there is no such process, or when this kernel keeps no lists of children
 * (CONFIG_PROC_CHILDREN).
 */
int proc_children(pid_t, void (*)(void *, pid_t), void *);

/**
 * proc_own_children(fn, arg):
 * The same for the thread which calls, at the cost of one file; the kernel
 * takes a third of a microsecond for each child.
 */
int proc_own_children(void (*)(void *, pid_t), void *);

/**
 * proc_ended(fact):
 * Has the process of ${fact} ended?  A zombie has, unless it is only the
 * first thread of a process whose others live on.
 */
bool proc_ended(const struct proc_fact *);

/**
 * proc_stopped(fact):
 * Is every thread of the process of ${fact}, which has just been read,
 * stopped or ended?  Then none is in the midst of a fork.
 */
bool proc_stopped(const struct proc_fact *);

/**
 * proc_pending(pid, signo):
 * Does ${signo} wait to be delivered to the process ${pid}?
 */
bool proc_pending(pid_t, int);

/**
 * proc_refresh(fact):
 * Bring ${fact} up to date.  Its pid and start time say which process is
 * meant; start 0 means whoever has the number now.  Return 0, or -1 when that
 * one is gone: then the state is 'X' and the rest as it was.
 */
int proc_refresh(struct proc_fact *);

/**
 * proc_environ_value(pid, name, buf, cap):
 * Copy the value which the variable ${name} had when ${pid} was executed.
 * Return its length, or -1: ENOENT when it is not there, EACCES when we may
 * not look, ENAMETOOLONG when ${cap} is too small for it and its NUL.
 */
ssize_t proc_environ_value(pid_t, const char *, char *, size_t);

/**
 * proc_comm(pid, buf, cap):
 * proc_cmdline(pid, buf, cap):
 * proc_wchan(pid, buf, cap):
 * Write the name of ${pid}, its arguments with a blank between each, or the
 * kernel function in which it sleeps to ${buf}, for a message: cut to fit,
 * control characters as '?', an empty text when it is not known.  Return
 * ${buf}.
 */
const char *proc_comm(pid_t, char *, size_t);
const char *proc_cmdline(pid_t, char *, size_t);
const char *proc_wchan(pid_t, char *, size_t);

/**
 * proc_boot_id(buf):
 * Write the id of this boot to ${buf}.  Return 0, or -1 with errno and an
 * empty text when the kernel does not tell.
 */
int proc_boot_id(char[PROC_BOOT_ID_MAX]);

#endif /* !OS_PROC_H */
