/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "puppet_status.h"

_Noreturn void
puppet_fail(int code, const char *fmt, ...)
{
	int saved_errno = errno;
	va_list ap;

	(void)fputs("puppet: ", stderr);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (code == 65)
		(void)fprintf(stderr, ": %s", strerror(saved_errno));
	(void)fputc('\n', stderr);
	exit(code);
}

FILE *
puppet_begin(const char *path, char *temporary, size_t cap)
{
	FILE *f;

	(void)snprintf(temporary, cap, "%s.%d", path, (int)getpid());
	if ((f = fopen(temporary, "we")) == NULL)
		puppet_fail(65, "%s", temporary);
	return (f);
}

void
puppet_publish(FILE *f, const char *temporary, const char *path)
{
	if (fclose(f) != 0 || rename(temporary, path) == -1)
		puppet_fail(65, "%s", path);
}

/* ${len} bytes as a JSON string in which each byte is one character. */
static void
put_bytes(FILE *f, const char *bytes, size_t len)
{
	size_t i;

	(void)fputc('"', f);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			(void)fprintf(f, "\\u%04x", c);
		else
			(void)fputc(c, f);
	}
	(void)fputc('"', f);
}

static void
put_list(FILE *f, const char *key, char *const *texts)
{
	int i;

	(void)fprintf(f, ",\n\"%s\": [", key);
	for (i = 0; texts[i] != NULL; i++) {
		(void)fputs(i > 0 ? ", " : "", f);
		put_bytes(f, texts[i], strlen(texts[i]));
	}
	(void)fputc(']', f);
}

static void
put_masks(FILE *f)
{
	char line[256], key[8], value[64];
	FILE *status = fopen("/proc/self/status", "re");

	if (status == NULL)
		puppet_fail(65, "/proc/self/status");
	while (fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "%7[SigBlkInCt]: %63s", key, value) == 2 &&
		    strncmp(key, "Sig", 3) == 0)
			(void)fprintf(f, ",\n\"%s\": \"%s\"", key, value);
	(void)fclose(status);
}

/* Our descriptors and what they are, but those which we look with. */
static void
put_fds(FILE *f)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	const char *comma = "";
	char target[4096];
	ssize_t n;
	int fd;

	if (dir == NULL)
		puppet_fail(65, "/proc/self/fd");
	(void)fputs(",\n\"fds\": {", f);
	while ((entry = readdir(dir)) != NULL) {
		fd = atoi(entry->d_name);
		if (entry->d_name[0] == '.' || fd == dirfd(dir) ||
		    fd == fileno(f))
			continue;
		n = readlinkat(
		    dirfd(dir), entry->d_name, target, sizeof(target));
		(void)fprintf(f, "%s\"%d\": ", comma, fd);
		put_bytes(f, target, n > 0 ? (size_t)n : 0);
		comma = ", ";
	}
	(void)fputc('}', f);
	(void)closedir(dir);
}

static void
put_ids(FILE *f)
{
	gid_t groups[256];
	int i, n = getgroups(256, groups);

	(void)fprintf(f,
	    "\"pid\": %d, \"ppid\": %d, \"pgid\": %d, \"sid\": %d,\n"
	    "\"uid\": [%d, %d], \"gid\": [%d, %d], \"groups\": [",
	    (int)getpid(), (int)getppid(), (int)getpgrp(), (int)getsid(0),
	    (int)getuid(), (int)geteuid(), (int)getgid(), (int)getegid());
	for (i = 0; i < n; i++)
		(void)fprintf(f, "%s%d", i > 0 ? ", " : "", (int)groups[i]);
	(void)fputc(']', f);
}

void
puppet_status(const char *path, char *const *args)
{
	char temporary[4096], cwd[4096];
	FILE *f = puppet_begin(path, temporary, sizeof(temporary));
	struct rlimit rl;
	mode_t mask = umask(0);

	(void)umask(mask);
	(void)fputc('{', f);
	put_ids(f);
	put_masks(f);
	put_fds(f);
	(void)fputs(",\n\"cwd\": ", f);
	if (getcwd(cwd, sizeof(cwd)) == NULL)
		cwd[0] = '\0';
	put_bytes(f, cwd, strlen(cwd));
	(void)getrlimit(RLIMIT_NOFILE, &rl);
	(void)fprintf(f, ",\n\"umask\": %d, \"nofile\": [%llu, %llu]",
	    (int)mask, (unsigned long long)rl.rlim_cur,
	    (unsigned long long)rl.rlim_max);
	put_list(f, "args", args);
	put_list(f, "env", environ);
	(void)fputs("}\n", f);
	puppet_publish(f, temporary, path);
}
