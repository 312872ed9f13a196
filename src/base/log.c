/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/log.h"

static const char *const levels[LOG_LEVEL_COUNT] = {
#define X(sym, word) [LOG_LEVEL_##sym] = word,
	LOG_LEVELS(X)
#undef X
};

/* What stands for the rest of a message which was cut. */
#define CUT_MARK "…[cut]"

/* A line as it grows.  What does not fit below ${limit} is left out. */
struct line {
	char *buf;
	size_t len;
	size_t limit;
	bool cut;
};

/* Add all of ${text} or nothing, and nothing after a first cut. */
static void
put(struct line *l, const char *text, size_t len)
{
	if (l->cut || len > l->limit - l->len) {
		l->cut = true;
		return;
	}
	memcpy(l->buf + l->len, text, len);
	l->len += len;
}

static void
puts_line(struct line *l, const char *text)
{
	put(l, text, strlen(text));
}

static void
put_escape(struct line *l, enum log_format format, const char *text, size_t n)
{
	static const char raw[] = "\n\r\t", letter[] = "nrt";
	const unsigned char *p = (const unsigned char *)text;
	const char *at = memchr(raw, *text, sizeof(raw) - 1);
	char esc[8];

	if (at != NULL)
		(void)snprintf(esc, sizeof(esc), "\\%c", letter[at - raw]);
	else if (n == 0 && format == LOG_FORMAT_JSON)
		(void)snprintf(esc, sizeof(esc), "\\ufffd");
	else if (n == 2 || format == LOG_FORMAT_JSON)
		(void)snprintf(esc, sizeof(esc), "\\u%04x", p[n == 2]);
	else
		(void)snprintf(esc, sizeof(esc), "\\x%02x", p[0]);
	puts_line(l, esc);
}

/* Add ${text} so that it stays within its line and, in JSON, its string. */
static void
put_text(struct line *l, enum log_format format, const char *text)
{
	size_t n, left = strlen(text);

	while (left > 0 && !l->cut) {
		n = utf8_length(text, left);
		if (n == 0 || utf8_is_control(text, n)) {
			put_escape(l, format, text, n);
		} else {
			if (format == LOG_FORMAT_JSON &&
			    (*text == '"' || *text == '\\'))
				put(l, "\\", 1);
			put(l, text, n);
		}
		text += n > 0 ? n : 1;
		left -= n > 0 ? n : 1;
	}
}

const char *
log_level_name(enum log_level level)
{
	return (levels[level]);
}

size_t
log_line(
    char buf[LOG_LINE_MAX], enum log_format format, const struct log_entry *e)
{
	const bool json = format == LOG_FORMAT_JSON;
	const char *end = json ? "\"}\n" : "\n";
	struct line l = { .buf = buf };
	char head[64], stamp[WALL_MAX];

	l.limit = LOG_LINE_MAX - strlen(end) - strlen(CUT_MARK);
	if (format == LOG_FORMAT_PLAIN)
		(void)snprintf(head, sizeof(head), "sigmund: ");
	else
		(void)snprintf(head, sizeof(head),
		    json ? "{\"time\":\"%s\",\"level\":\"%s\"" : "%s %-5s ",
		    wall_text(e->time, stamp), levels[e->level]);
	puts_line(&l, head);
	if (e->service != NULL) {
		puts_line(&l, json ? ",\"service\":\"" : "");
		put_text(&l, format, e->service);
		puts_line(&l, json ? "\"" : ": ");
	}
	puts_line(&l, json ? ",\"message\":\"" : "");
	put_text(&l, format, e->message);
	l.limit = LOG_LINE_MAX;
	if (l.cut || e->cut) {
		l.cut = false;
		puts_line(&l, CUT_MARK);
	}
	puts_line(&l, end);
	return (l.len);
}

/* Write without waiting for a reader, by what the kind of ${log} allows. */
static ssize_t
write_now(const struct log *log, const char *buf, size_t len)
{
	struct iovec iov = { (void *)(uintptr_t)buf, len };
	struct pollfd p = { .fd = log->fd, .events = POLLOUT };
	ssize_t n;

	if (log->kind == S_IFREG)
		return (write(log->fd, buf, len));
	if (log->kind == S_IFSOCK)
		return (send(log->fd, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL));
	if (log->own_fd != -1)
		return (write(log->own_fd, buf, len));
	n = pwritev2(log->fd, &iov, 1, -1, RWF_NOWAIT);
	if (n != -1 || (errno != EOPNOTSUPP && errno != ENOSYS))
		return (n);
	/* A pipe which polls writable has room for PIPE_BUF bytes. */
	if (poll(&p, 1, 0) != 1 || (p.revents & POLLOUT) == 0) {
		errno = EAGAIN;
		return (-1);
	}
	return (write(log->fd, buf, len));
}

/* Write one whole line.  Return whether anything of it was taken. */
static bool
write_line(struct log *log, const char *buf, size_t len)
{
	ssize_t n;

	/* The rest of a torn line is lost; the next one gets its own line. */
	if (log->torn) {
		if (write_now(log, "\n", 1) != 1)
			return (false);
		log->torn = false;
	}
	do
		n = write_now(log, buf, len);
	while (n == -1 && errno == EINTR);
	if (n > 0)
		log->torn = (size_t)n < len;
	return (n > 0);
}

/* Say how many lines are missing.  Return whether none is, from here on. */
static bool
say_dropped(struct log *log)
{
	char buf[LOG_LINE_MAX], text[160];
	struct log_entry e = { wall_now(), LOG_LEVEL_WARN, NULL, text, false };

	if (log->dropped == 0)
		return (true);
	(void)snprintf(text, sizeof(text), "%" PRIu64 " log line%s dropped: %s",
	    log->dropped, log->dropped == 1 ? "" : "s",
	    log->reason == EAGAIN ? "the reader is too slow"
				  : strerror(log->reason));
	if (!write_line(log, buf, log_line(buf, log->format, &e)))
		return (false);
	log->dropped = 0;
	return (true);
}

void
log_open(struct log *log, int fd, enum log_format format, enum log_level level)
{
	int saved_errno = errno;
	struct stat st;
	char path[32];

	*log = (struct log){
		.fd = fd, .own_fd = -1, .format = format, .level = level
	};
	if (fstat(fd, &st) == 0)
		log->kind = st.st_mode & S_IFMT;
	/*
	 * A terminal knows no RWF_NOWAIT, and one that polls writable may
	 * still have too little room.  Opened again, it has flags of its own.
	 */
	if (isatty(fd)) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		log->own_fd =
		    open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	}
	errno = saved_errno;
}

void
log_close(struct log *log)
{
	int saved_errno = errno;

	(void)say_dropped(log);
	if (log->own_fd != -1)
		(void)close(log->own_fd);
	log->own_fd = -1;
	errno = saved_errno;
}

void
log_vwrite(struct log *log, enum log_level level, const char *service,
    const char *fmt, va_list ap)
{
	int saved_errno = errno;
	char buf[LOG_LINE_MAX], text[LOG_LINE_MAX];
	struct log_entry e = { .level = level, .service = service };
	int n;

	if (level > log->level)
		return;
	n = vsnprintf(text, sizeof(text), fmt, ap);
	e.message = n < 0 ? fmt : text;
	e.cut = n >= (int)sizeof(text);
	e.time = wall_now();
	if (!say_dropped(log) ||
	    !write_line(log, buf, log_line(buf, log->format, &e))) {
		log->dropped++;
		log->reason = errno;
	}
	errno = saved_errno;
}

void
log_write(struct log *log, enum log_level level, const char *service,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(log, level, service, fmt, ap);
	va_end(ap);
}

void
log_error(struct log *log, const char *service, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(log, LOG_LEVEL_ERROR, service, fmt, ap);
	va_end(ap);
}

void
log_warn(struct log *log, const char *service, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(log, LOG_LEVEL_WARN, service, fmt, ap);
	va_end(ap);
}

void
log_info(struct log *log, const char *service, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(log, LOG_LEVEL_INFO, service, fmt, ap);
	va_end(ap);
}

void
log_debug(struct log *log, const char *service, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(log, LOG_LEVEL_DEBUG, service, fmt, ap);
	va_end(ap);
}
