/* SPDX-License-Identifier: MIT */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"

#include "os/child_report.h"
#include "os/exec.h"

#define HEAD_MAX 4096 /* Of a file, to find what interprets it. */

/* Where the interpreter of the script ${head} is named, NUL-terminated. */
static const char *
script_interpreter(char *head)
{
	char *name = head + 2 + strspn(head + 2, " \t");

	name[strcspn(name, " \t\n")] = '\0';
	return (name);
}

/* The same for an ELF file of this machine's class, which names its loader. */
static const char *
elf_interpreter(char *head, size_t len)
{
	ElfW(Ehdr) eh;
	ElfW(Phdr) ph;
	size_t i, at;

	if (len < sizeof(eh))
		return (NULL);
	memcpy(&eh, head, sizeof(eh));
	for (i = 0; i < eh.e_phnum; i++) {
		at = (size_t)eh.e_phoff + i * sizeof(ph);
		if (at > len || len - at < sizeof(ph))
			break;
		memcpy(&ph, head + at, sizeof(ph));
		if (ph.p_type == PT_INTERP && ph.p_offset < len &&
		    ph.p_filesz <= len - ph.p_offset)
			return (head + ph.p_offset);
	}
	return (NULL);
}

/*
 * The kernel says ENOENT or EACCES as well of the interpreter of ${file},
 * which nobody understands of a file that is there.  Is it to blame?
 */
static bool
blame_interpreter(const char *file, int code, struct child_report *report)
{
	char head[HEAD_MAX + 1];
	const char *name = NULL;
	ssize_t len;
	int fd;

	if ((fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return (false);
	len = read(fd, head, HEAD_MAX);
	(void)close(fd);
	if (len < 4)
		return (false);
	head[len] = '\0';
	if (head[0] == '#' && head[1] == '!')
		name = script_interpreter(head);
	else if (memcmp(head, ELFMAG, SELFMAG) == 0)
		name = elf_interpreter(head, (size_t)len);
	if (name == NULL || access(name, X_OK) == 0)
		return (false);
	(void)child_report_set(report, CHILD_STAGE_EXEC, code,
	    "%s: its interpreter %s", file, name);
	return (true);
}

/* Is ${code} the word of a place where it is not, and the next may have it? */
static bool
goes_on(int code)
{
	return (code == ENOENT || code == ENOTDIR || code == EACCES ||
		code == ENODEV || code == ESTALE || code == ETIMEDOUT ||
		code == ELOOP || code == ENAMETOOLONG);
}

/*
 * Try to execute ${file}; fill ${report} if this failure is worth more than
 * "not found".  Return the errno.
 */
static int
try(const char *file, const char *const *argv, const char *const *envp,
    struct child_report *report)
{
	int code;

	/* execve() changes neither; its prototype is older than const. */
	(void)execve(file, (char *const *)argv, (char *const *)envp);
	code = errno;
	if ((code == ENOENT || code == EACCES) &&
	    blame_interpreter(file, code, report))
		return (code);
	if (!goes_on(code) || code == EACCES)
		(void)child_report_set(
		    report, CHILD_STAGE_EXEC, code, "%s", file);
	return (code);
}

/* Try each directory of ${path}; an empty one is the current directory. */
static int
search(const char *const *argv, const char *const *envp, const char *path,
    struct child_report *report)
{
	char file[PATH_MAX];
	const char *dir;
	size_t len;
	int n;

	for (dir = path;; dir += len + 1) {
		len = strcspn(dir, ":");
		n = len > sizeof(file)
			? (int)sizeof(file)
			: snprintf(file, sizeof(file), "%.*s%s%s", (int)len,
			      dir, len > 0 ? "/" : "./", argv[0]);
		if (n > 0 && (size_t)n < sizeof(file) &&
		    !goes_on(try(file, argv, envp, report)))
			return (-1);
		if (dir[len] == '\0')
			break;
	}
	if (report->stage == CHILD_STAGE_NONE)
		(void)child_report_set(report, CHILD_STAGE_EXEC, ENOENT,
		    "%s, searched in %s", argv[0], path);
	return (-1);
}

int
exec_command(const char *const *argv, const char *const *envp, const char *path,
    struct child_report *report)
{
	static const char *const empty[] = { NULL };
	int code;

	if (envp == NULL)
		envp = empty;
	if (argv[0] == NULL || argv[0][0] == '\0')
		return (child_report_set(
		    report, CHILD_STAGE_EXEC, ENOENT, "an empty command"));
	report->stage = CHILD_STAGE_NONE;
	if (strchr(argv[0], '/') == NULL)
		return (search(
		    argv, envp, path != NULL ? path : PATH_DEFAULT, report));
	code = try(argv[0], argv, envp, report);
	if (report->stage == CHILD_STAGE_NONE)
		(void)child_report_set(
		    report, CHILD_STAGE_EXEC, code, "%s", argv[0]);
	return (-1);
}
