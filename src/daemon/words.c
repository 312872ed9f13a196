/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/signame.h"
#include "base/span.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"

#include "daemon/daemon.h"
#include "daemon/words.h"

/* A short text on the stack, which grows by words and is cut at its end. */
struct say {
	char *buf;
	size_t cap;
	size_t len;
};

static void say(struct say *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(struct say *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(s->buf + s->len, s->cap - s->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		s->len += (size_t)n;
	if (s->len >= s->cap)
		s->len = s->cap - 1;
}

static void
say_seconds(struct say *s, int64_t ms)
{
	char span[SPAN_MAX];

	say(s, "%s", span_seconds(ms, span));
}

/* How the last run ended: "exit 1", "killed by SEGV", "cannot execute ...". */
static void
say_end(struct say *s, const struct service *sv, const struct child *c)
{
	char name[SIGNAME_MAX];
	int status = sv->run.status;

	if (sv->error != 0)
		say(s, "%s",
		    c->trouble != NULL ? c->trouble : strerror(sv->error));
	else if (WIFEXITED(status))
		say(s, "exit %d", WEXITSTATUS(status));
	else
		say(s, "killed by %s%s", signame_text(WTERMSIG(status), name),
		    WCOREDUMP(status) ? " (core dumped)" : "");
}

/* "exit 1 after 0.3 s". */
static void
say_life(struct say *s, const struct service *sv, const struct child *c)
{
	say_end(s, sv, c);
	if (sv->error != 0 || mono_is_never(sv->run.forked))
		return;
	say(s, " after ");
	say_seconds(s, sv->run.ended.ms - sv->run.forked.ms);
}

/* "try 2 of 4 in 1 s". */
static void
say_retry(struct say *s, const struct service *sv, const struct program *p,
    struct mono now)
{
	if (sv->reason == REASON_THROTTLED)
		say(s, "ends at once again and again; next start in ");
	else if (sv->reason == REASON_NO_MEANS)
		say(s, "next try in ");
	else
		say(s, "try %u of %u in ", sv->restart.retries + 1,
		    p->startretries + 1);
	say_seconds(s, sv->deadline.ms - now.ms);
}

/* How far a stop has come. */
static void
say_stop(struct say *s, const struct service *sv, const struct child *c,
    struct mono now)
{
	char name[SIGNAME_MAX], asker[WORDS_ASKER_MAX];
	const struct run *r = &sv->run;

	if (sv->reason == REASON_SWEEP) {
		say_life(s, sv, c);
		say(s, "; ending what it left behind: ");
	}
	if (r->stop == RUN_STOP_STUCK) {
		say(s, "stuck: survives SIGKILL");
	} else if (r->stop == RUN_STOP_KILLED) {
		say(s, "SIGKILL sent");
	} else if (r->stop == RUN_STOP_SIGNALLED) {
		say(s, "%s sent, SIGKILL in ", signame_text(r->signo, name));
		say_seconds(s, r->kill_at.ms - now.ms);
	} else {
		say(s, "not executed yet");
	}
	if (sv->reason == REASON_ASKED)
		say(s, "%s", words_asker(&c->asker, asker));
}

/* Why it is down although nothing went wrong. */
static const char *
why_stopped(enum service_reason why)
{
	switch (why) {
	case REASON_SHUTDOWN:
		return ("stopped by the shutdown");
	case REASON_REMOVED:
		return ("removed");
	case REASON_CHANGED:
		return ("stopped by an update");
	case REASON_ASKED:
	case REASON_SWEEP:
		return ("stopped");
	case REASON_NONE:
		return ("not started");
	case REASON_BOOT:
	case REASON_ADDED:
	case REASON_REMOVAL:
	case REASON_UP:
	case REASON_EXPECTED:
	case REASON_UNEXPECTED:
	case REASON_TOO_SOON:
	case REASON_NOT_EXECUTED:
	case REASON_NO_MEANS:
	case REASON_THROTTLED:
	case REASON_RETRY:
	case REASON_RESTART:
	case REASON_COUNT:
		break;
	}
	return ("stopped");
}

/* STARTING: what is still to come. */
static void
say_starting(struct say *s, const struct service *sv, struct mono now)
{
	if (sv->run.pid == 0) {
		say(s, "not forked yet");
	} else if (mono_is_never(sv->deadline)) {
		say(s, "not executed yet");
	} else {
		say(s, "RUNNING in ");
		say_seconds(s, sv->deadline.ms - now.ms);
	}
}

const char *
words_detail(
    const struct daemon *d, uint32_t i, struct mono now, char buf[WORDS_MAX])
{
	struct say s = { buf, WORDS_MAX, 0 };
	const struct service *sv = &d->sv->services[i];
	const struct program *p = d->sv->defs[i]->program;
	const struct child *c = &d->children[i];
	char asker[WORDS_ASKER_MAX];

	buf[0] = '\0';
	switch (sv->state) {
	case SERVICE_STOPPED:
		say(&s, "%s", why_stopped(sv->reason));
		if (sv->reason == REASON_ASKED)
			say(&s, "%s", words_asker(&c->asker, asker));
		break;
	case SERVICE_WAITING:
		say(&s, "until what was removed or changed is gone");
		break;
	case SERVICE_STARTING:
		say_starting(&s, sv, now);
		break;
	case SERVICE_RUNNING:
		/* Its pid and its uptime say it all. */
		break;
	case SERVICE_BACKOFF:
		say_life(&s, sv, c);
		say(&s, "; ");
		say_retry(&s, sv, p, now);
		break;
	case SERVICE_STOPPING:
		say_stop(&s, sv, c, now);
		break;
	case SERVICE_EXITED:
		say_life(&s, sv, c);
		say(&s, sv->reason == REASON_EXPECTED ? ", as expected"
						      : ", not expected");
		break;
	case SERVICE_FATAL:
		say_life(&s, sv, c);
		say(&s, "; gave up after %u %s", p->startretries + 1,
		    p->startretries == 0 ? "try" : "tries");
		break;
	case SERVICE_STATE_COUNT:
		break;
	}
	return (buf);
}

/* STARTING: what brought it about. */
static const char *
why_started(enum service_reason why)
{
	switch (why) {
	case REASON_ASKED:
		return ("asked for");
	case REASON_ADDED:
		return ("new in the configuration");
	case REASON_CHANGED:
		return ("changed in the configuration");
	case REASON_RETRY:
		return ("another try");
	case REASON_RESTART:
		return ("restarted");
	case REASON_BOOT:
	case REASON_NONE:
	case REASON_REMOVED:
	case REASON_SHUTDOWN:
	case REASON_REMOVAL:
	case REASON_UP:
	case REASON_EXPECTED:
	case REASON_UNEXPECTED:
	case REASON_TOO_SOON:
	case REASON_NOT_EXECUTED:
	case REASON_NO_MEANS:
	case REASON_THROTTLED:
	case REASON_SWEEP:
	case REASON_COUNT:
		break;
	}
	return ("autostart");
}

/* The sentence about what follows an end. */
static enum log_level
say_ended(struct say *s, const struct service *sv, const struct program *p,
    const struct child *c, struct mono now)
{
	say_life(s, sv, c);
	if (c->pid != 0 && sv->error == 0)
		say(s, " (pid %d)", (int)c->pid);
	if (sv->state == SERVICE_FATAL) {
		say(s,
		    "; FATAL after %u %s; not tried again until: "
		    "sigctl start",
		    p->startretries + 1,
		    p->startretries == 0 ? "try" : "tries");
		return (LOG_LEVEL_ERROR);
	}
	if (sv->reason == REASON_TOO_SOON)
		say(s, ", before startsecs");
	else if (sv->reason == REASON_EXPECTED)
		say(s, ", as expected");
	else if (sv->reason == REASON_UNEXPECTED)
		say(s, ", not expected");
	if (sv->state == SERVICE_BACKOFF) {
		say(s, "; ");
		say_retry(s, sv, p, now);
	} else if (sv->due) {
		say(s, "; restarting at once");
	} else {
		say(s, "; not restarted");
	}
	return (
	    sv->reason == REASON_EXPECTED ? LOG_LEVEL_INFO : LOG_LEVEL_WARN);
}

/* STOPPING begins: with what, for how long, at whose word. */
static void
say_stopping(struct say *s, const struct service *sv, const struct child *c,
    struct mono now)
{
	char name[SIGNAME_MAX], asker[WORDS_ASKER_MAX];

	if (sv->reason == REASON_SWEEP) {
		say_life(s, sv, c);
		say(s, " (pid %d); ending what it left behind", (int)c->pid);
		return;
	}
	say(s, "stopping");
	if (sv->run.stop == RUN_STOP_SIGNALLED) {
		say(s, " with %s, SIGKILL after ",
		    signame_text(sv->run.signo, name));
		say_seconds(s, sv->run.kill_at.ms - now.ms);
	} else if (sv->run.stop == RUN_STOP_KILLED) {
		say(s, " with SIGKILL");
	}
	if (sv->reason == REASON_ASKED)
		say(s, "%s", words_asker(&c->asker, asker));
	else if (sv->reason == REASON_REMOVED)
		say(s, ", not in the configuration any more");
	else if (sv->reason == REASON_CHANGED)
		say(s, ", changed in the configuration");
}

/* STOPPED: after a run, or instead of one. */
static void
say_stopped(
    struct say *s, const struct service *sv, const struct child *c, int from)
{
	if (from != SERVICE_STOPPING) {
		say(s, "%s", why_stopped(sv->reason));
		return;
	}
	say(s, "%s: ", sv->reason == REASON_REMOVED ? "removed" : "stopped");
	say_end(s, sv, c);
	if (sv->since.ms > sv->run.ended.ms)
		say(s, ", and what it left behind is gone");
}

void
words_announce(struct daemon *d, const struct action *a, struct mono now)
{
	char buf[WORDS_MAX];
	struct say s = { buf, sizeof(buf), 0 };
	const struct service *sv = &d->sv->services[a->service];
	const struct program *p = d->sv->defs[a->service]->program;
	const struct child *c = &d->children[a->service];
	enum log_level level = LOG_LEVEL_INFO;

	buf[0] = '\0';
	switch ((enum service_state)a->to) {
	case SERVICE_STARTING:
		/* Told with its pid, when that is known. */
		say(&s, "starting (%s)", why_started(sv->reason));
		level = LOG_LEVEL_DEBUG;
		break;
	case SERVICE_RUNNING:
		say(&s, "RUNNING (pid %d)", sv->run.pid);
		break;
	case SERVICE_WAITING:
		say(&s, "waiting until what was removed or changed is gone");
		break;
	case SERVICE_BACKOFF:
	case SERVICE_EXITED:
	case SERVICE_FATAL:
		level = say_ended(&s, sv, p, c, now);
		if (a->to == SERVICE_FATAL)
			say(&s, " %s", d->sv->defs[a->service]->id);
		break;
	case SERVICE_STOPPING:
		say_stopping(&s, sv, c, now);
		break;
	case SERVICE_STOPPED:
		say_stopped(&s, sv, c, a->from);
		break;
	case SERVICE_STATE_COUNT:
		return;
	}
	log_write(&d->log, level, d->sv->defs[a->service]->id, "%s", buf);
}

const char *
words_asker(const struct asker *asker, char buf[WORDS_ASKER_MAX])
{
	buf[0] = '\0';
	if (asker->known)
		(void)snprintf(buf, WORDS_ASKER_MAX, " (asked by %s, uid %u)",
		    asker->name, (unsigned)asker->uid);
	return (buf);
}

void
words_status(struct daemon *d, struct mono now)
{
	char detail[WORDS_MAX], buf[WORDS_MAX], span[SPAN_MAX];
	struct say say_to;
	const struct service *s;
	uint32_t i;

	for (i = 0; i < d->sv->n; i++) {
		s = &d->sv->services[i];
		if (s->gone)
			continue;
		say_to = (struct say){ buf, sizeof(buf), 0 };
		say(&say_to, "%s", service_state_name(s->state));
		if (s->run.pid != 0)
			say(&say_to, "  pid %d, uptime %s", s->run.pid,
			    span_uptime(now.ms - s->run.forked.ms, span));
		if (words_detail(d, i, now, detail)[0] != '\0')
			say(&say_to, "  %s", detail);
		log_info(&d->log, d->sv->defs[i]->id, "%s", buf);
	}
}
