/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/check.h"
#include "conf/diag.h"
#include "conf/document.h"
#include "conf/environment.h"
#include "conf/file.h"
#include "conf/loader.h"
#include "conf/shlex.h"
#include "conf/value.h"
#include "conf/section.h"

static struct diag_at
place(const struct section_reader *r, const struct entry *e)
{
	if (e == NULL)
		return ((struct diag_at){ r->section->file, r->section->line,
		    r->section->name, NULL });
	return ((struct diag_at){ e->file, e->line, r->section->name, e->key });
}

void
section_error(
    const struct section_reader *r, const struct entry *e, const char *fmt, ...)
{
	struct diag_at at = place(r, e);
	char text[1024];
	va_list ap;

	/* Texts which found no room are empty, and look wrong. */
	if (r->l->arena->full)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_add(&r->l->diags, DIAG_ERROR, &at, "%s", text);
}

void
section_warning(
    const struct section_reader *r, const struct entry *e, const char *fmt, ...)
{
	struct diag_at at = place(r, e);
	char text[1024];
	va_list ap;

	if (r->again)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_add(&r->l->diags, DIAG_WARNING, &at, "%s", text);
}

void
section_begin(
    struct section_reader *r, struct loader *l, const struct section *section)
{
	*r = (struct section_reader){ .l = l, .section = section };
	r->names.host_node_name = l->hostname;
	r->names.lists[EXPAND_MAIN] = l->config->environment;
	r->names.lists[EXPAND_OURS] = l->options->environ;
}

/* The directory of the file where ${e} stands. */
static const char *
here(struct loader *l, const struct entry *e)
{
	char *absolute = file_absolute(e->file);
	char *directory = absolute == NULL ? NULL : file_directory(absolute);
	const char *copy =
	    directory == NULL ? NULL : scratch_strdup(&l->scratch, directory);

	if (copy == NULL)
		l->failed = true;
	free(directory);
	free(absolute);
	return (copy);
}

/* "(10 s applies now)": what the key has which was meant. */
static const char *
applies_now(const struct section_reader *r, const struct key *key,
    char buf[DIAG_QUOTE_MAX])
{
	const char *def =
	    keys_default(key, r->l->config->dialect == CONFIG_SIGMUND);

	if (def == NULL || section_find(r, key->name) != NULL)
		return (NULL);
	(void)snprintf(buf, DIAG_QUOTE_MAX, "%s%s applies now", def,
	    key->type == KEY_DURATION ? " s" : "");
	return (buf);
}

/* A key which is not in the table for this section. */
static void
tell_unknown(const struct section_reader *r, const struct entry *e)
{
	const struct key *meant = keys_nearest(r->section->kind, e->key);
	char note[DIAG_QUOTE_MAX], quoted[DIAG_QUOTE_MAX];

	(void)diag_quote(quoted, e->key);
	if (r->l->config->strict)
		section_error(r, e, "unknown key %s", quoted);
	else
		section_warning(r, e, "unknown key %s, ignored", quoted);
	if (meant != NULL)
		diag_suggest(&r->l->diags, meant->name,
		    r->l->config->strict ? NULL : applies_now(r, meant, note));
}

void
section_later(
    const struct section_reader *r, const struct entry *e, const char *what)
{
	struct loader *l = r->l;

	if (names_find(&l->later_names, what) != NAMES_NONE)
		return;
	if (names_add(&l->later_names, what) == NAMES_NONE)
		l->failed = true;
	if (l->later.len == 0) {
		l->later_at = place(r, e);
		l->later_at.section = l->later_at.key = NULL;
	}
	strbuf_printf(&l->later, "%s%s", l->later.len == 0 ? "" : ", ", what);
}

/* [rpcinterface:x] and [ctlplugin:x] have keys of their own. */
static bool
has_any_key(enum key_section kind)
{
	return (kind == SECTION_RPC || kind == SECTION_PLUGIN);
}

const struct entry *
section_find(const struct section_reader *r, const char *name)
{
	const struct document *doc = &r->l->doc;
	const struct section *def = document_section(doc, "DEFAULT");
	const struct entry *e = document_entry(doc, r->section, name);

	return (e != NULL || def == NULL ? e : document_entry(doc, def, name));
}

/* The entry behind ${e}, over all of the section, then of [DEFAULT]. */
static const struct entry *
following(const struct section_reader *r, const struct entry *e)
{
	const struct section *def = document_section(&r->l->doc, "DEFAULT");

	if (e == NULL && r->section->first != NULL)
		return (r->section->first);
	if (e != NULL && e->next != NULL)
		return (e->next);
	if (def == NULL || def == r->section || e == def->last)
		return (NULL);
	return (def->first);
}

const struct entry *
section_next(const struct section_reader *r, const struct entry *e,
    const struct key **key)
{
	while ((e = following(r, e)) != NULL) {
		*key = keys_find(r->section->kind, e->key);
		if (*key != NULL && section_find(r, e->key) == e)
			break;
	}
	return (e);
}

/* Split a command, and keep its words beside it. */
static int
store_command(struct section_reader *r, const struct entry *e, const char *text)
{
	struct service_def *def = r->bases[PLACE_SERVICE];
	struct scratch scratch = { 0 };
	const char *const *words;
	struct err err;
	int rc = -1;

	if ((words = shlex_split(text, &scratch, &err)) == NULL) {
		section_error(r, e, "%s: %s", e->key, err.text);
	} else if (words[0] == NULL || words[0][0] == '\0') {
		section_error(r, e, "%s: no program to run", e->key);
	} else {
		rc = 0;
		if (def != NULL) {
			def->command = pool_text(&r->l->pool, text);
			def->argv = pool_list(&r->l->pool, words);
		}
	}
	scratch_free(&scratch);
	return (rc);
}

/* Read pairs and lay them over the main section's. */
static int
store_environment(struct section_reader *r, const struct entry *e,
    const struct key *key, const char *text)
{
	struct environment env = { 0 };
	struct scratch scratch = { 0 };
	const char *const *list, *none = NULL;
	struct err err;
	int rc = 0;

	if (environment_parse(&env, text, &scratch, &err) != 0) {
		section_error(r, e, "%s: %s", e->key, err.text);
		rc = -1;
	} else if (r->bases[key->place] != NULL) {
		if (environment_merge(
			&env, r->l->config->environment, &scratch) != 0)
			r->l->failed = true;
		environment_sort(&env);
		list = pool_list(&r->l->pool,
		    env.n == 0 ? &none : (const char *const *)env.pairs);
		memcpy((char *)r->bases[key->place] + key->offset, &list,
		    sizeof(list));
	}
	scratch_free(&scratch);
	return (rc);
}

/* A value of any other type. */
static int
store_plain(struct section_reader *r, const struct entry *e,
    const struct key *key, const char *text)
{
	void *base = r->bases[key->place];
	char quoted[DIAG_QUOTE_MAX], expects[KEY_EXPECTS_MAX];

	if (value_parse(key, base == NULL ? text : pool_text(&r->l->pool, text),
		base) != 0) {
		section_error(r, e, "%s: expected %s, got %s", e->key,
		    keys_expects(key, expects), diag_quote(quoted, text));
		diag_suggest(&r->l->diags, value_suggest(key, text), NULL);
		return (-1);
	}
	return (key->type == KEY_USER ? check_user(r, e, text) : 0);
}

struct strbuf
section_expand(struct section_reader *r, const struct entry *e,
    enum expand_mode mode, struct expand_notes *notes, struct err *err)
{
	struct strbuf text = LIMITS_TEXT;

	err->text[0] = '\0';
	/* Most values do not speak of it, and it is not cheap. */
	r->names.here = strstr(e->value, "here") == NULL ? "" : here(r->l, e);
	(void)expand(&text, e->value, &r->names, mode, notes, err);
	r->l->failed |= text.failed;
	return (text);
}

/* Store an expanded ${text} by its type. */
static int
store_text(struct section_reader *r, const struct entry *e,
    const struct key *key, const char *text)
{
	if (key->type == KEY_COMMAND)
		return (store_command(r, e, text));
	if (key->type == KEY_ENVIRONMENT)
		return (store_environment(r, e, key, text));
	return (store_plain(r, e, key, text));
}

int
section_store(
    struct section_reader *r, const struct entry *e, const struct key *key)
{
	struct expand_notes notes;
	struct err err;
	struct strbuf text = section_expand(r, e, EXPAND_ALL, &notes, &err);
	int rc = -1;

	if (err.text[0] == '\0') {
		rc = store_text(r, e, key, strbuf_text(&text));
	} else if (!notes.unknown || !r->l->options->syntax_only) {
		section_error(r, e, "%s: %s", e->key, err.text);
	} else {
		/* A variable which is set only where it will run. */
		section_warning(r, e, "%s: %s", e->key, err.text);
		rc = key->type == KEY_COMMAND ? store_command(r, e, e->value)
					      : 0;
	}
	strbuf_free(&text);
	return (rc);
}

void
section_read(struct section_reader *r)
{
	enum key_section kind = r->section->kind;
	const struct key *key;
	const struct entry *e;

	for (e = r->section->first; e != NULL; e = e->next)
		if (keys_find(kind, e->key) == NULL && !has_any_key(kind))
			tell_unknown(r, e);
	for (e = NULL; kind != SECTION_DEFAULT &&
		       (e = section_next(r, e, &key)) != NULL;) {
		if (key->later)
			section_later(r, e, key->name);
		if (key->place != PLACE_SERVICE)
			(void)section_store(r, e, key);
	}
}
