/* SPDX-License-Identifier: MIT */
#include "conf.h"

#define X "[program:x]\ncommand=x\n"

/* The first thing which is wrong with ${text}. */
#define WRONG(text, what)                                                      \
	cr_expect_str_eq(conf_wrong(text), what, "%s", conf_wrong(text))

Test(load, a_program_becomes_a_service)
{
	const struct service_def *s =
	    conf_service("[program:web]\ncommand = /bin/web --name \"a b\"\n"
			 "directory=/srv\nuser=nobody\numask=027\n");

	cr_expect_str_eq(s->name, "web");
	cr_expect_str_eq(s->group, "web");
	cr_expect_str_eq(s->id, "web");
	cr_expect_str_eq(s->argv[0], "/bin/web");
	cr_expect_str_eq(s->argv[2], "a b");
	cr_expect_null(s->argv[3]);
	cr_expect_null(s->environment[0]);
	cr_expect_str_eq(s->directory, "/srv");
	cr_expect_str_eq(s->user, "nobody");
	cr_expect_eq(s->umask, 027);
	cr_expect_str_eq(s->program->name, "web");
	cr_expect_eq(s->program->line, 1);
}

Test(load, the_defaults_are_supervisords)
{
	const struct service_def *s = conf_service(X);
	const struct program *p = s->program;

	cr_expect_eq(p->priority, 999);
	cr_expect(p->autostart);
	cr_expect_eq(p->autorestart, AUTORESTART_UNEXPECTED);
	cr_expect_eq(p->startsecs_ms, 1000);
	cr_expect_eq(p->startretries, 3);
	cr_expect(program_expects(p, 0));
	cr_expect_not(program_expects(p, 2));
	cr_expect_eq(p->stopsignal, 15);
	cr_expect_eq(p->stopwaitsecs_ms, 10000);
	cr_expect_eq(p->leftovers, LEFTOVERS_KILL_ON_STOP);
	cr_expect_eq(s->umask, UMASK_INHERIT);
	cr_expect_null(s->user);
	cr_expect_null(s->directory);
	cr_expect_eq(s->out.kind, LOG_TO_AUTO);
	cr_expect_eq(s->out.maxbytes, 50 * 1024 * 1024);
	cr_expect_eq(s->out.backups, 10);
}

Test(load, under_sigmund_some_differ)
{
	const struct program *p = conf_service("[sigmund]\n" X)->program;

	cr_expect_eq(p->stopsignal, STOPSIGNAL_RECEIVED);
	cr_expect_eq(p->leftovers, LEFTOVERS_KILL);
}

Test(load, an_explicit_killasgroup_false_leaves_leftovers)
{
	cr_expect_eq(conf_service(X "killasgroup=false\n")->program->leftovers,
	    LEFTOVERS_LEAVE);
	cr_expect_eq(conf_service(X "killasgroup=false\nleftovers=kill\n")
			 ->program->leftovers,
	    LEFTOVERS_KILL);
}

Test(load, stopasgroup_implies_killasgroup)
{
	cr_expect(conf_service(X "stopasgroup=true\n")->program->killasgroup);
	WRONG(X "stopasgroup=true\nkillasgroup=false\n",
	    "4: killasgroup: cannot be false while stopasgroup is true");
}

Test(load, numprocs_makes_services_in_natural_order)
{
	struct config *c =
	    conf_of(X "numprocs=12\nnumprocs_start=1\n"
		      "process_name=%(program_name)s_%(process_num)d\n");

	cr_assert_eq(c->fleet.n, 12);
	cr_expect_str_eq(c->fleet.services[0].name, "x_1");
	cr_expect_str_eq(c->fleet.services[1].id, "x:x_2");
	cr_expect_str_eq(c->fleet.services[9].name, "x_10");
	cr_expect_eq(c->fleet.services[11].number, 12);
	cr_expect_eq(c->fleet.services[0].argv, c->fleet.services[11].argv);
}

Test(load, numprocs_without_process_num_is_refused)
{
	WRONG(X "numprocs=2\n",
	    "1: process_name: needs %(process_num)s in it, as numprocs is 2");
	WRONG(X "numprocs=1000000000\n",
	    "3: numprocs: expected a number from 0 to 100000, got "
	    "\"1000000000\"");
}

Test(load, levels_rank_groups_before_programs)
{
	struct config *c = conf_of("[program:a]\ncommand=a\npriority=10\n"
				   "[program:b]\ncommand=b\npriority=5\n"
				   "[program:c]\ncommand=c\npriority=1\n"
				   "[program:d]\ncommand=d\npriority=10\n"
				   "[group:g]\nprograms=c,b\npriority=7\n");
	static const char *const order[] = { "g:c", "g:b", "a", "d" };
	static const unsigned levels[] = { 0, 1, 2, 2 };
	size_t i;

	cr_assert_eq(c->fleet.n, 4);
	for (i = 0; i < 4; i++) {
		cr_expect_str_eq(c->fleet.services[i].id, order[i]);
		cr_expect_eq(c->fleet.services[i].level, levels[i]);
	}
}

Test(load, environments_are_merged_and_sorted)
{
	const struct service_def *s = conf_service(
	    "[supervisord]\nenvironment=Z=0,A=1,M=%(ENV_GREETING)s\n" X
	    "environment=Z=9,B=\"%(ENV_M)s\"\n");

	cr_expect_str_eq(s->environment[0], "A=1");
	cr_expect_str_eq(s->environment[1], "B=hello world");
	cr_expect_str_eq(s->environment[2], "M=hello world");
	cr_expect_str_eq(s->environment[3], "Z=9");
	cr_expect_null(s->environment[4]);
}

Test(load, every_key_can_be_expanded)
{
	const struct service_def *s = conf_service(
	    "[supervisord]\n"
	    "environment=N=7,B=false\n[program:x]\ncommand=x "
	    "%(program_name)s %(group_name)s %(host_node_name)s %(ENV_N)s\n"
	    "autostart=%(ENV_B)s\npriority=%(ENV_N)s\n"
	    "user=%(ENV_NOBODY:-root)s\n");

	cr_expect_str_eq(s->command, "x x x unit 7");
	cr_expect_not(s->program->autostart);
	cr_expect_eq(s->program->priority, 7);
	cr_expect_str_eq(s->user, "root");
}

Test(load, sections_merge_and_the_last_value_counts)
{
	const struct service_def *s = conf_service(
	    X "[program:y]\ncommand=y\nnumprocs=0\n[program:x]\ncommand=z\n");

	cr_expect_str_eq(s->command, "z");
	WRONG(X "command=z\n", "3: command: given again; that of line 2 is "
			       "ignored");
}

Test(load, the_section_default_is_inherited)
{
	cr_expect_eq(
	    conf_service("[DEFAULT]\nstartsecs=7\n" X)->program->startsecs_ms,
	    7000);
	cr_expect_eq(conf_service("[DEFAULT]\nstartsecs=7\n" X "startsecs=8\n")
			 ->program->startsecs_ms,
	    8000);
}

Test(load, a_wrong_value_is_told_as_a_compiler_would)
{
	WRONG(X "autorestart=always\n",
	    "3: autorestart: expected true, false or unexpected, got "
	    "\"always\"; did you mean true?");
	WRONG(X "stopsignal=TREM\n",
	    "3: stopsignal: expected a signal such as TERM, HUP or RTMIN+1, "
	    "or received, got \"TREM\"; did you mean TERM?");
}

Test(load, an_unknown_key_is_a_warning_for_supervisord)
{
	struct config *c = conf_of(X "stopwaitseconds=10\n");

	cr_expect_eq(c->nerrors, 0);
	cr_expect_eq(c->nwarnings, 1);
	cr_expect_str_eq(c->diags[0].text,
	    "unknown key \"stopwaitseconds\", ignored; did you mean "
	    "stopwaitsecs? (10 s applies now)");
	cr_expect_str_eq(c->diags[0].suggestion, "stopwaitsecs");
}

Test(load, an_unknown_key_is_an_error_for_sigmund)
{
	WRONG("[sigmund]\n" X "auto_start=no\n",
	    "4: unknown key \"auto_start\"; did you mean autostart?");
	cr_expect_eq(conf_of("[sigmund]\nstrict=no\n" X "zz=no\n")->nerrors, 0);
	cr_expect_eq(
	    conf_of("[supervisord]\nstrict=yes\n" X "zz=no\n")->nerrors, 1);
}

Test(load, an_unknown_section_is_told)
{
	WRONG(X "[progam:y]\ncommand=y\n",
	    "3: unknown section \"progam:y\", ignored; did you mean "
	    "program:y?");
	WRONG(X "[ program:y ]\ncommand=y\n",
	    "3: unknown section \" program:y \", ignored; did you mean "
	    "program:y?");
}

Test(load, both_main_sections_are_too_many)
{
	const char *what = conf_wrong("[sigmund]\n[supervisord]\n" X);

	cr_expect_not_null(strstr(what,
	    "2: a file has one of [sigmund] and [supervisord], not both; "
	    "[sigmund] is at "));
	cr_expect_str_eq(what + strlen(what) - 2, ":1");
}

Test(load, names_which_cannot_be_spoken_are_refused)
{
	WRONG("[program:a b]\ncommand=x\n",
	    "1: the program's name: expected a name without blanks, \":\" "
	    "and \"/\", got \"a b\"");
	WRONG("[program:]\ncommand=x\n",
	    "1: the program's name: expected a name without blanks, \":\" "
	    "and \"/\", got \"\"");
	cr_expect_eq(conf_of("[program:\xff]\ncommand=x\n")->nerrors, 1);
	cr_expect_eq(conf_of("[program:\xc3\xa4]\ncommand=x\n")->nerrors, 0);
	WRONG(X "process_name=a:b\n",
	    "3: process_name: expected a name without blanks, \":\" and "
	    "\"/\", got \"a:b\"");
}

Test(load, a_program_has_a_command)
{
	WRONG("[program:x]\n", "1: program \"x\" has no command");
	WRONG("[program:x]\ncommand=\n", "2: command: no program to run");
	WRONG("[program:x]\ncommand=''\n", "2: command: no program to run");
	WRONG("[program:x]\ncommand=a 'b\n",
	    "2: command: the quote ' is not closed; \" ;\" and \" #\" "
	    "begin a comment, in quotes too");
}

Test(load, a_program_is_in_one_group)
{
	cr_expect_not_null(strstr(conf_wrong(X "[group:a]\nprograms=x\n"
					       "[group:b]\nprograms=x\n"),
	    "6: programs: \"x\" is in the "
	    "group \"a\" already, at "));
	WRONG(X "[group:a]\nprograms=xx\n",
	    "4: programs: there is no program \"xx\" here");
}

Test(load, two_services_of_one_name_are_refused)
{
	cr_expect_not_null(strstr(
	    conf_wrong(
		X "process_name=p\n[program:y]\ncommand=y\nprocess_name=p\n"
		  "[group:g]\nprograms=x,y\n"),
	    "4: program \"y\" makes a service \"g:p\", as does program \"x\" "
	    "at "));
}

Test(load, an_error_leaves_no_service)
{
	struct config *c = conf_of(X "[program:y]\n");

	cr_expect_eq(c->nerrors, 1);
	cr_expect_eq(c->fleet.n, 0);
	cr_expect_eq(c->nprograms, 0);
	cr_expect(c->complete);
}

Test(load, the_socket_may_be_supervisords)
{
	struct config *c =
	    conf_of("[unix_http_server]\nfile=/a\nchmod=0770\n" X);

	cr_expect_str_eq(c->socket, "/a");
	cr_expect_eq(c->socket_mode, 0770);
	c = conf_of("[sigmund]\nsocket=/b\n[unix_http_server]\nfile=/a\n"
		    "chmod=0770\n" X);
	cr_expect_str_eq(c->socket, "/b");
	cr_expect_eq(c->socket_mode, 0600);
}

Test(load, an_event_listener_is_not_served_yet)
{
	struct config_options options = { .hostname = "unit" };
	static const char text[] =
	    "[eventlistener:l]\ncommand=cat\nevents=TICK_60\n";

	cr_expect_eq(conf_of(text)->nerrors, 0);
	cr_expect_eq(
	    conf_load(text, strlen(text), &options, CONF_ROOM)->nerrors, 1);
	cr_expect_eq(conf_of("[eventlistener:l]\ncommand=cat\n"
			     "autostart=false\n")
			 ->nerrors,
	    0);
}

Test(load, what_is_missing_here_is_told)
{
	struct config_options options = { .environ = conf_variables,
		.hostname = "unit" };
	static const char text[] =
	    "[program:x]\ncommand=/no/such\n"
	    "directory=/etc/passwd\nuser=no_such_user\n"
	    "[program:y]\ncommand=no_such\ndirectory=/no/such\n";
	struct config *c = conf_load(text, strlen(text), &options, CONF_ROOM);

	cr_assert_eq(c->ndiags, 3);
	cr_expect_str_eq(
	    c->diags[0].text, "user: there is no user \"no_such_user\"");
	cr_expect_str_eq(
	    c->diags[1].text, "command: \"no_such\" is not in PATH");
	cr_expect_eq(c->diags[1].severity, DIAG_WARNING);
	cr_expect_str_eq(c->diags[2].text,
	    "directory: \"/no/such\": No such file or directory");
}

Test(load, a_variable_which_is_not_set_is_an_error_to_run)
{
	struct config_options options = { .environ = conf_variables,
		.hostname = "unit" };
	static const char text[] = "[program:x]\ncommand=x %(ENV_NO)s\n";

	cr_expect_eq(conf_of(text)->nerrors, 0);
	cr_expect_eq(
	    conf_load(text, strlen(text), &options, CONF_ROOM)->nerrors, 1);
}

Test(load, what_does_not_fit_is_refused)
{
	struct config_options options = { .syntax_only = true,
		.hostname = "unit" };
	static const char text[] = X "numprocs=100000\nprocess_name=%"
				     "(process_num)d\n";
	struct config *c = conf_load(text, strlen(text), &options, 65536);

	cr_assert_not_null(c);
	cr_expect_eq(c->nerrors, 1);
	cr_expect_eq(c->fleet.n, 0);
	cr_expect_str_eq(c->diags[0].text,
	    "the configuration is too large for "
	    "the memory which is set aside for it");
}

Test(load, with_any_room_it_is_all_or_nothing)
{
	struct config_options options = { .syntax_only = true,
		.hostname = "unit" };
	static const char text[] =
	    "[sigmund]\nenvironment=A=1\n" X "numprocs=3\nprocess_name=%"
	    "(process_num)d\nenvironment=N=%(process_num)d\n"
	    "[program:y]\ncommand=y\n[group:g]\nprograms=x,y\n";
	struct config *c;
	size_t room;

	for (room = 16; room < 8192; room += 16) {
		c = conf_load(text, strlen(text), &options, room);
		if (c == NULL)
			continue;
		cr_expect(c->complete);
		cr_expect_eq(c->fleet.n, c->nerrors > 0 ? 0 : 4);
	}
	cr_expect_eq(c->fleet.n, 4);
}

Test(load, a_command_of_60000_bytes_stays_whole)
{
	char *text = malloc(60100);
	size_t at;

	cr_assert_not_null(text);
	at = (size_t)sprintf(text, "[program:x]\ncommand=x ");
	memset(text + at, 'y', 60000);
	text[at + 60000] = '\0';
	cr_expect_eq(strlen(conf_service(text)->argv[1]), 60000);
	free(text);
}

Test(load, what_is_not_a_regular_file_is_refused)
{
	struct config_options options = { .syntax_only = true };
	static char memory[65536];
	struct config *c;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	c = config_load("/dev/null", &options, &arena);
	cr_assert_eq(c->ndiags, 1);
	cr_expect_str_eq(c->diags[0].text, "is a device, not a regular file");
	memset(memory, 0, sizeof(memory));
	arena_init(&arena, memory, sizeof(memory));
	c = config_load("/no/such", &options, &arena);
	cr_expect_str_eq(
	    c->diags[0].text, "cannot be read: No such file or directory");
	cr_expect_eq(c->diags[0].line, 0);
}

/* For sigctl: sigmund may well run with what the file said before. */
Test(load, a_wrong_file_still_tells_its_socket)
{
	struct config *c = conf_of("[sigmund]\nsocket=/a/b\n[program:x]\n");

	cr_assert_gt(c->nerrors, 0);
	cr_assert_str_eq(c->socket, "/a/b");
}
