/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/signame.h"
#include "core/program.h"
#include "conf/environment.h"
#include "conf/keys.h"
#include "conf/label.h"
#include "conf/limits.h"
#include "conf/nearest.h"
#include "conf/value.h"

/* A number and what it is followed by. */
struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit times[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
	{ "h", 3600000 }, { "d", 86400000 } };

/* The first of equal factors is the one which is written. */
#define KIB INT64_C(1024)
static const struct unit sizes[] = { { "GB", KIB *KIB *KIB },
	{ "MB", KIB *KIB }, { "KB", KIB }, { "G", KIB *KIB *KIB },
	{ "M", KIB *KIB }, { "K", KIB }, { "Gi", KIB *KIB *KIB },
	{ "Mi", KIB *KIB }, { "Ki", KIB }, { "GiB", KIB *KIB *KIB },
	{ "MiB", KIB *KIB }, { "KiB", KIB } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const truths[] = { "true", "yes", "on", "1", NULL };
static const char *const falsehoods[] = { "false", "no", "off", "0", NULL };

/* Words which are no near miss of the one that they stand for. */
static const struct {
	const char *written, *meant;
} synonyms[] = { { "always", "true" }, { "never", "false" },
	{ "on-failure", "unexpected" }, { "on_failure", "unexpected" },
	{ "failure", "unexpected" }, { "enable", "true" },
	{ "enabled", "true" }, { "disable", "false" }, { "disabled", "false" },
	{ "y", "true" }, { "t", "true" }, { "n", "false" }, { "f", "false" } };

/* What a stopsignal is in nearly all files. */
static const char *const signals[] = { "TERM", "INT", "QUIT", "HUP", "KILL",
	"USR1", "USR2", "ABRT", "WINCH", "received" };

static int
index_of(const char *const *words, const char *text)
{
	int i;

	for (i = 0; words[i] != NULL; i++)
		if (strcasecmp(words[i], text) == 0)
			return (i);
	return (-1);
}

static int
parse_bool(const struct key *key, const char *text, bool *b)
{
	int i;

	if (key->words != NULL) {
		if ((i = index_of(key->words, text)) >= 0)
			*b = i != 0;
		return (i < 0 ? -1 : 0);
	}
	*b = index_of(truths, text) >= 0;
	return (*b || index_of(falsehoods, text) >= 0 ? 0 : -1);
}

static bool
in_range(const struct key *key, int64_t n)
{
	return (n >= key->min && n <= key->max);
}

/* The whole of ${text} as a number to ${base}, as Python's int() reads it. */
static int
parse_number(const struct key *key, const char *text, int base, int64_t *n)
{
	const char *digits = text + (*text == '+' || *text == '-');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return (-1);
	errno = 0;
	*n = strtoll(text, &end, base);
	return (errno != 0 || *end != '\0' || !in_range(key, *n) ? -1 : 0);
}

/* The factor of the unit ${name}, or 0. */
static int64_t
factor_of(const struct unit *units, size_t n, const char *name, bool any_case)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((any_case ? strcasecmp(units[i].name, name)
			      : strcmp(units[i].name, name)) == 0)
			return (units[i].factor);
	return (0);
}

/* Add the decimals at ${*p}, in units of ${factor}. */
static int
parse_decimals(const char **p, int64_t factor, int64_t *n)
{
	int64_t unit = factor;

	if (!isdigit((unsigned char)**p))
		return (-1);
	for (; isdigit((unsigned char)**p); (*p)++) {
		unit /= 10;
		*n += (**p - '0') * unit;
	}
	return (0);
}

/* NUMBER or NUMBER.DECIMALS UNIT; a plain number is in ${plain}. */
static int
parse_quantity(
    const struct key *key, const char *text, int64_t plain, int64_t *n)
{
	bool time = key->type == KEY_DURATION;
	const char *decimals = NULL, *unit;
	int64_t factor = plain;
	char *end;

	if (!isdigit((unsigned char)*text) && *text != '+')
		return (-1);
	errno = 0;
	*n = strtoll(text, &end, 10);
	if (errno != 0 || end == text)
		return (-1);
	if (*end == '.' && time) {
		decimals = ++end;
		end += strspn(end, "0123456789");
	}
	for (unit = end; *unit == ' ' || *unit == '\t'; unit++)
		;
	if (*unit != '\0')
		factor = time ? factor_of(times, COUNT(times), unit, false)
			      : factor_of(sizes, COUNT(sizes), unit, true);
	/* "1.5" could be meant as minutes: decimals ask for their unit. */
	if (factor == 0 || (decimals != NULL && *unit == '\0'))
		return (-1);
	if (__builtin_mul_overflow(*n, factor, n) || *n > INT64_MAX - factor)
		return (-1);
	if (decimals != NULL && parse_decimals(&decimals, factor, n) != 0)
		return (-1);
	return (in_range(key, *n) ? 0 : -1);
}

/* Numbers from 0 to 255, separated by commas; none is fine. */
static int
parse_codes(const char *text, uint32_t codes[8])
{
	char *end;
	long n;

	memset(codes, 0, 8 * sizeof(codes[0]));
	while (*text != '\0') {
		while (isspace((unsigned char)*text))
			text++;
		if (!isdigit((unsigned char)*text))
			return (-1);
		errno = 0;
		n = strtol(text, &end, 10);
		if (errno != 0 || n > 255)
			return (-1);
		codes[n / 32] |= UINT32_C(1) << (n % 32);
		while (isspace((unsigned char)*end))
			end++;
		if (*end == ',' && end[1] != '\0')
			end++;
		else if (*end != '\0')
			return (-1);
		text = end;
	}
	return (0);
}

static int
parse_signal(const char *text, int *signo)
{
	if (strcasecmp(text, "received") == 0)
		*signo = STOPSIGNAL_RECEIVED;
	else
		*signo = signame_number(text);
	return (*signo < 0 ? -1 : 0);
}

static int
parse_log(const char *text, struct program_log *log)
{
	log->path = NULL;
	if (*text == '\0' || strcasecmp(text, "off") == 0)
		log->kind = LOG_TO_NONE;
	else if (strcasecmp(text, "none") == 0)
		log->kind = LOG_TO_NONE;
	else if (strcasecmp(text, "auto") == 0)
		log->kind = LOG_TO_AUTO;
	else if (strcasecmp(text, "syslog") == 0)
		log->kind = LOG_TO_SYSLOG;
	else if (strcasecmp(text, "inherit") == 0)
		log->kind = LOG_TO_INHERIT;
	else {
		log->kind = LOG_TO_PATH;
		log->path = text;
	}
	return (strchr(text, '\n') == NULL ? 0 : -1);
}

static int
parse_restart(const struct key *key, const char *text, int *word)
{
	if (index_of(truths, text) >= 0)
		*word = AUTORESTART_ALWAYS;
	else if (index_of(falsehoods, text) >= 0)
		*word = AUTORESTART_NEVER;
	else
		*word = index_of(key->words, text);
	return (*word < 0 ? -1 : 0);
}

/* One line; for all but KEY_TEXT with something in it. */
static int
parse_text(const struct key *key, const char *text)
{
	if (strchr(text, '\n') != NULL)
		return (-1);
	if (key->type == KEY_NAME && !label_is_good(text))
		return (-1);
	return (text[0] == '\0' && key->type != KEY_TEXT ? -1 : 0);
}

/* All that a value can be. */
union stored {
	bool b;
	int i;
	unsigned u;
	int64_t n;
	uint32_t codes[8];
	const char *text;
	struct program_log log;
};

/* Parse into ${v}; return how many bytes of it are the value, or 0. */
static size_t
parse(const struct key *key, const char *text, union stored *v)
{
	int64_t n;

	switch (key->type) {
	case KEY_BOOL:
		return (parse_bool(key, text, &v->b) == 0 ? sizeof(v->b) : 0);
	case KEY_INT:
	case KEY_OCTAL:
		if (parse_number(
			key, text, key->type == KEY_INT ? 10 : 8, &n) != 0)
			return (0);
		v->i = (int)n;
		return (sizeof(v->i));
	case KEY_COUNT:
		if (parse_number(key, text, 10, &n) != 0)
			return (0);
		v->u = (unsigned)n;
		return (sizeof(v->u));
	case KEY_DURATION:
	case KEY_SIZE:
		return (parse_quantity(key, text,
			    key->type == KEY_SIZE ? 1 : 1000, &v->n) == 0
			    ? sizeof(v->n)
			    : 0);
	case KEY_SIGNAL:
		return (parse_signal(text, &v->i) == 0 ? sizeof(v->i) : 0);
	case KEY_CODES:
		return (
		    parse_codes(text, v->codes) == 0 ? sizeof(v->codes) : 0);
	case KEY_WORD:
		v->i = index_of(key->words, text);
		return (v->i >= 0 ? sizeof(v->i) : 0);
	case KEY_RESTART:
		return (
		    parse_restart(key, text, &v->i) == 0 ? sizeof(v->i) : 0);
	case KEY_LOG:
		/* The other members have keys of their own. */
		return (parse_log(text, &v->log) == 0
			    ? offsetof(struct program_log, maxbytes)
			    : 0);
	case KEY_NAME:
	case KEY_TEXT:
	case KEY_PATH:
	case KEY_USER:
		v->text = text;
		return (parse_text(key, text) == 0 ? sizeof(v->text) : 0);
	case KEY_COMMAND:
	case KEY_ENVIRONMENT:
	case KEY_LIST:
	case KEY_TYPE_COUNT:
		break;
	}
	v->text = text;
	return (sizeof(v->text));
}

int
value_parse(const struct key *key, const char *text, void *base)
{
	union stored v;
	size_t size = parse(key, text, &v);

	if (size == 0)
		return (-1);
	if (base != NULL)
		memcpy((char *)base + key->offset, &v, size);
	return (0);
}

const char *
value_suggest(const struct key *key, const char *text)
{
	const char *const *word;
	struct nearest n;
	size_t i;

	if (key->type == KEY_SIGNAL && strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	nearest_init(&n, text);
	for (i = 0; key->type == KEY_SIGNAL && i < COUNT(signals); i++)
		nearest_offer(&n, signals[i]);
	for (word = key->words; word != NULL && *word != NULL; word++)
		nearest_offer(&n, *word);
	if ((key->type == KEY_BOOL && key->words == NULL) ||
	    key->type == KEY_RESTART) {
		nearest_offer(&n, "true");
		nearest_offer(&n, "false");
		for (i = 0; i < COUNT(synonyms); i++)
			if (strcasecmp(text, synonyms[i].written) == 0)
				n.best = synonyms[i].meant;
		if (n.best != NULL && strcmp(n.best, "unexpected") == 0 &&
		    key->type == KEY_BOOL)
			n.best = NULL;
	}
	return (n.best);
}

/* ${n} in the largest unit which divides it. */
static void
write_size(struct strbuf *out, int64_t n)
{
	size_t i;

	for (i = 0; i < COUNT(sizes) && n > 0; i++) {
		if (n % sizes[i].factor == 0) {
			strbuf_printf(out, "%lld%s",
			    (long long)(n / sizes[i].factor), sizes[i].name);
			return;
		}
	}
	strbuf_printf(out, "%lld", (long long)n);
}

static void
write_duration(struct strbuf *out, int64_t ms)
{
	if (ms % 1000 == 0)
		strbuf_printf(out, "%lld", (long long)(ms / 1000));
	else
		strbuf_printf(out, "%lldms", (long long)ms);
}

static void
write_codes(struct strbuf *out, const uint32_t codes[8])
{
	const char *comma = "";
	unsigned i;

	for (i = 0; i < 256; i++) {
		if ((codes[i / 32] >> (i % 32) & 1) != 0) {
			strbuf_printf(out, "%s%u", comma, i);
			comma = ",";
		}
	}
}

static void
write_log(struct strbuf *out, const struct program_log *log)
{
	static const char *const names[] = {
#define X(sym, word) [LOG_TO_##sym] = word,
		PROGRAM_LOGS(X)
#undef X
	};

	if (log->kind == LOG_TO_PATH)
		strbuf_puts(out, log->path);
	else
		strbuf_puts(out, names[log->kind]);
}

int
value_write(struct strbuf *out, const struct key *key, const void *base)
{
	const char *at = (const char *)base + key->offset;
	char name[SIGNAME_MAX];
	union stored v = { 0 };

	switch (key->type) {
	case KEY_BOOL:
		memcpy(&v.b, at, sizeof(v.b));
		strbuf_puts(out, key->words != NULL ? key->words[v.b]
				 : v.b              ? "true"
						    : "false");
		return (0);
	case KEY_INT:
		memcpy(&v.i, at, sizeof(v.i));
		strbuf_printf(out, "%d", v.i);
		return (0);
	case KEY_OCTAL:
		memcpy(&v.i, at, sizeof(v.i));
		if (v.i < 0)
			return (-1);
		strbuf_printf(out, "%04o", (unsigned)v.i);
		return (0);
	case KEY_COUNT:
		memcpy(&v.u, at, sizeof(v.u));
		strbuf_printf(out, "%u", v.u);
		return (0);
	case KEY_SIZE:
	case KEY_DURATION:
		memcpy(&v.n, at, sizeof(v.n));
		if (key->type == KEY_SIZE)
			write_size(out, v.n);
		else
			write_duration(out, v.n);
		return (0);
	case KEY_CODES:
		memcpy(v.codes, at, sizeof(v.codes));
		write_codes(out, v.codes);
		return (0);
	case KEY_LOG:
		memcpy(&v.log, at, sizeof(v.log));
		write_log(out, &v.log);
		return (0);
	case KEY_SIGNAL:
		memcpy(&v.i, at, sizeof(v.i));
		strbuf_puts(out, v.i == STOPSIGNAL_RECEIVED
				     ? "received"
				     : signame_text(v.i, name));
		return (0);
	case KEY_WORD:
	case KEY_RESTART:
		memcpy(&v.i, at, sizeof(v.i));
		strbuf_puts(out, key->words[v.i]);
		return (0);
	case KEY_ENVIRONMENT:
		memcpy(&v.text, at, sizeof(v.text));
		environment_write(
		    out, (const char *const *)(const void *)v.text);
		return (0);
	case KEY_NAME:
	case KEY_TEXT:
	case KEY_PATH:
	case KEY_USER:
	case KEY_COMMAND:
	case KEY_LIST:
	case KEY_TYPE_COUNT:
		break;
	}
	memcpy(&v.text, at, sizeof(v.text));
	if (v.text == NULL)
		return (-1);
	strbuf_puts(out, v.text);
	return (0);
}
