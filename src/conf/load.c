/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/file.h"
#include "conf/fleet.h"
#include "conf/groups.h"
#include "conf/include.h"
#include "conf/ini.h"
#include "conf/loader.h"
#include "conf/nearest.h"
#include "conf/programs.h"
#include "conf/section.h"
#include "conf/server.h"
#include "conf/store.h"
#include "conf/value.h"
#include "conf/load.h"

/* Something about the configuration as a whole. */
static void
error(struct loader *l, const char *text)
{
	diag_add(&l->diags, DIAG_ERROR,
	    &(struct diag_at){ l->main_file, 0, NULL, NULL }, "%s", text);
}

/* Store the defaults of all keys of ${place} which have some. */
static void
store_defaults(struct loader *l, enum key_section section, enum key_place place,
    void *base)
{
	const struct key *key;

	for (key = keys; key->name != NULL; key++) {
		const char *def =
		    keys_default(key, l->config->dialect == CONFIG_SIGMUND);

		if (key->place == place && def != NULL &&
		    (key->sections >> section & 1) != 0)
			(void)value_parse(key, def, base);
	}
}

/* Which main section is there?  It decides about the defaults. */
static void
find_main(struct loader *l)
{
	const struct section *a = document_section(&l->doc, "sigmund");
	const struct section *b = document_section(&l->doc, "supervisord");
	struct section_reader r;
	const char *none = NULL;

	l->main = a != NULL ? a : b;
	l->config->dialect = a != NULL ? CONFIG_SIGMUND : CONFIG_SUPERVISORD;
	if (a != NULL && b != NULL) {
		section_begin(&r, l, b);
		section_error(&r, NULL,
		    "a file has one of [sigmund] and [supervisord], not both; "
		    "[sigmund] is at %s:%d",
		    a->file, a->line);
	}
	store_defaults(l, SECTION_MAIN, PLACE_CONFIG, l->config);
	store_defaults(l, SECTION_PROGRAM, PLACE_PROGRAM, &l->program_defaults);
	store_defaults(l, SECTION_PROGRAM, PLACE_SOURCE, &l->source_defaults);
	store_defaults(l, SECTION_PROGRAM, PLACE_SERVICE, &l->service_defaults);
	l->service_defaults.umask = UMASK_INHERIT;
	l->config->environment = pool_list(&l->pool, &none);
}

/* Is the value of ${e}, if there is one, too long for a socket? */
static void
check_socket(
    const struct section_reader *r, const struct entry *e, const char *path)
{
	if (e != NULL && path != NULL && strlen(path) > SOCKET_PATH_MAX)
		section_error(r, e,
		    "%s: a socket's path has at most %d bytes, this one %zu",
		    e->key, SOCKET_PATH_MAX, strlen(path));
}

static void
read_main(struct loader *l)
{
	struct section_reader r;
	const struct entry *strict;

	find_main(l);
	if (l->main != NULL) {
		section_begin(&r, l, l->main);
		r.bases[PLACE_CONFIG] = l->config;
		/* What is said about unknown keys depends on it. */
		if ((strict = section_find(&r, "strict")) != NULL)
			(void)store_entry(
			    &r, strict, keys_find(SECTION_MAIN, "strict"));
		store_section(&r);
		check_socket(&r, section_find(&r, "socket"), l->config->socket);
	}
	l->service_defaults.environment = l->config->environment;
}

/* A user name goes with a password. */
static void
check_login(struct section_reader *r, const struct config_server *server)
{
	if ((server->username == NULL) != (server->password == NULL))
		section_error(r,
		    section_find(
			r, server->username == NULL ? "password" : "username"),
		    "username and password come together");
}

/* [unix_http_server]: its socket is ours, if we have no better one. */
static void
read_unix_server(struct section_reader *r)
{
	struct config_server server = { .mode = -1 };
	struct config *c = r->l->config;
	struct section_reader main_section;
	bool mode_given = false;

	r->bases[PLACE_SERVER] = &server;
	store_section(r);
	check_login(r, &server);
	check_socket(r, section_find(r, "file"), server.file);
	if (section_find(r, "file") == NULL)
		section_error(r, NULL, "[%s] has no file", r->section->name);
	if (r->l->main != NULL) {
		section_begin(&main_section, r->l, r->l->main);
		mode_given = section_find(&main_section, "socket_mode") != NULL;
	}
	if (c->socket != NULL || server.file == NULL)
		return;
	c->socket = server.file;
	if (server.mode >= 0 && !mode_given)
		c->socket_mode = server.mode;
}

/* [inet_http_server]: checked, and told that nobody listens there yet. */
static void
read_inet_server(struct section_reader *r)
{
	struct config_server server = { .mode = -1 };

	r->bases[PLACE_SERVER] = &server;
	store_section(r);
	check_login(r, &server);
	if (section_find(r, "port") == NULL)
		section_error(r, NULL, "[%s] has no port", r->section->name);
	section_later(r, NULL, "[inet_http_server]");
}

/* [eventlistener:x], [fcgi-program:x]: checked as programs are. */
static void
read_other_program(struct section_reader *r)
{
	struct program program = r->l->program_defaults;
	const struct key *key;
	const struct entry *e;

	r->names.program_name = r->names.group_name = r->section->label;
	r->bases[PLACE_PROGRAM] = &program;
	store_section(r);
	r->names.has_process = true;
	r->names.numprocs = 1;
	for (e = NULL; (e = section_next(r, e, &key)) != NULL;)
		if (key->place == PLACE_SERVICE)
			(void)store_entry(r, e, key);
	if (r->section->kind == SECTION_FCGI) {
		section_later(r, NULL, "[fcgi-program:x]");
		return;
	}
	if (!program.autostart)
		return;
	if (r->l->options->syntax_only)
		section_warning(r, NULL,
		    "event listeners are not supported "
		    "yet; \"%s\" is not started",
		    r->section->label);
	else
		section_error(r, NULL,
		    "event listeners are not supported "
		    "yet; with autostart = false for "
		    "\"%s\" the rest would start",
		    r->section->label);
}

/* A section which is none of ours. */
static void
tell_unknown(struct section_reader *r)
{
	struct loader *l = r->l;
	char name[INI_SECTION_MAX + 32], quoted[DIAG_QUOTE_MAX];
	const char *label = r->section->label;
	struct nearest n;
	int i;

	nearest_init(&n, r->section->name);
	for (i = 0; i < SECTION_DEFAULT; i++) {
		const char *kind = keys_section_name((enum key_section)i);
		size_t len = strcspn(kind, ":");

		(void)snprintf(name, sizeof(name), "%.*s%s%s", (int)len, kind,
		    kind[len] == '\0' ? "" : ":",
		    kind[len] == '\0' ? ""
		    : label != NULL   ? label
				      : "x");
		nearest_offer(&n, name);
		if (n.best == name)
			n.best = scratch_strdup(&l->scratch, name);
	}
	nearest_offer(&n, "supervisord");
	(void)diag_quote(quoted, r->section->name);
	if (l->config->strict)
		section_error(r, NULL, "unknown section %s", quoted);
	else
		section_warning(r, NULL, "unknown section %s, ignored", quoted);
	diag_suggest(&l->diags, n.best, NULL);
}

/* All sections which are not programs, groups or the main one. */
static void
read_others(struct loader *l)
{
	struct section_reader r;
	size_t i;

	for (i = 0; i < l->doc.n; i++) {
		section_begin(&r, l, l->doc.sections[i]);
		switch (r.section->kind) {
		case SECTION_UNIX:
			read_unix_server(&r);
			break;
		case SECTION_INET:
			read_inet_server(&r);
			break;
		case SECTION_LISTENER:
		case SECTION_FCGI:
			read_other_program(&r);
			break;
		case SECTION_CTL:
		case SECTION_RPC:
		case SECTION_PLUGIN:
		case SECTION_INCLUDE:
		case SECTION_DEFAULT:
			store_section(&r);
			break;
		case SECTION_COUNT:
			tell_unknown(&r);
			break;
		case SECTION_MAIN:
		case SECTION_PROGRAM:
		case SECTION_GROUP:
			break;
		}
	}
}

/* All that the document says. */
static void
read_all(struct loader *l)
{
	read_main(l);
	read_others(l);
	if (programs_prepare(l) == 0) {
		groups_read(l);
		programs_read(l);
		fleet_finish(l);
	}
	if (l->later.len > 0)
		diag_add(&l->diags, DIAG_WARNING, &l->later_at,
		    "accepted, not acted on yet: %s", strbuf_text(&l->later));
}

/* No service comes out of a configuration which has an error. */
static void
drop_services(struct config *c)
{
	c->fleet = (struct fleet){ 0 };
	c->programs = NULL;
	c->sources = NULL;
	c->nprograms = 0;
	c->groups = NULL;
	c->ngroups = 0;
}

/* There is no room: give back all but ${used}, so that this can be said. */
static void
start_over(struct loader *l, size_t used)
{
	struct config *c = l->config;
	const struct config bare = { .dialect = c->dialect };

	memset(l->arena->base + used, 0, l->arena->used - used);
	l->arena->used = used;
	l->arena->full = false;
	*c = bare;
}

/* What was found goes into the arena, last of all. */
static void
finish(struct loader *l, size_t used)
{
	struct config *c = l->config;
	bool failed = l->failed || l->doc.failed || l->diags.failed ||
		      l->pool.failed || l->scratch.failed || l->later.failed;
	char *absolute;

	if (l->arena->full || failed) {
		error(l,
		    l->arena->full
			? "the configuration is too large for the memory which "
			  "is set aside for it"
			: "out of memory");
		start_over(l, used);
	} else if (l->diags.nerrors > 0) {
		drop_services(c);
	}
	if ((absolute = file_absolute(l->main_file)) != NULL)
		c->file = arena_strdup(l->arena, absolute);
	free(absolute);
	diag_sort(&l->diags);
	diag_more(&l->diags, l->main_file);
	c->nerrors = l->diags.nerrors;
	c->nwarnings = l->diags.nwarnings;
	c->diags = diag_copy(&l->diags, l->arena);
	c->ndiags = c->diags == NULL ? 0 : l->diags.n;
	if (c->diags == NULL || c->file == NULL) {
		drop_services(c);
		c->nerrors++;
	}
	c->complete = true;
}

static void
free_loader(struct loader *l)
{
	document_free(&l->doc);
	diag_list_free(&l->diags);
	pool_free(&l->pool);
	scratch_free(&l->scratch);
	names_free(&l->program_names);
	names_free(&l->later_names);
	names_free(&l->checked);
	strbuf_free(&l->later);
	free(l->services);
	free(l->hostname);
}

/* The name of this machine, in memory of its own. */
static char *
hostname(const struct config_options *options)
{
	char name[256] = "";

	if (options->hostname != NULL)
		return (strdup(options->hostname));
	(void)gethostname(name, sizeof(name) - 1);
	return (strdup(name));
}

struct config *
config_load(
    const char *path, const struct config_options *options, struct arena *arena)
{
	struct loader l = { .options = options,
		.arena = arena,
		.pool.arena = arena,
		.main_file = path,
		.later = LIMITS_TEXT };
	struct err err;
	size_t used;

	if ((l.config = arena_alloc(arena, sizeof(*l.config))) == NULL)
		return (NULL);
	used = arena->used;
	l.hostname = hostname(options);
	l.failed = l.hostname == NULL;
	if (document_read(&l.doc, path, &l.diags, &err) != 0) {
		diag_add(&l.diags, DIAG_ERROR,
		    &(struct diag_at){ path, 0, NULL, NULL }, "%s", err.text);
	} else {
		include_read(&l);
		if (!l.doc.failed && !l.failed)
			read_all(&l);
	}
	finish(&l, used);
	free_loader(&l);
	return (l.config);
}
