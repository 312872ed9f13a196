/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/signame.h"
#include "wire/json.h"

#include "wire/answer.h"

/* The arrays which an answer may own. */
enum { ARRAY_SERVICES, ARRAY_CHANGES, ARRAY_REMOVED, ARRAY_DIAGNOSTICS };

/* A number from ${lo} to ${hi}. */
static int
get_number(const json_t *object, const char *key, int64_t lo, int64_t hi,
    int64_t *value, struct err *err)
{
	int64_t n = *value;

	if (json_get_int(object, key, &n, err) != 0)
		return (-1);
	if (n < lo || n > hi)
		return (err_set(err, 0, "%s: out of range", key));
	*value = n;
	return (0);
}

/* A text that must be there. */
static int
need_text(
    const json_t *object, const char *key, const char **value, struct err *err)
{
	*value = NULL;
	if (json_get_text(object, key, value, err) != 0)
		return (-1);
	return (*value == NULL ? err_set(err, 0, "%s: missing", key) : 0);
}

static int
get_fact(const json_t *object, const char *key, enum wire_fact *fact,
    struct err *err)
{
	const json_t *value = json_object_get(object, key);
	bool truth = false;

	*fact = FACT_ABSENT;
	if (value == NULL || json_is_null(value))
		return (0);
	if (json_get_bool(object, key, &truth, err) != 0)
		return (-1);
	*fact = truth ? FACT_YES : FACT_NO;
	return (0);
}

/* {"code": N}, {"signal": "NAME"}, or null. */
static int
get_exit(const json_t *object, struct wire_service *s, struct err *err)
{
	const json_t *exit = json_object_get(object, "exit");
	const char *name = NULL;
	int64_t code = -1;

	s->exit_kind = WIRE_EXIT_NONE;
	if (exit == NULL || json_is_null(exit))
		return (0);
	if (!json_is_object(exit))
		return (err_set(err, 0, "exit: expected an object"));
	if (get_number(exit, "code", -1, INT_MAX, &code, err) != 0 ||
	    json_get_text(exit, "signal", &name, err) != 0)
		return (-1);
	if (name != NULL) {
		s->exit_kind = WIRE_EXIT_SIGNAL;
		s->exit_value = signame_number(name);
	} else if (code >= 0) {
		s->exit_kind = WIRE_EXIT_CODE;
		s->exit_value = (int)code;
	}
	return (0);
}

static int
get_numbers(const json_t *object, struct wire_service *s, struct err *err)
{
	int64_t pid = 0, restarts = 0, run = 0;

	s->uptime_ms = -1;
	if (get_number(object, "pid", 0, INT_MAX, &pid, err) != 0 ||
	    get_number(object, "restarts", 0, INT64_MAX, &restarts, err) != 0 ||
	    get_number(object, "run", 0, INT64_MAX, &run, err) != 0 ||
	    get_number(
		object, "uptime_ms", -1, INT64_MAX, &s->uptime_ms, err) != 0)
		return (-1);
	s->pid = (int)pid;
	s->restarts = (uint64_t)restarts;
	s->run = (uint64_t)run;
	return (0);
}

static int
get_service(const json_t *object, struct wire_service *s, struct err *err)
{
	const char *want;

	*s = (struct wire_service){ 0 };
	if (!json_is_object(object))
		return (err_set(err, 0, "service: expected an object"));
	if (need_text(object, "name", &s->name, err) != 0 ||
	    need_text(object, "program", &s->program, err) != 0 ||
	    need_text(object, "group", &s->group, err) != 0 ||
	    need_text(object, "state", &s->state, err) != 0 ||
	    need_text(object, "want", &want, err) != 0 ||
	    json_get_text(object, "detail", &s->detail, err) != 0)
		return (-1);
	s->want_up = strcmp(want, "up") == 0;
	if (get_fact(object, "ready", &s->ready, err) != 0 ||
	    get_fact(object, "healthy", &s->healthy, err) != 0 ||
	    json_get_bool(object, "as_wanted", &s->as_wanted, err) != 0 ||
	    json_get_bool(object, "stuck", &s->stuck, err) != 0)
		return (-1);
	if (get_exit(object, s, err) != 0)
		return (-1);
	return (get_numbers(object, s, err));
}

static int
get_change(const json_t *object, struct wire_change *c, struct err *err)
{
	const char *mark;

	if (need_text(object, "mark", &mark, err) != 0 ||
	    need_text(object, "name", &c->name, err) != 0 ||
	    need_text(object, "text", &c->text, err) != 0)
		return (-1);
	if (strlen(mark) != 1)
		return (err_set(err, 0, "mark: expected one character"));
	c->mark = mark[0];
	return (0);
}

/*
 * Zeroed memory for the items of ${list}, kept in ${*slot}; one more than
 * needed, so that an empty list is not NULL.
 */
static void *
items(void **slot, const json_t *list, size_t size, struct err *err)
{
	*slot = calloc(json_array_size(list) + 1, size);
	if (*slot == NULL)
		(void)err_set(err, errno, "answer");
	return (*slot);
}

static int
get_services(struct answer *a, const json_t *root, struct err *err)
{
	struct wire_service *services;
	const json_t *list = NULL;
	size_t i, n;

	if (json_get_list(root, "services", &list, err) != 0)
		return (-1);
	if (list == NULL)
		return (0);
	n = json_array_size(list);
	services =
	    items(&a->arrays[ARRAY_SERVICES], list, sizeof(*services), err);
	if (services == NULL)
		return (-1);
	for (i = 0; i < n; i++)
		if (get_service(json_array_get(list, i), &services[i], err) !=
		    0)
			return (-1);
	a->reply.services = services;
	a->reply.nservices = n;
	a->reply.has_services = true;
	return (0);
}

static int
get_changes(struct answer *a, const json_t *root, struct err *err)
{
	struct wire_change *changes;
	const json_t *list = NULL;
	int64_t unchanged = 0;
	size_t i, n;

	if (json_get_list(root, "changes", &list, err) != 0 ||
	    get_number(root, "unchanged", 0, INT_MAX, &unchanged, err) != 0)
		return (-1);
	a->reply.unchanged = (unsigned)unchanged;
	if (list == NULL)
		return (0);
	n = json_array_size(list);
	changes = items(&a->arrays[ARRAY_CHANGES], list, sizeof(*changes), err);
	if (changes == NULL)
		return (-1);
	for (i = 0; i < n; i++)
		if (get_change(json_array_get(list, i), &changes[i], err) != 0)
			return (-1);
	a->reply.changes = changes;
	a->reply.nchanges = n;
	a->reply.has_changes = true;
	return (0);
}

static int
get_texts(void **slot, const json_t *root, const char *key,
    const char *const **texts, size_t *ntexts, struct err *err)
{
	const json_t *list = NULL;
	const char **copy;
	size_t i, n;

	if (json_get_list(root, key, &list, err) != 0)
		return (-1);
	if (list == NULL)
		return (0);
	n = json_array_size(list);
	copy = items(slot, list, sizeof(*copy), err);
	if (copy == NULL)
		return (-1);
	for (i = 0; i < n; i++) {
		copy[i] = json_string_value(json_array_get(list, i));
		if (copy[i] == NULL)
			return (err_set(err, 0, "%s: expected texts", key));
	}
	*texts = copy;
	*ntexts = n;
	return (0);
}

static int
get_outcome(struct reply *r, const json_t *root, struct err *err)
{
	int64_t code = CONTROL_FAILED;
	bool ok = false;

	if (json_get_bool(root, "ok", &ok, err) != 0)
		return (-1);
	if (ok) {
		r->code = CONTROL_OK;
		return (0);
	}
	if (get_number(root, "code", 1, CONTROL_TIMED_OUT, &code, err) != 0)
		return (-1);
	r->code = (enum control_code)code;
	return (need_text(root, "error", &r->error, err));
}

static int
get_reply(struct answer *a, const json_t *root, struct err *err)
{
	struct reply *r = &a->reply;
	int64_t pid = 0, warnings = 0;

	if (get_outcome(r, root, err) != 0 ||
	    json_get_text(root, "version", &r->version, err) != 0 ||
	    json_get_text(root, "config", &r->config, err) != 0 ||
	    get_number(root, "pid", 0, INT_MAX, &pid, err) != 0 ||
	    get_number(root, "warnings", 0, INT_MAX, &warnings, err) != 0)
		return (-1);
	r->pid = (int)pid;
	r->warnings = (unsigned)warnings;
	if (get_texts(&a->arrays[ARRAY_REMOVED], root, "removed", &r->removed,
		&r->nremoved, err) != 0 ||
	    get_texts(&a->arrays[ARRAY_DIAGNOSTICS], root, "diagnostics",
		&r->diagnostics, &r->ndiagnostics, err) != 0)
		return (-1);
	if (get_changes(a, root, err) != 0)
		return (-1);
	return (get_services(a, root, err));
}

static int
get_event(
    struct answer *a, const char *event, const json_t *root, struct err *err)
{
	if (strcmp(event, "state") == 0)
		a->kind = ANSWER_STATE;
	else if (strcmp(event, "gone") == 0)
		a->kind = ANSWER_GONE;
	else
		a->kind = ANSWER_OTHER;
	if (a->kind == ANSWER_OTHER)
		return (0);
	return (
	    get_service(json_object_get(root, "service"), &a->service, err));
}

static int
get_answer(struct answer *a, const json_t *root, struct err *err)
{
	const char *event = NULL;
	int64_t id = 0;

	if (get_number(root, "id", 0, INT64_MAX, &id, err) != 0 ||
	    json_get_text(root, "event", &event, err) != 0)
		return (-1);
	a->reply.id = (uint64_t)id;
	if (event != NULL)
		return (get_event(a, event, root, err));
	a->kind = ANSWER_REPLY;
	return (get_reply(a, root, err));
}

int
answer_parse(struct answer *a, const char *line, size_t len, struct err *err)
{
	struct answer fresh = { 0 };

	fresh.json = json_line(line, len, err);
	if (fresh.json == NULL)
		return (-1);
	if (get_answer(&fresh, fresh.json, err) != 0) {
		answer_free(&fresh);
		return (-1);
	}
	*a = fresh;
	return (0);
}

void
answer_free(struct answer *a)
{
	size_t i;

	for (i = 0; i < sizeof(a->arrays) / sizeof(a->arrays[0]); i++) {
		free(a->arrays[i]);
		a->arrays[i] = NULL;
	}
	json_decref(a->json);
	a->json = NULL;
}
