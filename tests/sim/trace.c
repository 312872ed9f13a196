/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "core/service.h"

#include "sim.h"
#include "trace.h"

struct footprint *
trace_note(struct sim *s, char what, uint32_t who)
{
	struct footprint *f = &s->trace[s->traced++ % SIM_TRACE];

	*f = (struct footprint){ .now = s->now, .what = what, .who = who };
	return (f);
}

void
trace_print(const struct footprint *f)
{
	printf("%8lld.%03lld ", (long long)(f->now / 1000),
	    (long long)(f->now % 1000));
	switch (f->what) {
	case 'a':
		printf("%2u      %s", f->who, action_name(f->a.type));
		if (f->a.type == ACTION_ANNOUNCE)
			printf(" %s -> %s",
			    service_state_name((enum service_state)f->a.from),
			    service_state_name((enum service_state)f->a.to));
		else if (f->a.type == ACTION_DONE)
			printf(" code %d", f->a.code);
		else
			printf(" run %llu signo %d scope %d",
			    (unsigned long long)f->a.run, f->a.signo,
			    (int)f->a.scope);
		break;
	case 's':
		printf("   saved and loaded");
		break;
	case 'u':
		printf("   update");
		break;
	default:
		printf("%2u %s %s", f->who, f->what == 'n' ? "noise" : "<-",
		    event_name(f->ev.type));
		if (f->ev.type >= EVENT_FORKED &&
		    f->ev.type <= EVENT_TREE_EMPTY)
			printf(" run %llu pid %d error %d status %#x left %u",
			    (unsigned long long)f->ev.run, f->ev.pid,
			    f->ev.error, (unsigned)f->ev.status, f->ev.left);
		break;
	}
	printf("\n");
}

void
sim_dump(const struct sim *s)
{
	uint64_t i = s->traced > SIM_TRACE ? s->traced - SIM_TRACE : 0;

	for (; i < s->traced; i++)
		trace_print(&s->trace[i % SIM_TRACE]);
	printf("wrong: service %u: %s\n", s->history.who, s->history.wrong);
	printf("seed %llu, step %llu, episode %llu, %u names\n",
	    (unsigned long long)s->seed, (unsigned long long)s->steps,
	    (unsigned long long)s->episodes, s->names);
}
