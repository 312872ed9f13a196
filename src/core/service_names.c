/* SPDX-License-Identifier: MIT */
#include "core/service.h"

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
