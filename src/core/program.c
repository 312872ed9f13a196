/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "core/program.h"

bool
program_expects(const struct program *p, int code)
{
	return ((p->exitcodes[(code & 255) / 32] >> (code & 31) & 1) != 0);
}

static bool
same_log(const struct program_log *a, const struct program_log *b)
{
	return (a->kind == b->kind && text_equal(a->path, b->path) &&
		a->maxbytes == b->maxbytes && a->backups == b->backups &&
		a->syslog == b->syslog);
}

bool
service_def_same_birth(const struct service_def *a, const struct service_def *b)
{
	return (text_list_equal(a->argv, b->argv) &&
		text_list_equal(a->environment, b->environment) &&
		text_equal(a->directory, b->directory) &&
		text_equal(a->user, b->user) && a->umask == b->umask &&
		a->redirect_stderr == b->redirect_stderr &&
		same_log(&a->out, &b->out) && same_log(&a->err, &b->err));
}
