/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static char line[LOG_LINE_MAX + 1];

/* The line of ${message} at a fixed time. */
static const char *
line_of(enum log_format format, const char *service, const char *message)
{
	struct log_entry e = { { INT64_C(1795421400123) }, LOG_LEVEL_WARN,
		service, message, false };

	line[log_line(line, format, &e)] = '\0';
	return (line);
}

static const char *
text(const char *message)
{
	/* Past "2026-11-23T08:10:00.123Z warn  ". */
	return (line_of(LOG_FORMAT_TEXT, NULL, message) + 31);
}

static const char *
json(const char *message)
{
	return (strstr(line_of(LOG_FORMAT_JSON, NULL, message), "\"message\""));
}

/* All that can be read from ${fd} now, as a string. */
static const char *
drain(int fd)
{
	static char all[1 << 20];
	size_t len = 0;
	ssize_t n;

	cr_assert_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	while ((n = read(fd, all + len, sizeof(all) - 1 - len)) > 0)
		len += (size_t)n;
	all[len] = '\0';
	return (all);
}

Test(log, a_line_names_time_level_and_service)
{
	cr_assert_str_eq(line_of(LOG_FORMAT_TEXT, "web", "exit 1"),
	    "2026-11-23T08:10:00.123Z warn  web: exit 1\n");
	cr_assert_str_eq(line_of(LOG_FORMAT_TEXT, NULL, "started"),
	    "2026-11-23T08:10:00.123Z warn  started\n");
}

Test(log, a_json_line_has_the_same_in_fields)
{
	cr_assert_str_eq(line_of(LOG_FORMAT_JSON, "web", "exit 1"),
	    "{\"time\":\"2026-11-23T08:10:00.123Z\",\"level\":\"warn\","
	    "\"service\":\"web\",\"message\":\"exit 1\"}\n");
	cr_assert_str_eq(line_of(LOG_FORMAT_JSON, NULL, "started"),
	    "{\"time\":\"2026-11-23T08:10:00.123Z\",\"level\":\"warn\","
	    "\"message\":\"started\"}\n");
}

Test(log, control_characters_cannot_act)
{
	cr_assert_str_eq(text("a\nb\rc\td"), "a\\nb\\rc\\td\n");
	cr_assert_str_eq(text("\x1b[31m\x7f"), "\\x1b[31m\\x7f\n");
	/* U+009B begins a command on a terminal too. */
	cr_assert_str_eq(text("\xc2\x9b"), "\\u009b\n");
	cr_assert_str_eq(
	    json("a\nb\x1b\x7f"), "\"message\":\"a\\nb\\u001b\\u007f\"}\n");
}

Test(log, utf8_passes_and_what_is_none_is_shown)
{
	cr_assert_str_eq(text("caf\xc3\xa9"), "caf\xc3\xa9\n");
	cr_assert_str_eq(text("a\xff\xc3z"), "a\\xff\\xc3z\n");
	cr_assert_str_eq(json("a\xffz"), "\"message\":\"a\\ufffdz\"}\n");
}

Test(log, quotes_and_backslashes_stay_in_their_json_string)
{
	cr_assert_str_eq(
	    json("say \"\\o/\""), "\"message\":\"say \\\"\\\\o/\\\"\"}\n");
	cr_assert_str_eq(text("say \"\\o/\""), "say \"\\o/\"\n");
}

Test(log, a_line_of_exactly_the_maximum_is_whole)
{
	char message[LOG_LINE_MAX];
	size_t n = LOG_LINE_MAX - 31 - strlen("\n") - strlen("…[cut]");

	memset(message, 'x', n);
	message[n] = '\0';
	cr_assert_eq(strlen(text(message)), n + 1);
	cr_assert_null(strstr(line, "cut"));
}

Test(log, a_longer_line_ends_in_a_mark)
{
	char message[LOG_LINE_MAX];
	size_t len;

	memset(message, 'x', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	(void)line_of(LOG_FORMAT_TEXT, "web", message);
	len = strlen(line);
	cr_assert_leq(len, LOG_LINE_MAX);
	cr_assert_str_eq(line + len - strlen("x…[cut]\n"), "x…[cut]\n");
	(void)line_of(LOG_FORMAT_JSON, "web", message);
	len = strlen(line);
	cr_assert_leq(len, LOG_LINE_MAX);
	cr_assert_str_eq(line + len - strlen("x…[cut]\"}\n"), "x…[cut]\"}\n");
}

Test(log, an_escape_is_never_cut_in_two)
{
	char message[LOG_LINE_MAX];

	memset(message, '\n', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	(void)line_of(LOG_FORMAT_JSON, "webs", message);
	cr_assert_not_null(strstr(line, "\\n…[cut]"));
	(void)line_of(LOG_FORMAT_JSON, "web", message);
	cr_assert_not_null(strstr(line, "\\n…[cut]"));
}

Test(log, every_level_has_its_word)
{
	cr_assert_str_eq(log_level_name(LOG_LEVEL_ERROR), "error");
	cr_assert_str_eq(log_level_name(LOG_LEVEL_DEBUG), "debug");
}

Test(log, writes_what_is_urgent_enough)
{
	struct log log;
	const char *got;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	log_open(&log, fds[1], LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	log_debug(&log, "web", "not this");
	log_info(&log, "web", "pid %d", 812);
	log_error(&log, NULL, "that");
	got = drain(fds[0]);
	cr_assert_null(strstr(got, "not this"));
	cr_assert_not_null(strstr(got, "Z info  web: pid 812\n"));
	cr_assert_not_null(strstr(got, "Z error that\n"));
}

Test(log, keeps_errno)
{
	struct log log;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	errno = ENOENT;
	log_open(&log, fds[1], LOG_FORMAT_TEXT, LOG_LEVEL_DEBUG);
	log_warn(&log, NULL, "x");
	cr_assert_eq(errno, ENOENT);
	(void)close(fds[1]);
	errno = ENOENT;
	log_warn(&log, NULL, "x");
	log_close(&log);
	cr_assert_eq(errno, ENOENT);
}

/* Fill what ${log} writes to, which must never wait.  Return the lines. */
static uint64_t
fill(struct log *log)
{
	uint64_t n;

	for (n = 0; log->dropped == 0; n++)
		log_info(log, "web", "line %d", (int)n);
	return (n - 1);
}

/* B18: the pipe is blocking, and nobody reads. */
Test(log, does_not_wait_for_a_reader, .timeout = 20)
{
	struct log log;
	const char *got, *end;
	int fds[2], flags;

	cr_assert_eq(pipe(fds), 0);
	flags = fcntl(fds[1], F_GETFL);
	log_open(&log, fds[1], LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	cr_assert_gt(fill(&log), 100);
	log_info(&log, "web", "lost too");
	cr_assert_eq(log.dropped, 2);
	cr_assert_eq(fcntl(fds[1], F_GETFL), flags);

	got = drain(fds[0]);
	end = got + strlen(got);
	cr_assert_eq(end[-1], '\n', "the last line is not whole");
	log_info(&log, "web", "again");
	got = drain(fds[0]);
	cr_assert_not_null(strstr(
	    got, "Z warn  2 log lines dropped: the reader is too slow\n"));
	cr_assert_not_null(strstr(got, "Z info  web: again\n"));
	cr_assert_eq(log.dropped, 0);
}

Test(log, what_was_dropped_is_said_at_the_end_at_the_latest, .timeout = 20)
{
	struct log log;
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	log_open(&log, fds[1], LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	(void)fill(&log);
	(void)drain(fds[0]);
	log_close(&log);
	cr_assert_not_null(strstr(
	    drain(fds[0]), "1 log line dropped: the reader is too slow\n"));
}

Test(log, does_not_wait_for_a_socket, .timeout = 20)
{
	struct log log;
	int fds[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	log_open(&log, fds[1], LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	cr_assert_gt(fill(&log), 10);
	(void)drain(fds[0]);
	log_info(&log, "web", "again");
	cr_assert_not_null(strstr(drain(fds[0]), "web: again\n"));
}

Test(log, does_not_wait_for_a_terminal, .timeout = 20)
{
	struct log log;
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	cr_assert_neq(master, -1);
	cr_assert_eq(grantpt(master), 0);
	cr_assert_eq(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	cr_assert_neq(slave, -1);
	log_open(&log, slave, LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	cr_assert_gt(fill(&log), 10);
	cr_assert_eq(fcntl(slave, F_GETFL) & O_NONBLOCK, 0);
	(void)drain(master);
	log_info(&log, "web", "again");
	cr_assert_not_null(strstr(drain(master), "web: again\r\n"));
	log_close(&log);
}

Test(log, a_full_disk_is_named)
{
	struct log log;
	int fds[2], full = open("/dev/full", O_WRONLY);

	cr_assert_neq(full, -1);
	cr_assert_eq(pipe(fds), 0);
	log_open(&log, full, LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	log_info(&log, NULL, "lost");
	cr_assert_eq(log.dropped, 1);
	log.fd = fds[1];
	log_info(&log, NULL, "again");
	cr_assert_not_null(strstr(
	    drain(fds[0]), "1 log line dropped: No space left on device\n"));
}

Test(log, a_file_takes_every_line)
{
	char path[] = "/tmp/sigmund-log-XXXXXX";
	struct log log;
	int fd = mkstemp(path);

	cr_assert_neq(fd, -1);
	(void)unlink(path);
	log_open(&log, fd, LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
	log_info(&log, NULL, "one");
	log_info(&log, NULL, "two");
	cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
	cr_assert_not_null(strstr(drain(fd), "one\n2"));
}
