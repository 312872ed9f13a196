/* SPDX-License-Identifier: MIT */
#include "conf.h"

#include "conf/print.h"
#include "conf/limits.h"

/* ${config} as it is printed, in memory of its own. */
static char *
printed(const struct config *config)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	cr_assert_not_null(f);
	cr_assert_eq(print_config(f, config), 0);
	cr_assert_eq(fclose(f), 0);
	return (text);
}

/* What is printed prints again to the same text. */
static char *
twice(const char *text)
{
	struct config *first = conf_of(text), *second;
	char *a, *b;

	cr_assert_eq(first->nerrors, 0, "%s", first->diags[0].text);
	a = printed(first);
	second = conf_of(a);
	cr_assert_eq(second->nerrors, 0, "%s\n%s", second->diags[0].text, a);
	b = printed(second);
	cr_assert_str_eq(a, b);
	free(b);
	return (a);
}

Test(print, is_its_own_fixed_point)
{
	char *a = twice("[sigmund]\nname=x\nenvironment=A=1,B=it's\n"
			"shutdown_timeout=1.5s\nlog_format=json\n"
			"[group:g]\nprograms=w, x\npriority=-3\n"
			"[program:w]\ncommand=sh -c \"a;b\" %%x\n  more\n"
			"numprocs=3\nprocess_name=%(program_name)s-%"
			"(process_num)02d\nenvironment=N=%(process_num)d,A=\""
			"x\\\"y\"\ndirectory=/tmp/%(ENV_N)s\n"
			"stopsignal=RTMIN+1\nstopasgroup=yes\nexitcodes=\n"
			"[program:x]\ncommand=x\nnumprocs=0\numask=7\n"
			"stdout_logfile=/x/%(program_name)s.log\n");

	cr_expect_not_null(strstr(a, "process_name = w-%(process_num)02d\n"));
	cr_expect_not_null(strstr(a, "directory = /tmp/%(ENV_N)s\n"));
	cr_expect_not_null(strstr(a, "name = x\n"));
	free(a);
}

Test(print, what_would_be_taken_for_a_comment_is_not)
{
	static const char *const values[] = { "a ;b", " a", "a ", "#a", "a\n;b",
		"a \n b", "a\n\nb", "a\n", "\n\n", "  ", "\t;", "a%b%%",
		"x\n \ny", "" };
	struct strbuf text = LIMITS_TEXT;
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct service_def *def;

		strbuf_reset(&text);
		strbuf_puts(&text, "[program:x]\nenvironment = A=\"");
		print_value(&text, values[i], false);
		strbuf_puts(&text, "\"\ncommand = x\n");
		def = conf_service(strbuf_text(&text));
		cr_expect_str_eq(def->environment[0] + 2, values[i], "%s",
		    strbuf_text(&text));
	}
	strbuf_free(&text);
}

Test(print, every_printable_character_survives)
{
	char text[512] = "[program:x]\ncommand=x\nenvironment=A=\"", *a;
	size_t n = strlen(text);
	int c;

	for (c = '!'; c < 0x7f; c++) {
		if (c == '"')
			text[n++] = '\\';
		if (c == '%')
			text[n++] = '%';
		text[n++] = (char)c;
	}
	text[n++] = '"';
	text[n] = '\0';
	a = twice(text);
	free(a);
	cr_expect_str_eq(conf_service(text)->environment[0],
	    "A=!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\"
	    "]^_`abcdefghijklmnopqrstuvwxyz{|}~");
}
