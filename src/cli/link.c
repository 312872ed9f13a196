/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "wire/control.h"

#include "cli/link.h"

/* How long a sigmund which is stopped may leave us in its queue. */
#define CONNECT_SECONDS 10

/* The address of ${text}; return its length, or 0 where it is too long. */
static socklen_t
address_of(struct sockaddr_un *sun, const char *text)
{
	size_t len = strlen(text);

	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	if (len == 0 || len >= sizeof(sun->sun_path))
		return (0);
	memcpy(sun->sun_path, text, len);
	if (text[0] == '@')
		sun->sun_path[0] = '\0';
	else
		len++;
	return ((socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
}

int
link_open(struct link *link, const char *address, struct err *err)
{
	const struct timeval patience = { .tv_sec = CONNECT_SECONDS };
	struct sockaddr_un sun;
	socklen_t len = address_of(&sun, address);
	int fd;

	if (len == 0)
		return (err_set(err, ENAMETOOLONG, "%s", address));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return (err_set(err, errno, "socket"));
	/* connect(2) blocks while the queue is full, and heeds this alone. */
	(void)setsockopt(
	    fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&sun, len) != 0) {
		(void)err_set(err, errno, "%s", address);
		(void)close(fd);
		return (-1);
	}
	link->fd = fd;
	linebuf_init(&link->in, CONTROL_REPLY_MAX);
	return (0);
}

void
link_close(struct link *link)
{
	if (link->fd == -1)
		return;
	(void)close(link->fd);
	link->fd = -1;
	linebuf_free(&link->in);
}

/* Wait for ${events}; 1 if they came, 0 if not in time, -1 with errno. */
static int
await(int fd, short events, struct mono deadline)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	int64_t left;
	int rc, ms = -1;

	do {
		if (!mono_is_never(deadline)) {
			left = deadline.ms - mono_now().ms;
			left = left < 0 ? 0 : left;
			ms = left > INT_MAX ? INT_MAX : (int)left;
		}
		rc = poll(&pfd, 1, ms);
	} while (rc == -1 && errno == EINTR);
	return (rc);
}

int
link_send(struct link *link, const char *text, size_t len, struct mono deadline,
    struct err *err)
{
	ssize_t n;
	int rc;

	while (len > 0) {
		n = send(link->fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			text += n;
			len -= (size_t)n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return (err_set(err, errno, "send"));
		rc = await(link->fd, POLLOUT, deadline);
		if (rc == -1)
			return (err_set(err, errno, "poll"));
		if (rc == 0)
			return (err_set(err, ETIMEDOUT, "send"));
	}
	return (0);
}

enum link_result
link_receive(struct link *link, char **line, size_t *len, struct mono deadline,
    struct err *err)
{
	enum linebuf_result got;
	size_t space;
	ssize_t n;
	char *to;
	int rc;

	while ((got = linebuf_next(&link->in, line, len)) == LINEBUF_MORE) {
		to = linebuf_space(&link->in, &space);
		if (to == NULL)
			goto err0;
		rc = await(link->fd, POLLIN, deadline);
		if (rc == 0)
			return (LINK_TIMED_OUT);
		if (rc == -1)
			goto err0;
		n = recv(link->fd, to, space, MSG_DONTWAIT);
		if (n == 0 || (n == -1 && errno == ECONNRESET))
			return (LINK_CLOSED);
		if (n == -1 && errno != EAGAIN && errno != EINTR)
			goto err0;
		if (n > 0)
			linebuf_filled(&link->in, (size_t)n);
	}
	if (got == LINEBUF_LINE)
		return (LINK_LINE);
	errno = EMSGSIZE;

err0:
	(void)err_set(err, errno, "receive");
	return (LINK_FAILED);
}
