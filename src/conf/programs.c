/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/check.h"
#include "conf/label.h"
#include "conf/loader.h"
#include "conf/section.h"
#include "conf/store.h"
#include "conf/programs.h"

/* One program on its way. */
struct building {
	struct section_reader r;
	struct program *program;
	struct config_source *source;
	const struct key *name_key; /* The row of process_name. */
	bool wrong;
};

/* Give the section ${s} the next number. */
static void
add_program(struct loader *l, const struct section *s)
{
	size_t next = l->config->nprograms;
	size_t number = names_add(&l->program_names, s->label);

	if (number == NAMES_NONE) {
		l->failed = true;
		return;
	}
	if (number != next) {
		/* "[program:x]" and "[program: x]". */
		diag_add(&l->diags, DIAG_ERROR,
		    &(struct diag_at){ s->file, s->line, s->name, NULL },
		    "program \"%s\" is there already, at %s:%d", s->label,
		    l->program_sections[number]->file,
		    l->program_sections[number]->line);
		return;
	}
	l->program_sections[number] = s;
	l->program_groups[number] = NAMES_NONE;
	l->programs[number] = l->program_defaults;
	l->sources[number] = l->source_defaults;
	l->config->nprograms++;
}

int
programs_prepare(struct loader *l)
{
	size_t n = 0, i;

	for (i = 0; i < l->doc.n; i++)
		n += l->doc.sections[i]->kind == SECTION_PROGRAM;
	l->programs = arena_alloc(l->arena, (n + 1) * sizeof(*l->programs));
	l->sources = arena_alloc(l->arena, (n + 1) * sizeof(*l->sources));
	l->program_sections =
	    scratch_alloc(&l->scratch, (n + 1) * sizeof(*l->program_sections));
	l->program_groups =
	    scratch_alloc(&l->scratch, (n + 1) * sizeof(*l->program_groups));
	if (l->programs == NULL || l->sources == NULL ||
	    l->program_sections == NULL || l->program_groups == NULL) {
		l->failed = true;
		return (-1);
	}
	for (i = 0; i < l->doc.n; i++)
		if (l->doc.sections[i]->kind == SECTION_PROGRAM)
			add_program(l, l->doc.sections[i]);
	l->config->programs = l->programs;
	l->config->sources = l->sources;
	return (l->failed ? -1 : 0);
}

/* Store a value which the program has of itself, if it has it. */
static void
store(struct building *b, const struct entry *e, const struct key *key)
{
	if (store_entry(&b->r, e, key) != 0)
		b->wrong = true;
}

/* What goes together, and what does not. */
static void
check_policy(struct building *b)
{
	const struct section_reader *r = &b->r;
	const struct entry *kill = section_find(r, "killasgroup");
	const struct entry *left = section_find(r, "leftovers");
	const struct entry *name = section_find(r, "process_name");
	struct program *p = b->program;

	if (kill == NULL)
		p->killasgroup = p->stopasgroup;
	else if (p->stopasgroup && !p->killasgroup)
		section_error(r, kill,
		    "killasgroup: cannot be false while stopasgroup is true");
	else if (!p->killasgroup && left == NULL)
		p->leftovers = LEFTOVERS_LEAVE;
	if (section_find(r, "command") == NULL) {
		section_error(
		    r, NULL, "program \"%s\" has no command", p->name);
		b->wrong = true;
	}
	if (b->source->numprocs > 1 &&
	    (name == NULL || strstr(name->value, "%(process_num)") == NULL)) {
		section_error(r, name,
		    "process_name: needs %%(process_num)s in it, as numprocs "
		    "is %u",
		    b->source->numprocs);
		b->wrong = true;
	}
}

/*
 * The name of a process which is not given one; with numprocs above 1, that
 * is where process_name has a variable which is not set here.
 */
static const char *
default_name(struct building *b)
{
	struct loader *l = b->r.l;
	struct strbuf name = LIMITS_TEXT;
	const char *copy;

	if (b->source->numprocs <= 1)
		return (b->program->name);
	strbuf_printf(&name, "%s_%d", b->program->name, b->r.names.process_num);
	copy = pool_text(&l->pool, strbuf_text(&name));
	l->failed |= name.failed;
	strbuf_free(&name);
	return (copy);
}

/* Store what differs from process to process into ${def}. */
static void
store_service(struct building *b, struct service_def *def, bool first)
{
	const struct entry *env = section_find(&b->r, "environment"), *e;
	const struct key *key;

	b->r.bases[PLACE_SERVICE] = def;
	def->name = default_name(b);
	/* The environment comes first: the other values may speak of it. */
	b->r.names.lists[EXPAND_OWN] = NULL;
	def->environment = b->r.l->service_defaults.environment;
	if (env != NULL)
		store(b, env, keys_find(SECTION_PROGRAM, "environment"));
	b->r.names.lists[EXPAND_OWN] = def->environment;
	for (e = NULL; (e = section_next(&b->r, e, &key)) != NULL;)
		if (key->place == PLACE_SERVICE && e != env &&
		    (first || strchr(e->value, '%') != NULL))
			store(b, e, key);
}

/* The last of what a service has: who it is. */
static void
finish_service(struct building *b, struct service_def *def)
{
	struct loader *l = b->r.l;
	struct strbuf id = LIMITS_TEXT;

	def->program = b->program;
	def->number = (unsigned)b->r.names.process_num;
	def->group = pool_text(&l->pool, b->r.names.group_name);
	if (strcmp(def->group, def->name) == 0) {
		def->id = def->name;
		return;
	}
	strbuf_printf(&id, "%s:%s", def->group, def->name);
	def->id = pool_text(&l->pool, strbuf_text(&id));
	l->failed |= id.failed;
	strbuf_free(&id);
}

/* Add a service to those of the fleet, as long as there is room. */
static void
add_service(struct loader *l, const struct service_def *def)
{
	struct service_def *list;

	if (l->nservices >= (l->arena->size - l->arena->used) / sizeof(*def))
		l->arena->full = true;
	if (l->arena->full)
		return;
	if (l->nservices == l->services_cap) {
		size_t cap = l->services_cap == 0 ? 64 : l->services_cap * 2;

		list = realloc(l->services, cap * sizeof(*list));
		if (list == NULL) {
			l->failed = true;
			return;
		}
		l->services = list;
		l->services_cap = cap;
	}
	l->services[l->nservices++] = *def;
}

/* Make the services of the program. */
static void
make_services(struct building *b)
{
	struct loader *l = b->r.l;
	struct service_def def = l->service_defaults, *template;
	unsigned i, n = b->source->numprocs;

	b->r.names.has_process = true;
	b->r.names.numprocs = (int)n;
	for (i = 0; i == 0 || i < n; i++) {
		b->r.names.process_num = (int)(b->source->numprocs_start + i);
		b->r.again = i > 0;
		store_service(b, &def, i == 0);
		if (b->wrong || l->failed || l->arena->full)
			return;
		finish_service(b, &def);
		if (i == 0)
			check_service(&b->r, &def);
		if (i < n)
			add_service(l, &def);
	}
	b->r.again = false;
	if (n > 0)
		return;
	if ((template = arena_alloc(l->arena, sizeof(*template))) != NULL)
		*template = def;
	b->source->first = template;
}

/* More keys than a program has. */
#define EXPRESSIONS_MAX 64

/*
 * Add the expression of ${e}, if it depends on process_num, or on a variable
 * which is not set here.
 */
static bool
keep_expression(struct building *b, const struct entry *e,
    const struct key *key, enum expand_mode mode,
    struct config_expression *list)
{
	struct expand_notes notes;
	struct err err;
	struct strbuf text = section_expand(&b->r, e, mode, &notes, &err);
	size_t *n = &b->source->nexpressions;
	bool keep = (notes.process || notes.unknown) && *n < EXPRESSIONS_MAX;

	if (keep) {
		list[*n].key = key;
		list[(*n)++].text = pool_text(&b->r.l->pool,
		    notes.unknown ? e->value : strbuf_text(&text));
	}
	strbuf_free(&text);
	return (keep);
}

/* The values which differ from process to process, still with process_num. */
static void
keep_expressions(struct building *b)
{
	const struct entry *e, *env = section_find(&b->r, "environment");
	struct config_expression list[EXPRESSIONS_MAX], *copy;
	enum expand_mode mode = EXPAND_KEEP_PROCESS;
	const struct key *key;

	/* The environment first: it says whether its own names differ. */
	if (env != NULL &&
	    keep_expression(
		b, env, keys_find(SECTION_PROGRAM, env->key), mode, list))
		mode = EXPAND_KEEP_OWN;
	for (e = NULL; (e = section_next(&b->r, e, &key)) != NULL;)
		if (key->place == PLACE_SERVICE && e != env)
			(void)keep_expression(b, e, key, mode, list);
	copy = arena_alloc(
	    b->r.l->arena, (b->source->nexpressions + 1) * sizeof(*copy));
	if (copy != NULL)
		memcpy(copy, list, b->source->nexpressions * sizeof(*copy));
	b->source->expressions = copy;
}

/* Is the name of a program one which can be spoken of? */
static bool
name_is_good(struct building *b, const char *name)
{
	char quoted[DIAG_QUOTE_MAX];

	if (label_is_good(name))
		return (true);
	section_error(&b->r, NULL,
	    "the program's name: expected a name without blanks, \":\" and "
	    "\"/\", got %s",
	    diag_quote(quoted, name));
	return (false);
}

/* What is written, but has no effect beside something else. */
static void
warn_of_vain(struct building *b, const struct service_def *def)
{
	const struct entry *e = section_find(&b->r, "stderr_logfile");

	if (def->redirect_stderr && def->err.kind == LOG_TO_PATH && e != NULL)
		section_warning(&b->r, e,
		    "stderr_logfile: ignored, as redirect_stderr is true");
}

static void
read_program(struct loader *l, size_t i)
{
	struct building b = { .program = &l->programs[i],
		.source = &l->sources[i] };
	const struct section *s = l->program_sections[i];
	size_t before = l->diags.nerrors;

	section_begin(&b.r, l, s);
	if (!name_is_good(&b, s->label))
		return;
	b.program->name = pool_text(&l->pool, s->label);
	b.program->file = pool_text(&l->pool, s->file);
	b.program->line = s->line;
	b.r.names.program_name = b.program->name;
	b.r.names.group_name = l->program_groups[i] == NAMES_NONE
				   ? b.program->name
				   : l->groups[l->program_groups[i]].name;
	b.r.bases[PLACE_PROGRAM] = b.program;
	b.r.bases[PLACE_SOURCE] = b.source;
	store_section(&b.r);
	check_policy(&b);
	make_services(&b);
	if (b.source->numprocs > 1)
		keep_expressions(&b);
	if (l->diags.nerrors == before && !l->failed && !l->arena->full &&
	    l->nservices > 0)
		warn_of_vain(&b, &l->services[l->nservices - 1]);
}

void
programs_read(struct loader *l)
{
	size_t i;

	for (i = 0; i < l->config->nprograms; i++) {
		if (l->failed || l->arena->full)
			return;
		read_program(l, i);
	}
}
