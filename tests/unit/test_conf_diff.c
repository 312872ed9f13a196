/* SPDX-License-Identifier: MIT */
#include "conf.h"

#include "conf/diff.h"
#include "conf/keys.h"

#define WEB "[program:web]\ncommand=web\n"

static struct diff *
diff_of(const char *old, const char *new)
{
	struct config *a = conf_of(old), *b = conf_of(new);
	struct diff *d;

	cr_assert_eq(a->nerrors, 0);
	cr_assert_eq(b->nerrors, 0);
	d = diff_make(a, b);
	cr_assert_not_null(d);
	return (d);
}

/* What becomes of the only service. */
static enum diff_kind
kind_of(const char *old, const char *new)
{
	struct diff *d = diff_of(old, new);
	enum diff_kind kind = d->services[0].kind;

	cr_assert_eq(d->n, 1);
	diff_free(d);
	return (kind);
}

Test(diff, nothing_changes_nothing)
{
	cr_expect_eq(kind_of(WEB, WEB), DIFF_SAME);
	cr_expect_eq(
	    kind_of(WEB, "; x\n[program:web]\ncommand:  web\n"), DIFF_SAME);
	cr_expect_eq(kind_of(WEB, "[program:web]\ncommand='web'\n"), DIFF_SAME);
}

Test(diff, the_order_of_variables_is_no_change)
{
	cr_expect_eq(
	    kind_of(WEB "environment=A=1,B=2\n", WEB "environment=B=2,A=1\n"),
	    DIFF_SAME);
}

Test(diff, a_birth_which_changes_restarts)
{
	cr_expect_eq(
	    kind_of(WEB, "[program:web]\ncommand=web x\n"), DIFF_RESTARTED);
	cr_expect_eq(kind_of(WEB, WEB "environment=A=1\n"), DIFF_RESTARTED);
	cr_expect_eq(kind_of(WEB, WEB "umask=077\n"), DIFF_RESTARTED);
	cr_expect_eq(kind_of(WEB, "[supervisord]\nenvironment=A=1\n" WEB),
	    DIFF_RESTARTED);
}

Test(diff, moving_into_a_group_is_no_restart)
{
	struct diff *d = diff_of(WEB, WEB "[group:g]\nprograms=web\n");

	cr_expect_eq(d->services[0].kind, DIFF_APPLIED);
	cr_expect_str_eq(d->services[0].changes[0].name, "group");
	diff_free(d);
}

/* A value of each key which is not its default. */
static const struct {
	const char *key, *value;
} others[] = { { "priority", "5" }, { "autostart", "false" },
	{ "autorestart", "true" }, { "startsecs", "5" },
	{ "startretries", "9" }, { "exitcodes", "0,2" },
	{ "stopsignal", "QUIT" }, { "stopwaitsecs", "60" },
	{ "stopasgroup", "true" }, { "killasgroup", "true" },
	{ "leftovers", "leave" }, { "command", "x" }, { "environment", "A=1" },
	{ "directory", "/" }, { "user", "root" }, { "umask", "07" },
	{ "redirect_stderr", "true" }, { "stdout_logfile", "/x" },
	{ "stdout_logfile_maxbytes", "1" }, { "stdout_logfile_backups", "1" },
	{ "stdout_syslog", "true" }, { "stderr_logfile", "/x" },
	{ "stderr_logfile_maxbytes", "1" }, { "stderr_logfile_backups", "1" },
	{ "stderr_syslog", "true" } };

static const char *
other_value(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i].key, name) == 0)
			return (others[i].value);
	return (NULL);
}

Test(diff, each_key_needs_what_its_row_says)
{
	const struct key *key;
	char text[256];

	for (key = keys; key->name != NULL; key++) {
		if ((key->sections >> SECTION_PROGRAM & 1) == 0 ||
		    key->place == PLACE_NONE || key->change == CHANGE_NUMBER)
			continue;
		cr_assert_not_null(other_value(key->name), "%s", key->name);
		(void)snprintf(text, sizeof(text), WEB "%s=%s\n", key->name,
		    other_value(key->name));
		cr_expect_eq(kind_of(WEB, text),
		    key->change == CHANGE_BIRTH ? DIFF_RESTARTED : DIFF_APPLIED,
		    "%s", key->name);
	}
}

#define WORKER                                                                 \
	"[program:w]\ncommand=w\nprocess_name=%(program_name)s_%(process_num)" \
	"d\n"

Test(diff, numprocs_touches_only_the_surplus)
{
	struct diff *d = diff_of(WORKER "numprocs=2\n", WORKER "numprocs=4\n");

	cr_expect_eq(d->counts[DIFF_SAME], 2);
	cr_expect_eq(d->counts[DIFF_ADDED], 2);
	cr_expect_eq(d->services[2].kind, DIFF_ADDED);
	cr_expect_eq(d->services[2].before, DIFF_NONE);
	diff_free(d);
	d = diff_of(WORKER "numprocs=4\n", WORKER "numprocs=1\n");
	cr_expect_eq(d->counts[DIFF_REMOVED], 3);
	cr_expect_eq(d->services[3].after, DIFF_NONE);
	diff_free(d);
}

Test(diff, a_variable_which_changes_is_named)
{
	struct diff *d = diff_of(
	    WEB "environment=A=1,B=2,C=3\n", WEB "environment=A=1,B=x,D=4\n");
	const struct diff_service *s = &d->services[0];

	cr_assert_eq(s->nchanges, 3);
	cr_expect_str_eq(s->changes[0].name, "environment.B");
	cr_expect_str_eq(s->changes[0].before, "2");
	cr_expect_str_eq(s->changes[0].after, "x");
	cr_expect_str_eq(s->changes[1].name, "environment.C");
	cr_expect_null(s->changes[1].after);
	cr_expect_str_eq(s->changes[2].name, "environment.D");
	cr_expect_null(s->changes[2].before);
	diff_free(d);
}

Test(diff, settings_are_told_apart)
{
	struct diff *d = diff_of("[sigmund]\nsocket=/a\n" WEB,
	    "[sigmund]\nsocket=/b\nshutdown_timeout=5\n" WEB);

	cr_expect_eq(d->counts[DIFF_SAME], 1);
	cr_assert_eq(d->nsettings, 2);
	cr_expect_str_eq(d->settings[0].name, "socket");
	cr_expect_eq(d->settings[0].key->change, CHANGE_SIGMUND);
	cr_expect_str_eq(d->settings[1].name, "shutdown_timeout");
	diff_free(d);
}
