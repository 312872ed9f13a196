/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/signame.h"
#include "base/strbuf.h"
#include "wire/json.h"

#include "wire/request.h"

static const struct {
	const char *key;
	unsigned fields; /* A command with any of these takes it; 0: all do. */
} keys[] = {
	{ "command", 0 },
	{ "id", 0 },
	{ "names", CONTROL_TAKES_NAMES | CONTROL_NEEDS_NAMES },
	{ "watch", CONTROL_TAKES_WATCH },
	{ "signal", CONTROL_IS_SIGNAL },
	{ "tree", CONTROL_IS_SIGNAL },
	{ "dry_run", CONTROL_TAKES_DRY_RUN },
	{ "now", CONTROL_TAKES_NOW },
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static int
parse_command(struct request *r, const json_t *root, struct err *err)
{
	const char *word = NULL;

	if (json_get_text(root, "command", &word, err) != 0)
		return (-1);
	if (word == NULL)
		return (err_set(err, 0, "command: missing"));
	r->command = control_command_find(word);
	if (r->command == CONTROL_COMMANDS_COUNT)
		return (err_set(err, 0, "unknown command: %.64s", word));
	return (0);
}

static int
parse_id(struct request *r, const json_t *root, struct err *err)
{
	int64_t id = 0;

	if (json_get_int(root, "id", &id, err) != 0)
		return (-1);
	if (id < 0 || id > CONTROL_ID_MAX)
		return (err_set(err, 0, "id: expected 0 to 2^53"));
	r->id = (uint64_t)id;
	return (0);
}

/* Is everything that was said something which the command takes? */
static int
check_keys(const struct request *r, json_t *root, struct err *err)
{
	const char *key;
	void *at;
	size_t i;

	for (at = json_object_iter(root); at != NULL;
	     at = json_object_iter_next(root, at)) {
		key = json_object_iter_key(at);
		for (i = 0; i < NKEYS; i++)
			if (strcmp(keys[i].key, key) == 0)
				break;
		if (i == NKEYS)
			return (err_set(err, 0, "unknown field: %.64s", key));
		if (keys[i].fields != 0 &&
		    (keys[i].fields & control_command_fields(r->command)) == 0)
			return (err_set(err, 0, "%s: takes no %s",
			    control_command_word(r->command), key));
	}
	return (0);
}

static int
check_name(const json_t *item, struct err *err)
{
	size_t len = json_string_length(item);

	if (!json_is_string(item))
		return (err_set(err, 0, "names: expected texts"));
	if (len == 0)
		return (err_set(err, 0, "names: one is empty"));
	if (len > CONTROL_NAME_MAX)
		return (err_set(err, 0, "names: one is longer than %d bytes",
		    CONTROL_NAME_MAX));
	return (0);
}

/* Names and their texts in one piece of memory, since JSON will be freed. */
static int
copy_names(struct request *r, const json_t *list, struct err *err)
{
	size_t i, len, n = json_array_size(list);
	size_t bytes = n * sizeof(char *);
	const char **names;
	char *text;

	for (i = 0; i < n; i++) {
		if (check_name(json_array_get(list, i), err) != 0)
			return (-1);
		bytes += json_string_length(json_array_get(list, i)) + 1;
	}
	names = malloc(bytes);
	if (names == NULL)
		return (err_set(err, errno, "names"));
	text = (char *)(names + n);
	for (i = 0; i < n; i++) {
		len = json_string_length(json_array_get(list, i)) + 1;
		memcpy(text, json_string_value(json_array_get(list, i)), len);
		names[i] = text;
		text += len;
	}
	r->memory = names;
	r->names = names;
	r->nnames = n;
	return (0);
}

static int
parse_names(struct request *r, const json_t *root, struct err *err)
{
	const json_t *list = NULL;

	if (json_get_list(root, "names", &list, err) != 0)
		return (-1);
	if (list != NULL && json_array_size(list) > 0)
		return (copy_names(r, list, err));
	if ((control_command_fields(r->command) & CONTROL_NEEDS_NAMES) != 0)
		return (err_set(err, 0, "%s: names: expected at least one",
		    control_command_word(r->command)));
	return (0);
}

static int
parse_signal(struct request *r, const json_t *root, struct err *err)
{
	const char *name = NULL;

	if (json_get_text(root, "signal", &name, err) != 0)
		return (-1);
	if ((control_command_fields(r->command) & CONTROL_IS_SIGNAL) == 0)
		return (0);
	if (name == NULL)
		return (err_set(err, 0, "signal: missing"));
	r->signo = signame_number(name);
	if (r->signo < 0)
		return (err_set(err, 0, "signal: no such signal: %.32s", name));
	return (0);
}

static int
parse_object(struct request *r, json_t *root, struct err *err)
{
	if (parse_id(r, root, err) != 0 || parse_command(r, root, err) != 0 ||
	    check_keys(r, root, err) != 0 || parse_signal(r, root, err) != 0 ||
	    json_get_bool(root, "watch", &r->watch, err) != 0 ||
	    json_get_bool(root, "tree", &r->tree, err) != 0 ||
	    json_get_bool(root, "dry_run", &r->dry_run, err) != 0 ||
	    json_get_bool(root, "now", &r->now, err) != 0)
		return (-1);
	/* Last, since it alone allocates. */
	return (parse_names(r, root, err));
}

int
request_parse(struct request *r, const char *line, size_t len, struct err *err)
{
	struct request fresh = { 0 };
	json_t *root;
	int rc;

	r->id = 0;
	root = json_line(line, len, err);
	if (root == NULL)
		return (-1);
	rc = parse_object(&fresh, root, err);
	if (rc == 0)
		*r = fresh;
	else
		r->id = fresh.id;
	json_decref(root);
	return (rc);
}

void
request_free(struct request *r)
{
	free(r->memory);
	r->memory = NULL;
	r->names = NULL;
	r->nnames = 0;
}

static void
encode_flag(struct strbuf *b, const char *key, bool value)
{
	if (value)
		strbuf_printf(b, ",\"%s\":true", key);
}

void
request_encode(struct strbuf *b, const struct request *r)
{
	char signal[SIGNAME_MAX];
	size_t i;

	strbuf_printf(
	    b, "{\"command\":\"%s\",\"id\":", control_command_word(r->command));
	strbuf_number(b, (int64_t)r->id);
	if (r->nnames > 0) {
		strbuf_puts(b, ",\"names\":[");
		for (i = 0; i < r->nnames; i++) {
			if (i > 0)
				strbuf_putc(b, ',');
			strbuf_json(b, r->names[i]);
		}
		strbuf_putc(b, ']');
	}
	if (r->signo != 0)
		strbuf_printf(
		    b, ",\"signal\":\"%s\"", signame_text(r->signo, signal));
	encode_flag(b, "watch", r->watch);
	encode_flag(b, "tree", r->tree);
	encode_flag(b, "dry_run", r->dry_run);
	encode_flag(b, "now", r->now);
	strbuf_puts(b, "}\n");
}
