/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "os/own.h"

#define SMALL 100
#define LARGE ((size_t)1 << 20)

/* Does a child have the byte at ${p}?  The kernel looks, and does not fault. */
static bool
child_has(const void *p)
{
	int fd, status;
	pid_t pid;

	if ((pid = fork()) == 0) {
		fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
		_exit(read(fd, (void *)(uintptr_t)p, 1) == 1 ? 0 : 1);
	}
	cr_assert(pid > 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status));
	return (WEXITSTATUS(status) == 0);
}

Test(own, is_zeroed_and_writable_to_its_last_byte)
{
	const size_t sizes[] = { 1, SMALL, LARGE };
	unsigned char *p;
	size_t i, k;

	for (k = 0; k < 3; k++) {
		p = own_alloc(sizes[k]);
		cr_assert_not_null(p);
		cr_assert_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		for (i = 0; i < sizes[k]; i++)
			cr_assert_eq(p[i], 0);
		memset(p, 1, sizes[k]);
		own_free(p);
	}
}

Test(own, a_child_does_not_get_what_is_large)
{
	void *p = own_alloc(LARGE);

	cr_assert_not_null(p);
	cr_assert_not(child_has(p));
	memset(p, 1, LARGE);
	own_free(p);
}

Test(own, what_is_impossible_is_refused)
{
	cr_assert_null(own_alloc(SIZE_MAX));
	cr_assert_null(own_alloc(SIZE_MAX / 2));
}

Test(own, null_is_fine)
{
	own_free(NULL);
}
