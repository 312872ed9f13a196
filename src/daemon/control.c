/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "conf/load.h"
#include "core/supervisor.h"
#include "os/proc.h"
#include "os/sockets.h"
#include "wire/control.h"
#include "wire/linebuf.h"
#include "wire/reply.h"
#include "wire/request.h"

#include "daemon/control.h"
#include "daemon/daemon.h"
#include "daemon/status.h"

/* Without a descriptor to accept with, look again after this. */
#define ACCEPT_PAUSE_S 0.2
/* Descriptors which clients must leave: for a birth, a look at /proc, a pidfd. */
#define SPARE_FDS      4

struct client {
	struct ev_io in;
	struct ev_io out;
	struct client *next;
	struct daemon *d;
	struct linebuf lines;
	struct strbuf owed;
	size_t sent; /* Of ${owed}. */
	uint64_t ticket;
	uint64_t heard; /* When it last said something: a place in a line. */
	struct asker asker;
	bool *watched; /* By service; NULL: it does not watch. */
	uint64_t watch_id;
	bool broken; /* Nothing more is read or written. */
};

struct control {
	struct ev_io accept;
	struct ev_timer pause;
	struct sockets_bound bound;
	struct client *clients;
	unsigned nclients;
	uint64_t next_ticket;
	uint64_t now; /* Counts what clients say. */
	control_handler *handler;
};

static void
leave(struct client *c)
{
	struct daemon *d = c->d;
	struct client **at = &d->control->clients;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	ev_io_stop(d->loop, &c->in);
	ev_io_stop(d->loop, &c->out);
	(void)close(c->in.fd);
	linebuf_free(&c->lines);
	strbuf_free(&c->owed);
	free(c->watched);
	free(c);
	d->control->nclients--;
}

/* Would it be worse to lose ${a} than ${b}? */
static bool
is_dearer(const struct client *a, const struct client *b)
{
	bool busy_a = a->watched != NULL || a->owed.len > 0;
	bool busy_b = b->watched != NULL || b->owed.len > 0;

	return (busy_a != busy_b ? busy_a : a->heard > b->heard);
}

/*
 * Make room for one client by leaving another: who has been silent longest,
 * and waits for nothing if there is such a one.  False if there is none.
 */
static bool
make_room(struct daemon *d)
{
	struct client *c, *least = d->control->clients;

	for (c = least; c != NULL; c = c->next)
		if (is_dearer(least, c))
			least = c;
	if (least == NULL)
		return (false);
	leave(least);
	return (true);
}

struct strbuf *
control_reply(struct client *c)
{
	return (&c->owed);
}

/*
 * Forget what was sent, so that only what is owed counts towards the maximum.
 * Not before it is half of all: each byte is moved once at most.
 */
static void
forget_sent(struct client *c)
{
	if (c->sent < c->owed.len - c->sent)
		return;
	strbuf_shift(&c->owed, c->sent);
	c->sent = 0;
}

void
control_flush(struct client *c)
{
	ssize_t n;

	if (c->owed.failed)
		c->broken = true;
	while (!c->broken && c->sent < c->owed.len) {
		n = send(c->in.fd, c->owed.text + c->sent,
		    c->owed.len - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0)
			c->sent += (size_t)n;
		else if (n == -1 && errno == EAGAIN)
			break;
		else if (n == -1 && errno != EINTR)
			c->broken = true;
	}
	if (c->sent == c->owed.len) {
		strbuf_reset(&c->owed);
		c->sent = 0;
		ev_io_stop(c->d->loop, &c->out);
	} else {
		forget_sent(c);
		ev_io_start(c->d->loop, &c->out);
	}
	if (!c->broken)
		return;
	/* Whoever calls may still hold it: it is left from the loop. */
	ev_io_stop(c->d->loop, &c->out);
	ev_feed_event(c->d->loop, &c->in, EV_READ);
}

/* One request. */
static void
serve(struct client *c, const char *line, size_t len)
{
	struct request r = { 0 };
	struct err err;

	if (request_parse(&r, line, len, &err) == -1) {
		reply_fail(&c->owed, r.id, CONTROL_USAGE, err.text);
	} else {
		c->d->control->handler(c->d, c, &r);
		request_free(&r);
	}
	control_flush(c);
}

/* Read what is there.  False when there will be no more. */
static bool
fill(struct client *c)
{
	size_t room;
	char *to = linebuf_space(&c->lines, &room);
	ssize_t n;

	if (to == NULL)
		return (false);
	n = recv(c->in.fd, to, room, MSG_DONTWAIT);
	if (n > 0)
		linebuf_filled(&c->lines, (size_t)n);
	return (n > 0 || (n == -1 && (errno == EAGAIN || errno == EINTR)));
}

static void
on_readable(struct ev_loop *loop, struct ev_io *io, int revents)
{
	struct client *c = io->data;
	char *line;
	size_t len;
	enum linebuf_result result = LINEBUF_MORE;
	/* An error is libev's, which has stopped listening. */
	bool more = !c->broken && (revents & EV_ERROR) == 0 && fill(c);

	(void)loop;
	c->heard = ++c->d->control->now;
	while (!c->broken &&
	       (result = linebuf_next(&c->lines, &line, &len)) == LINEBUF_LINE)
		serve(c, line, len);
	if (result == LINEBUF_LONG) {
		reply_fail(&c->owed, 0, CONTROL_USAGE,
		    "the request is longer than 64 KiB");
		control_flush(c);
		more = false;
	}
	if (!more || c->broken)
		leave(c);
}

static void
on_writable(struct ev_loop *loop, struct ev_io *io, int revents)
{
	struct client *c = io->data;

	(void)loop;
	if (revents & EV_ERROR)
		c->broken = true;
	control_flush(c);
}

/* Who is at the other end of ${fd}? */
static void
identify(int fd, struct asker *asker)
{
	struct sockets_peer peer;

	if (sockets_peer(fd, &peer) == -1)
		return;
	asker->known = true;
	asker->uid = peer.uid;
	(void)proc_comm(peer.pid, asker->name, sizeof(asker->name));
}

static void
welcome(struct daemon *d, int fd)
{
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		(void)close(fd);
		return;
	}
	c->d = d;
	c->ticket = ++d->control->next_ticket;
	c->heard = ++d->control->now;
	identify(fd, &c->asker);
	linebuf_init(&c->lines, CONTROL_REQUEST_MAX);
	strbuf_init(&c->owed, CONTROL_BACKLOG_MAX + CONTROL_REPLY_MAX);
	ev_io_init(&c->in, on_readable, fd, EV_READ);
	ev_io_init(&c->out, on_writable, fd, EV_WRITE);
	c->in.data = c->out.data = c;
	c->next = d->control->clients;
	d->control->clients = c;
	d->control->nclients++;
	ev_io_start(d->loop, &c->in);
}

/* Look again a little later: what waits stays readable, and we would spin. */
static void
pause_accept(struct daemon *d)
{
	ev_io_stop(d->loop, &d->control->accept);
	ev_timer_stop(d->loop, &d->control->pause);
	ev_timer_set(&d->control->pause, ACCEPT_PAUSE_S, 0.);
	ev_timer_start(d->loop, &d->control->pause);
}

static void
on_connect(struct ev_loop *loop, struct ev_io *io, int revents)
{
	struct daemon *d = io->data;
	int low, fd = sockets_accept(io->fd);
	bool full;

	(void)loop;
	if (revents & EV_ERROR)
		pause_accept(d);
	if (fd == -1) {
		if ((errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
			errno == ENOBUFS) &&
		    !make_room(d))
			pause_accept(d);
		return;
	}
	/* Descriptors are given from below: this is how many there are. */
	full = d->control->nclients == CONTROL_CLIENTS_MAX ||
	       (rlim_t)fd + SPARE_FDS >= d->nofile.rlim_max;
	if (!full) {
		welcome(d, fd);
	} else if (make_room(d) &&
		   (low = fcntl(fd, F_DUPFD_CLOEXEC, 0)) != -1) {
		/* In the place of the other, so that this stays true. */
		(void)close(fd);
		welcome(d, low);
	} else {
		(void)close(fd);
		pause_accept(d);
	}
}

static void
on_pause_over(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct daemon *d = w->data;

	(void)revents;
	ev_io_start(loop, &d->control->accept);
}

static int
bind_socket(struct daemon *d, struct err *err)
{
	const struct sockets_where where = {
		.address = d->address,
		.mode = (mode_t)d->config->socket_mode,
		.uid = SOCKETS_UID_KEEP,
		.gid = SOCKETS_GID_KEEP,
	};

	if (sockets_listen(&where, &d->control->bound, err) == -1)
		return (-1);
	ev_io_init(
	    &d->control->accept, on_connect, d->control->bound.fd, EV_READ);
	d->control->accept.data = d;
	ev_io_start(d->loop, &d->control->accept);
	return (0);
}

/* Tell all who watch it that service ${i} has changed. */
static void
announced(struct daemon *d, uint32_t i, bool gone)
{
	char detail[STATUS_DETAIL_MAX];
	struct wire_service service;
	struct client *c, *next;

	for (c = d->control->clients; c != NULL; c = next) {
		next = c->next;
		if (c->broken || c->watched == NULL || !c->watched[i])
			continue;
		status_of(d, i, &service, detail);
		reply_event(&c->owed, c->watch_id, &service, gone);
		if (c->owed.len - c->sent > CONTROL_BACKLOG_MAX)
			c->broken = true;
		control_flush(c);
	}
}

/* Service i was service ${from}[i] before. */
static void
renumbered(struct daemon *d, const uint32_t *from, uint32_t n)
{
	struct client *c;
	bool *watched;
	uint32_t i;

	for (c = d->control->clients; c != NULL; c = c->next) {
		if (c->watched == NULL)
			continue;
		watched = calloc(n + 1, sizeof(*watched));
		for (i = 0; watched != NULL && i < n; i++)
			watched[i] =
			    from[i] != SERVICE_NONE && c->watched[from[i]];
		free(c->watched);
		c->watched = watched;
		c->broken |= watched == NULL;
	}
}

int
control_open(struct daemon *d, control_handler *handler, struct err *err)
{
	struct control *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return (err_set(err, ENOMEM, "control socket"));
	d->control = k;
	k->handler = handler;
	ev_timer_init(&k->pause, on_pause_over, ACCEPT_PAUSE_S, 0.);
	k->pause.data = d;
	if (bind_socket(d, err) == -1) {
		d->control = NULL;
		free(k);
		return (-1);
	}
	d->announced = announced;
	d->renumbered = renumbered;
	return (0);
}

void
control_again(struct daemon *d)
{
	struct err err;

	if (sockets_present(d->address, &d->control->bound))
		return;
	log_warn(&d->log, NULL, "%s has vanished; making it again", d->address);
	/* Nor look again: the number may be somebody else's by then. */
	ev_timer_stop(d->loop, &d->control->pause);
	ev_io_stop(d->loop, &d->control->accept);
	sockets_close(d->address, &d->control->bound);
	if (bind_socket(d, &err) == -1)
		log_error(&d->log, NULL, "%s", err.text);
}

void
control_close(struct daemon *d)
{
	struct control *k = d->control;

	if (k == NULL)
		return;
	d->announced = NULL;
	d->renumbered = NULL;
	while (k->clients != NULL) {
		control_flush(k->clients);
		leave(k->clients);
	}
	ev_io_stop(d->loop, &k->accept);
	ev_timer_stop(d->loop, &k->pause);
	sockets_close(d->address, &k->bound);
	free(k);
	d->control = NULL;
}

const struct asker *
control_asker(const struct client *c)
{
	return (&c->asker);
}

uint64_t
control_ticket(const struct client *c)
{
	return (c->ticket);
}

struct client *
control_find(struct daemon *d, uint64_t ticket)
{
	struct client *c = d->control->clients;

	while (c != NULL && c->ticket != ticket)
		c = c->next;
	return (c);
}

int
control_watch(
    struct daemon *d, struct client *c, uint64_t id, const bool *member)
{
	bool *watched = calloc(d->sv->n + 1, sizeof(*watched));

	if (watched == NULL)
		return (-1);
	memcpy(watched, member, d->sv->n * sizeof(*watched));
	free(c->watched);
	c->watched = watched;
	c->watch_id = id;
	return (0);
}
