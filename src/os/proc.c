/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/proc.h"

#define PATH_LEN 64   /* "/proc/PID/task/TID/children" and more. */
#define STAT_LEN 1024 /* As far as the start time, with any command. */
#define LIST_LEN 4096

/* The directory entries which are numbers, ascending, without allocating. */
struct numbers {
	int fd;
	size_t at;
	size_t len;
	alignas(struct dirent64) char buf[LIST_LEN];
};

static int
numbers_open(struct numbers *list, const char *path)
{
	list->at = list->len = 0;
	list->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return (list->fd == -1 ? -1 : 0);
}

/* The next one, or -1 at the end. */
static pid_t
numbers_next(struct numbers *list)
{
	const struct dirent64 *entry;
	ssize_t n;

	for (;;) {
		if (list->at >= list->len) {
			n = getdents64(list->fd, list->buf, sizeof(list->buf));
			if (n <= 0)
				return (-1);
			list->len = (size_t)n;
			list->at = 0;
		}
		entry = (const void *)(list->buf + list->at);
		list->at += entry->d_reclen;
		if (isdigit((unsigned char)entry->d_name[0]))
			return ((pid_t)strtol(entry->d_name, NULL, 10));
	}
}

static void
numbers_close(struct numbers *list)
{
	(void)close(list->fd);
}

/* Read ${path} into ${buf} as far as it fits, with a NUL.  Return its length. */
static ssize_t
slurp(const char *path, char *buf, size_t cap)
{
	size_t len = 0;
	ssize_t n = 0;
	int fd, code;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return (-1);
	while (len < cap - 1) {
		n = read(fd, buf + len, cap - 1 - len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	code = errno;
	(void)close(fd);
	if (n == -1) {
		errno = code;
		return (-1);
	}
	buf[len] = '\0';
	return ((ssize_t)len);
}

/* The number at ${*text}, which is moved behind it. */
static unsigned long long
number(const char **text)
{
	unsigned long long n = 0;
	const char *p = *text;
	bool minus;

	while (*p == ' ')
		p++;
	if ((minus = *p == '-'))
		p++;
	for (; isdigit((unsigned char)*p); p++)
		n = n * 10 + (unsigned)(*p - '0');
	*text = p;
	return (minus ? 0 - n : n);
}

int
proc_parse_stat(const char *text, struct proc_fact *fact)
{
	struct proc_fact got;
	const char *p = strrchr(text, ')');
	int field;

	/* The command is anything, but nothing after it has a parenthesis. */
	if (p == NULL || p[1] != ' ' || p[2] == '\0' || p[3] != ' ')
		return (-1);
	got.pid = (pid_t)number(&text);
	got.state = p[2];
	p += 3;
	got.ppid = (pid_t)number(&p);
	got.pgid = (pid_t)number(&p);
	got.sid = (pid_t)number(&p);
	/* Fields are counted as in proc(5). */
	for (field = 7; field < 20; field++)
		(void)number(&p);
	got.threads = (int)number(&p);
	(void)number(&p);
	/* Cut short before the start time, it would name another process. */
	if (*p != ' ' || !isdigit((unsigned char)p[1]))
		return (-1);
	got.start_ticks = number(&p);
	if (*p != ' ')
		return (-1);
	*fact = got;
	return (0);
}

/* Fill ${fact} from the file ${path}. */
static int
stat_at(const char *path, struct proc_fact *fact)
{
	char text[STAT_LEN];

	if (slurp(path, text, sizeof(text)) == -1) {
		if (errno == ENOENT)
			errno = ESRCH;
		return (-1);
	}
	if (proc_parse_stat(text, fact) == -1) {
		errno = ESRCH;
		return (-1);
	}
	return (0);
}

int
proc_stat(pid_t pid, struct proc_fact *fact)
{
	char path[PATH_LEN];

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	return (stat_at(path, fact));
}

void
proc_each(void (*fn)(void *, const struct proc_fact *), void *arg)
{
	struct numbers list;
	struct proc_fact fact;
	pid_t pid;

	if (numbers_open(&list, "/proc") == -1)
		return;
	while ((pid = numbers_next(&list)) != -1)
		if (proc_stat(pid, &fact) == 0)
			fn(arg, &fact);
	numbers_close(&list);
}

/* Call ${fn} for each number in the file ${path}. */
static int
each_number(const char *path, void (*fn)(void *, pid_t), void *arg)
{
	char buf[LIST_LEN];
	ssize_t len, i;
	pid_t pid = 0;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return (-1);
	/* Each number has a blank behind it, and a piece may end within one. */
	while ((len = read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < len; i++) {
			if (isdigit((unsigned char)buf[i])) {
				pid = pid * 10 + (buf[i] - '0');
				continue;
			}
			if (pid > 0)
				fn(arg, pid);
			pid = 0;
		}
	}
	(void)close(fd);
	return (0);
}

int
proc_children(pid_t pid, void (*fn)(void *, pid_t), void *arg)
{
	struct numbers list;
	char path[PATH_LEN];
	pid_t tid;
	int seen = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	if (numbers_open(&list, path) == -1)
		return (-1);
	while ((tid = numbers_next(&list)) != -1) {
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
		    (int)pid, (int)tid);
		if (each_number(path, fn, arg) == 0)
			seen++;
	}
	numbers_close(&list);
	if (seen == 0) {
		errno = ENOENT;
		return (-1);
	}
	return (0);
}

int
proc_own_children(void (*fn)(void *, pid_t), void *arg)
{
	return (each_number("/proc/thread-self/children", fn, arg));
}

bool
proc_ended(const struct proc_fact *fact)
{
	return (
	    fact->state == 'X' || (fact->state == 'Z' && fact->threads <= 1));
}

/* Stopped by a signal or by a debugger, or at its end. */
static bool
is_still(const struct proc_fact *fact)
{
	return (strchr("TtZX", fact->state) != NULL);
}

bool
proc_stopped(const struct proc_fact *fact)
{
	struct numbers list;
	struct proc_fact thread = *fact;
	char path[PATH_LEN];
	pid_t tid;

	if (!is_still(fact) || fact->threads <= 1)
		return (is_still(fact));
	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)fact->pid);
	if (numbers_open(&list, path) == -1)
		return (true);
	while (is_still(&thread) && (tid = numbers_next(&list)) != -1) {
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/stat",
		    (int)fact->pid, (int)tid);
		(void)stat_at(path, &thread);
	}
	numbers_close(&list);
	return (is_still(&thread));
}

bool
proc_pending(pid_t pid, int signo)
{
	static const char key[] = "\nShdPnd:";
	char path[PATH_LEN], text[LIST_LEN];
	const char *p;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (signo < 1 || signo > 64 || slurp(path, text, sizeof(text)) == -1 ||
	    (p = strstr(text, key)) == NULL)
		return (false);
	return (strtoull(p + sizeof(key) - 1, NULL, 16) >> (signo - 1) & 1);
}

int
proc_refresh(struct proc_fact *fact)
{
	struct proc_fact now;

	if (fact->pid <= 0 || proc_stat(fact->pid, &now) == -1 ||
	    (fact->start_ticks != 0 && fact->start_ticks != now.start_ticks)) {
		fact->state = 'X';
		return (-1);
	}
	*fact = now;
	return (0);
}

/*
 * Looks for one variable in an environment which comes in pieces of any
 * length: it may be as large as two megabytes.
 */
struct finder {
	const char *name;
	size_t at;  /* Of the name, how much has matched. */
	bool skip;  /* This variable is another. */
	bool found; /* The name has matched and what follows is the value. */
	char *buf;
	size_t cap;
	size_t len;
};

/* Take the next byte.  Is the value complete? */
static bool
finder_step(struct finder *f, char c)
{
	if (f->found) {
		if (f->len < f->cap)
			f->buf[f->len] = c;
		f->len++;
		return (c == '\0');
	}
	if (c == '\0') {
		f->at = 0;
		f->skip = false;
	} else if (!f->skip && f->name[f->at] == '\0') {
		f->found = c == '=';
		f->skip = c != '=';
	} else if (!f->skip && f->name[f->at++] != c) {
		f->skip = true;
	}
	return (false);
}

/* Look through the file ${fd}. */
static ssize_t
find(int fd, struct finder *f)
{
	char piece[LIST_LEN];
	ssize_t n, i;

	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		for (i = 0; i < n; i++) {
			if (!finder_step(f, piece[i]))
				continue;
			if (f->len <= f->cap)
				return ((ssize_t)f->len - 1);
			errno = ENAMETOOLONG;
			return (-1);
		}
	}
	if (n == 0)
		errno = ENOENT;
	return (-1);
}

ssize_t
proc_environ_value(pid_t pid, const char *name, char *buf, size_t cap)
{
	struct finder f = { .name = name, .buf = buf, .cap = cap };
	char path[PATH_LEN];
	ssize_t len;
	int fd, code;

	(void)snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return (-1);
	len = find(fd, &f);
	code = errno;
	(void)close(fd);
	errno = code;
	return (len);
}

/* Control characters of the ${len} bytes at ${buf} become ${mark}. */
static void
blank_controls(char *buf, size_t len, char mark)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (iscntrl((unsigned char)buf[i]))
			buf[i] = mark;
}

/* The file ${name} of ${pid} in ${buf}, or an empty text; its length. */
static size_t
text_of(pid_t pid, const char *name, char *buf, size_t cap)
{
	char path[PATH_LEN];
	ssize_t len;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	if ((len = slurp(path, buf, cap)) == -1) {
		buf[0] = '\0';
		return (0);
	}
	return ((size_t)len);
}

const char *
proc_comm(pid_t pid, char *buf, size_t cap)
{
	size_t len = text_of(pid, "comm", buf, cap);

	if (len > 0 && buf[len - 1] == '\n')
		buf[--len] = '\0';
	blank_controls(buf, len, '?');
	return (buf);
}

const char *
proc_cmdline(pid_t pid, char *buf, size_t cap)
{
	size_t i, len = text_of(pid, "cmdline", buf, cap);

	while (len > 0 && buf[len - 1] == '\0')
		len--;
	for (i = 0; i < len; i++)
		if (buf[i] == '\0')
			buf[i] = ' ';
	blank_controls(buf, len, '?');
	return (buf);
}

const char *
proc_wchan(pid_t pid, char *buf, size_t cap)
{
	size_t len = text_of(pid, "wchan", buf, cap);

	blank_controls(buf, len, '?');
	/* Not asleep, or hidden from us. */
	if (strcmp(buf, "0") == 0)
		buf[0] = '\0';
	return (buf);
}

int
proc_boot_id(char buf[PROC_BOOT_ID_MAX])
{
	if (slurp("/proc/sys/kernel/random/boot_id", buf, PROC_BOOT_ID_MAX) ==
	    PROC_BOOT_ID_MAX - 1)
		return (0);
	buf[0] = '\0';
	return (-1);
}
