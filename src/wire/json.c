/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include "wire/json.h"

/*
 * How deep the brackets of ${text} nest.  jansson recurses into each, with a
 * limit of its own that is fixed when it is built and far beyond ours.
 */
static size_t
depth(const char *text, size_t len)
{
	size_t i, deep = 0, deepest = 0;
	bool quoted = false;

	for (i = 0; i < len; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (text[i] == '[' || text[i] == '{')
			deep++;
		else if ((text[i] == ']' || text[i] == '}') && deep > 0)
			deep--;
		if (deep > deepest)
			deepest = deep;
	}
	return (deepest);
}

json_t *
json_line(const char *text, size_t len, struct err *err)
{
	json_error_t error;
	json_t *root;

	if (depth(text, len) > JSON_DEPTH_MAX) {
		err_set(err, 0, "nested deeper than %d", JSON_DEPTH_MAX);
		return (NULL);
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		err_set(err, 0, "not JSON: %s (byte %d)", error.text,
		    error.position);
		return (NULL);
	}
	if (!json_is_object(root)) {
		err_set(err, 0, "not a JSON object");
		json_decref(root);
		return (NULL);
	}
	return (root);
}

/* What is under ${key}, or NULL for nothing and for null. */
static const json_t *
get(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return (json_is_null(value) ? NULL : value);
}

int
json_get_bool(
    const json_t *object, const char *key, bool *value, struct err *err)
{
	const json_t *v = get(object, key);

	if (v == NULL)
		return (0);
	if (!json_is_boolean(v))
		return (err_set(err, 0, "%s: expected true or false", key));
	*value = json_is_true(v);
	return (0);
}

int
json_get_int(
    const json_t *object, const char *key, int64_t *value, struct err *err)
{
	const json_t *v = get(object, key);

	if (v == NULL)
		return (0);
	if (!json_is_integer(v))
		return (err_set(err, 0, "%s: expected a whole number", key));
	*value = json_integer_value(v);
	return (0);
}

int
json_get_text(
    const json_t *object, const char *key, const char **value, struct err *err)
{
	const json_t *v = get(object, key);

	if (v == NULL)
		return (0);
	if (!json_is_string(v))
		return (err_set(err, 0, "%s: expected a text", key));
	*value = json_string_value(v);
	return (0);
}

int
json_get_list(const json_t *object, const char *key, const json_t **value,
    struct err *err)
{
	const json_t *v = get(object, key);

	if (v == NULL)
		return (0);
	if (!json_is_array(v))
		return (err_set(err, 0, "%s: expected a list", key));
	*value = v;
	return (0);
}
