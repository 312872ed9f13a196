/* SPDX-License-Identifier: MIT */
#ifndef OS_EXEC_H
#define OS_EXEC_H

/* Opaque types. */
struct child_report;

/**
 * exec_command(argv, envp, path, report):
 * Execute ${argv} with the environment ${envp}.  A command with a '/' is
 * executed as it is, any other is searched in ${path}: what is missing or may
 * not be executed is passed over, and the latter is the error when nothing
 * else is found.  What the kernel cannot execute is an error and never given
 * to a shell.  Return -1 with ${report} filled; a missing interpreter of a
 * script is told from a missing script.
 */
int exec_command(const char *const *, const char *const *, const char *,
    struct child_report *);

#endif /* !OS_EXEC_H */
