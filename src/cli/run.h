/* SPDX-License-Identifier: MIT */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "wire/control.h"

/* Opaque types. */
struct options;

/**
 * run_NAME(o):
 * Do what the command NAME with its options ${o} is for, and say how it went.
 * Return the exit code.
 */

/* status.c: they look. */
enum control_code run_status(const struct options *);
enum control_code run_pid(const struct options *);
enum control_code run_avail(const struct options *);
enum control_code run_version(const struct options *);

/* change.c: they act and wait. */
enum control_code run_start(const struct options *);
enum control_code run_stop(const struct options *);
enum control_code run_restart(const struct options *);
enum control_code run_wait(const struct options *);
enum control_code run_update(const struct options *);
enum control_code run_reread(const struct options *);
enum control_code run_shutdown(const struct options *);
enum control_code run_signal(const struct options *);
enum control_code run_reload(const struct options *);

/* command.c. */
enum control_code run_help(const struct options *);

#endif /* !CLI_RUN_H */
