/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "os/child.h"
#include "os/child_report.h"
#include "os/spawn.h"

#include "born.h"

static struct born born;
static char dir[] = "/tmp/exec-XXXXXX";
static char path[512];
static char text[CHILD_TEXT_MAX];

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(dir));
}

static void
end(void)
{
	struct spawn_plan plan = SPAWN_PLAN;

	plan.argv = (const char *const[]){ "/bin/rm", "-rf", dir, NULL };
	(void)born_run(&plan, &born);
}

TestSuite(exec, .init = begin, .fini = end, .timeout = 30);

/* The file ${name} of this test, as a whole path. */
static const char *
in_dir(const char *name)
{
	static char file[512];

	(void)snprintf(file, sizeof(file), "%s/%s", dir, name);
	return (file);
}

static void
make(const char *name, const char *content, mode_t mode)
{
	int fd = open(in_dir(name), O_WRONLY | O_CREAT | O_CLOEXEC, mode);

	cr_assert_geq(fd, 0);
	cr_assert_eq(
	    write(fd, content, strlen(content)), (ssize_t)strlen(content));
	(void)close(fd);
}

/* Execute ${command}, searched in ${search}.  The text of the report. */
static const char *
execute(const char *command, const char *search)
{
	struct spawn_plan plan = SPAWN_PLAN;
	char name[512];

	(void)snprintf(name, sizeof(name), "%s", command);
	plan.argv = (const char *const[]){ name, NULL };
	plan.path = search;
	cr_assert(born_run(&plan, &born));
	if (born.state != SPAWN_FAILED)
		return ("");
	cr_assert_eq(born.report.stage, CHILD_STAGE_EXEC);
	cr_assert_eq(WEXITSTATUS(born.status), CHILD_EXIT_FAILED);
	return (child_report_text(&born.report, text));
}

Test(exec, missing_file_is_named)
{
	cr_assert_str_eq(execute("/x/y", NULL),
	    "cannot execute /x/y: No such file or directory (exec)");
	cr_assert_eq(born.report.code, ENOENT);
}

Test(exec, file_which_is_not_executable_is_an_error)
{
	make("f", "#!/bin/sh\nexit 0\n", 0644);
	(void)execute(in_dir("f"), NULL);
	cr_assert_eq(born.report.code, EACCES);
	cr_assert_str_eq(born.report.detail, in_dir("f"));
}

/* B11 */
Test(exec, garbage_is_an_error_and_no_shell_script)
{
	make("f", "echo from a shell\n", 0755);
	(void)execute(in_dir("f"), NULL);
	cr_assert_eq(born.report.code, ENOEXEC);
	cr_assert_str_eq(born.out, "");
	(void)snprintf(path, sizeof(path), "%s:/bin", dir);
	(void)execute("f", path);
	cr_assert_eq(born.report.code, ENOEXEC);
}

Test(exec, missing_interpreter_is_told_from_a_missing_file)
{
	char want[2 * CHILD_TEXT_MAX];

	make("f", "#! /no/such -x\n", 0755);
	(void)snprintf(want, sizeof(want),
	    "cannot execute %s: its interpreter /no/such: "
	    "No such file or directory (exec)",
	    in_dir("f"));
	cr_assert_str_eq(execute(in_dir("f"), NULL), want);
}

Test(exec, interpreter_with_a_carriage_return_is_seen)
{
	make("f", "#!/bin/sh\r\nexit 0\r\n", 0755);
	(void)execute(in_dir("f"), NULL);
	cr_assert_not_null(strstr(text, "its interpreter /bin/sh\\x0d:"));
}

Test(exec, search_goes_on_where_it_is_not)
{
	make("f", "#!/bin/sh\necho found\n", 0755);
	(void)snprintf(path, sizeof(path), "/no/such:/etc/passwd:%s", dir);
	cr_assert_str_eq(execute("f", path), "");
	cr_assert_str_eq(born.out, "found\n");
}

Test(exec, search_goes_on_behind_what_may_not_be_executed)
{
	make("f", "#!/bin/sh\necho first\n", 0644);
	cr_assert_eq(mkdir(in_dir("d"), 0755), 0);
	make("d/f", "#!/bin/sh\necho second\n", 0755);
	(void)snprintf(path, sizeof(path), "%s:%s/d", dir, dir);
	cr_assert_str_eq(execute("f", path), "");
	cr_assert_str_eq(born.out, "second\n");
}

Test(exec, what_may_not_be_executed_is_the_error_when_nothing_else_is_found)
{
	make("f", "#!/bin/sh\n", 0644);
	(void)snprintf(path, sizeof(path), "%s:/no/such", dir);
	(void)execute("f", path);
	cr_assert_eq(born.report.code, EACCES);
	cr_assert_str_eq(born.report.detail, in_dir("f"));
}

Test(exec, not_found_says_where_it_was_searched)
{
	cr_assert_str_eq(execute("no-such-command", "/bin:/usr/bin"),
	    "cannot execute no-such-command, searched in /bin:/usr/bin: "
	    "No such file or directory (exec)");
}

Test(exec, empty_element_is_the_current_directory)
{
	make("f", "#!/bin/sh\necho here\n", 0755);
	cr_assert_eq(chdir(dir), 0);
	(void)execute("f", "/no/such:");
	cr_assert_str_eq(born.out, "here\n");
	(void)execute("f", ":/no/such");
	cr_assert_str_eq(born.out, "here\n");
	(void)chdir("/");
}

Test(exec, without_a_path_there_is_a_default)
{
	cr_assert_str_eq(execute("true", NULL), "");
	cr_assert_eq(born.status, 0);
}

Test(exec, command_with_a_slash_is_not_searched)
{
	cr_assert_eq(mkdir(in_dir("d"), 0755), 0);
	make("d/f", "#!/bin/sh\n", 0755);
	(void)execute("d/f", dir);
	cr_assert_eq(born.report.code, ENOENT);
}

Test(exec, empty_command_is_an_error)
{
	cr_assert_str_eq(execute("", "/bin"),
	    "cannot execute an empty command: "
	    "No such file or directory (exec)");
}

Test(exec, element_longer_than_a_path_is_passed_over)
{
	char *longest = malloc(9000);

	cr_assert_not_null(longest);
	memset(longest, 'x', 9000);
	memcpy(longest + 9000 - 6, ":/bin", 6);
	(void)execute("true", longest);
	free(longest);
	cr_assert_eq(born.state, SPAWN_EXECED);
}

Test(exec, argument_of_60000_bytes_arrives)
{
	static char argument[60001];
	struct spawn_plan plan = SPAWN_PLAN;

	memset(argument, 'a', 60000);
	plan.argv = (const char *const[]){ "/bin/echo", "-n", argument, NULL };
	cr_assert(born_run(&plan, &born));
	cr_assert_str_eq(born.out, argument);
}

Test(exec, arguments_too_long_for_the_kernel_are_a_report)
{
	char *argument = calloc(1, 300001);
	struct spawn_plan plan = SPAWN_PLAN;

	cr_assert_not_null(argument);
	memset(argument, 'a', 300000);
	plan.argv = (const char *const[]){ "/bin/echo", argument, NULL };
	cr_assert(born_run(&plan, &born));
	free(argument);
	cr_assert_eq(born.state, SPAWN_FAILED);
	cr_assert_eq(born.report.code, E2BIG);
}
