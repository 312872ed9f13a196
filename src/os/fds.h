/* SPDX-License-Identifier: MIT */
#ifndef OS_FDS_H
#define OS_FDS_H

/**
 * fds_close_from(low, keep):
 * Close every descriptor from ${low} on but ${keep}, which may be -1.
 */
void fds_close_from(int, int);

/**
 * fds_close_walk(low, keep):
 * The same without close_range(2), for kernels before 5.9: by what /proc
 * lists, and without /proc one by one up to the limit.
 */
void fds_close_walk(int, int);

/**
 * fds_close_inherited(last):
 * Close every descriptor above 2 which we were executed with: these alone are
 * not close-on-exec.  ${last} is the highest of our own.
 */
void fds_close_inherited(int);

/**
 * fds_lift(fd):
 * Return ${fd}, or where it is one of 0, 1, 2 a close-on-exec copy above
 * them; ${fd} itself is then closed.  Return -1 with errno and ${fd} closed
 * when there is no copy to be had.
 */
int fds_lift(int);

#endif /* !OS_FDS_H */
