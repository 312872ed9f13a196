/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/err.h"
#include "os/file.h"
#include "os/kill.h"
#include "os/lock.h"
#include "os/shared.h"
#include "os/spawn.h"

#include "born.h"

static char dir[] = "/tmp/files-XXXXXX";
static char path[64];
static struct err err;

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/f", dir);
}

static void
end(void)
{
	(void)unlink(path);
	(void)rmdir(dir);
}

TestSuite(file, .init = begin, .fini = end, .timeout = 30);
TestSuite(lock, .init = begin, .fini = end, .timeout = 30);
TestSuite(shared, .timeout = 30);

/* How many entries the folder of this test has. */
static int
entries(void)
{
	struct stat st;
	char name[80];
	int n;

	n = stat(path, &st) == 0;
	(void)snprintf(name, sizeof(name), "%s.new", path);
	return (n + (stat(name, &st) == 0));
}

Test(file, mapped_file_appears_when_it_is_published)
{
	struct file_map map;
	char text[8192];

	cr_assert_eq(file_map_create(path, 4096, &map, &err), 0);
	cr_assert_eq(file_load(path, text, sizeof(text)), -1);
	cr_assert_eq(errno, ENOENT);
	memcpy(map.base, "before", 6);
	cr_assert_eq(file_map_publish(path, &err), 0);
	memcpy(map.base, "after!", 6);
	cr_assert_eq(file_load(path, text, sizeof(text)), 4096);
	cr_assert(memcmp(text, "after!\0", 7) == 0);
	file_map_close(&map);
	file_map_close(&map);
	cr_assert_eq(entries(), 1);
}

Test(file, mapped_file_which_finds_no_room_leaves_nothing)
{
	struct rlimit rl = { 4096, RLIM_INFINITY };
	struct file_map map = { .size = 7 };
	struct sigaction sa = { .sa_handler = SIG_IGN };

	(void)sigaction(SIGXFSZ, &sa, NULL);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &rl), 0);
	cr_assert_eq(file_map_create(path, 8192, &map, &err), -1);
	cr_assert_eq(err.code, EFBIG);
	cr_assert_eq(map.size, 7);
	cr_assert_eq(entries(), 0);
}

Test(file, replaced_file_has_its_bytes_and_mode_whatever_the_umask)
{
	struct stat st;
	char text[16];

	(void)umask(077);
	cr_assert_eq(file_replace(path, "one", 3, 0644, &err), 0);
	cr_assert_eq(file_replace(path, "two", 3, 0644, &err), 0);
	cr_assert_eq(file_load(path, text, sizeof(text)), 3);
	cr_assert(memcmp(text, "two", 3) == 0);
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0644);
	cr_assert_eq(entries(), 1);
}

Test(file, failed_replacement_keeps_the_old_file)
{
	struct rlimit rl = { 4, RLIM_INFINITY };
	struct sigaction sa = { .sa_handler = SIG_IGN };
	char text[16];

	cr_assert_eq(file_replace(path, "old", 3, 0600, &err), 0);
	(void)sigaction(SIGXFSZ, &sa, NULL);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &rl), 0);
	cr_assert_eq(file_replace(path, "longer", 6, 0600, &err), -1);
	cr_assert_eq(err.code, EFBIG);
	cr_assert_eq(file_load(path, text, sizeof(text)), 3);
	cr_assert_eq(entries(), 1);
}

Test(file, read_takes_what_fits_and_no_more)
{
	char text[4];

	cr_assert_eq(file_replace(path, "four", 4, 0600, &err), 0);
	cr_assert_eq(file_load(path, text, 4), 4);
	cr_assert_eq(file_load(path, text, 3), -1);
	cr_assert_eq(errno, EFBIG);
}

Test(file, fifo_is_not_read)
{
	char text[4];

	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_assert_eq(file_load(path, text, sizeof(text)), -1);
	cr_assert_eq(errno, EINVAL);
	cr_assert_eq(file_load(dir, text, sizeof(text)), -1);
	cr_assert_eq(errno, EISDIR);
}

/* Hold the lock and say so, until killed. */
static int
hold(void *arg, struct child_report *report)
{
	pid_t holder;
	int fd;

	(void)report;
	(void)alarm(30);
	if (lock_acquire(arg, &fd, &holder, &err) != 0)
		return (1);
	(void)!write(STDOUT_FILENO, "", 1);
	(void)pause();
	return (0);
}

/* B24 */
Test(lock, second_one_learns_the_holder_and_gets_it_when_that_is_dead)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;
	pid_t holder = 0;
	char text[16];
	int fd = -7, out[2];

	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	plan.prepare = hold;
	plan.arg = path;
	plan.stdio[1] = out[1];
	cr_assert_eq(spawn_start(&plan, &spawned, &err), 0);
	cr_assert(born_readable(out[0]));
	cr_assert_eq(lock_acquire(path, &fd, &holder, &err), 1);
	cr_assert_eq(holder, spawned.pid);
	cr_assert_eq(fd, -7);
	cr_assert_eq(kill_process(spawned.pid, SIGKILL), 0);
	(void)born_end(spawned.pid);
	cr_assert_eq(lock_acquire(path, &fd, &holder, &err), 0);
	cr_assert_gt(fd, 2);
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	cr_assert_gt(file_load(path, text, sizeof(text)), 0);
	cr_assert_eq(strtol(text, NULL, 10), getpid());
}

/* Try the lock: 0, 1 or 2 for -1. */
static int
try(void *arg, struct child_report *report)
{
	pid_t holder = 0;
	int fd, rc;

	(void)report;
	rc = lock_acquire(arg, &fd, &holder, &err);
	return (rc == -1 ? 2 : rc == 1 && holder != getppid() ? 3 : rc);
}

Test(lock, child_does_not_inherit_it)
{
	pid_t holder;
	int fd;

	cr_assert_eq(lock_acquire(path, &fd, &holder, &err), 0);
	cr_assert_eq(WEXITSTATUS(born_end(born_worker(try, path))), 1);
}

Test(lock, removed_file_is_no_lock)
{
	pid_t holder;
	int fd;

	cr_assert_eq(lock_acquire(path, &fd, &holder, &err), 0);
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(WEXITSTATUS(born_end(born_worker(try, path))), 0);
}

Test(lock, symbolic_link_is_refused)
{
	pid_t holder;
	int fd;

	cr_assert_eq(symlink("/dev/null", path), 0);
	cr_assert_eq(lock_acquire(path, &fd, &holder, &err), -1);
	cr_assert_eq(err.code, ELOOP);
}

Test(lock, missing_directory_is_an_error)
{
	pid_t holder;
	int fd;

	cr_assert_eq(lock_acquire("/no/such/lock", &fd, &holder, &err), -1);
	cr_assert_eq(err.code, ENOENT);
	cr_assert_not_null(strstr(err.text, "/no/such/lock"));
}

/* A structure with a pointer into itself, as the reader of the INI makes. */
struct message {
	char text[16];
	const char *where;
};

static int
fill(void *arg, struct child_report *report)
{
	struct message *m = arg;

	(void)report;
	(void)snprintf(m->text, sizeof(m->text), "from a child");
	m->where = m->text;
	return (0);
}

static int
scribble(void *arg, struct child_report *report)
{
	struct rlimit none = { 0, 0 };

	(void)report;
	(void)setrlimit(RLIMIT_CORE, &none);
	*(volatile char *)arg = 'x';
	return (0);
}

Test(shared, child_fills_what_we_read_at_the_same_address)
{
	struct message *m = shared_map((size_t)1 << 30);

	cr_assert_not_null(m);
	cr_assert_eq(born_end(born_worker(fill, m)), 0);
	cr_assert_str_eq(m->where, "from a child");
	shared_unmap(m, (size_t)1 << 30);
	shared_unmap(NULL, 1);
}

Test(shared, trimmed_map_has_its_pages_alone_and_read_only)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 100 * page;
	char *map = shared_map(size);
	unsigned char in_core[1];

	cr_assert_not_null(map);
	memset(map, 'a', size);
	cr_assert_eq(shared_trim(map, size, page + 1), 2 * page);
	cr_assert_eq(map[page], 'a');
	cr_assert_eq(mincore(map + 2 * page, page, in_core), -1);
	cr_assert_eq(errno, ENOMEM);
	cr_assert_neq(born_end(born_worker(scribble, map)), 0);
	cr_assert_eq(map[0], 'a');
	shared_unmap(map, 2 * page);
}

Test(shared, trimming_to_nothing_keeps_a_page_and_to_more_is_an_error)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *map = shared_map(2 * page);

	cr_assert_eq(shared_trim(map, 2 * page, 3 * page), 0);
	cr_assert_eq(errno, EINVAL);
	map[page] = 'w';
	cr_assert_eq(shared_trim(map, 2 * page, 0), page);
	shared_unmap(map, page);
}

Test(shared, more_than_there_is_is_an_error)
{
	cr_assert_null(shared_map(SIZE_MAX));
	cr_assert_null(shared_map(SIZE_MAX / 2));
}
