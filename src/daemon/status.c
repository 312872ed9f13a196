/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include "base/mono.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "wire/reply.h"

#include "daemon/daemon.h"
#include "daemon/status.h"
#include "daemon/words.h"

_Static_assert(STATUS_DETAIL_MAX >= WORDS_MAX, "a detail is words");

/* How the last run ended. */
static void
fill_exit(const struct child *c, struct wire_service *w)
{
	if (!c->ended) {
		w->exit_kind = WIRE_EXIT_NONE;
	} else if (WIFSIGNALED(c->status)) {
		w->exit_kind = WIRE_EXIT_SIGNAL;
		w->exit_value = WTERMSIG(c->status);
	} else {
		w->exit_kind = WIRE_EXIT_CODE;
		w->exit_value = WEXITSTATUS(c->status);
	}
}

void
status_of(const struct daemon *d, uint32_t i, struct wire_service *w,
    char detail[STATUS_DETAIL_MAX])
{
	const struct service *s = &d->sv->services[i];
	const struct service_def *def = d->sv->defs[i];
	struct mono now = mono_now();

	*w = (struct wire_service){
		.name = def->id,
		.program = def->program->name,
		.group = def->group,
		.state = service_state_name(s->state),
		.want_up = s->want_up,
		.pid = s->run.pid,
		.ready = s->run.pid == 0               ? FACT_ABSENT
			 : s->state == SERVICE_RUNNING ? FACT_YES
						       : FACT_NO,
		.healthy = FACT_ABSENT,
		.restarts = s->restarts,
		.uptime_ms = s->run.pid == 0 ? -1 : now.ms - s->run.forked.ms,
		.detail = words_detail(d, i, now, detail),
		.run = s->run.number,
		.as_wanted = service_as_wanted(s, def->program),
		.stuck = service_is_stuck(s),
	};
	if (detail[0] == '\0')
		w->detail = NULL;
	fill_exit(&d->children[i], w);
}
