/* SPDX-License-Identifier: MIT */
#include "base/signame.h"
#include "base/strbuf.h"

#include "wire/reply.h"

static const char *
truth(bool value)
{
	return (value ? "true" : "false");
}

static const char *
fact(enum wire_fact value)
{
	switch (value) {
	case FACT_NO:
		return ("false");
	case FACT_YES:
		return ("true");
	case FACT_ABSENT:
		break;
	}
	return ("null");
}

static void
add_text(struct strbuf *b, const char *key, const char *value)
{
	strbuf_puts(b, key);
	strbuf_json(b, value);
}

static void
add_number(struct strbuf *b, const char *key, int64_t value)
{
	strbuf_puts(b, key);
	strbuf_number(b, value);
}

static void
add_word(struct strbuf *b, const char *key, const char *word)
{
	strbuf_puts(b, key);
	strbuf_puts(b, word);
}

/* A number of which one value means that there is none. */
static void
add_maybe(struct strbuf *b, const char *key, int64_t value, int64_t none)
{
	if (value == none)
		add_word(b, key, "null");
	else
		add_number(b, key, value);
}

static void
add_exit(struct strbuf *b, const struct wire_service *s)
{
	char name[SIGNAME_MAX];

	switch (s->exit_kind) {
	case WIRE_EXIT_CODE:
		add_number(b, ",\"exit\":{\"code\":", s->exit_value);
		strbuf_putc(b, '}');
		return;
	case WIRE_EXIT_SIGNAL:
		add_text(b, ",\"exit\":{\"signal\":",
		    signame_text(s->exit_value, name));
		strbuf_putc(b, '}');
		return;
	case WIRE_EXIT_NONE:
		break;
	}
	strbuf_puts(b, ",\"exit\":null");
}

static void
add_service(struct strbuf *b, const struct wire_service *s)
{
	add_text(b, "{\"name\":", s->name);
	add_text(b, ",\"program\":", s->program);
	add_text(b, ",\"group\":", s->group);
	add_text(b, ",\"state\":", s->state);
	add_text(b, ",\"want\":", s->want_up ? "up" : "down");
	add_maybe(b, ",\"pid\":", s->pid, 0);
	add_word(b, ",\"ready\":", fact(s->ready));
	add_word(b, ",\"healthy\":", fact(s->healthy));
	add_number(b, ",\"restarts\":", (int64_t)s->restarts);
	add_maybe(b, ",\"uptime_ms\":", s->uptime_ms, -1);
	add_exit(b, s);
	add_text(b, ",\"detail\":", s->detail);
	add_number(b, ",\"run\":", (int64_t)s->run);
	add_word(b, ",\"as_wanted\":", truth(s->as_wanted));
	add_word(b, ",\"stuck\":", truth(s->stuck));
	strbuf_putc(b, '}');
}

void
reply_services(struct strbuf *b, const struct wire_service *s, size_t n)
{
	size_t i;

	strbuf_putc(b, '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			strbuf_putc(b, ',');
		add_service(b, &s[i]);
	}
	strbuf_putc(b, ']');
}

void
reply_changes(struct strbuf *b, const struct wire_change *c, size_t n)
{
	char one[2] = { 0 };
	size_t i;

	strbuf_putc(b, '[');
	for (i = 0; i < n; i++) {
		one[0] = c[i].mark;
		add_text(b, i > 0 ? ",{\"mark\":" : "{\"mark\":", one);
		add_text(b, ",\"name\":", c[i].name);
		add_text(b, ",\"text\":", c[i].text);
		strbuf_putc(b, '}');
	}
	strbuf_putc(b, ']');
}

static void
add_texts(struct strbuf *b, const char *key, const char *const *texts, size_t n)
{
	size_t i;

	if (n == 0)
		return;
	strbuf_puts(b, key);
	strbuf_putc(b, '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			strbuf_putc(b, ',');
		strbuf_json(b, texts[i]);
	}
	strbuf_putc(b, ']');
}

static void
add_update(struct strbuf *b, const struct reply *r)
{
	if (r->has_changes) {
		strbuf_puts(b, ",\"changes\":");
		reply_changes(b, r->changes, r->nchanges);
		add_number(b, ",\"unchanged\":", r->unchanged);
	}
	add_texts(b, ",\"removed\":", r->removed, r->nremoved);
	add_texts(b, ",\"diagnostics\":", r->diagnostics, r->ndiagnostics);
}

static void
begin(struct strbuf *b, uint64_t id)
{
	add_number(b, "{\"id\":", (int64_t)id);
}

void
reply_body(struct strbuf *b, const struct reply *r)
{
	add_word(b, "\"ok\":", truth(r->code == CONTROL_OK));
	if (r->code != CONTROL_OK) {
		add_number(b, ",\"code\":", r->code);
		add_text(b, ",\"error\":", r->error);
	}
	if (r->version != NULL) {
		add_text(b, ",\"version\":", r->version);
		add_number(b, ",\"protocol\":", CONTROL_PROTOCOL);
	}
	if (r->pid != 0)
		add_number(b, ",\"pid\":", r->pid);
	if (r->config != NULL) {
		add_text(b, ",\"config\":", r->config);
		add_number(b, ",\"warnings\":", r->warnings);
	}
	add_update(b, r);
	if (r->has_services || r->nservices > 0) {
		strbuf_puts(b, ",\"services\":");
		reply_services(b, r->services, r->nservices);
	}
}

void
reply_encode(struct strbuf *b, const struct reply *r)
{
	begin(b, r->id);
	strbuf_putc(b, ',');
	reply_body(b, r);
	strbuf_puts(b, "}\n");
}

void
reply_fail(
    struct strbuf *b, uint64_t id, enum control_code code, const char *error)
{
	const struct reply r = { .id = id, .code = code, .error = error };

	reply_encode(b, &r);
}

void
reply_event(struct strbuf *b, uint64_t id, const struct wire_service *service,
    bool gone)
{
	begin(b, id);
	add_text(b, ",\"event\":", gone ? "gone" : "state");
	strbuf_puts(b, ",\"service\":");
	add_service(b, service);
	strbuf_puts(b, "}\n");
}
