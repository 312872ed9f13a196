/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/err.h"
#include "base/mono.h"
#include "os/sockets.h"

static char dir[] = "/tmp/sockets-XXXXXX";
static char path[64];
static struct sockets_where where;
static struct sockets_bound bound;
static struct err err;

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/s", dir);
	where = (struct sockets_where){ path, 0600, SOCKETS_UID_KEEP,
		SOCKETS_GID_KEEP };
}

static void
end(void)
{
	(void)unlink(path);
	(void)rmdir(dir);
}

TestSuite(sockets, .init = begin, .fini = end, .timeout = 30);

Test(sockets, who_connects_is_known)
{
	struct sockets_peer peer;
	int client, server;

	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	cr_assert_eq(sockets_accept(bound.fd), -1);
	cr_assert_eq(errno, EAGAIN);
	cr_assert_geq(client = sockets_connect(path, 1000, &err), 0);
	cr_assert_geq(server = sockets_accept(bound.fd), 0);
	cr_assert_eq(sockets_peer(server, &peer), 0);
	cr_assert_eq(peer.pid, getpid());
	cr_assert_eq(peer.uid, getuid());
	cr_assert_eq(peer.gid, getgid());
	cr_assert(fcntl(server, F_GETFL) & O_NONBLOCK);
	cr_assert_not(fcntl(client, F_GETFL) & O_NONBLOCK);
	cr_assert(fcntl(server, F_GETFD) & FD_CLOEXEC);
	cr_assert(fcntl(client, F_GETFD) & FD_CLOEXEC);
	cr_assert(fcntl(bound.fd, F_GETFD) & FD_CLOEXEC);
}

Test(sockets, file_has_its_mode_and_owner_whatever_the_umask)
{
	struct stat st;

	(void)umask(0177);
	where.mode = 0766;
	if (geteuid() == 0) {
		where.uid = 65534;
		where.gid = 65534;
	}
	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0766);
	cr_assert(geteuid() != 0 || (st.st_uid == 65534 && st.st_gid == 65534));
}

/* B24 */
Test(sockets, stale_socket_is_replaced)
{
	struct sockets_bound stale;

	cr_assert_eq(sockets_listen(&where, &stale, &err), 0);
	(void)close(stale.fd);
	cr_assert_eq(sockets_connect(path, 1000, &err), -1);
	cr_assert_eq(err.code, ECONNREFUSED);
	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	cr_assert_geq(sockets_connect(path, 1000, &err), 0);
}

Test(sockets, file_which_is_no_socket_is_left_alone)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	char temporary[80];

	(void)close(fd);
	cr_assert_eq(sockets_listen(&where, &bound, &err), -1);
	cr_assert_eq(err.code, EEXIST);
	(void)snprintf(temporary, sizeof(temporary), "%s.new", path);
	cr_assert_eq(access(temporary, F_OK), -1);
	cr_assert_eq(access(path, F_OK), 0);
}

/* B24, B25 */
Test(sockets, only_our_own_file_is_removed)
{
	struct sockets_bound next;

	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	cr_assert(sockets_present(path, &bound));
	cr_assert_eq(sockets_listen(&where, &next, &err), 0);
	cr_assert_not(sockets_present(path, &bound));
	sockets_close(path, &bound);
	cr_assert_eq(access(path, F_OK), 0);
	sockets_close(path, &next);
	cr_assert_eq(access(path, F_OK), -1);
}

Test(sockets, path_may_be_as_long_as_the_temporary_name_allows)
{
	char longest[256];
	size_t len = strlen(dir);

	/* 107 characters, of which four are for ".new". */
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, dir, len);
	longest[len] = '/';
	longest[103] = '\0';
	where.address = longest;
	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	cr_assert_geq(sockets_connect(longest, 1000, &err), 0);
	sockets_close(longest, &bound);
	longest[103] = 'x';
	longest[104] = '\0';
	cr_assert_eq(sockets_listen(&where, &bound, &err), -1);
	cr_assert_eq(err.code, ENAMETOOLONG);
	cr_assert_not_null(strstr(err.text, "may have 103 characters"));
	cr_assert_eq(sockets_connect(longest, 1000, &err), -1);
	cr_assert_eq(err.code, ENAMETOOLONG);
}

Test(sockets, abstract_name_has_no_file_and_one_owner)
{
	struct sockets_bound second;
	char name[64];

	(void)snprintf(name, sizeof(name), "@test-%d", (int)getpid());
	where.address = name;
	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	cr_assert(sockets_present(name, &bound));
	cr_assert_geq(sockets_connect(name, 1000, &err), 0);
	cr_assert_eq(sockets_listen(&where, &second, &err), -1);
	cr_assert_eq(err.code, EADDRINUSE);
	sockets_close(name, &bound);
	cr_assert_eq(sockets_connect(name, 1000, &err), -1);
	cr_assert_eq(err.code, ECONNREFUSED);
}

Test(sockets, nothing_there_is_enoent)
{
	cr_assert_eq(sockets_connect(path, 1000, &err), -1);
	cr_assert_eq(err.code, ENOENT);
}

Test(sockets, one_who_does_not_accept_is_not_waited_for)
{
	struct mono before = mono_now();
	int i;

	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	/* Its queue has an end, wherever that is. */
	for (i = 0; i < 10000; i++)
		if (sockets_connect(path, 50, &err) == -1)
			break;
	cr_assert_eq(err.code, EAGAIN);
	cr_assert_lt(mono_now().ms - before.ms, 5000);
}

Test(sockets, connection_without_a_descriptor_stays_in_the_queue)
{
	struct rlimit old, none;
	int server, high;

	cr_assert_eq(sockets_listen(&where, &bound, &err), 0);
	cr_assert_geq(sockets_connect(path, 1000, &err), 0);
	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	high = dup(0);
	(void)close(high);
	none.rlim_cur = (rlim_t)high;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	cr_assert_eq(sockets_accept(bound.fd), -1);
	cr_assert_eq(errno, EMFILE);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	cr_assert_geq(server = sockets_accept(bound.fd), 0);
}

Test(sockets, directory_is_made_where_it_is_missing)
{
	char address[80], sub[80];
	struct stat st;

	(void)umask(077);
	(void)snprintf(sub, sizeof(sub), "%s/run", dir);
	(void)snprintf(address, sizeof(address), "%s/run/s", dir);
	cr_assert_eq(sockets_directory(address, 0755, &err), 0);
	cr_assert_eq(sockets_directory(address, 0700, &err), 0);
	cr_assert_eq(stat(sub, &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0755);
	(void)rmdir(sub);
	cr_assert_eq(sockets_directory("/no/such/s", 0755, &err), -1);
	cr_assert_eq(err.code, ENOENT);
	cr_assert_eq(sockets_directory("@name/x", 0755, &err), 0);
	cr_assert_eq(sockets_directory("/s", 0755, &err), 0);
}
