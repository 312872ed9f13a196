/* SPDX-License-Identifier: MIT */
/* What is to be seen of a service; nothing here changes it. */
#include "core/service.h"

struct mono
service_deadline(const struct service *s)
{
	return (mono_earlier(s->deadline, s->run.deadline));
}

bool
service_is_down(const struct service *s)
{
	return (s->state == SERVICE_STOPPED || s->state == SERVICE_EXITED ||
		s->state == SERVICE_FATAL);
}

bool
service_is_stuck(const struct service *s)
{
	return (s->run.stop == RUN_STOP_STUCK);
}

bool
service_as_wanted(const struct service *s, const struct program *p)
{
	/* What is on its way down is as asked, unless it is stuck there. */
	if (!s->want_up)
		return (!service_is_stuck(s));
	return (s->state == SERVICE_RUNNING ||
		(s->state == SERVICE_EXITED && !s->due &&
		    restart_expected(p, s->run.status)));
}

const char *
service_state_name(enum service_state state)
{
	static const char *const names[] = {
#define X(sym) [SERVICE_##sym] = #sym,
		SERVICE_STATES(X)
#undef X
	};

	return (state < SERVICE_STATE_COUNT ? names[state] : "?");
}

const char *
service_reason_name(enum service_reason reason)
{
	static const char *const names[] = {
#define X(sym, name) [REASON_##sym] = name,
		SERVICE_REASONS(X)
#undef X
	};

	return (reason < REASON_COUNT ? names[reason] : "?");
}
