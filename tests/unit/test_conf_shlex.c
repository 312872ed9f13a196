/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "conf/scratch.h"
#include "conf/shlex.h"

/* The words of ${text}, each between bars; "!" and why it has none. */
static const char *
split(const char *text)
{
	static char buf[1024];
	struct scratch scratch = { 0 };
	struct err err;
	const char *const *words = shlex_split(text, &scratch, &err);

	(void)snprintf(buf, sizeof(buf), "%s", words == NULL ? "!" : "|");
	if (words == NULL)
		strncat(buf, err.text, sizeof(buf) - 2);
	for (; words != NULL && *words != NULL; words++) {
		strncat(buf, *words, sizeof(buf) - strlen(buf) - 1);
		strncat(buf, "|", sizeof(buf) - strlen(buf) - 1);
	}
	scratch_free(&scratch);
	return (buf);
}

/* The rest of SHLEX_OPEN_QUOTE. */
#define CUT "; \" ;\" and \" #\" begin a comment, in quotes too"

/* What Python's shlex.split() gives for each. */
static const struct {
	const char *text, *words;
} vectors[] = {
	{ "", "|" },
	{ "  \t\r\n ", "|" },
	{ "a", "|a|" },
	{ "a b  c", "|a|b|c|" },
	{ "a\nb\tc\rd", "|a|b|c|d|" },
	{ "'a b' \"c d\"", "|a b|c d|" },
	{ "''", "||" },
	{ "\"\"", "||" },
	{ "a '' b", "|a||b|" },
	{ "a''b", "|ab|" },
	{ "a'b c'd", "|ab cd|" },
	{ "\"a\"'b'c", "|abc|" },
	{ "a\\ b", "|a b|" },
	{ "\\a\\\\b", "|a\\b|" },
	{ "'a\\'", "|a\\|" },
	{ "'a\\b\"c'", "|a\\b\"c|" },
	{ "\"a\\\"b\"", "|a\"b|" },
	{ "\"a\\\\b\"", "|a\\b|" },
	{ "\"a\\b\"", "|a\\b|" },
	{ "\"a\\'b\"", "|a\\'b|" },
	{ "\"a\\$b\"", "|a\\$b|" },
	{ "a#b #c", "|a#b|#c|" },
	{ "a\\\nb", "|a\nb|" },
	{ "a \\\nb", "|a|\nb|" },
	{ "\"a\\\nb\"", "|a\\\nb|" },
	{ "a;b|c&d>e", "|a;b|c&d>e|" },
	{ "$HOME ~/x *.c `x`", "|$HOME|~/x|*.c|`x`|" },
	{ "Program\\ Files\\ (x86)/x", "|Program Files (x86)/x|" },
	{ "bash -c \"if [ ${X} = \"true\" ]; then\"",
	    "|bash|-c|if [ ${X} = true ]; then|" },
	{ "\xc3\xa4 '\xc3\xb6 \xff'", "|\xc3\xa4|\xc3\xb6 \xff|" },
	{ "a\vb\fc", "|a\vb\fc|" },
	{ "\\ ", "| |" },
	{ "\\'", "|'|" },
	{ "a\\", "!nothing follows the last backslash" },
	{ "\\", "!nothing follows the last backslash" },
	{ "\"a\\", "!nothing follows the last backslash" },
	{ "'", "!the quote ' is not closed" CUT },
	{ "a \"b", "!the quote \" is not closed" CUT },
	{ "\"a\\\"", "!the quote \" is not closed" CUT },
	{ "bash -c 'a", "!the quote ' is not closed" CUT },
};

Test(shlex, splits_as_python_does)
{
	size_t i;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		cr_expect_str_eq(split(vectors[i].text), vectors[i].words,
		    "%s: %s", vectors[i].text, split(vectors[i].text));
}

Test(shlex, a_long_command_stays_whole)
{
	struct scratch scratch = { 0 };
	const char *const *words;
	char text[60001];
	struct err err;

	memset(text, 'x', 60000);
	text[30000] = ' ';
	text[60000] = '\0';
	words = shlex_split(text, &scratch, &err);
	cr_assert_not_null(words);
	cr_assert_eq(strlen(words[0]), 30000);
	cr_assert_eq(strlen(words[1]), 29999);
	cr_assert_null(words[2]);
	scratch_free(&scratch);
}
