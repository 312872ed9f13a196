/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/program.h"

bool
program_expects(const struct program *p, int code)
{
	return ((p->exitcodes[(code & 255) / 32] >> (code & 31) & 1) != 0);
}

/* Equal texts; NULL equals only NULL. */
static bool
same_text(const char *a, const char *b)
{
	return (a == NULL || b == NULL ? a == b : strcmp(a, b) == 0);
}

/* Equal NULL-terminated lists. */
static bool
same_list(const char *const *a, const char *const *b)
{
	for (; *a != NULL && *b != NULL; a++, b++)
		if (strcmp(*a, *b) != 0)
			return (false);
	return (*a == *b);
}

static bool
same_log(const struct program_log *a, const struct program_log *b)
{
	return (a->kind == b->kind && same_text(a->path, b->path) &&
		a->maxbytes == b->maxbytes && a->backups == b->backups &&
		a->syslog == b->syslog);
}

bool
service_def_same_birth(const struct service_def *a, const struct service_def *b)
{
	return (same_list(a->argv, b->argv) &&
		same_list(a->environment, b->environment) &&
		same_text(a->directory, b->directory) &&
		same_text(a->user, b->user) && a->umask == b->umask &&
		a->redirect_stderr == b->redirect_stderr &&
		same_log(&a->out, &b->out) && same_log(&a->err, &b->err));
}
