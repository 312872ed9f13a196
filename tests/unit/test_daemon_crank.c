/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include <fcntl.h>

#include <criterion/criterion.h>

#include "base/err.h"
#include "base/mono.h"
#include "core/event.h"
#include "core/service.h"
#include "core/supervisor.h"

#include "daemon/crank.h"
#include "daemon/daemon.h"
#include "daemon/loop.h"
#include "daemon/once.h"
#include "daemon/trees.h"

#include "born.h"
#include "core_rig.h"

TestSuite(crank, .timeout = 60);

#define SERVICES 2

static struct rig rig;
static struct child children[SERVICES];
static pid_t helper;
static int helper_calls;
static int pid_left; /* Of the last service, when the helper's end came. */

static int
nothing(void *arg, struct child_report *report)
{
	(void)arg;
	(void)report;
	return (0);
}

/* A daemon of two services, which writes no file and listens nowhere. */
static void
open_daemon(struct daemon *d)
{
	struct err err;

	rig_init(&rig, SERVICES);
	*d = (struct daemon){ .children = children, .address = "@crank" };
	log_open(&d->log, open("/dev/null", O_WRONLY | O_CLOEXEC),
	    LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	d->sv = supervisor_init(rig.block, &rig.fleet, 1, mono_now());
	d->loop = loop_open();
	cr_assert_not_null(d->loop);
	cr_assert_eq(pids_init(&d->pids, SERVICES), 0);
	cr_assert_eq(trees_open(d), 0);
	cr_assert_eq(once_open(d, TAKEOVER_REFUSE, &err), 0);
	crank_open(d);
}

/* Release what open_daemon() made. */
static void
close_daemon(struct daemon *d)
{
	once_close(d);
	trees_close(d);
	pids_free(&d->pids);
	ev_loop_destroy(d->loop);
	log_close(&d->log);
}

/* The main process of service ${i} has been forked. */
static void
forked(struct daemon *d, uint32_t i, pid_t pid)
{
	pids_put(&d->pids, pid, i);
	crank_post(d, &(struct event){
			  .type = EVENT_FORKED,
			  .service = i,
			  .run = d->sv->services[i].run.number,
			  .pid = pid,
		      });
}

/* Wait until ${pid} has ended, and leave it to be reaped. */
static void
await_end(pid_t pid)
{
	siginfo_t info;

	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

static void
hear(struct daemon *d, pid_t pid, int status)
{
	(void)status;
	helper_calls += pid == helper;
	pid_left = d->sv->services[SERVICES - 1].run.pid;
}

/* An update, which begins there, gives services other numbers. */
Test(crank, a_helpers_end_is_told_when_all_services_were)
{
	struct daemon d;
	struct action a;
	pid_t first, last;

	open_daemon(&d);
	d.reaped_other = hear;
	crank_post(&d, &(struct event){ .type = EVENT_BOOT });
	while (supervisor_next(d.sv, mono_now(), &a))
		continue;
	/* The kernel gives them back in this order, the last two together. */
	first = born_worker(nothing, NULL);
	helper = born_worker(nothing, NULL);
	last = born_worker(nothing, NULL);
	forked(&d, 0, first);
	forked(&d, 1, last);
	await_end(first);
	await_end(helper);
	await_end(last);
	crank_reap(&d);
	cr_assert_eq(helper_calls, 1);
	cr_assert_eq(pid_left, 0);
	cr_assert_eq(d.sv->services[0].run.pid, 0);
	close_daemon(&d);
}
