/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/file.h"
#include "conf/loader.h"
#include "conf/section.h"
#include "conf/include.h"

#define BLANKS " \t\r\n\f\v"

/* ${pattern} seen from the directory of the main file; false: no memory. */
static bool
resolve(struct strbuf *path, const char *main_file, const char *pattern)
{
	char *directory = file_directory(main_file);
	const char *p;

	strbuf_reset(path);
	if (directory != NULL && pattern[0] != '/' &&
	    strchr(main_file, '/') != NULL) {
		/* What is a pattern in the directory's name is none here. */
		for (p = directory; *p != '\0'; p++) {
			if (strchr("*?[\\", *p) != NULL)
				strbuf_putc(path, '\\');
			strbuf_putc(path, *p);
		}
		if (path->text[path->len - 1] != '/')
			strbuf_putc(path, '/');
	}
	strbuf_puts(path, pattern);
	free(directory);
	return (directory != NULL && !path->failed);
}

/* Are both the same file? */
static bool
same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	return (stat(a, &sa) == 0 && stat(b, &sb) == 0 &&
		sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino);
}

static int
compare(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

/* Read what ${pattern} matches. */
static void
read_pattern(
    struct section_reader *r, const struct entry *e, const char *pattern)
{
	struct loader *l = r->l;
	struct strbuf path = LIMITS_TEXT;
	struct err err;
	glob_t found;
	size_t i;
	int rc;

	if (!resolve(&path, l->main_file, pattern)) {
		l->failed = true;
		goto err0;
	}
	rc = glob(strbuf_text(&path), GLOB_NOSORT, NULL, &found);
	if (rc != 0) {
		if (rc == GLOB_NOMATCH || rc == GLOB_ABORTED)
			section_warning(
			    r, e, "files: no file matches \"%s\"", pattern);
		else
			l->failed = true;
		goto err0;
	}
	/* By bytes: glob()'s own order is the locale's. */
	qsort(found.gl_pathv, found.gl_pathc, sizeof(char *), compare);
	for (i = 0; i < found.gl_pathc; i++) {
		const char *file = found.gl_pathv[i];

		if (same_file(file, l->main_file))
			section_warning(r, e,
			    "files: %s is this file itself, not read again",
			    file);
		else if (document_read(&l->doc, file, &l->diags, &err) != 0)
			section_error(r, e, "files: %s %s", file, err.text);
	}
	globfree(&found);

err0:
	strbuf_free(&path);
}

/* What included files want to include is not. */
static void
tell_nested(struct loader *l)
{
	const struct section *s = document_section(&l->doc, "include");
	const struct entry *e;
	struct section_reader r;

	if (s == NULL)
		return;
	section_begin(&r, l, s);
	e = document_entry(&l->doc, s, "files");
	if (e != NULL && strcmp(e->file, l->main_file) != 0)
		section_warning(&r, e,
		    "files: ignored; only the main file can include others");
}

/* Read what the section ${s} names. */
static void
read_files(struct loader *l, const struct section *s)
{
	const struct entry *e;
	struct entry files; /* A file which is read may replace ${e}'s text. */
	struct section_reader r;
	struct expand_notes notes;
	struct strbuf text;
	struct err err;
	char *p, *end;

	section_begin(&r, l, s);
	if ((e = section_find(&r, "files")) == NULL) {
		section_error(&r, NULL, "[include] has no files");
		return;
	}
	files = *e;
	text = section_expand(&r, e, EXPAND_ALL, &notes, &err);
	/* Where it cannot be expanded, store_section() will tell. */
	for (p = text.text; err.text[0] == '\0' && p != NULL && *p != '\0';
	     p = end) {
		p += strspn(p, BLANKS);
		end = p + strcspn(p, BLANKS);
		if (*end != '\0')
			*end++ = '\0';
		if (*p != '\0')
			read_pattern(&r, &files, p);
	}
	strbuf_free(&text);
}

void
include_read(struct loader *l)
{
	const struct section *s = document_section(&l->doc, "include");

	if (s != NULL)
		read_files(l, s);
	tell_nested(l);
}
