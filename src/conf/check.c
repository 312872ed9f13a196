/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "conf/diag.h"
#include "conf/loader.h"
#include "conf/section.h"
#include "conf/check.h"

/*
 * Has ${what} been checked for this ${value}?  An answer which was bad is told
 * once for each program, so only the good ones are remembered.
 */
static bool
known(struct loader *l, const char *what, const char *value)
{
	struct strbuf id = LIMITS_TEXT;
	bool found;

	strbuf_printf(&id, "%s\n%s", what, value);
	found = names_find(&l->checked, strbuf_text(&id)) != NAMES_NONE;
	l->failed |= id.failed;
	strbuf_free(&id);
	return (found);
}

static void
remember(struct loader *l, const char *what, const char *value)
{
	size_t size = strlen(what) + strlen(value) + 2;
	char *id = scratch_alloc(&l->scratch, size);

	if (id == NULL) {
		l->failed = true;
		return;
	}
	(void)snprintf(id, size, "%s\n%s", what, value);
	if (names_add(&l->checked, id) == NAMES_NONE)
		l->failed = true;
}

/* Find the user of this name, or of this number.  Is there one? */
static bool
find_user(const char *user, uid_t *uid)
{
	const struct passwd *pw = getpwnam(user);
	char *end;
	unsigned long number;

	if (pw == NULL && isdigit((unsigned char)user[0])) {
		errno = 0;
		number = strtoul(user, &end, 10);
		if (errno == 0 && *end == '\0' && number < UINT_MAX)
			pw = getpwuid((uid_t)number);
	}
	if (pw == NULL)
		return (false);
	*uid = pw->pw_uid;
	return (true);
}

int
check_user(
    const struct section_reader *r, const struct entry *e, const char *user)
{
	char quoted[DIAG_QUOTE_MAX];
	uid_t uid;

	if (r->l->options->syntax_only || known(r->l, "user", user))
		return (0);
	if (!find_user(user, &uid)) {
		section_error(r, e, "%s: there is no user %s", e->key,
		    diag_quote(quoted, user));
		return (-1);
	}
	if (geteuid() != 0 && geteuid() != uid)
		section_warning(r, e,
		    "%s: only root can become user %s, and this is uid %lu",
		    e->key, diag_quote(quoted, user), (unsigned long)geteuid());
	remember(r->l, "user", user);
	return (0);
}

/* The directory may still be made; what is in its place stays. */
static void
check_directory(const struct section_reader *r, const char *directory)
{
	const struct entry *e = section_find(r, "directory");
	char quoted[DIAG_QUOTE_MAX];
	struct stat st;

	if (known(r->l, "directory", directory))
		return;
	if (stat(directory, &st) != 0)
		section_warning(r, e, "directory: %s: %s",
		    diag_quote(quoted, directory), strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		section_error(r, e, "directory: %s is not a directory",
		    diag_quote(quoted, directory));
	else
		remember(r->l, "directory", directory);
}

/* Is ${path} something which could be executed? */
static bool
executable(const char *path)
{
	struct stat st;

	return (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		(st.st_mode & 0111) != 0);
}

/* The value of PATH= in a list, or NULL. */
static const char *
path_in(const char *const *list)
{
	for (; list != NULL && *list != NULL; list++)
		if (strncmp(*list, "PATH=", 5) == 0)
			return (*list + 5);
	return (NULL);
}

/* Is ${name} in one of the directories of ${path}? */
static bool
in_path(const char *name, const char *path)
{
	char file[PATH_MAX];

	for (;;) {
		size_t len = strcspn(path, ":");
		int n = snprintf(file, sizeof(file), "%.*s%s%s", (int)len, path,
		    len == 0 ? "" : "/", name);

		if (n > 0 && (size_t)n < sizeof(file) && executable(file))
			return (true);
		if (path[len] == '\0')
			return (false);
		path += len + 1;
	}
}

/* Is there ${file}, seen from the ${directory} where it will be started? */
static bool
file_exists(const char *file, const char *directory)
{
	char path[PATH_MAX];
	int n;

	if (file[0] == '/' || directory == NULL)
		return (executable(file));
	n = snprintf(path, sizeof(path), "%s/%s", directory, file);
	return (n > 0 && (size_t)n < sizeof(path) && executable(path));
}

static void
check_executable(const struct section_reader *r, const struct service_def *def)
{
	const struct entry *e = section_find(r, "command");
	const char *path = path_in(def->environment), *file = def->argv[0];
	const char *where;
	char quoted[DIAG_QUOTE_MAX];
	bool search = strchr(file, '/') == NULL;

	if (path == NULL)
		path = path_in(r->l->options->environ);
	if (path == NULL)
		path = PATH_DEFAULT;
	/* What is found depends on where it is sought. */
	where = search ? path : def->directory == NULL ? "" : def->directory;
	if (known(r->l, where, file))
		return;
	if (search ? in_path(file, path) : file_exists(file, def->directory)) {
		remember(r->l, where, file);
		return;
	}
	section_warning(r, e, "command: %s %s", diag_quote(quoted, file),
	    search ? "is not in PATH" : "is not there or not executable");
}

void
check_service(const struct section_reader *r, const struct service_def *def)
{
	if (r->l->options->syntax_only)
		return;
	if (def->directory != NULL)
		check_directory(r, def->directory);
	check_executable(r, def);
}
