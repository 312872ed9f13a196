/* SPDX-License-Identifier: MIT */
#include "core/event.h"

const char *
event_name(enum event_type type)
{
	static const char *const names[] = {
#define X(sym, name) [EVENT_##sym] = name,
		EVENTS(X)
#undef X
	};

	return (type < EVENT_COUNT ? names[type] : "?");
}

const char *
action_name(enum action_type type)
{
	static const char *const names[] = {
#define X(sym, name) [ACTION_##sym] = name,
		ACTIONS(X)
#undef X
	};

	return (type < ACTION_COUNT ? names[type] : "?");
}
