/* SPDX-License-Identifier: MIT */
/*
 * puppet: a child for system tests which does what its arguments say, in
 * their order, and exits 0 after the last.
 *
 *	puppet write-pid P ignore TERM fork { setsid clear-env wait } wait
 *
 * An action is a word and its arguments.  { and } are words of their own;
 * they enclose actions and may be nested.
 *
 *	append FILE TEXT	add the line TEXT to FILE; - is stdout
 *	stamp FILE		add a line with the monotonic clock in ms to FILE
 *	write-pid FILE		make FILE, complete at once, with our pid
 *	dump-status FILE	make FILE, complete at once: JSON with pid, ppid,
 *				pgid, sid, uid, gid, groups, SigBlk, SigIgn,
 *				SigCgt, fds, cwd, umask, nofile, args, env;
 *				a byte of a text is one character
 *	listen PORT FILE	listen on 127.0.0.1 until the end, and write
 *				the port to FILE; 0 is any
 *	lock FILE		lock FILE until the end; exit 98 if it is taken
 *	ignore|default|block|unblock SIG
 *	on SIG { ... }		from now on, when SIG comes, do that as soon as
 *				we wait or sleep
 *	exit-on SIG N		the same as on SIG { exit N }
 *	fork { ... }		a child does that and exits 0; we go on
 *	repeat N { ... }
 *	setsid
 *	close FD
 *	clear-env		execute ourselves without any environment, and
 *				do the rest of these actions
 *	sleep-ms N
 *	wait			for signals, for ever (ten minutes at most, so
 *				that no test leaves one behind)
 *	reap			until all our children have ended
 *	kill-self SIG
 *	exec FILE ARG ...	up to the end or the }
 *	exit N
 *
 * Signals are named as in the INI.  What cannot be done ends it: 64 for a
 * word that is none, 65 for a call that failed, both with a line on stderr.
 */
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/signame.h"

#include "puppet_status.h"

#define SIGNALS      65
#define WAIT_MOST_MS (600 * 1000)

/* A piece of our arguments, from ${at} to before ${end}. */
struct script {
	char **words;
	int at;
	int end;
};

static char **arguments; /* All of main()'s. */
static struct script reactions[SIGNALS];
static volatile sig_atomic_t arrived[SIGNALS];

static void run(struct script);

static char *
next_word(struct script *s)
{
	if (s->at >= s->end)
		puppet_fail(64, "an argument is missing at the end");
	return (s->words[s->at++]);
}

static int
next_number(struct script *s)
{
	char *end, *word = next_word(s);
	long n = strtol(word, &end, 10);

	if (end == word || *end != '\0')
		puppet_fail(64, "%s is not a number", word);
	return ((int)n);
}

static int
next_signal(struct script *s)
{
	char *word = next_word(s);
	int signo = signame_number(word);

	if (signo <= 0 || signo >= SIGNALS)
		puppet_fail(64, "%s is not a signal", word);
	return (signo);
}

/* What is between the next { and its }. */
static struct script
next_block(struct script *s)
{
	struct script block;
	int depth = 1;

	if (strcmp(next_word(s), "{") != 0)
		puppet_fail(64, "{ expected before %s", s->words[s->at - 1]);
	block = (struct script){ .words = s->words, .at = s->at };
	while (depth > 0) {
		const char *word = next_word(s);

		if (strcmp(word, "{") == 0)
			depth++;
		else if (strcmp(word, "}") == 0)
			depth--;
	}
	block.end = s->at - 1;
	return (block);
}

static void
arrive(int signo)
{
	arrived[signo] = 1;
}

/* Do what was asked for the signals which have come.  Were there any? */
static int
react(void)
{
	int signo, any = 0;

	for (signo = 1; signo < SIGNALS; signo++) {
		if (!arrived[signo])
			continue;
		arrived[signo] = 0;
		any = 1;
		run(reactions[signo]);
	}
	return (any);
}

static long long
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * 1000LL + ts.tv_nsec / 1000000);
}

/*
 * Sleep ${ms}, doing what was asked for each signal.  All are blocked between
 * the look at what has come and the sleep, so that none is slept through.
 */
static void
sleep_ms(long long ms)
{
	long long left, end = now_ms() + ms;
	struct timespec ts;
	sigset_t all, old;

	(void)sigfillset(&all);
	for (;;) {
		(void)sigprocmask(SIG_SETMASK, &all, &old);
		left = end - now_ms();
		if (left > 0) {
			int signo, any = 0;

			for (signo = 1; signo < SIGNALS; signo++)
				any |= arrived[signo];
			ts.tv_sec = any ? 0 : (time_t)(left / 1000);
			ts.tv_nsec = any ? 0 : (long)(left % 1000) * 1000000;
			(void)ppoll(NULL, 0, &ts, &old);
		}
		(void)sigprocmask(SIG_SETMASK, &old, NULL);
		if (!react() && left <= 0)
			return;
	}
}

static void
write_number(const char *path, int n)
{
	char temporary[4096];
	FILE *f = puppet_begin(path, temporary, sizeof(temporary));

	(void)fprintf(f, "%d\n", n);
	puppet_publish(f, temporary, path);
}

/* One write, so that lines of several puppets do not mix. */
static void
append_line(const char *path, const char *text)
{
	int fd = STDOUT_FILENO, len;
	char *line;

	if (strcmp(path, "-") != 0 &&
	    (fd = open(
		 path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666)) == -1)
		puppet_fail(65, "%s", path);
	len = asprintf(&line, "%s\n", text);
	if (len == -1 || write(fd, line, (size_t)len) != len)
		puppet_fail(65, "%s", path);
	free(line);
	if (fd != STDOUT_FILENO)
		(void)close(fd);
}

static void
append(struct script *s)
{
	const char *path = next_word(s);

	append_line(path, next_word(s));
}

static void
stamp(struct script *s)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", now_ms());
	append_line(next_word(s), text);
}

static void
dump_status(struct script *s)
{
	puppet_status(next_word(s), arguments);
}

static void
write_pid(struct script *s)
{
	write_number(next_word(s), (int)getpid());
}

static void
listen_on(struct script *s)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int on = 1, fd;

	sin.sin_port = htons((uint16_t)next_number(s));
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    listen(fd, 16) == -1 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) == -1)
		puppet_fail(65, "listen");
	write_number(next_word(s), ntohs(sin.sin_port));
}

static void
lock(struct script *s)
{
	const char *path = next_word(s);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd == -1)
		puppet_fail(65, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == -1)
		puppet_fail(98, "%s is locked", path);
}

static void
set_action(int signo, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	if (sigaction(signo, &sa, NULL) == -1)
		puppet_fail(65, "signal %d", signo);
}

static void
change_mask(int how, int signo)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, signo);
	(void)sigprocmask(how, &set, NULL);
}

static void
ignore(struct script *s)
{
	set_action(next_signal(s), SIG_IGN);
}

static void
set_default(struct script *s)
{
	set_action(next_signal(s), SIG_DFL);
}

static void
block(struct script *s)
{
	change_mask(SIG_BLOCK, next_signal(s));
}

static void
unblock(struct script *s)
{
	change_mask(SIG_UNBLOCK, next_signal(s));
}

static void
on(struct script *s)
{
	int signo = next_signal(s);

	reactions[signo] = next_block(s);
	set_action(signo, arrive);
}

static void
exit_on(struct script *s)
{
	static char word[] = "exit";
	static char *words[SIGNALS][2];
	int signo = next_signal(s);

	words[signo][0] = word;
	words[signo][1] = next_word(s);
	reactions[signo] = (struct script){ words[signo], 0, 2 };
	set_action(signo, arrive);
}

static void
fork_off(struct script *s)
{
	struct script child = next_block(s);
	pid_t pid = fork();

	if (pid == -1)
		puppet_fail(65, "fork");
	if (pid == 0) {
		run(child);
		_exit(0);
	}
}

static void
repeat(struct script *s)
{
	int n = next_number(s);
	struct script again = next_block(s);

	while (n-- > 0)
		run(again);
}

static void
new_session(struct script *s)
{
	(void)s;
	if (setsid() == -1)
		puppet_fail(65, "setsid");
}

static void
close_fd(struct script *s)
{
	if (close(next_number(s)) == -1)
		puppet_fail(65, "close");
}

static void
clear_env(struct script *s)
{
	size_t n = (size_t)(s->end - s->at);
	char **argv = calloc(n + 2, sizeof(*argv));
	char *none[] = { NULL };

	if (argv == NULL)
		puppet_fail(65, "clear-env");
	argv[0] = arguments[0];
	memcpy(argv + 1, s->words + s->at, n * sizeof(*argv));
	(void)execve("/proc/self/exe", argv, none);
	puppet_fail(65, "clear-env");
}

static void
exec_file(struct script *s)
{
	char **argv = s->words + s->at;
	const char *file = next_word(s);

	/* The } is ours, and nobody reads it after this. */
	s->words[s->end] = NULL;
	(void)execv(file, argv);
	puppet_fail(65, "%s", file);
}

static void
sleep_for(struct script *s)
{
	sleep_ms(next_number(s));
}

static void
wait_for_signals(struct script *s)
{
	(void)s;
	sleep_ms(WAIT_MOST_MS);
	puppet_fail(66, "waited for ten minutes");
}

static void
reap(struct script *s)
{
	pid_t pid;

	(void)s;
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0)
		if (pid == 0)
			sleep_ms(5);
}

static void
kill_self(struct script *s)
{
	(void)kill(getpid(), next_signal(s));
}

static void
leave(struct script *s)
{
	int code = next_number(s);

	(void)fflush(NULL);
	_exit(code);
}

static const struct {
	const char *word;
	void (*act)(struct script *);
} actions[] = {
	{ "append", append },
	{ "stamp", stamp },
	{ "write-pid", write_pid },
	{ "dump-status", dump_status },
	{ "listen", listen_on },
	{ "lock", lock },
	{ "ignore", ignore },
	{ "default", set_default },
	{ "block", block },
	{ "unblock", unblock },
	{ "on", on },
	{ "exit-on", exit_on },
	{ "fork", fork_off },
	{ "repeat", repeat },
	{ "setsid", new_session },
	{ "close", close_fd },
	{ "clear-env", clear_env },
	{ "exec", exec_file },
	{ "sleep-ms", sleep_for },
	{ "wait", wait_for_signals },
	{ "reap", reap },
	{ "kill-self", kill_self },
	{ "exit", leave },
};

static void
run(struct script s)
{
	size_t i, n = sizeof(actions) / sizeof(actions[0]);

	while (s.at < s.end) {
		const char *word = next_word(&s);

		for (i = 0; i < n; i++)
			if (strcmp(word, actions[i].word) == 0)
				break;
		if (i == n)
			puppet_fail(64, "%s is no action", word);
		actions[i].act(&s);
	}
}

int
main(int argc, char **argv)
{
	arguments = argv;
	run((struct script){ .words = argv, .at = 1, .end = argc });
	(void)react();
	return (0);
}
