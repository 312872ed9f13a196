/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "conf/check.h"
#include "conf/diag.h"
#include "conf/document.h"
#include "conf/environment.h"
#include "conf/loader.h"
#include "conf/section.h"
#include "conf/shlex.h"
#include "conf/value.h"
#include "conf/store.h"

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

/* [rpcinterface:x] and [ctlplugin:x] have keys of their own. */
static bool
has_any_key(enum key_section kind)
{
	return (kind == SECTION_RPC || kind == SECTION_PLUGIN);
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
store_entry(
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
store_section(struct section_reader *r)
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
			(void)store_entry(r, e, key);
	}
}
