/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "core/program.h"
#include "conf/load.h"
#include "conf/nearest.h"
#include "conf/server.h"
#include "conf/keys.h"

#define IN(section) (1u << SECTION_##section)
#define IN_PROCESS  (IN(PROGRAM) | IN(LISTENER) | IN(FCGI))
#define IN_SERVER   (IN(UNIX) | IN(INET))

#define AT_CONFIG(m) .place = PLACE_CONFIG, .offset = offsetof(struct config, m)
#define AT_PROGRAM(m)                                                          \
	.place = PLACE_PROGRAM, .offset = offsetof(struct program, m)
#define AT_SOURCE(m)                                                           \
	.place = PLACE_SOURCE, .offset = offsetof(struct config_source, m)
#define AT_SERVICE(m)                                                          \
	.place = PLACE_SERVICE, .offset = offsetof(struct service_def, m)
#define AT_GROUP(m)                                                            \
	.place = PLACE_GROUP, .offset = offsetof(struct config_group, m)
#define AT_SERVER(m)                                                           \
	.place = PLACE_SERVER, .offset = offsetof(struct config_server, m)

#define RANGE(a, b) .min = (a), .max = (b)
#define YEARS_MS(n) (INT64_C(31536000000) * (n))
#define TIMES       RANGE(0, YEARS_MS(10))
#define SIZES       RANGE(0, INT64_C(1) << 50)

/* Under numprocs of this, a mistyped digit is still a message, not a fault. */
#define NUMPROCS_MAX 100000

static const char *const autorestarts[] = {
#define X(sym, word) [AUTORESTART_##sym] = word,
	PROGRAM_AUTORESTARTS(X)
#undef X
	    [AUTORESTART_COUNT] = NULL
};

static const char *const leftovers[] = {
#define X(sym, word) [LEFTOVERS_##sym] = word,
	PROGRAM_LEFTOVERS(X)
#undef X
	    [LEFTOVERS_COUNT] = NULL
};

static const char *const log_formats[] = { "text", "json", NULL };
static const char *const log_levels[] = { "critical", "error", "warn", "info",
	"debug", "trace", "blather", NULL };

const struct key keys[] = {
	/* What to run. */
	{ "command", IN_PROCESS, KEY_COMMAND, AT_SERVICE(command),
	    .change = CHANGE_BIRTH,
	    .help = "Program and arguments, split into words as a shell "
		    "would, but run without one" },
	{ "process_name", IN_PROCESS, KEY_NAME, AT_SERVICE(name),
	    .expects = "a name without blanks, \":\" and \"/\"",
	    .def = "%(program_name)s", .change = CHANGE_NUMBER,
	    .help = "Name of each process; with numprocs above 1 it has "
		    "%(process_num)s in it" },
	{ "numprocs", IN_PROCESS, KEY_COUNT, AT_SOURCE(numprocs),
	    RANGE(0, NUMPROCS_MAX), .def = "1", .change = CHANGE_NUMBER,
	    .help = "How many processes of this program run" },
	{ "numprocs_start", IN_PROCESS, KEY_COUNT, AT_SOURCE(numprocs_start),
	    RANGE(0, 1000000000), .def = "0", .change = CHANGE_NUMBER,
	    .help = "The process_num of the first" },
	{ "directory", IN_PROCESS, KEY_PATH, AT_SERVICE(directory),
	    .change = CHANGE_BIRTH, .help = "Where it runs" },
	{ "user", IN_PROCESS, KEY_USER, AT_SERVICE(user),
	    .expects = "a user's name or number", .change = CHANGE_BIRTH,
	    .help = "Name or number of the user it runs as" },
	{ "umask", IN_PROCESS, KEY_OCTAL, AT_SERVICE(umask), RANGE(0, 0777),
	    .change = CHANGE_BIRTH, .help = "Its umask; default: ours" },
	{ "environment", IN_PROCESS, KEY_ENVIRONMENT, AT_SERVICE(environment),
	    .change = CHANGE_BIRTH,
	    .help = "KEY=value pairs, separated by commas, over the main "
		    "section's and our own" },

	/* When to run it. */
	{ "priority", IN_PROCESS, KEY_INT, AT_PROGRAM(priority),
	    RANGE(INT_MIN, INT_MAX), .def = "999", .change = CHANGE_APPLY,
	    .help = "Lower ones are started first and stopped last" },
	{ "autostart", IN_PROCESS, KEY_BOOL, AT_PROGRAM(autostart),
	    .def = "true", .change = CHANGE_APPLY,
	    .help = "Start it with sigmund" },
	{ "autorestart", IN_PROCESS, KEY_RESTART, AT_PROGRAM(autorestart),
	    .words = autorestarts, .expects = "true, false or unexpected",
	    .def = "unexpected", .change = CHANGE_APPLY,
	    .help = "Start it again when it exits: always, never, or only "
		    "after an exit which is not in exitcodes" },
	{ "startsecs", IN_PROCESS, KEY_DURATION, AT_PROGRAM(startsecs_ms),
	    TIMES, .def = "1", .change = CHANGE_APPLY,
	    .help = "It is RUNNING when it has stayed up for longer than "
		    "this; an earlier exit is a failed start" },
	{ "startretries", IN_PROCESS, KEY_COUNT, AT_PROGRAM(startretries),
	    RANGE(0, INT_MAX), .def = "3", .change = CHANGE_APPLY,
	    .help = "How many failed starts in a row are tried again before "
		    "it is FATAL" },
	{ "exitcodes", IN_PROCESS, KEY_CODES, AT_PROGRAM(exitcodes), .def = "0",
	    .change = CHANGE_APPLY,
	    .help = "The expected ones, for autorestart = unexpected" },

	/* How to stop it. */
	{ "stopsignal", IN_PROCESS, KEY_SIGNAL, AT_PROGRAM(stopsignal),
	    .def = "TERM", .def_sigmund = "received", .change = CHANGE_APPLY,
	    .help = "What a stop sends; received: the signal which began "
		    "the shutdown, TERM by a command" },
	{ "stopwaitsecs", IN_PROCESS, KEY_DURATION, AT_PROGRAM(stopwaitsecs_ms),
	    TIMES, .def = "10", .change = CHANGE_APPLY,
	    .help = "How long a stop waits before SIGKILL" },
	{ "stopasgroup", IN_PROCESS, KEY_BOOL, AT_PROGRAM(stopasgroup),
	    .def = "false", .change = CHANGE_APPLY,
	    .help = "Send stopsignal to the whole process group; implies "
		    "killasgroup" },
	{ "killasgroup", IN_PROCESS, KEY_BOOL, AT_PROGRAM(killasgroup),
	    .change = CHANGE_APPLY,
	    .help = "Send SIGKILL to the whole process group; default: as "
		    "stopasgroup; an explicit false reads as leftovers = "
		    "leave" },
	{ "leftovers", IN_PROCESS, KEY_WORD, AT_PROGRAM(leftovers),
	    .words = leftovers, .def = "kill-on-stop", .def_sigmund = "kill",
	    .change = CHANGE_APPLY,
	    .help = "What becomes of the processes which it leaves behind: "
		    "ended, ended by a stop only, or left alone" },

	/* Where its output goes. */
	{ "redirect_stderr", IN_PROCESS, KEY_BOOL, AT_SERVICE(redirect_stderr),
	    .def = "false", .change = CHANGE_BIRTH, .later = true,
	    .help = "Its stderr goes where its stdout goes" },
	{ "stdout_logfile", IN_PROCESS, KEY_LOG, AT_SERVICE(out),
	    .expects = "a path, AUTO, NONE, syslog or inherit", .def = "AUTO",
	    .change = CHANGE_BIRTH, .later = true,
	    .help = "Where its stdout goes" },
	{ "stdout_logfile_maxbytes", IN_PROCESS, KEY_SIZE,
	    AT_SERVICE(out.maxbytes), SIZES, .def = "50MB",
	    .change = CHANGE_BIRTH, .later = true,
	    .help = "Size at which that file is rotated; 0: never" },
	{ "stdout_logfile_backups", IN_PROCESS, KEY_COUNT,
	    AT_SERVICE(out.backups), RANGE(0, 1000000), .def = "10",
	    .change = CHANGE_BIRTH, .later = true,
	    .help = "How many rotated files are kept" },
	{ "stdout_syslog", IN_PROCESS, KEY_BOOL, AT_SERVICE(out.syslog),
	    .def = "false", .change = CHANGE_BIRTH, .later = true,
	    .help = "Send its stdout to syslog too" },
	{ "stderr_logfile", IN_PROCESS, KEY_LOG, AT_SERVICE(err),
	    .expects = "a path, AUTO, NONE, syslog or inherit", .def = "AUTO",
	    .change = CHANGE_BIRTH, .later = true,
	    .help = "Where its stderr goes" },
	{ "stderr_logfile_maxbytes", IN_PROCESS, KEY_SIZE,
	    AT_SERVICE(err.maxbytes), SIZES, .def = "50MB",
	    .change = CHANGE_BIRTH, .later = true,
	    .help = "Size at which that file is rotated; 0: never" },
	{ "stderr_logfile_backups", IN_PROCESS, KEY_COUNT,
	    AT_SERVICE(err.backups), RANGE(0, 1000000), .def = "10",
	    .change = CHANGE_BIRTH, .later = true,
	    .help = "How many rotated files are kept" },
	{ "stderr_syslog", IN_PROCESS, KEY_BOOL, AT_SERVICE(err.syslog),
	    .def = "false", .change = CHANGE_BIRTH, .later = true,
	    .help = "Send its stderr to syslog too" },
	{ "stdout_capture_maxbytes", IN_PROCESS, KEY_SIZE, SIZES, .def = "0",
	    .later = true, .help = "Buffer for event notifications" },
	{ "stderr_capture_maxbytes", IN_PROCESS, KEY_SIZE, SIZES, .def = "0",
	    .later = true, .help = "Buffer for event notifications" },
	{ "stdout_events_enabled", IN_PROCESS, KEY_BOOL, .def = "false",
	    .later = true, .help = "Emit PROCESS_LOG_STDOUT events" },
	{ "stderr_events_enabled", IN_PROCESS, KEY_BOOL, .def = "false",
	    .later = true, .help = "Emit PROCESS_LOG_STDERR events" },
	{ "serverurl", IN_PROCESS, KEY_TEXT, .def = "AUTO", .later = true,
	    .help = "SUPERVISOR_SERVER_URL of the process" },

	/* Event listeners and FastCGI programs. */
	{ "events", IN(LISTENER), KEY_LIST, .later = true,
	    .help = "Names of the events which it wants" },
	{ "buffer_size", IN(LISTENER), KEY_COUNT, RANGE(1, INT_MAX),
	    .def = "10", .later = true, .help = "How many events wait for it" },
	{ "result_handler", IN(LISTENER), KEY_TEXT, .later = true,
	    .help = "A Python function; ignored" },
	{ "socket", IN(FCGI), KEY_TEXT, .later = true,
	    .help = "tcp://HOST:PORT or unix:///PATH, passed as stdin" },
	{ "socket_backlog", IN(FCGI), KEY_COUNT, RANGE(1, 65535), .later = true,
	    .help = "Backlog of that socket" },
	{ "socket_owner", IN(FCGI), KEY_TEXT, .later = true,
	    .help = "USER or USER:GROUP who owns that socket" },
	{ "socket_mode", IN(FCGI), KEY_OCTAL, RANGE(0, 0777), .def = "0700",
	    .later = true, .help = "Mode of that socket" },

	{ "programs", IN(GROUP), KEY_LIST,
	    .help = "Names of the programs in it, separated by commas" },
	{ "priority", IN(GROUP), KEY_INT, AT_GROUP(priority),
	    RANGE(INT_MIN, INT_MAX), .def = "999", .change = CHANGE_APPLY,
	    .help = "As that of a program; comes before it" },

	/* The main section. */
	{ "socket", IN(MAIN), KEY_PATH, AT_CONFIG(socket),
	    .change = CHANGE_SIGMUND,
	    .help = "The control socket; default: "
		    "/run/sigmund/control.sock for root" },
	{ "socket_mode", IN(MAIN), KEY_OCTAL, AT_CONFIG(socket_mode),
	    RANGE(0, 0777), .def = "0600", .change = CHANGE_SIGMUND,
	    .help = "Mode of the control socket" },
	{ "runtime_directory", IN(MAIN), KEY_PATH, AT_CONFIG(runtime_directory),
	    .change = CHANGE_SIGMUND,
	    .help = "Where the state file and the lock are; default: where "
		    "the socket is" },
	{ "shutdown_timeout", IN(MAIN), KEY_DURATION,
	    AT_CONFIG(fleet.shutdown_timeout_ms), TIMES, .def = "0",
	    .change = CHANGE_APPLY,
	    .help = "Budget of a whole shutdown; 0: what the programs need, "
		    "level after level" },
	{ "log_format", IN(MAIN), KEY_BOOL, AT_CONFIG(log_json),
	    .words = log_formats, .expects = "text or json", .def = "text",
	    .change = CHANGE_APPLY, .help = "How our own log is written" },
	{ "environment", IN(MAIN), KEY_ENVIRONMENT, AT_CONFIG(environment),
	    .change = CHANGE_BIRTH,
	    .help = "KEY=value pairs for all programs, under their own" },
	{ "strict", IN(MAIN), KEY_BOOL, AT_CONFIG(strict), .def = "false",
	    .def_sigmund = "true", .change = CHANGE_APPLY,
	    .help = "An unknown key or section is an error" },
	{ "name", IN(MAIN), KEY_TEXT, AT_CONFIG(name), .change = CHANGE_SIGMUND,
	    .help = "What this sigmund is called" },
	{ "identifier", IN(MAIN), KEY_TEXT, AT_CONFIG(name),
	    .change = CHANGE_SIGMUND, .synonym_of = "name",
	    .help = "supervisord's word for name" },
	{ "nodaemon", IN(MAIN), KEY_BOOL, .def = "false",
	    .help = "sigmund stays in the foreground anyway" },
	{ "logfile", IN(MAIN), KEY_TEXT, .later = true,
	    .help = "A file for our own log" },
	{ "logfile_maxbytes", IN(MAIN), KEY_SIZE, SIZES, .def = "50MB",
	    .later = true, .help = "Size at which it is rotated" },
	{ "logfile_backups", IN(MAIN), KEY_COUNT, RANGE(0, 1000000),
	    .def = "10", .later = true,
	    .help = "How many rotated files are kept" },
	{ "loglevel", IN(MAIN), KEY_WORD, .words = log_levels, .def = "info",
	    .later = true, .help = "What our log leaves out" },
	{ "pidfile", IN(MAIN), KEY_TEXT, .later = true,
	    .help = "A file for our pid" },
	{ "umask", IN(MAIN), KEY_OCTAL, RANGE(0, 0777), .def = "022",
	    .later = true, .help = "Our umask" },
	{ "silent", IN(MAIN), KEY_BOOL, .def = "false", .later = true,
	    .help = "Do not log to the terminal" },
	{ "minfds", IN(MAIN), KEY_INT, RANGE(0, INT_MAX), .def = "1024",
	    .later = true, .help = "How many descriptors there have to be" },
	{ "minprocs", IN(MAIN), KEY_INT, RANGE(0, INT_MAX), .def = "200",
	    .later = true, .help = "How many processes there have to be" },
	{ "nocleanup", IN(MAIN), KEY_BOOL, .def = "false", .later = true,
	    .help = "Keep the AUTO log files of an earlier run" },
	{ "childlogdir", IN(MAIN), KEY_TEXT, .later = true,
	    .help = "Where AUTO log files are" },
	{ "user", IN(MAIN), KEY_USER, .expects = "a user's name or number",
	    .later = true, .help = "Whom we are to become at start" },
	{ "directory", IN(MAIN), KEY_PATH, .later = true,
	    .help = "Where we are to go at start" },
	{ "strip_ansi", IN(MAIN), KEY_BOOL, .def = "false", .later = true,
	    .help = "Take escape sequences out of the programs' output" },

	/* supervisord's servers and clients. */
	{ "file", IN(UNIX), KEY_PATH, AT_SERVER(file), .change = CHANGE_SIGMUND,
	    .help = "The control socket, where the main section does not "
		    "name one" },
	{ "chmod", IN(UNIX), KEY_OCTAL, AT_SERVER(mode), RANGE(0, 0777),
	    .def = "0600", .change = CHANGE_SIGMUND,
	    .help = "Mode of that socket" },
	{ "chown", IN(UNIX), KEY_TEXT, .later = true,
	    .help = "USER or USER:GROUP who owns that socket" },
	{ "port", IN(INET), KEY_TEXT, .later = true,
	    .help = "HOST:PORT of an HTTP server" },
	{ "username", IN_SERVER, KEY_TEXT, AT_SERVER(username), .later = true,
	    .help = "Who may ask the HTTP server" },
	{ "password", IN_SERVER, KEY_TEXT, AT_SERVER(password), .later = true,
	    .help = "and the password" },
	{ "serverurl", IN(CTL), KEY_TEXT, .def = "http://localhost:9001",
	    .help = "supervisorctl's; sigctl asks the control socket" },
	{ "username", IN(CTL), KEY_TEXT, .help = "supervisorctl's" },
	{ "password", IN(CTL), KEY_TEXT, .help = "supervisorctl's" },
	{ "prompt", IN(CTL), KEY_TEXT, .def = "supervisor",
	    .help = "supervisorctl's" },
	{ "history_file", IN(CTL), KEY_TEXT, .help = "supervisorctl's" },
	{ "supervisor.rpcinterface_factory", IN(RPC), KEY_TEXT,
	    .help = "A Python function; ignored" },
	{ "supervisor.ctl_factory", IN(PLUGIN), KEY_TEXT,
	    .help = "A Python function; ignored" },

	{ "files", IN(INCLUDE), KEY_LIST,
	    .help = "Patterns, separated by blanks and relative to the "
		    "directory of the main file; what they match is read "
		    "too, but not what that includes" },
	{ .name = NULL },
};

/* Does ${key} belong into sections of the kind ${section}? */
static bool
belongs(const struct key *key, enum key_section section)
{
	return (
	    section == SECTION_DEFAULT || (key->sections >> section & 1) != 0);
}

const struct key *
keys_find(enum key_section section, const char *name)
{
	const struct key *key;

	for (key = keys; key->name != NULL; key++)
		if (strcmp(key->name, name) == 0 && belongs(key, section))
			return (key);
	return (NULL);
}

const struct key *
keys_nearest(enum key_section section, const char *name)
{
	/* Names of supervisor 2, and what people take for a name. */
	static const struct {
		const char *written, *meant;
	} others[] = { { "log_stdout", "stdout_logfile" },
		{ "log_stderr", "redirect_stderr" },
		{ "logfile", "stdout_logfile" },
		{ "log_file", "stdout_logfile" }, { "cmd", "command" },
		{ "cwd", "directory" }, { "chdir", "directory" },
		{ "env", "environment" }, { "restart", "autorestart" } };
	const struct key *key;
	struct nearest n;
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(name, others[i].written) == 0 &&
		    (key = keys_find(section, others[i].meant)) != NULL)
			return (key);
	nearest_init(&n, name);
	for (key = keys; key->name != NULL; key++)
		if (belongs(key, section))
			nearest_offer(&n, key->name);
	return (n.best == NULL ? NULL : keys_find(section, n.best));
}

const char *
keys_default(const struct key *key, bool sigmund)
{
	return (
	    sigmund && key->def_sigmund != NULL ? key->def_sigmund : key->def);
}

/* "a, b or c" */
static void
list_words(const char *const *words, char *buf, size_t size)
{
	size_t len = 0, i;

	for (i = 0; words[i] != NULL && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s",
		    i == 0                 ? ""
		    : words[i + 1] != NULL ? ", "
					   : " or ",
		    words[i]);
}

const char *
keys_expects(const struct key *key, char buf[KEY_EXPECTS_MAX])
{
	static const char *const by_type[] = {
		[KEY_BOOL] = "true or false",
		[KEY_DURATION] = "a time from 0 to 10 years such as 10, 1.5s "
				 "or 5m",
		[KEY_SIZE] = "a size such as 0, 64KB or 50MB",
		[KEY_SIGNAL] = "a signal such as TERM, HUP or RTMIN+1, or "
			       "received",
		[KEY_CODES] = "numbers from 0 to 255, separated by commas",
		[KEY_TEXT] = "one line",
		[KEY_PATH] = "a path",
		[KEY_TYPE_COUNT] = NULL,
	};
	const char *text =
	    key->expects != NULL ? key->expects : by_type[key->type];

	if (text != NULL)
		(void)snprintf(buf, KEY_EXPECTS_MAX, "%s", text);
	else if (key->words != NULL)
		list_words(key->words, buf, KEY_EXPECTS_MAX);
	else if (key->type == KEY_OCTAL)
		(void)snprintf(buf, KEY_EXPECTS_MAX,
		    "an octal number from 0 to %04o", (unsigned)key->max);
	else
		(void)snprintf(buf, KEY_EXPECTS_MAX,
		    "a number from %lld to %lld", (long long)key->min,
		    (long long)key->max);
	return (buf);
}

const char *
keys_section_name(enum key_section section)
{
	static const char *const names[] = {
#define X(sym, name) [SECTION_##sym] = name,
		KEY_SECTIONS(X)
#undef X
	};

	return (names[section]);
}

/* One row: type, default, and what it does. */
static void
print_key(FILE *f, const struct key *key)
{
	static const char *const types[] = {
#define X(sym, name) [KEY_##sym] = name,
		KEY_TYPES(X)
#undef X
	};
	char words[KEY_EXPECTS_MAX] = "";

	if (key->words != NULL)
		list_words(key->words, words, sizeof(words));
	fprintf(f, "%-24s %s", key->name,
	    key->words == NULL ? types[key->type] : words);
	if (key->def_sigmund != NULL)
		fprintf(f, "; default %s, under [sigmund] %s", key->def,
		    key->def_sigmund);
	else if (key->def != NULL)
		fprintf(f, "; default %s", key->def);
	fprintf(f, "\n\t%s.%s\n", key->help,
	    key->later ? "  Accepted, not acted on yet." : "");
}

void
keys_print(FILE *f)
{
	const struct key *key;
	int section;

	/* Listeners and FastCGI programs share the keys of a program. */
	for (section = 0; section < SECTION_DEFAULT; section++) {
		fprintf(f, "%s[%s]\n", section == 0 ? "" : "\n",
		    keys_section_name((enum key_section)section));
		for (key = keys; key->name != NULL; key++)
			if (belongs(key, (enum key_section)section) &&
			    (section == SECTION_PROGRAM ||
				(key->sections & IN(PROGRAM)) == 0))
				print_key(f, key);
	}
}
