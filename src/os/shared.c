/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "os/shared.h"

/* ${size} rounded up to pages, at least one; 0 when that overflows. */
static size_t
whole_pages(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (size == 0)
		return (page);
	if (size > SIZE_MAX - (page - 1))
		return (0);
	return ((size + page - 1) / page * page);
}

void *
shared_map(size_t size)
{
	void *map;

	if ((size = whole_pages(size)) == 0) {
		errno = ENOMEM;
		return (NULL);
	}
	map = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return (map == MAP_FAILED ? NULL : map);
}

size_t
shared_trim(void *map, size_t size, size_t used)
{
	size_t keep = whole_pages(used), whole = whole_pages(size);

	if (keep == 0 || keep > whole) {
		errno = EINVAL;
		return (0);
	}
	if (mprotect(map, keep, PROT_READ) == -1)
		return (0);
	if (keep < whole) {
		/*
		 * The pages belong to the object, which lives as long as any
		 * piece of it is mapped: unmapping alone would free none.
		 */
		(void)madvise((char *)map + keep, whole - keep, MADV_REMOVE);
		if (munmap((char *)map + keep, whole - keep) == -1) {
			(void)mprotect(map, keep, PROT_READ | PROT_WRITE);
			return (0);
		}
	}
	return (keep);
}

void
shared_unmap(void *map, size_t size)
{
	if (map != NULL)
		(void)munmap(map, whole_pages(size));
}
