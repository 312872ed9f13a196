/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "core/program.h"
#include "conf/keys.h"
#include "conf/limits.h"
#include "conf/value.h"

static struct program program;
static struct service_def service;

static const struct key *
row(const char *name)
{
	const struct key *key = keys_find(SECTION_PROGRAM, name);

	cr_assert_not_null(key, "%s", name);
	return (key);
}

static void *
base(const struct key *key)
{
	return (
	    key->place == PLACE_PROGRAM ? (void *)&program : (void *)&service);
}

/* ${text} as a value of the key ${name}, and as it is written again. */
static const char *
again(const char *name, const char *text)
{
	static char buf[256];
	const struct key *key = row(name);
	struct strbuf out = LIMITS_TEXT;

	if (value_parse(key, text, base(key)) != 0)
		return ("!");
	if (value_write(&out, key, base(key)) != 0)
		return ("-");
	(void)snprintf(buf, sizeof(buf), "%s", strbuf_text(&out));
	strbuf_free(&out);
	return (buf);
}

#define EXPECT(key, text, result)                                              \
	cr_expect_str_eq(again(key, text), result, "%s = %s: %s", key, text,   \
	    again(key, text))

Test(value, booleans_are_supervisords)
{
	EXPECT("autostart", "true", "true");
	EXPECT("autostart", "Yes", "true");
	EXPECT("autostart", "ON", "true");
	EXPECT("autostart", "1", "true");
	EXPECT("autostart", "false", "false");
	EXPECT("autostart", "no", "false");
	EXPECT("autostart", "0", "false");
	EXPECT("autostart", "", "!");
	EXPECT("autostart", "t", "!");
	EXPECT("autostart", "enable", "!");
}

Test(value, numbers_are_pythons)
{
	EXPECT("priority", "5", "5");
	EXPECT("priority", "-5", "-5");
	EXPECT("priority", "+5", "5");
	EXPECT("priority", "1.5", "!");
	EXPECT("priority", "5x", "!");
	EXPECT("priority", "", "!");
	EXPECT("priority", "- 5", "!");
	EXPECT("priority", "2147483647", "2147483647");
	EXPECT("priority", "2147483648", "!");
	EXPECT("priority", "99999999999999999999", "!");
	EXPECT("startretries", "-1", "!");
}

Test(value, times_take_units)
{
	EXPECT("startsecs", "10", "10");
	EXPECT("startsecs", "0", "0");
	EXPECT("startsecs", "1500ms", "1500ms");
	EXPECT("startsecs", "1.5s", "1500ms");
	EXPECT("startsecs", "0.25m", "15");
	EXPECT("startsecs", "2h", "7200");
	EXPECT("startsecs", "1d", "86400");
	EXPECT("startsecs", "10 s", "10");
	EXPECT("startsecs", "1.5", "!");
	EXPECT("startsecs", ".5s", "!");
	EXPECT("startsecs", "1.s", "!");
	EXPECT("startsecs", "5x", "!");
	EXPECT("startsecs", "-1", "!");
	EXPECT("startsecs", "3650d", "315360000");
	EXPECT("startsecs", "3651d", "!");
	EXPECT("startsecs", "99999999999999999999d", "!");
	EXPECT("startsecs", "9223372036854775807ms", "!");
	EXPECT("startsecs", "9223372036854775.9s", "!");
}

Test(value, sizes_count_by_1024)
{
	EXPECT("stdout_logfile_maxbytes", "0", "0");
	EXPECT("stdout_logfile_maxbytes", "50MB", "50MB");
	EXPECT("stdout_logfile_maxbytes", "1024", "1KB");
	EXPECT("stdout_logfile_maxbytes", "1025", "1025");
	EXPECT("stdout_logfile_maxbytes", "2 gb", "2GB");
	EXPECT("stdout_logfile_maxbytes", "2048K", "2MB");
	EXPECT("stdout_logfile_maxbytes", "1Gi", "1GB");
	EXPECT("stdout_logfile_maxbytes", "1.5MB", "!");
	EXPECT("stdout_logfile_maxbytes", "1TB", "!");
	EXPECT("stdout_logfile_maxbytes", "9999999999999GB", "!");
}

Test(value, octal_numbers_are_octal)
{
	EXPECT("umask", "022", "0022");
	EXPECT("umask", "0777", "0777");
	EXPECT("umask", "1000", "!");
	EXPECT("umask", "8", "!");
}

Test(value, signals_go_by_name_and_number)
{
	EXPECT("stopsignal", "TERM", "TERM");
	EXPECT("stopsignal", "sigquit", "QUIT");
	EXPECT("stopsignal", "6", "ABRT");
	EXPECT("stopsignal", "RTMIN+3", "RTMIN+3");
	EXPECT("stopsignal", "received", "received");
	EXPECT("stopsignal", "0", "!");
	EXPECT("stopsignal", "_DFL", "!");
	EXPECT("stopsignal", "TREM", "!");
}

Test(value, exit_codes_are_a_set)
{
	EXPECT("exitcodes", "0", "0");
	EXPECT("exitcodes", "2, 0,255", "0,2,255");
	EXPECT("exitcodes", "", "");
	EXPECT("exitcodes", "256", "!");
	EXPECT("exitcodes", "-1", "!");
	EXPECT("exitcodes", "1,", "!");
	EXPECT("exitcodes", "1 2", "!");
}

Test(value, autorestart_knows_three_words_and_the_booleans)
{
	EXPECT("autorestart", "unexpected", "unexpected");
	EXPECT("autorestart", "Unexpected", "unexpected");
	EXPECT("autorestart", "1", "true");
	EXPECT("autorestart", "off", "false");
	EXPECT("autorestart", "always", "!");
}

Test(value, log_files_know_words)
{
	EXPECT("stdout_logfile", "auto", "AUTO");
	EXPECT("stdout_logfile", "OFF", "NONE");
	EXPECT("stdout_logfile", "", "NONE");
	EXPECT("stdout_logfile", "Syslog", "syslog");
	EXPECT("stdout_logfile", "inherit", "inherit");
	EXPECT("stdout_logfile", "/dev/stdout", "/dev/stdout");
}

Test(value, what_is_wrong_changes_nothing)
{
	program.priority = 77;
	cr_assert_eq(value_parse(row("priority"), "x", &program), -1);
	cr_assert_eq(program.priority, 77);
}

Test(value, the_word_which_was_meant_is_offered)
{
	cr_expect_str_eq(value_suggest(row("autorestart"), "always"), "true");
	cr_expect_str_eq(
	    value_suggest(row("autorestart"), "unexpcted"), "unexpected");
	cr_expect_str_eq(value_suggest(row("autostart"), "flase"), "false");
	cr_expect_str_eq(
	    value_suggest(row("leftovers"), "kill_on_stop"), "kill-on-stop");
	cr_expect_null(value_suggest(row("autostart"), "banana"));
}

Test(value, every_default_is_a_value_of_its_key)
{
	const struct key *key;

	for (key = keys; key->name != NULL; key++) {
		if (key->type == KEY_NAME)
			continue;
		cr_expect(
		    key->def == NULL || value_parse(key, key->def, NULL) == 0,
		    "%s", key->name);
		cr_expect(key->def_sigmund == NULL ||
			      value_parse(key, key->def_sigmund, NULL) == 0,
		    "%s", key->name);
	}
}

Test(value, every_key_has_help_and_is_there_once)
{
	const struct key *key, *other;

	for (key = keys; key->name != NULL; key++) {
		cr_expect_not_null(key->help, "%s", key->name);
		cr_expect_neq(key->sections, 0, "%s", key->name);
		for (other = keys; other != key; other++)
			cr_expect(strcmp(key->name, other->name) != 0 ||
				      (key->sections & other->sections) == 0,
			    "%s", key->name);
	}
}
