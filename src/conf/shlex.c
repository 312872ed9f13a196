/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "conf/scratch.h"
#include "conf/shlex.h"

/* Where the automaton is. */
enum state {
	BETWEEN, /* No word begun. */
	BARE,    /* In a word, outside of quotes. */
	SINGLE,  /* In '...'. */
	DOUBLE   /* In "...". */
};

struct split {
	const char **words;
	size_t n;
	char *word; /* Where the current one began. */
	char *to;
	enum state state;
};

static bool
is_blank(char c)
{
	return (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

static void
end_word(struct split *s)
{
	*s->to++ = '\0';
	s->words[s->n++] = s->word;
	s->word = s->to;
	s->state = BETWEEN;
}

/* A byte outside of quotes, not escaped. */
static void
bare(struct split *s, char c)
{
	if (is_blank(c)) {
		if (s->state == BARE)
			end_word(s);
	} else if (c == '\'') {
		s->state = SINGLE;
	} else if (c == '"') {
		s->state = DOUBLE;
	} else {
		s->state = BARE;
		*s->to++ = c;
	}
}

/* A byte inside of quotes, not escaped. */
static void
quoted(struct split *s, char c)
{
	if (c == (s->state == SINGLE ? '\'' : '"'))
		s->state = BARE;
	else
		*s->to++ = c;
}

/* The byte behind a backslash. */
static void
escaped(struct split *s, char c)
{
	if (s->state == DOUBLE && c != '"' && c != '\\')
		*s->to++ = '\\';
	*s->to++ = c;
	if (s->state == BETWEEN)
		s->state = BARE;
}

const char *const *
shlex_split(const char *text, struct scratch *scratch, struct err *err)
{
	size_t len = strlen(text);
	struct split s = { .state = BETWEEN };

	/* A word takes a byte and a blank at least, and no byte grows. */
	s.words = scratch_alloc(scratch, (len / 2 + 2) * sizeof(*s.words));
	s.word = s.to = scratch_alloc(scratch, len + 2);
	if (s.words == NULL || s.word == NULL) {
		(void)err_set(err, 0, "out of memory");
		return (NULL);
	}
	for (; *text != '\0'; text++) {
		if (*text == '\\' && s.state != SINGLE) {
			if (*++text == '\0') {
				(void)err_set(err, 0,
				    "nothing follows the last backslash");
				return (NULL);
			}
			escaped(&s, *text);
		} else if (s.state == SINGLE || s.state == DOUBLE) {
			quoted(&s, *text);
		} else {
			bare(&s, *text);
		}
	}
	if (s.state == SINGLE || s.state == DOUBLE) {
		(void)err_set(
		    err, 0, SHLEX_OPEN_QUOTE, s.state == SINGLE ? '\'' : '"');
		return (NULL);
	}
	if (s.state == BARE)
		end_word(&s);
	return ((const char *const *)s.words);
}
